"""Writing to the terminal: in its encoding, and without failing when it is gone."""

from __future__ import annotations

import os
import select


class TerminalOutput:
    """A stream on a file descriptor that never raises; what a closed terminal cannot take is dropped.

    `errors` is the name of an error handler of `codecs` that knows what to write for other characters.
    """

    def __init__(self, fileno: int, encoding: str = "utf-8", errors: str = "replace") -> None:
        self._fileno, self._encoding, self._errors = fileno, encoding, errors
        self._pending: list[str] = []
        self._is_closed = False

    def fileno(self) -> int:
        return self._fileno

    def isatty(self) -> bool:
        return os.isatty(self._fileno)

    def write(self, text: str) -> int:
        """Write `text` at the next `flush`."""
        self._pending.append(text)
        return len(text)

    def flush(self) -> None:
        """Write everything; wait while the terminal does not accept more."""
        text, self._pending = "".join(self._pending), []
        data = memoryview(text.encode(self._encoding, self._errors))
        while data and not self._is_closed:
            try:
                data = data[os.write(self._fileno, data) :]
            except BlockingIOError:  # another program made the terminal non-blocking
                select.select([], [self._fileno], [], 1.0)
            except OSError:
                self._is_closed = True
