"""Splits terminal input into characters, escape sequences and pastes, however it arrives.

Sequences are those of ECMA-48 section 5.4 and of xterm's "Control Sequences". A sequence may arrive whole, in pieces,
with pauses, or never be completed; only its time and the size of a read tell a piece of it from keys of the user.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from paperreader.tui.terminal.input.fragments import (
    C1,
    ESC,
    HELD,
    STRING_ENDS,
    STRING_INTRODUCERS,
    State,
    continues,
    lacks_introducer,
    skip_tail,
)
from paperreader.tui.terminal.input.paste_buffer import PASTE_START, PasteBuffer
from paperreader.tui.terminal.input.tokens import Token, TokenKind

ESCAPE_SECONDS = 0.1
"""After this silence, an escape character is the escape key. Also the pause within a burst of garbage."""
STALL_SECONDS = 0.5
"""After this silence inside a sequence, a single character is a key of the user, and the sequence was cut off."""
PASTE_STALL_SECONDS = 2.0
"""After this silence inside a paste, the text so far is delivered."""
SUSPICION_SECONDS = 5.0
"""How long the rest of a sequence whose beginning is missing or was cut off is recognized."""

MAX_SEQUENCE_LENGTH = 256
"""Characters of a control sequence. Longer ones are discarded; those of keys have at most about 60."""


class InputScanner:
    """Keeps the state between reads. Times are seconds of any monotonic clock."""

    def __init__(self, now: float, is_known: Callable[[str], bool]) -> None:
        """`is_known` returns whether a sequence is valid."""
        self._is_known = is_known
        self._state = State.GROUND
        self._sequence = ""
        self._escapes = 0
        self._held = False
        """Whether the sequence so far is one character that may as well be a key."""
        self._is_single = False
        """Whether the current read is one character."""
        self._last_read, self._quiet = now, 0.0
        """Time of the current read, and the seconds of silence before it."""
        self._suspicious_until = now + SUSPICION_SECONDS
        self._late_escape = float("-inf")
        """When an escape character was last taken for the escape key."""
        self._garbage_since: float | None = None
        """When garbage was found, until it has ended."""
        self._paste = PasteBuffer()
        self._steps: dict[State, Callable[[str], Iterator[Token]]] = {
            State.GROUND: self._ground,
            State.ESCAPE: self._after_escape,
            State.CONTROL: self._control,
            State.SINGLE_SHIFT: self._single_shift,
            State.STRING: self._string,
            State.STRING_ESCAPE: self._string_escape,
            State.MOUSE: self._mouse,
        }

    @property
    def is_idle(self) -> bool:
        """Whether the next character is not part of a sequence, a paste or garbage."""
        return self._state is State.GROUND and self._garbage_since is None

    def scan(self, data: str, now: float) -> Iterator[Token]:
        """Yield the tokens that one read of the terminal completes."""
        if self._state is not State.ESCAPE:  # this process may have been slow, not the terminal
            yield from self.expire(now)
        data = self._begin_read(data, now)
        position, self._is_single = 0, len(data) == 1
        while position < len(data):
            if self._state is State.PASTE:
                position, text = self._paste.add(data, position)
                if text is not None:
                    self._reset()
                    yield Token(TokenKind.PASTE, text)
                continue
            if self._garbage_since is not None and data[position] != ESC and data[position] not in C1:
                position += 1
                continue
            self._garbage_since = None
            before = self._state
            yield from self._steps[before](data[position])
            position += 1
            if before is not State.GROUND and self._state is State.GROUND:
                if before in (State.STRING, State.STRING_ESCAPE):
                    position = skip_tail(data, position)  # the string contained its own end
                if now < self._suspicious_until and lacks_introducer(data, position):
                    self._introduce(data[position])
                    position += 1

    def expire(self, now: float) -> Iterator[Token]:
        """Yield the tokens that silence completes. To be called several times a second."""
        quiet = now - self._last_read
        if self._state is State.ESCAPE and quiet >= ESCAPE_SECONDS:
            self._late_escape, self._suspicious_until = now, now + SUSPICION_SECONDS
            yield from self._escape_keys()
        elif self._state is State.STRING_ESCAPE and quiet >= ESCAPE_SECONDS and self._escapes:
            yield from self._escape_keys()
        elif self._held and quiet >= STALL_SECONDS:
            yield from self._release_held()
        elif self._state is State.PASTE and quiet >= PASTE_STALL_SECONDS and (text := self._paste.take()):
            yield Token(TokenKind.PASTE, text)

    def discard_garbage(self) -> None:
        """Discard what follows immediately, up to the next escape character: the last sequence was not valid."""
        self._garbage_since = self._last_read

    def _begin_read(self, data: str, now: float) -> str:
        """Account for the pause before this read. Return the data as it is to be scanned."""
        quiet, self._last_read = now - self._last_read, now
        self._quiet = quiet
        if self._garbage_since is not None and not self._is_garbage(data, quiet, now):
            self._garbage_since = None
        stall = PASTE_STALL_SECONDS if self._state is State.PASTE else STALL_SECONDS
        if self._state not in (State.GROUND, State.ESCAPE) and quiet >= stall:
            self._resume_sequence(data, now)
        if self._state is not State.GROUND or self._garbage_since is not None:
            return data
        return self._restore_introducer(data, now)

    def _is_garbage(self, data: str, quiet: float, now: float) -> bool:
        assert self._garbage_since is not None
        if now - self._garbage_since >= STALL_SECONDS:
            return False
        return quiet < ESCAPE_SECONDS or len(data) > 1

    def _resume_sequence(self, data: str, now: float) -> None:
        """Continue an unfinished sequence after a long silence, or give it up if this read is a key of the user."""
        if data == ESC and self._state is State.STRING:
            self._escapes = 1  # the escape key, unless the rest of a string terminator follows
        if data[0] == ESC or self._is_continuation(data):
            return
        self._reset()
        self._suspicious_until = now + SUSPICION_SECONDS

    def _is_continuation(self, data: str) -> bool:
        if len(data) > 1:
            return continues(self._state, data)
        if self._state in (State.CONTROL, State.SINGLE_SHIFT):
            return self._is_known(self._sequence + data)
        ends = {State.STRING: STRING_ENDS, State.STRING_ESCAPE: "\\"}
        return data in ends.get(self._state, "")

    def _restore_introducer(self, data: str, now: float) -> str:
        """Complete a sequence that lost its escape character to a pause or to another program; remove its rest."""
        if now >= self._suspicious_until:
            return data
        if now - self._late_escape < STALL_SECONDS and data in HELD:
            self._state = State.CONTROL if data == "[" else State.STRING
            self._sequence, self._held = ESC + data, True
            return ""
        is_after_escape = now - self._late_escape < SUSPICION_SECONDS
        if lacks_introducer(data, after_escape=is_after_escape):
            return ESC + data
        self._late_escape = float("-inf")
        return data[skip_tail(data) :]

    # States: what one character means

    def _ground(self, char: str) -> Iterator[Token]:
        if char == ESC:
            self._state, self._escapes = State.ESCAPE, 1
        elif char in C1:
            self._introduce(C1[char])
        elif not ("\x80" <= char <= "\x9f" or "\udc80" <= char <= "\udc9f"):
            yield Token(TokenKind.CHARACTER, char)

    def _after_escape(self, char: str) -> Iterator[Token]:
        if char == ESC:
            self._escapes += 1
        elif char in "[O" + STRING_INTRODUCERS:
            self._introduce(char)  # in rxvt, another escape character before it is the alt key
        elif char == "\\":  # the end of a string whose beginning was lost
            self._reset()
        else:
            self._escapes -= 1
            yield from self._escape_keys()
            yield Token(TokenKind.ALT, ESC + char)

    def _introduce(self, introducer: str) -> None:
        self._reset()
        self._sequence = ESC + introducer
        if introducer == "[":
            self._state = State.CONTROL
        else:
            self._state = State.SINGLE_SHIFT if introducer == "O" else State.STRING

    def _control(self, char: str) -> Iterator[Token]:
        if self._held and not self._continues_held(char):
            yield from self._release_held()
            yield from self._ground(char)
            return
        if " " <= char <= "?" or (char == "[" and self._sequence == "\x1b["):
            self._sequence += char
            if len(self._sequence) > MAX_SEQUENCE_LENGTH:
                self._reset()
                self.discard_garbage()
        elif not "@" <= char <= "~":
            yield from self._cut_off(char)
        elif self._sequence == "\x1b[" and char == "M":
            self._state, self._sequence = State.MOUSE, ""
        elif self._sequence + char == PASTE_START:
            self._reset()
            self._state = State.PASTE
        else:
            yield self._finish(char)

    def _single_shift(self, char: str) -> Iterator[Token]:
        if char.isdigit() and len(self._sequence) < MAX_SEQUENCE_LENGTH:
            self._sequence += char
        elif "!" <= char <= "~" or char == " ":
            yield self._finish(char)
        else:
            yield from self._cut_off(char)

    def _string(self, char: str) -> Iterator[Token]:
        if self._held and not self._continues_held(char):
            yield from self._release_held()
            yield from self._ground(char)
        elif char in STRING_ENDS:
            yield from self._finish_string()
        elif char == ESC:
            self._state = State.STRING_ESCAPE
        elif char < " " or char == "\x7f":
            yield from self._cut_off(char)
        elif len(self._sequence) <= MAX_SEQUENCE_LENGTH:
            self._sequence += char

    def _string_escape(self, char: str) -> Iterator[Token]:
        if char == "\\":
            yield from self._finish_string()
            return
        self._state, self._escapes = State.ESCAPE, max(self._escapes, 1)
        yield from self._after_escape(char)

    def _mouse(self, char: str) -> Iterator[Token]:
        if char < " ":
            yield from self._cut_off(char)
            return
        self._sequence += char
        if len(self._sequence) == 3:
            self._reset()

    # Transitions

    def _reset(self) -> None:
        self._state, self._sequence, self._escapes, self._held = State.GROUND, "", 0, False

    def _finish(self, char: str) -> Token:
        sequence = self._sequence + char
        self._reset()
        return Token(TokenKind.SEQUENCE, sequence)

    def _finish_string(self) -> Iterator[Token]:
        """End a control string. A long one is no answer to a question."""
        text = self._sequence
        self._reset()
        if len(text) <= MAX_SEQUENCE_LENGTH:
            yield Token(TokenKind.STRING, text)

    def _cut_off(self, char: str) -> Iterator[Token]:
        """End a sequence at a character that it cannot contain: a key of the user if it comes in a read of its own."""
        is_key = self._is_single and self._quiet >= ESCAPE_SECONDS and (char < " " or char == "\x7f")
        self._reset()
        if char == ESC or is_key:
            yield from self._ground(char)
        else:
            self.discard_garbage()

    def _escape_keys(self) -> Iterator[Token]:
        """Yield the escape characters so far as keys."""
        count = self._escapes
        self._reset()
        for _ in range(count):
            yield Token(TokenKind.ESCAPE, ESC)

    def _continues_held(self, char: str) -> bool:
        """Return whether a held introducer is one, because `char` fits."""
        self._held = False
        if char == ESC or re.match(HELD[self._sequence[1:]], char):
            return True
        self._held = True
        return False

    def _release_held(self) -> Iterator[Token]:
        held = self._sequence[1:]
        self._reset()
        yield Token(TokenKind.CHARACTER, held)
