"""Recognizes a paste in a terminal without bracketed paste (mode 2004), which sends the text like keys."""

from __future__ import annotations

from paperreader.lazy_pattern import lazy_pattern

MIN_LENGTH = 80
"""Characters of one line in one read that nobody types, not even on a connection that delays keys for seconds."""
MIN_LENGTH_OF_LINES = 40
"""The same of several lines."""
MIN_WORDS = 6
"""Different words. Keys that are held down or repeated have none."""
MIN_LETTERS = 20
"""The same for letters outside of ASCII, which are no keys of the reader."""
CONTINUATION_SECONDS = 0.05
"""How soon the next read of the same paste follows."""

_TEXT = lazy_pattern(r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]+\Z")
_WORD = lazy_pattern(r"\w{2,}")
_NON_ASCII = lazy_pattern(r"[^\x00-\x7f]")
_SEVERAL_LINES = lazy_pattern(r"[^\r\n][\r\n]+[^\r\n]")
_COMMANDS = "/:"
"""Keys after which text is typed: with one of them in front, a burst may be typed ahead."""


class UnbracketedPasteDetector:
    """Keeps the time of the last paste."""

    def __init__(self) -> None:
        self._last_paste = float("-inf")

    def is_paste(self, data: str, now: float) -> bool:
        """Return whether one read of the terminal, at `now` in seconds, is pasted text."""
        continues = (
            now - self._last_paste < CONTINUATION_SECONDS and len(data) > 1 and data.strip("\r\n") != ""
        )
        found = _TEXT.match(data) is not None and (continues or _is_long_text(data))
        if found:
            self._last_paste = now
        return found


def _is_long_text(data: str) -> bool:
    least = MIN_LENGTH_OF_LINES if _SEVERAL_LINES.search(data) else MIN_LENGTH
    if len(data) < least or data[0] in _COMMANDS:
        return False
    return len(set(_WORD.findall(data))) >= MIN_WORDS or len(_NON_ASCII.findall(data)) >= MIN_LETTERS
