"""A column of lines that is as high as its content, inside a scrolling container."""

from __future__ import annotations

from collections.abc import Sequence

from paperreader.tui.widgets.text_line import TextLine, TextSpan

HelpLine = tuple[TextSpan, ...]


class TextLines(TextLine):
    """Lines of spans. A line is only painted while it is visible."""

    lines: Sequence[HelpLine] = ()

    def show(self, lines: Sequence[HelpLine]) -> None:
        """Replace the lines, and adapt the height."""
        self.lines = lines
        self.styles.height = len(lines)
        self.refresh()

    def spans_at(self, y: int) -> Sequence[TextSpan]:
        return self.lines[y] if y < len(self.lines) else ()
