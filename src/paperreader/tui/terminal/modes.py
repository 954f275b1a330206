"""Modes that other programs may leave in the terminal when they end, and that the reader does not set itself."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

RESET_MODES = (
    "\x1b[?2026l\x1b(B\x1b)B\x1b[0m\x1b[4l\x1b[20l\x1b[?5l"
    "\x1b[?69l\x1b7\x1b[r\x1b8"
    "\x1b[?1l\x1b>\x1b[>4m\x1b[=0;1u"
    "\x1b[?9l\x1b[?1000l\x1b[?1001l\x1b[?1002l\x1b[?1003l\x1b[?1005l\x1b[?1006l\x1b[?1015l\x1b[?1016l"
    "\x1b[?1004l\x1b[?2004l\x1b[?2031l\x1b[?2048l\x1b[?7h\x1b[?25h\x1b[0 q"
)
"""Resets, in the order of the lines: synchronized update, character set, colors, insert mode, line feed mode, reverse
video; margins, which moves the cursor, so it is saved meanwhile; cursor keys, keypad, keyboard protocols of xterm and
kitty; mouse; focus events, bracketed paste, reports of theme and size, line wrap, cursor and its shape (XTerm Control
Sequences; kitty's keyboard protocol)."""

RESET_SCREEN_MODES = "\x1b[?6l\x1b[r"
"""Resets origin mode and margins of the present screen. Both move the cursor, so it is only for that of the reader."""


@contextmanager
def terminal_restored() -> Iterator[None]:
    """Restore attributes and modes of the terminal after the body, in which another program uses it."""
    try:
        terminal = os.open("/dev/tty", os.O_RDWR)
    except OSError:  # there is none, as in tests
        yield
        return
    import termios

    try:
        attributes = termios.tcgetattr(terminal)
        try:
            yield
        finally:
            # OSError: the terminal is gone. In the background, changing its attributes would stop this process.
            with suppress(OSError, termios.error):
                if os.tcgetpgrp(terminal) == os.getpgrp():
                    os.write(terminal, RESET_MODES.encode())
                    termios.tcsetattr(terminal, termios.TCSANOW, attributes)
    finally:
        os.close(terminal)
