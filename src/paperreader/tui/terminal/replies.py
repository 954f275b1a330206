"""Answers of the terminal to questions of the reader."""

from __future__ import annotations

from textual.message import Message

from paperreader.lazy_pattern import lazy_pattern

_EXPECTED = lazy_pattern(r"\x1b(?:_Gi=\d|P>\|)")


class TerminalReply(Message, bubble=False):
    """A control string that answers a question about pictures, or about the name of the terminal."""

    def __init__(self, text: str) -> None:
        """`text` begins with the escape character and lacks the end of the string."""
        super().__init__()
        self.text = text


def decode_string(text: str) -> TerminalReply | None:
    """Return the message for a control string; None for one that the reader never asked for."""
    return TerminalReply(text) if _EXPECTED.match(text) else None
