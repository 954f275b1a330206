"""A text input that accepts a paste of several lines as one line."""

from __future__ import annotations

from textual import events
from textual.widgets import Input

from paperreader.text.sanitize import single_line


class TextInput(Input):
    """An input that joins pasted lines, because a title copied from a PDF is wrapped."""

    def _on_paste(self, event: events.Paste) -> None:
        # NOTE: Textual's handler of the same name runs after this one; it would insert the first line only.
        event.text = join_lines(event.text)


def join_lines(text: str) -> str:
    """Join the lines of `text` with spaces; blank lines are dropped."""
    lines = text.splitlines()
    return lines[0] if len(lines) == 1 else " ".join(filter(None, map(str.strip, lines)))


def sanitize_typed(text: str) -> str:
    """Return `text` as a single line, but keep a space at either end, which may separate two words."""
    if text.isspace():
        return " "
    lead = " " if text[:1].isspace() else ""
    tail = " " if text[-1:].isspace() else ""
    return f"{lead}{single_line(text).strip()}{tail}"
