"""A line above or below results of services."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from paperreader.tui.widgets.text_line import TextLine, TextSpan


class OnlineLine(TextLine):
    """One line of text."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"text-line--yours"}

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self._shown: Sequence[TextSpan] = ()

    def show(self, *spans: TextSpan) -> None:
        """Show other spans."""
        self._shown = spans
        self.refresh()

    def spans(self, width: int) -> Sequence[TextSpan]:
        return self._shown
