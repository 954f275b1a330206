"""A terminal that knows kitty's graphics protocol, alone or behind tmux, and keeps what it was sent.

Written from the protocol's specification, independently of the program.
"""

from __future__ import annotations

import os
import re
import zlib
from base64 import b64decode
from dataclasses import dataclass

from tests.terminal import Terminal

_STRINGS = re.compile(rb"\x1bPtmux;((?:[^\x1b]|\x1b\x1b)*)\x1b\\|\x1b_G([^\x1b]*)\x1b\\|\x1b\[>0?q", re.S)


@dataclass
class Placed:
    """A picture that the terminal has."""

    width: int
    height: int
    pixels: bytes
    cells: tuple[int, int] | None = None
    """Columns and rows of its virtual placement."""


class GraphicsTerminal(Terminal):
    """Answers questions, and keeps pictures.

    Args:
        name: what it answers to XTVERSION; empty for nothing.
        answer: what it answers to `a=q`; empty for nothing.
        tmux: whether there is tmux before it; `closed` if that passes nothing on.
        is_late: whether answers wait for `answer_now`.
    """

    def __init__(self, *args, name="", answer="OK", tmux="", is_late=False, **named) -> None:
        self.images: dict[int, Placed] = {}
        self.commands: list[dict[str, str]] = []
        self.unexpected: list[bytes] = []
        """Sequences that this terminal cannot be sent."""
        self._name, self._answer, self._tmux, self._is_late = name, answer, tmux, is_late
        self._held = b""
        self._position = 0
        self._transfer: tuple[dict[str, str], bytearray] | None = None
        super().__init__(*args, **named)

    def answer_now(self) -> None:
        """Send the answers that were held back."""
        self._is_late = False
        held, self._held = self._held, b""
        os.write(self._master, held)

    def read_output(self, timeout: float) -> bytes:
        data = super().read_output(timeout)
        for match in _STRINGS.finditer(self.raw, self._position):
            self._position = match.end()
            self._handle(match)
        # What may be the beginning of a sequence stays.
        self._position = max(self._position, len(self.raw) - 9000)
        return data

    def _handle(self, match: re.Match[bytes]) -> None:
        wrapped, command = match[1], match[2]
        if wrapped is not None:
            if not self._tmux:
                self.unexpected.append(match[0])
            elif self._tmux != "closed":
                for inner in _STRINGS.finditer(wrapped.replace(b"\x1b\x1b", b"\x1b")):
                    self._query(inner)
        elif self._tmux and command is not None:
            self.unexpected.append(match[0])  # tmux would make it the title of the pane
        elif self._tmux:
            self._reply(b"\x1bP>|tmux 3.4\x1b\\")
        else:
            self._query(match)

    def _query(self, match: re.Match[bytes]) -> None:
        if match[2] is not None:
            self._command(match[2])
        elif self._name:
            self._reply(b"\x1bP>|%s\x1b\\" % self._name.encode())

    def _reply(self, data: bytes) -> None:
        if self._is_late:
            self._held += data
        else:
            os.write(self._master, data)

    def _command(self, text: bytes) -> None:
        control, _, payload = text.partition(b";")
        keys = dict(part.split("=", 1) for part in control.decode().split(","))
        assert len(payload) <= 4096 and re.fullmatch(rb"[A-Za-z0-9+/]*={0,2}", payload)
        if self._transfer is None:
            self.commands.append(keys)
        action = keys.get("a", "t")
        if action == "q":
            if self._answer:
                self._reply(b"\x1b_Gi=%s;%s\x1b\\" % (keys["i"].encode(), self._answer.encode()))
        elif action == "t":
            assert keys["q"] == "2"
            self._receive(keys, payload)
        elif action == "p":
            assert keys["U"] == "1" and keys["q"] == "2" and self._transfer is None
            self.images[int(keys["i"])].cells = int(keys["c"]), int(keys["r"])
        elif action == "d":
            assert keys["d"] == "I"
            self.images.pop(int(keys["i"]), None)

    def _receive(self, keys: dict[str, str], payload: bytes) -> None:
        if self._transfer is None:
            self._transfer = keys, bytearray()
        first, data = self._transfer
        data += payload
        if keys.get("m") == "1":
            return
        self._transfer = None
        width, height = int(first["s"]), int(first["v"])
        try:
            pixels = zlib.decompress(b64decode(data))
        except zlib.error:
            return  # given up
        assert first["f"] == "24" and first["o"] == "z" and len(pixels) == 3 * width * height
        self.images[int(first["i"])] = Placed(width, height, pixels)
