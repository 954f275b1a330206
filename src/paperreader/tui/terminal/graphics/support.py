"""Asks the terminal whether it shows pictures with Unicode placeholders."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from enum import Enum, auto

from paperreader.tui.terminal.graphics import protocol
from paperreader.tui.terminal.graphics.output import GraphicsOutput

ANSWER_SECONDS = 0.5
"""How long pictures wait for the answers of the terminal. Later answers count as well, for later pictures."""


def do_nothing() -> None:
    """Do nothing, where nobody wants to know about an answer."""


class _State(Enum):
    UNKNOWN = auto()
    ASKED_NAME = auto()
    """Only the first answer says whether there is tmux, through which the other questions have to pass."""
    ASKED_GRAPHICS = auto()
    ASKED_THROUGH_TMUX = auto()
    NO = auto()
    YES = auto()


class GraphicsSupport:
    """What is known about the terminal.

    It has to give a name that is known for placeholders, and to accept a picture. Inside of tmux both questions pass
    through it, if its option `allow-passthrough` is set; otherwise there is no answer.

    Args:
        output: how to ask.
        query_id: the id of the picture that is sent as a question.
        is_forced: whether the settings say that the terminal shows pictures, whatever it answers.
    """

    def __init__(self, output: GraphicsOutput, query_id: int, *, is_forced: bool) -> None:
        self._output, self._query_id, self._is_forced = output, query_id, is_forced
        self._state = _State.UNKNOWN
        self._has_name = self._has_graphics = self._has_waited = False
        self._decided = asyncio.Event()
        self.on_supported: Callable[[], None] = do_nothing
        """Called before the first picture is shown."""
        self.on_late_answer: Callable[[], None] = do_nothing
        """Called when pictures can be shown after all, although `find_out` had given up."""

    @property
    def is_supported(self) -> bool:
        """Whether the terminal shows pictures, as far as is known."""
        return self._state is _State.YES

    @property
    def is_known(self) -> bool:
        """Whether the terminal has answered, or had the time to do so."""
        return self._decided.is_set() or self._has_waited

    async def find_out(self) -> None:
        """Ask the terminal, unless it was asked, and wait for its answer. Without one, it shows no pictures."""
        if self._state is _State.UNKNOWN:
            self._state = _State.ASKED_NAME
            self._output.port.write(protocol.NAME_QUERY)
        if self.is_known:
            return
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._decided.wait()
        except TimeoutError:
            if self._is_forced:
                self._output.is_tmux = "TMUX" in os.environ
                self._decide(is_supported=True)
        self._has_waited = True

    def forget(self) -> None:
        """Ask again when it is needed, because there may be another terminal now."""
        if self._state in (_State.NO, _State.YES) or self._has_waited:
            self._state, self._output.is_tmux = _State.UNKNOWN, False
            self._has_name = self._has_graphics = self._has_waited = False
            self._decided.clear()

    def receive(self, text: str) -> None:
        """Use an answer of the terminal, however late."""
        if (name := protocol.name_reply(text)) is not None:
            self._receive_name(name)
        elif (answer := protocol.graphics_reply(text)) is not None and answer[0] == self._query_id:
            self._receive_graphics(is_ok=answer[1])

    def _receive_name(self, name: str) -> None:
        query = protocol.graphics_query(self._query_id)
        is_tmux, has_placeholders = protocol.is_tmux(name), protocol.has_placeholders(name)
        if self._state is _State.ASKED_THROUGH_TMUX and not is_tmux:
            self._has_name = has_placeholders
            self._check(is_refused=not has_placeholders)
        elif self._state is _State.ASKED_NAME:
            self._output.is_tmux, self._has_name = is_tmux, has_placeholders
            if self._is_forced:
                self._decide(is_supported=True)
            elif is_tmux:
                self._state = _State.ASKED_THROUGH_TMUX
                self._output.write((protocol.NAME_QUERY, query))
            elif has_placeholders:
                self._state = _State.ASKED_GRAPHICS
                self._output.write((query,))
            else:
                self._decide(is_supported=False)

    def _receive_graphics(self, *, is_ok: bool) -> None:
        if self._state in (_State.ASKED_GRAPHICS, _State.ASKED_THROUGH_TMUX):
            self._has_graphics = is_ok
            self._check(is_refused=not is_ok)

    def _check(self, *, is_refused: bool) -> None:
        if is_refused:
            self._decide(is_supported=False)
        elif self._has_name and self._has_graphics:
            self._decide(is_supported=True)

    def _decide(self, *, is_supported: bool) -> None:
        self._state = _State.YES if is_supported else _State.NO
        self._decided.set()
        if is_supported:
            self.on_supported()
            if self._has_waited:
                self.on_late_answer()
