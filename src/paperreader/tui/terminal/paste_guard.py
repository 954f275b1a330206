"""What a terminal sends, made safe to read: pastes stay pastes, and bytes that are no UTF-8 end nothing."""

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
    """What a terminal sends, read after read, with the escape characters taken out of bracketed pastes.

    Nearly every terminal does that itself. Where one does not, what follows such a character would be taken for keys.
    """

    def __init__(self) -> None:
        self._inside = False
        self._tail = ""
        """The end of what was read last: outside, in case a paste begins there; inside, held back in case it ends."""

    def clean(self, data: str) -> str:
        """The next read. What may be the beginning of a paste's end is kept until it is known."""
        cleaned = []
        while data:
            data, done = self._inside_paste(data) if self._inside else self._outside_paste(data)
            cleaned.append(done)
        return "".join(cleaned)

    def _outside_paste(self, data: str) -> tuple[str, str]:
        """What is left, and what can be handed on: all up to the beginning of a paste, and never held back, as an
        escape character at the end may be a key.
        """
        known = self._tail + data
        place = known.find(_START)
        if place < 0:
            self._tail = known[-(len(_START) - 1) :]
            return "", data
        begins = place + len(_START) - len(self._tail)
        self._inside, self._tail = True, ""
        return data[begins:], data[:begins]

    def _inside_paste(self, data: str) -> tuple[str, str]:
        """What is left, and what can be handed on: all up to the end of the paste.

        Text that pretends to be the end is given away by the end that follows with no beginning in between.
        """
        data, self._tail = self._tail + data, ""
        place = data.find(_END)
        if place >= 0:
            again = data.find(_START, place)
            place = data.rfind(_END, place, again if again >= 0 else len(data))
            self._inside = False
            return data[place + len(_END) :], data[:place].replace(_ESC, "") + _END
        held = next((size for size in range(len(_END) - 1, 0, -1) if data.endswith(_END[:size])), 0)
        self._tail = data[len(data) - held :]
        return "", data[: len(data) - held].replace(_ESC, "")


class GuardedParser(XTermParser):
    """Textual's reader of keys, behind `Pastes`."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._paste_cleaner = PasteCleaner()

    def feed(self, data: str) -> Iterable[Message]:
        """What that read comes to; an empty one ends the input."""
        cleaned = self._paste_cleaner.clean(data)
        return super().feed(cleaned) if cleaned or not data else ()


def lenient_decoder(encoding: str) -> Callable[[], codecs.IncrementalDecoder]:
    """A decoder for bytes that come in parts, which puts U+FFFD where they are not of that encoding.

    A terminal of another encoding sends such bytes, and so does a paste of an old text.
    """
    return partial(codecs.getincrementaldecoder(encoding), errors="replace")


def install_guard(driver: type[Driver]) -> None:
    """Have that driver read its input through `lenient` and `GuardedParser`."""
    # NOTE: a driver makes its decoder and its parser in the middle of its input thread, by names of its module; there
    # is no other way in. A driver without those names (that of the tests) reads no terminal.
    module = sys.modules[driver.__module__]
    for name, ours in (("XTermParser", GuardedParser), ("getincrementaldecoder", lenient_decoder)):
        if hasattr(module, name):
            setattr(module, name, ours)
