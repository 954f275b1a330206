"""The text of a bracketed paste, collected from several reads."""

from __future__ import annotations

PASTE_START, PASTE_END = "\x1b[200~", "\x1b[201~"


class PasteBuffer:
    """Collects the text of a paste up to its end marker, to the letter."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._tail = ""
        """The end of the text so far, which may be the beginning of the end marker."""

    def add(self, data: str, start: int) -> tuple[int, str | None]:
        """Add `data[start:]`. Return the position after the paste in it, and the whole text if that is complete.

        An end marker may be part of the pasted text. It is detected by a second end marker in the same read, without
        a start marker in between.
        """
        text, offset = self._tail + data[start:], start - len(self._tail)
        marker = text.find(PASTE_END)
        if marker < 0:
            held = next(
                (size for size in range(len(PASTE_END) - 1, 0, -1) if text.endswith(PASTE_END[:size])), 0
            )
            self._pieces.append(text[: len(text) - held])
            self._tail = text[len(text) - held :]
            return len(data), None
        restart = text.find(PASTE_START, marker)
        marker = text.rfind(PASTE_END, marker, restart if restart >= 0 else len(text))
        self._tail = text[:marker]
        return offset + marker + len(PASTE_END), self.take()

    def take(self) -> str:
        """Return the text so far and forget it."""
        text = "".join((*self._pieces, self._tail))
        self._pieces, self._tail = [], ""
        return text
