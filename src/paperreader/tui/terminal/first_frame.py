"""The first frame of the next visit, saved at the end of a visit and shown at a start before Textual is loaded.

The frame is only shown if everything it depends on is unchanged: `_conditions` and `_signatures`. Textual then paints
the same cells again. The file holds a JSON object with what the frame depends on, a line feed, and the frame as it is
written to the terminal.
"""

from __future__ import annotations

import json
import os
import stat
import sys
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from paperreader import __version__, paths
from paperreader.lazy_pattern import lazy_pattern

MAX_FRAME_BYTES = 1_000_000
"""More than a terminal of 400 columns and 150 rows with a color for each cell needs."""

ENTER_SCREEN = "\x1b[?1049h"
"""Switches to the alternate screen, and clears it."""

_ENTER = f"{ENTER_SCREEN}\x1b[?25l\x1b[?7l\x1b[H"
_LEAVE = b"\x1b[0m\x1b[?7h\x1b[?1049l\x1b[?25h"
"""The alternate screen without cursor and line wrap, and back."""

_VARIABLES = (
    *("TERM", "COLORTERM", "COLORFGBG", "TERM_PROGRAM", "NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE"),
    *("TEXTUAL_COLOR_SYSTEM", "TEXTUAL_THEME", "TEXTUAL_ANIMATIONS", "TEXTUAL_DRIVER", "TEXTUAL"),
    *("LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "LC_TIME", "PYTHONIOENCODING", "PYTHONUTF8", "TZ"),
    *("COLUMNS", "LINES", "HOME", "PAPERREADER_LIBRARY", "PAPERREADER_CONFIG", "PAPERREADER_ASCII"),
    *("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"),
)
"""The environment variables on which the frame depends. None of them holds a secret."""

_CELLS = lazy_pattern(r"(?:[^\x00-\x1f\x7f-\x9f]++|\n|\x1b\[[0-9;]{0,40}+[mH])*+")
"""What a frame consists of: characters, line feeds, colors and positions of the cursor. Linear time."""

_RAW_INPUT = ("IGNBRK", "BRKINT", "PARMRK", "ISTRIP", "INLCR", "IGNCR", "ICRNL", "IXON")
_RAW_LOCAL = ("ECHO", "ICANON", "IEXTEN", "ISIG")
"""Names of the flags of the terminal that are off while keys wait to be read."""


class FirstFrame:
    """A frame on the terminal, whose keys wait. `restore` takes it away, unless the reader has taken the terminal over.

    Args:
        terminal: the file descriptor of the terminal.
    """

    def __init__(self, terminal: int) -> None:
        import termios

        self._terminal = terminal
        self.attributes: list[Any] = termios.tcgetattr(terminal)
        """The attributes of the terminal before the frame was shown."""
        self._handlers: dict[int, Any] = {}
        self.is_shown = False
        """Whether it is on the terminal and has not been taken over."""

    def show(self, frame: str) -> None:
        """Write a frame, and let keys wait without an echo. Signals that end the process restore the terminal."""
        import signal
        import termios

        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
            if signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
                self._handlers[number] = signal.signal(number, self._exit)
        attributes = [*self.attributes[:6], [*self.attributes[6]]]
        for name in _RAW_INPUT:
            attributes[0] &= ~getattr(termios, name)
        for name in _RAW_LOCAL:
            attributes[3] &= ~getattr(termios, name)
        attributes[6][termios.VMIN] = 1
        self.is_shown = True
        termios.tcsetattr(self._terminal, termios.TCSANOW, attributes)
        _write(self._terminal, (_ENTER + frame).encode())

    def release_signals(self) -> None:
        """Leave signals to the reader, which is about to start."""
        import signal

        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._handlers.clear()

    def take_over(self) -> None:
        """Leave the terminal to the reader, which restores it."""
        self.is_shown = False

    def restore(self) -> None:
        """Restore the terminal if the frame is still on it."""
        import termios

        self.release_signals()
        if self.is_shown:
            self.is_shown = False
            with suppress(OSError, termios.error):
                _write(self._terminal, _LEAVE)
                termios.tcsetattr(self._terminal, termios.TCSANOW, self.attributes)

    def _exit(self, number: int, _: object) -> None:
        self.restore()
        os._exit(128 + number)


def show_saved_frame(library: Path) -> FirstFrame | None:
    """Show the frame that was saved for the library in that folder; None if there is none that can be shown now."""
    if os.name == "nt":
        return None
    try:
        frame = _read(library)
        terminal = sys.__stderr__.fileno() if frame and sys.__stderr__ is not None else -1
        if terminal < 0 or os.tcgetpgrp(terminal) != os.getpgrp():
            return None
        shown = FirstFrame(terminal)
        shown.show(frame)
    except (OSError, ValueError):
        return None
    return shown


def save_frame(frame: str, library: Path, files: Iterable[Path], size: tuple[int, int]) -> None:
    """Save a frame for the next start; one that cannot be shown again removes the saved one.

    Args:
        frame: what is written to the terminal.
        library: the folder of the library.
        files: what the frame was computed from, and what may not change, therefore: files and folders.
        size: columns and rows of the frame.

    Raises:
        OSError: it cannot be written.
    """
    from paperreader.storage import ensure_folder, write_atomic

    path = paths.first_frame_file()
    if not _CELLS.fullmatch(frame) or len(frame) > MAX_FRAME_BYTES:
        path.unlink(missing_ok=True)
        return
    header = {**_conditions(library, size), "files": _signatures(map(str, files))}
    ensure_folder(path.parent)
    write_atomic(path, f"{json.dumps(header)}\n{frame}".encode(), durable=False)


def _read(library: Path) -> str:
    """Return the saved frame if nothing has changed that it depends on, else "".

    Raises:
        OSError, ValueError: there is none, or it is damaged.
    """
    path = paths.first_frame_file()
    status = path.lstat()
    if not stat.S_ISREG(status.st_mode) or status.st_mode & 0o077 or status.st_uid != os.getuid():
        return ""  # another user may have written it
    with path.open("rb") as file:
        data = file.read(2 * MAX_FRAME_BYTES)
    head, _, rest = data.partition(b"\n")
    header = json.loads(head)
    size = os.get_terminal_size(sys.__stdout__.fileno() if sys.__stdout__ is not None else 1)
    if not isinstance(header, dict) or not isinstance(files := header.pop("files", None), dict):
        return ""
    if header != _conditions(library, (size.columns, size.lines)) or files != _signatures(files):
        return ""
    frame = rest.decode()
    return frame if _CELLS.fullmatch(frame) else ""


def _conditions(library: Path, size: tuple[int, int]) -> Mapping[str, Any]:
    """Return what a frame depends on, except for files."""
    return {
        "version": __version__,
        "python": sys.version,
        "library": str(library),
        "size": list(size),
        "day": time.strftime("%Y-%m-%d"),
        "variables": {name: os.environ[name] for name in _VARIABLES if name in os.environ},
        # An installation or an upgrade of any package changes the folder of packages.
        "packages": _signatures(
            [str(Path(__file__).parents[2]), *(path for path in sys.path if path.endswith("-packages"))]
        ),
    }


def _signatures(names: Iterable[str]) -> dict[str, list[int]]:
    """Return inode, size and time of the last change of files and folders; nothing for those that do not exist."""
    found: dict[str, list[int]] = {}
    for name in names:
        try:
            status = os.stat(name)  # noqa: PTH116 - a path object takes longer
        except OSError:
            found[name] = []
        else:
            found[name] = [status.st_ino, status.st_size, status.st_mtime_ns]
    return found


def _write(terminal: int, data: bytes) -> None:
    while data:
        data = data[os.write(terminal, data) :]
