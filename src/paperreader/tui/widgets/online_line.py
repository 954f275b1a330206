"""A line above or below results of services."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from paperreader.text.cell_width import cell_width, truncate_cells
from paperreader.tui.terminal.glyphs import get_glyphs
from paperreader.tui.widgets.text_line import TextLine, TextSpan, span_width


class OnlineLine(TextLine):
    """One line of text."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"text-line--yours"}

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self._shown: Sequence[TextSpan] = ()
        self._shortened: int | None = None

    def show(self, *spans: TextSpan, shortened: int | None = None) -> None:
        """Show other spans. The one with the index `shortened` is truncated if they do not fit."""
        self._shown, self._shortened = spans, shortened
        self.refresh()

    def spans(self, width: int) -> Sequence[TextSpan]:
        shown, excess = list(self._shown), span_width(self._shown) - width
        if self._shortened is not None and excess > 0:
            span = shown[self._shortened]
            room = max(1, cell_width(span.text) - excess)
            shown[self._shortened] = span._replace(
                text=truncate_cells(span.text, room, get_glyphs(self.app).ellipsis)
            )
        return shown
