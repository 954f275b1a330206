"""Turns what a terminal sends into messages of Textual: keys, mouse events, pastes.

Answers to questions about pictures become messages. Everything else is discarded: other reports of the terminal,
incomplete and invalid sequences. No input raises an exception.
"""

from __future__ import annotations

import codecs
import time
from collections.abc import Callable, Iterable, Iterator

from textual import events
from textual._xterm_parser import XTermParser
from textual.message import Message

from paperreader.lazy_pattern import lazy_pattern
from paperreader.tui.terminal.input.decoding import decode_character, decode_sequence, is_mouse_event
from paperreader.tui.terminal.input.scanner import InputScanner
from paperreader.tui.terminal.input.tokens import Token, TokenKind
from paperreader.tui.terminal.input.unbracketed_paste import UnbracketedPasteDetector
from paperreader.tui.terminal.replies import decode_string

_INVALID = lazy_pattern("[\ud800-\udfff]")


class InputParser:
    """Has the state of one terminal. `clock` returns seconds."""

    def __init__(self, encoding: str = "utf-8", clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        if encoding == "ascii":  # the locale C says nothing about other letters: mostly they are UTF-8
            encoding = "utf-8"
        self._decoder = codecs.getincrementaldecoder(encoding)(errors="surrogateescape")
        self._scanner = InputScanner(clock(), _is_known)
        self._unbracketed = UnbracketedPasteDetector()
        self._mouse = XTermParser()  # knows the last position of the mouse, otherwise not used

    def feed(self, data: bytes) -> Iterator[Message]:
        """Yield the messages that one read of the terminal completes."""
        text, now = self._decoder.decode(data), self._clock()
        if text and self._scanner.is_idle and self._unbracketed.is_paste(text, now):
            yield from self._unbracketed_paste(text)
        elif text:
            yield from self._messages(self._scanner.scan(text, now))

    def _unbracketed_paste(self, text: str) -> Iterator[Message]:
        line = text.rstrip("\r\n")
        is_single_line = "\r" not in line and "\n" not in line
        yield events.Paste(_replace_invalid(line if is_single_line else text))
        if is_single_line and line != text:
            yield decode_character("\r")  # may as well be the enter key

    def tick(self) -> Iterator[Message]:
        """Yield the messages that silence completes. To be called several times a second while nothing is read."""
        yield from self._messages(self._scanner.expire(self._clock()))

    def _messages(self, tokens: Iterable[Token]) -> Iterator[Message]:
        for kind, text in tokens:
            if kind is TokenKind.CHARACTER:
                yield decode_character(_replace_invalid(text))
            elif kind is TokenKind.ESCAPE:
                yield events.Key("escape", text)
            elif kind is TokenKind.PASTE:
                yield events.Paste(_replace_invalid(text))
            elif kind is TokenKind.STRING:
                if (reply := decode_string(text)) is not None:
                    yield reply
            elif kind is TokenKind.ALT:
                yield from decode_sequence(text) or [decode_character(_replace_invalid(text[1:]), alt=True)]
            else:
                yield from self._sequence(text)

    def _sequence(self, sequence: str) -> Iterator[Message]:
        if is_mouse_event(sequence):
            event = self._mouse.parse_mouse_code(sequence)
            if event is not None:
                yield event
            return
        found = decode_sequence(sequence)
        if found is None:
            self._scanner.discard_garbage()
        else:
            yield from found


def _is_known(sequence: str) -> bool:
    return is_mouse_event(sequence) or decode_sequence(sequence) is not None


def _replace_invalid(text: str) -> str:
    """Replace bytes that the encoding of the terminal does not have by U+FFFD."""
    return _INVALID.sub("\ufffd", text)
