"""Copying text to the clipboard that the person in front of the screen will paste from.

The ways, in this order: tmux's buffer, which tmux passes on; over SSH the terminal itself (OSC 52); the desktop's
clipboard program; then the terminal. Programs confirm, a terminal never does, so the answer says which way it went.
"""

from __future__ import annotations

import base64
import os
import re
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from typing import Literal

from msgspec import Struct

from paperreader.system.subprocesses import TIMEOUT_SECONDS, run_with_input

ClipboardMethod = Literal["auto", "tmux", "osc52", "desktop"]

MAX_OSC52_BYTES = 74_994
"""What terminals take at most: the sequence may be 100,000 characters long (hterm; xterm and others take more)."""

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


class CopyResult(Struct, frozen=True):
    """Where a text went."""

    outcome: Literal["copied", "sent", "failed"]
    """`copied`: a program confirmed it. `sent`: the terminal was told, and does not answer."""
    programs: str = ""
    """The programs that took it (`xclip`, `tmux`), or `terminal`."""
    error: str = ""
    """Why the ways before that one did not do; for a failure, a whole sentence."""


def copy_text(
    text: str,
    *,
    osc52: Callable[[str], None] | None = None,
    timeout: float = TIMEOUT_SECONDS,
    method: ClipboardMethod = "auto",
) -> CopyResult:
    """Copy `text`, in `limit` seconds at most, without control characters but line ends and tabs: whatever it is pasted
    into would obey them.

    `osc52` hands an escape sequence to the terminal; None when there is none. `way` takes that way alone. Never raises
    for what a program does.
    """
    text = _CONTROL_CHARACTERS.sub("", text)
    ways = _ClipboardMethods(text, time.monotonic() + timeout)
    if method != "auto":
        return _copy_with(method, ways, text, osc52)
    if os.environ.get("TMUX"):
        ways.attempt_tmux()
    if not is_ssh_session():
        # Also inside tmux: its buffer reaches the desktop only through a terminal that understands OSC 52.
        ways.attempt_desktop()
    if not ways.confirmed and osc52 is not None:
        refusal = _send_osc52(text, osc52)
        if not refusal:
            return CopyResult("sent", "terminal", "; ".join(ways.failures))
        ways.failures.append(refusal)
    if not ways.confirmed and is_ssh_session():
        ways.attempt_desktop()  # a forwarded X display
    if ways.confirmed:
        return CopyResult("copied", " and ".join(ways.confirmed), "; ".join(ways.failures))
    why = "; ".join(ways.failures) or "no clipboard program was found (wl-copy, xclip or xsel)"
    return CopyResult("failed", "", f"Nothing took the copy: {why}.")


def _copy_with(
    method: ClipboardMethod, methods: _ClipboardMethods, text: str, osc52: Callable[[str], None] | None
) -> CopyResult:
    """Copy by one way, whatever the session looks like."""
    if method == "osc52":
        refusal = _send_osc52(text, osc52) if osc52 is not None else "there is no terminal to send it to"
        if not refusal:
            return CopyResult("sent", "terminal")
        methods.failures.append(refusal)
    elif method == "tmux":
        methods.attempt_tmux()
    else:
        methods.attempt_desktop()
    if methods.confirmed:
        return CopyResult("copied", methods.confirmed[0])
    why = "; ".join(methods.failures) or "no clipboard program was found (wl-copy, xclip or xsel)"
    return CopyResult("failed", "", f'Nothing took the copy, and the settings say way = "{method}": {why}.')


def is_ssh_session() -> bool:
    """Whether this terminal is on another machine than its person."""
    return any(os.environ.get(name) for name in ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"))


def osc52_sequence(text: str) -> str:
    """The control sequence that asks a terminal to put `text` on its clipboard.

    `OSC 52 ; c ; BASE64 BEL` (xterm, ctlseqs, "Manipulate Selection Data"). GNU screen passes on what is wrapped in a
    device control string; tmux does too where `allow-passthrough` is on, and takes the bare sequence where
    `set-clipboard` is, so it gets both.
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
        ran = run_with_input(command, data, timeout=left)
        if ran.ok:
            self.confirmed.append(name)
        else:
            self.failures.append(f"{name}: {ran.error}")
        return ran.ok

    def attempt_tmux(self) -> None:
        """Tmux's buffer, which tmux hands on to the terminal."""
        self.attempt("tmux", ("tmux", "load-buffer", "-w", "-"), self._text.encode("utf-8", "replace"))

    def attempt_desktop(self) -> None:
        """The desktop's programs, until one takes the text."""
        for name, command, encoding in _desktop_programs():
            if self.attempt(name, command, self._text.encode(encoding, "replace")):
                return


def _desktop_programs() -> list[tuple[str, tuple[str, ...], str]]:
    """Name, command and input encoding of every clipboard program that fits this desktop and is there."""
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
        for fits, command, encoding in known
        if fits and shutil.which(command[0])
    ]
    if not found and sys.executable and (wayland or x11 or sys.platform == "win32"):
        # Windows, KDE's klipper, Qt. Not the programs above: it takes their failure for success.
        found.append(("pyperclip", (sys.executable, "-c", _PYPERCLIP), "utf-8"))
    return found


def _send_osc52(text: str, osc52: Callable[[str], None]) -> str:
    """Hand the text to the terminal; gives the reason where that is no use."""
    if os.environ.get("TERM") in ("linux", "dumb"):
        return "this terminal has no clipboard"
    if len(text.encode("utf-8", "replace")) > MAX_OSC52_BYTES:
        return "the text is too long for a terminal to take"
    try:
        osc52(osc52_sequence(text))
    except OSError as error:
        return f"terminal: {(error.strerror or str(error)).lower()}"
    return ""
