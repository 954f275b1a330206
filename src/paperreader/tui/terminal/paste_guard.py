"""Makes terminal input safe: escape sequences in a paste are not keys, and invalid UTF-8 does not crash the reader."""

from __future__ import annotations

import codecs
import sys
from collections.abc import Callable, Iterable
from functools import partial

from textual._xterm_parser import XTermParser
from textual.driver import Driver
from textual.message import Message

_START, _END, _ESC = "\x1b[200~", "\x1b[201~", "\x1b"


class PasteCleaner:
    """Removes escape characters from bracketed pastes in terminal input that arrives in chunks.

    Nearly every terminal does that itself. Where one does not, an escape sequence in a paste would be read as keys.
    """

    def __init__(self) -> None:
        self._inside = False
        self._tail = ""
        """The end of the last chunk: outside of a paste it may be the beginning of a start marker (and was already
        returned); inside it may be the beginning of an end marker (and was held back)."""

    def clean(self, data: str) -> str:
        """Clean the next chunk. A possible beginning of an end marker is held back until the next call."""
        cleaned = []
        while data:
            data, done = self._inside_paste(data) if self._inside else self._outside_paste(data)
            cleaned.append(done)
        return "".join(cleaned)

    def _outside_paste(self, data: str) -> tuple[str, str]:
        """Return the remaining input, and the part up to and including a start marker.

        Nothing is held back, because an escape character at the end may be a key.
        """
        recent = self._tail + data
        marker = recent.find(_START)
        if marker < 0:
            self._tail = recent[-(len(_START) - 1) :]
            return "", data
        end = marker + len(_START) - len(self._tail)
        self._inside, self._tail = True, ""
        return data[end:], data[:end]

    def _inside_paste(self, data: str) -> tuple[str, str]:
        """Return the remaining input, and the cleaned part up to and including the end marker.

        A fake end marker in the pasted text is detected by a second end marker without a start marker in between.
        """
        data, self._tail = self._tail + data, ""
        marker = data.find(_END)
        if marker >= 0:
            restart = data.find(_START, marker)
            marker = data.rfind(_END, marker, restart if restart >= 0 else len(data))
            self._inside = False
            return data[marker + len(_END) :], data[:marker].replace(_ESC, "") + _END
        held = next((size for size in range(len(_END) - 1, 0, -1) if data.endswith(_END[:size])), 0)
        self._tail = data[len(data) - held :]
        return "", data[: len(data) - held].replace(_ESC, "")


class GuardedParser(XTermParser):
    """Textual's input parser with a `PasteCleaner` in front."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._paste_cleaner = PasteCleaner()

    def feed(self, data: str) -> Iterable[Message]:
        """Parse a chunk. An empty chunk ends the input."""
        cleaned = self._paste_cleaner.clean(data)
        return super().feed(cleaned) if cleaned or not data else ()


def lenient_decoder(encoding: str) -> Callable[[], codecs.IncrementalDecoder]:
    """Return an incremental decoder that replaces invalid bytes by U+FFFD.

    A terminal with another encoding sends such bytes, and so does a paste of an old text.
    """
    return partial(codecs.getincrementaldecoder(encoding), errors="replace")


def install_guard(driver: type[Driver]) -> None:
    """Make a driver read its input through `lenient_decoder` and `GuardedParser`."""
    # NOTE: a driver creates its decoder and parser inside its input thread, by names in its module, so those names are
    # replaced. A driver without them (that of the tests) reads no terminal.
    module = sys.modules[driver.__module__]
    for name, ours in (("XTermParser", GuardedParser), ("getincrementaldecoder", lenient_decoder)):
        if hasattr(module, name):
            setattr(module, name, ours)
