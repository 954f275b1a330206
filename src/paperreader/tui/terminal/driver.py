"""The connection of the reader to its terminal on Linux and macOS: input, modes, suspending, restoring."""

from __future__ import annotations

import fcntl
import os
import select
import selectors
import signal
import struct
import sys
import termios
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from textual import constants
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Resize
from textual.geometry import Size
from textual.message import Message

from paperreader.tui.terminal.encoding import REPLACE_ERRORS, terminal_encoding
from paperreader.tui.terminal.first_frame import ENTER_SCREEN, FirstFrame
from paperreader.tui.terminal.input.parser import InputParser
from paperreader.tui.terminal.modes import RESET_MODES, RESET_SCREEN_MODES
from paperreader.tui.terminal.output import TerminalOutput
from paperreader.tui.terminal.replies import TerminalReply

if TYPE_CHECKING:
    from paperreader.tui.terminal.graphics.terminal_graphics import TerminalGraphics

POLL_SECONDS = 0.1
"""How often the input thread looks for silence and for the end of the reader."""

READ_BYTES = 4096

RESTORE_SECONDS = 0.2
"""How long a terminal that accepts no output delays the end of the process."""

_KITTY_FLAGS = 1 | 8 | 16
"""What the reader asks of kitty's keyboard protocol: unambiguous codes, for all keys, with their text."""
_ENTER_MODES = (
    RESET_MODES
    + "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[?2004h\x1b[?1004h\x1b[?1000h\x1b[?1003h\x1b[?1015h\x1b[?1006h"
    + ("" if constants.DISABLE_KITTY_KEY else f"\x1b[={_KITTY_FLAGS};1u")
    + RESET_SCREEN_MODES
)
"""No mode of another program, then alternate screen, no cursor, no line wrap, bracketed paste, focus events, mouse, and
the keyboard protocol."""
_LEAVE_MODES = (
    b"\x1b[?2026l\x1b[?1006l\x1b[?1015l\x1b[?1003l\x1b[?1000l\x1b[?1004l\x1b[?2004l\x1b[?7h"
    b"\x1b[<u\x1b[?1049l\x1b[?25h"
)
"""The opposite, and the end of a synchronized update."""


class ReaderDriver(LinuxDriver):
    """Reads input with `InputParser`, writes with `TerminalOutput`, and can restore the terminal at any time."""

    def __init__(
        self,
        app: App[Any],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        assert sys.__stderr__ is not None  # checked by the command line
        self._encoding = terminal_encoding()
        self._output = TerminalOutput(sys.__stderr__.fileno(), self._encoding, REPLACE_ERRORS)
        self._file = self._output  # type: ignore[assignment]
        self.is_active = False
        """Whether the terminal has the modes of the reader."""
        self.cleanup: Callable[[], str] = lambda: ""
        """Returns what is written before the terminal is left."""
        self.receive_reply: Callable[[str], None] = lambda _: None
        """Called by the app with answers to questions about pictures."""
        self.first_frame: FirstFrame | None = getattr(app, "first_frame", None)
        """What is on the terminal already."""
        self._may_read = threading.Event()
        self.graphics: TerminalGraphics | None = None
        """The pictures in the terminal, once some are to be shown."""
        self._active_attributes: list[Any] | None = None

    # Modes

    def write(self, data: str) -> None:
        if data != ENTER_SCREEN or self.first_frame is None:  # it would clear the frame
            super().write(data)

    def start_application_mode(self) -> None:
        super().start_application_mode()  # type: ignore[no-untyped-call]
        self.is_active = self._writer_thread is not None
        if self.first_frame is not None and self.is_active:
            self.attrs_before = self.first_frame.attributes
            self.first_frame.take_over()
            self.first_frame = None
        self.write(RESET_SCREEN_MODES)
        with suppress(termios.error):
            self._active_attributes = termios.tcgetattr(self.fileno)

    def stop_application_mode(self) -> None:
        if self.is_active and (sequences := self.cleanup()):
            self.write(sequences)
        super().stop_application_mode()
        self.is_active = False

    def _query_in_band_window_resize(self) -> None:
        """Do not ask for sizes in the input (mode 2048), because a size there may come from anywhere."""

    def _sigcont_application(self, *_: object) -> None:
        """Continue after SIGSTOP, which gives no chance to leave the terminal, or after `_sigtstp_application`."""
        if not self.is_active:
            super()._sigcont_application()
        else:
            self._loop.call_soon_threadsafe(self.enter_modes_again)

    def enter_modes_again(self) -> None:
        """Set all modes, which another program may have changed, and let the app paint everything."""
        with suppress(OSError):
            if not self.is_active or os.tcgetpgrp(self.fileno) != os.getpgrp():
                return  # in the background: the shell continues this process again when it gets the terminal
        if self._active_attributes is not None:
            with suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self._active_attributes)
        self.write(_ENTER_MODES)
        size = Size(*self._get_terminal_size())
        self.send_message(Resize(size, size))
        self.send_message(self.SignalResume())

    def restore_immediately(self) -> None:
        """Restore the terminal without waiting for anything. For a process that is about to exit."""
        if not self.is_active:
            return
        self.is_active = False
        with suppress(OSError, ValueError):
            if select.select([], [self._output], [], RESTORE_SECONDS)[1]:
                os.write(self._output.fileno(), self.cleanup().encode() + _LEAVE_MODES)
        if self.attrs_before is not None:
            with suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)

    # Pictures

    @property
    def shows_graphics(self) -> bool:
        """Whether the terminal can be asked for pictures, which need characters that only UTF-8 has."""
        return self.input_tty and self._encoding == "utf-8"

    @property
    def is_writing(self) -> bool:
        """Whether output waits to be written."""
        return self._writer_thread is not None and self._writer_thread._queue.qsize() > 0

    @property
    def cell_size(self) -> tuple[int, int] | None:
        """Width and height of a cell in pixels; None where the terminal does not say (`TIOCGWINSZ`)."""
        try:
            answer = fcntl.ioctl(self.fileno, termios.TIOCGWINSZ, bytes(8))
        except OSError:
            return None
        rows, columns, width, height = struct.unpack("HHHH", answer)
        return (width // columns, height // rows) if rows and columns and width and height else None

    # Input

    def accept_input(self) -> None:
        """Read input from now on. Keys that are pressed before wait in the terminal, until a widget has the focus."""
        self._may_read.set()

    def run_input_thread(self) -> None:
        """Read input, once it is accepted, until the reader ends or leaves the terminal."""
        while not self._may_read.wait(POLL_SECONDS):
            if self.exit_event.is_set():
                return
        parser = InputParser(self._encoding)
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if not selector.select(POLL_SECONDS):
                    self._process(parser.tick())
                elif (data := self._read()) is None:
                    os.kill(
                        os.getpid(), signal.SIGHUP
                    )  # what the kernel sends if this process owns the terminal
                    return
                else:
                    self._process(parser.feed(data))

    def _read(self) -> bytes | None:
        """Return what the terminal has sent, or None if it is gone."""
        try:
            return os.read(self.fileno, READ_BYTES) or None
        except BlockingIOError:  # another program read it
            return b""
        except OSError:
            return None

    def _process(self, found: Iterable[Message]) -> None:
        for message in found:
            if isinstance(message, TerminalReply):
                self._app.call_later(self._pass_on, message.text)
            else:
                self.process_message(message)

    def _pass_on(self, reply: str) -> None:
        self.receive_reply(reply)
