"""A program in a pseudo-terminal, and the screen a person would see of it.

    with Terminal([sys.executable, "-m", "paperreader", "--sample"], rows=24, columns=80) as terminal:
        terminal.wait_for("papers")
        terminal.send("q")
        assert terminal.wait_end() == 0

Nothing sleeps: waiting reads what the program writes until the screen is as asked, or fails with the screen.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType

import pyte

TIMEOUT_SECONDS = 30.0
"""Seconds after which a screen that did not come is a failure: generous, since machines differ."""

_UNSUPPORTED_BY_PYTE = re.compile(
    rb"\x1b\[(?:[<=>][0-9;]*[a-zA-Z]|\?[0-9;]*(?:[^hl0-9;]|\$p))|\x1b[P_^].*?\x1b\\", re.S
)
"""Questions to the terminal and modern key protocols, which pyte would print or stumble over."""

_INCOMPLETE_SEQUENCE = re.compile(rb"\x1b(?:\[[0-9;<=>?]*|[P_^\]][^\x07\x1b]*\x1b?)?\Z")
"""An escape sequence whose end has not been read yet."""

_REPLIES = {b"\x1b[c": b"\x1b[?62;c", b"\x1b[0c": b"\x1b[?62;c", b"\x1b[6n": b"\x1b[1;1R"}
"""What every terminal answers: its kind, and where the cursor is."""


class Terminal:
    """Runs `argv` in a terminal of that size; the environment is this process's own and `env` on top."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        rows: int = 24,
        columns: int = 80,
        env: Mapping[str, str] | None = None,
    ) -> None:
        self.raw = bytearray()
        """Every byte the program has written so far."""
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self._incomplete = b""
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        ours = {
            key: value for key, value in os.environ.items() if key not in {"COLUMNS", "LINES", "NO_COLOR"}
        }
        try:
            self.process = subprocess.Popen(
                argv,
                stdin=slave,
                stdout=slave,
                stderr=slave,
                env={**ours, "TERM": "xterm-256color", "COLORTERM": "truecolor", **(env or {})},
                start_new_session=True,
                preexec_fn=_make_controlling_terminal,  # noqa: PLW1509 - one system call, which takes no lock
            )
        finally:
            os.close(slave)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def text(self) -> str:
        """The screen as lines of text."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def send(self, keys: str | bytes) -> None:
        """Type; bytes as they are."""
        os.write(self._master, keys.encode() if isinstance(keys, str) else keys)

    def resize(self, rows: int, columns: int) -> None:
        """Give the window another size."""
        self.screen.resize(rows, columns)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def wait_for(self, wanted: str | Callable[[str], bool], *, seconds: float = TIMEOUT_SECONDS) -> str:
        """The screen as soon as it shows `wanted`, a text or a predicate on the screen.

        Raises:
            AssertionError: it did not come in time, or the program ended before.
        """
        seen = (lambda text: wanted in text) if isinstance(wanted, str) else wanted
        end = time.monotonic() + seconds
        while not seen(self.text):
            if not self._read(end - time.monotonic()):
                what = repr(wanted) if isinstance(wanted, str) else "what was waited for"
                raise AssertionError(f"The screen never showed {what}. It shows:\n{self.text}")
        return self.text

    def wait_for_exit(self, *, seconds: float = TIMEOUT_SECONDS) -> int:
        """The exit code, once the program has ended and all it wrote is read.

        Raises:
            AssertionError: it did not end in time.
        """
        end = time.monotonic() + seconds
        # Not until the terminal is closed: what the program leaves behind (a clipboard's owner) may hold it open.
        while self.process.poll() is None:
            if time.monotonic() > end:
                raise AssertionError(f"The program did not end. The screen shows:\n{self.text}")
            self._read(0.05)
        while self._read(0.0):
            pass
        return self.process.returncode

    def close(self) -> None:
        """End the program and everything it started in its session."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        if self._master >= 0:
            os.close(self._master)
            self._master = -1

    def read_output(self, patience: float) -> bytes:
        """What was written next, its questions answered; nothing at the program's end or when patience is."""
        ready, _, _ = select.select([self._master], [], [], max(patience, 0.0))
        if not ready:
            return b""
        try:
            data = os.read(self._master, 65536)
        except OSError:  # Linux says so when the last writer has closed the terminal
            return b""
        self.raw += data
        for question, answer in _REPLIES.items():
            if question in data:
                os.write(self._master, answer)
        return data

    def feed_screen(self, data: bytes) -> None:
        """Bring what was heard onto the screen."""
        data = self._incomplete + data
        unfinished = _INCOMPLETE_SEQUENCE.search(data)
        cut = unfinished.start() if unfinished else len(data)
        self._incomplete = data[cut:]
        self._stream.feed(_UNSUPPORTED_BY_PYTE.sub(b"", data[:cut]))

    def _read(self, patience: float) -> bool:
        """Take in what was written next; False at the program's end or when patience is."""
        data = self.read_output(patience)
        if not data:
            return False
        self.feed_screen(data)
        return True


def _make_controlling_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
