"""Copying text to the clipboard of the screen that the user sits at.

Tried in this order: the buffer of tmux, which tmux passes on; over SSH the terminal itself (OSC 52); the clipboard
program of the desktop; then the terminal. Programs confirm, a terminal never does, so the result says which it was.
"""

from __future__ import annotations

import base64
import os
import re
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from paperreader.system.subprocesses import TIMEOUT_SECONDS, run_with_input

if TYPE_CHECKING:
    from paperreader.config.settings import ClipboardMethod

MAX_OSC52_BYTES = 74_994
"""A text of this size makes a sequence of 100,000 characters, the limit of hterm (xterm and others accept more)."""

_MAX_SCREEN_BYTES = 250
"""GNU screen drops control strings longer than 256 bytes."""

_CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")

_PYPERCLIP = """
import sys, pyperclip
try:
    pyperclip.copy(sys.stdin.buffer.read().decode())
except Exception as error:
    sys.exit(f"it found no clipboard ({type(error).__name__})")
"""

_NO_PROGRAM = "no clipboard program was found (wl-copy, xclip or xsel)"


class CopyResult(Struct, frozen=True):
    """Where a text was copied to."""

    outcome: Literal["copied", "sent", "failed"]
    """`copied`: a program confirmed it. `sent`: it was sent to the terminal, which does not reply."""
    programs: str = ""
    """The programs that accepted it (`xclip`, `tmux`), or `terminal`."""
    error: str = ""
    """Why the methods tried before failed; for a failure, a whole sentence."""


def copy_text(
    text: str,
    *,
    osc52: Callable[[str], None] | None = None,
    timeout: float = TIMEOUT_SECONDS,
    method: ClipboardMethod = "auto",
) -> CopyResult:
    """Copy `text`, without control characters other than line ends and tabs: a program it is pasted into might run
    them. Never raises for what a program does.

    Args:
        text: what to copy.
        osc52: writes an escape sequence to the terminal; None if there is none.
        timeout: seconds for all methods together.
        method: the only method to use, or `auto`.
    """
    text = _CONTROL_CHARACTERS.sub("", text)
    methods = _ClipboardMethods(text, time.monotonic() + timeout)
    if method != "auto":
        return _copy_with(method, methods, text, osc52)
    if os.environ.get("TMUX"):
        methods.attempt_tmux()
    if not is_ssh_session():
        # Also inside tmux: its buffer reaches the desktop only through a terminal that supports OSC 52.
        methods.attempt_desktop()
    if not methods.confirmed and osc52 is not None:
        error = _send_osc52(text, osc52)
        if not error:
            return CopyResult("sent", "terminal", "; ".join(methods.failures))
        methods.failures.append(error)
    if not methods.confirmed and is_ssh_session():
        methods.attempt_desktop()  # a forwarded X display
    if methods.confirmed:
        return CopyResult("copied", " and ".join(methods.confirmed), "; ".join(methods.failures))
    why = "; ".join(methods.failures) or _NO_PROGRAM
    return CopyResult("failed", "", f"Copying failed: {why}.")


def _copy_with(
    method: ClipboardMethod, methods: _ClipboardMethods, text: str, osc52: Callable[[str], None] | None
) -> CopyResult:
    """Copy with one method, regardless of the kind of session."""
    if method == "osc52":
        error = _send_osc52(text, osc52) if osc52 is not None else "there is no terminal to send it to"
        if not error:
            return CopyResult("sent", "terminal")
        methods.failures.append(error)
    elif method == "tmux":
        methods.attempt_tmux()
    else:
        methods.attempt_desktop()
    if methods.confirmed:
        return CopyResult("copied", methods.confirmed[0])
    why = "; ".join(methods.failures) or _NO_PROGRAM
    return CopyResult("failed", "", f'Copying with the configured way = "{method}" failed: {why}.')


def is_ssh_session() -> bool:
    """Return whether the terminal is on another machine."""
    return any(os.environ.get(name) for name in ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"))


def osc52_sequence(text: str) -> str:
    """Return the control sequence that asks a terminal to put `text` on its clipboard.

    `OSC 52 ; c ; BASE64 BEL` (xterm, ctlseqs, "Manipulate Selection Data"). GNU screen passes it on inside a device
    control string; so does tmux if `allow-passthrough` is on. tmux accepts the bare sequence if `set-clipboard` is on,
    so it gets both.
    """
    code = base64.b64encode(text.encode("utf-8", "replace")).decode("ascii")
    bare = f"\x1b]52;c;{code}\x07"
    if os.environ.get("TMUX"):
        return "\x1bPtmux;" + bare.replace("\x1b", "\x1b\x1b") + "\x1b\\" + bare
    if os.environ.get("STY"):
        parts = (bare[start : start + _MAX_SCREEN_BYTES] for start in range(0, len(bare), _MAX_SCREEN_BYTES))
        return "".join(f"\x1bP{part}\x1b\\" for part in parts)
    return bare


class _ClipboardMethods:
    """Clipboard programs tried so far, within one time limit for all of them."""

    def __init__(self, text: str, deadline: float) -> None:
        self.confirmed: list[str] = []
        self.failures: list[str] = []
        self._text = text
        self._deadline = deadline

    def attempt(self, name: str, command: Sequence[str], data: bytes) -> bool:
        left = self._deadline - time.monotonic()
        if left <= 0:
            return False
        result = run_with_input(command, data, timeout=left)
        if result.ok:
            self.confirmed.append(name)
        else:
            self.failures.append(f"{name}: {result.error}")
        return result.ok

    def attempt_tmux(self) -> None:
        """Load the text into the buffer of tmux, which passes it on to the terminal."""
        self.attempt("tmux", ("tmux", "load-buffer", "-w", "-"), self._text.encode("utf-8", "replace"))

    def attempt_desktop(self) -> None:
        """Try the programs of the desktop until one accepts the text."""
        for name, command, encoding in _desktop_programs():
            if self.attempt(name, command, self._text.encode(encoding, "replace")):
                return


def _desktop_programs() -> list[tuple[str, tuple[str, ...], str]]:
    """Return name, command and input encoding of every installed clipboard program for this desktop."""
    wayland, x11 = os.environ.get("WAYLAND_DISPLAY"), os.environ.get("DISPLAY")
    known = [
        (sys.platform == "darwin", ("pbcopy",), "utf-8"),
        (wayland, ("wl-copy", "--type", "text/plain"), "utf-8"),
        (x11, ("xclip", "-selection", "clipboard"), "utf-8"),
        (x11, ("xsel", "--clipboard", "--input"), "utf-8"),
        (os.environ.get("WSL_DISTRO_NAME"), ("clip.exe",), "utf-16-le"),
    ]
    found = [
        (command[0], command, encoding)
        for applies, command, encoding in known
        if applies and shutil.which(command[0])
    ]
    if not found and sys.executable and (wayland or x11 or sys.platform == "win32"):
        # Windows, KDE's klipper, Qt. Not the programs above: pyperclip takes their failure for success.
        found.append(("pyperclip", (sys.executable, "-c", _PYPERCLIP), "utf-8"))
    return found


def _send_osc52(text: str, osc52: Callable[[str], None]) -> str:
    """Send the text to the terminal, and return why that is not possible; empty if it was sent."""
    if os.environ.get("TERM") in ("linux", "dumb"):
        return "this terminal has no clipboard"
    if len(text.encode("utf-8", "replace")) > MAX_OSC52_BYTES:
        return "the text is too long for a terminal to take"
    try:
        osc52(osc52_sequence(text))
    except OSError as error:
        return f"terminal: {(error.strerror or str(error)).lower()}"
    return ""
