"""A line that one types in, which takes pastes of several lines as one."""

from __future__ import annotations

from textual import events
from textual.widgets import Input

from paperreader.text.sanitize import single_line


class TextInput(Input):
    """Nothing of a paste is left out for the line ends in it: a title out of a PDF is wrapped."""

    def _on_paste(self, event: events.Paste) -> None:
        # NOTE: Textual's own handler of this name comes after it; it would take the first line alone.
        event.text = join_lines(event.text)


def join_lines(text: str) -> str:
    """`text` with a blank for every line end that has text on either side of it."""
    lines = text.splitlines()
    return lines[0] if len(lines) == 1 else " ".join(filter(None, map(str.strip, lines)))


def sanitize_typed(text: str) -> str:
    """`printable`, but a blank at either end stays: it may stand between two words."""
    if text.isspace():
        return " "
    lead = " " if text[:1].isspace() else ""
    tail = " " if text[-1:].isspace() else ""
    return f"{lead}{single_line(text).strip()}{tail}"
