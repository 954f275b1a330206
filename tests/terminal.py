"""A program in a pseudo-terminal, and its screen.

    with Terminal([sys.executable, "-m", "paperreader", "--sample"], rows=24, columns=80) as terminal:
        terminal.wait_for("papers")
        terminal.send("q")
        assert terminal.wait_end() == 0

Nothing sleeps: waiting reads the output of the program until the screen is as expected, or fails and shows the screen.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from types import TracebackType

from tests.forked_process import ForkedProcess, fork_in_terminal
from tests.terminal_screen import FastScreen, FastStream
from tests.waiting import TIMEOUT_SECONDS, is_readable

_UNSUPPORTED_BY_PYTE = re.compile(
    rb"\x1b\[(?:[<=>][0-9;]*[a-zA-Z]|\?[0-9;]*(?:\$p|[^hl0-9;]))|\x1b[P_^].*?\x1b\\", re.S
)
"""Requests to the terminal and modern key protocols, which pyte does not support."""

_INCOMPLETE_SEQUENCE = re.compile(rb"\x1b(?:\[[0-9;<=>?]*[ -/]*|[P_^\]][^\x07\x1b]*\x1b?)?\Z")
"""An incomplete escape sequence."""

_UNPAINTED = "\ue000"
"""Fills the cells that are to be painted again. A character for private use, which the reader does not write."""

_REPLIES = {b"\x1b[c": b"\x1b[?62;c", b"\x1b[0c": b"\x1b[?62;c", b"\x1b[6n": b"\x1b[1;1R"}
"""Replies of a terminal to requests for its type and its cursor position."""


class Terminal:
    """Runs `argv` in a terminal of that size, in the environment of this process updated by `env`.

    `run` is called in a fork of this process instead, with `argv` as `sys.argv`, if given: that starts faster.
    """

    def __init__(
        self,
        argv: Sequence[str],
        *,
        rows: int = 24,
        columns: int = 80,
        env: Mapping[str, str] | None = None,
        run: Callable[[], int] | None = None,
    ) -> None:
        self.raw = bytearray()
        """The output of the program so far."""
        self._new_screen(rows, columns)
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.first_attributes = self.attributes
        """Before the program started, which may change them at once."""
        environment = {
            **{
                key: value for key, value in os.environ.items() if key not in {"COLUMNS", "LINES", "NO_COLOR"}
            },
            **{"TERM": "xterm-256color", "COLORTERM": "truecolor"},
            **(env or {}),
        }
        self.process: subprocess.Popen[bytes] | ForkedProcess
        try:
            if run is not None:
                self.process = fork_in_terminal(run, argv, slave, environment)
            else:
                self.process = _start(argv, slave, environment)
        finally:
            os.close(slave)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _new_screen(self, rows: int, columns: int) -> None:
        self._screen = FastScreen(columns, rows)
        self._stream = FastStream(self._screen)
        self._pending = b""

    @property
    def screen(self) -> FastScreen:
        """The screen after all output so far. Many tests only look at some of their output, so it is not fed before."""
        data = self._pending
        complete = _complete_part(data)
        self._pending = data[len(complete) :]
        self._stream.feed(_UNSUPPORTED_BY_PYTE.sub(b"", complete))
        return self._screen

    @property
    def text(self) -> str:
        """The screen as lines of text."""
        return self.screen.text

    @property
    def attributes(self) -> list[object]:
        """The attributes of the terminal (termios): echo, line editing and so on."""
        return termios.tcgetattr(self._master)

    def is_on(self, mode: int) -> bool:
        """Return whether the last sequence for a private mode (DECSET) set it."""
        number = str(mode).encode()
        return self.raw.rfind(b"\x1b[?%sh" % number) > self.raw.rfind(b"\x1b[?%sl" % number)

    def hang_up(self) -> None:
        """Close the terminal, as an emulator does whose window is closed."""
        os.close(self._master)
        self._master = -1

    def send(self, keys: str | bytes) -> None:
        """Send keys; bytes are sent unchanged."""
        os.write(self._master, keys.encode() if isinstance(keys, str) else keys)

    def redraw(self) -> str:
        """Let the reader paint everything (ctrl+l) until two paintings in a row are the same, and return the screen.

        Text that arrives later, such as figures that are counted in the background, is not waited for: wait for it
        before.

        Raises:
            AssertionError: the reader does not paint everything, or never the same.
        """
        end = time.monotonic() + TIMEOUT_SECONDS
        last, current = "", self._repainted()
        while current != last:
            assert time.monotonic() < end, f"The screen does not stay as it is. It shows:\n{current}"
            last, current = current, self._repainted()
        return current

    def _repainted(self) -> str:
        """Let the reader paint everything, and return the screen when each of its cells has been painted."""
        self.screen.fill(_UNPAINTED)
        self.send("\x1b[108;5u")
        return self.wait_for(lambda text: _UNPAINTED not in text)

    @cached_property
    def undisturbed(self) -> UndisturbedScreen:
        """The screen as if only the program had written to it (see `feed_screen`)."""
        return UndisturbedScreen(self)

    def resize(self, rows: int, columns: int) -> None:
        """Resize the window."""
        self.screen.resize(rows, columns)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def wait_for(self, expected: str | Callable[[str], bool], *, seconds: float = TIMEOUT_SECONDS) -> str:
        """Wait until the screen shows `expected`, a text or a predicate on the screen, and return it.

        Raises:
            AssertionError: it did not appear in time, or the program ended before.
        """
        is_shown = (lambda text: expected in text) if isinstance(expected, str) else expected
        end = time.monotonic() + seconds
        while not is_shown(self.text):
            if not self._read(end - time.monotonic()):
                description = repr(expected) if isinstance(expected, str) else "the expected content"
                raise AssertionError(f"The screen never showed {description}. It shows:\n{self.text}")
        return self.text

    def wait_for_exit(self, *, seconds: float = TIMEOUT_SECONDS) -> int:
        """Wait for the program to end, read its output, and return its exit code.

        Raises:
            AssertionError: it did not end in time.
        """
        end = time.monotonic() + seconds
        # Do not wait until the terminal is closed: a background process (owner of the clipboard) may have it open.
        while self.process.poll() is None:
            if time.monotonic() > end:
                raise AssertionError(f"The program did not end. The screen shows:\n{self.text}")
            self._read(0.05)
        while self._read(0.0):
            pass
        return self.process.returncode

    def close(self) -> None:
        """Kill the program and its session."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        if self._master >= 0:
            os.close(self._master)
            self._master = -1

    def read_output(self, timeout: float) -> bytes:
        """Read the next output and reply to its requests; empty at the end of the program or after a timeout."""
        if not is_readable(self._master, timeout):
            return b""
        try:
            data = os.read(self._master, 65536)
        except OSError:  # on Linux, when the last writer has closed the terminal
            return b""
        self.raw += data
        for request, reply in _REPLIES.items():
            if request in data:
                os.write(self._master, reply)
        return data

    @classmethod
    def replay(cls, rows: int, columns: int) -> Terminal:
        """Return a terminal without a program, for `feed_screen`."""
        terminal = cls.__new__(cls)
        terminal._new_screen(rows, columns)
        return terminal

    def feed_screen(self, data: bytes) -> None:
        """Display output on the screen."""
        self._pending += data

    def _read(self, timeout: float) -> bool:
        """Read and display the next output; return False at the end of the program or after `timeout` seconds."""
        data = self.read_output(timeout)
        if not data:
            return False
        self.feed_screen(data)
        return True


class UndisturbedScreen:
    """A screen of its own, which only shows the output of the program in a terminal."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal, self._shown = terminal, 0
        self._screen = FastScreen(terminal.screen.columns, terminal.screen.lines)
        self._stream = FastStream(self._screen)

    @property
    def text(self) -> str:
        complete = _complete_part(bytes(self._terminal.raw[self._shown :]))
        self._shown += len(complete)
        self._stream.feed(_UNSUPPORTED_BY_PYTE.sub(b"", complete))
        return self._screen.text


def _complete_part(data: bytes) -> bytes:
    """Return output without an incomplete escape sequence at its end."""
    unfinished = _INCOMPLETE_SEQUENCE.search(data)
    return data[: unfinished.start()] if unfinished else data


def _start(argv: Sequence[str], slave: int, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start a program in a terminal."""
    return subprocess.Popen(
        argv,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env=environment,
        start_new_session=True,
        preexec_fn=_make_controlling_terminal,  # noqa: PLW1509 - one system call, without locks
    )


def _make_controlling_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
