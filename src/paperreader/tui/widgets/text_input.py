"""A text input that accepts a paste of several lines as one line, and keeps every other character."""

from __future__ import annotations

from textual import events
from textual.strip import Strip
from textual.widgets import Input

from paperreader.lazy_pattern import lazy_pattern
from paperreader.tui.widgets.hidden_text import hide_unsafe_segments

_LINE_END = lazy_pattern("\r\n|\r|\n")


class TextInput(Input):
    """An input that joins pasted lines, because a title copied from a PDF is wrapped.

    Its value is what was typed or pasted, to the letter. What could control the terminal is hidden when painted.
    """

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()  # Textual's handler of the same name would insert the first line only
        event.stop()
        if text := join_lines(event.text):
            start, end = sorted(self.selection)
            self.replace(text, start, end)

    def render_line(self, y: int) -> Strip:
        return hide_unsafe_segments(super().render_line(y))


def join_lines(text: str) -> str:
    """Join the lines of `text` with spaces; blank lines are dropped."""
    lines = _LINE_END.split(text)
    return lines[0] if len(lines) == 1 else " ".join(filter(None, map(str.strip, lines)))
