"""Opening a link in the web browser of the user."""

from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct

from paperreader.system.shell_words import ShellCommand, parse_command
from paperreader.system.subprocesses import TIMEOUT_SECONDS, start_detached
from paperreader.text.sanitize import single_line
from paperreader.text.urls import safe_url


class OpenResult(Struct, frozen=True):
    """Whether a link was opened."""

    ok: bool
    host: str = ""
    """The host of the link."""
    error: str = ""
    """For a failure, a whole sentence."""
    setting_error: str = ""
    """If none of the programs in `BROWSER` could be used, a whole sentence about them."""
    in_terminal: ShellCommand | None = None
    """A text browser with the link. It has not been started, because it needs the terminal."""


TEXT_BROWSERS = frozenset(
    {
        *("w3m", "lynx", "lynx-cur", "links", "links2", "elinks", "felinks", "browsh", "cha", "chawan"),
        *("carbonyl", "edbrowse", "netrik", "retawq", "offpunk", "amfora", "bombadillo"),
    }
)
"""Browsers that run in the terminal."""


def open_url(url: str, *, timeout: float = TIMEOUT_SECONDS) -> OpenResult:
    """Open an http or https link within `timeout` seconds. A browser that stays in the foreground keeps running.

    Tries `BROWSER` (commands separated by colons, parsed as a shell does, `%s` is replaced by the link), then the
    opener of the platform. Never uses a shell. If a text browser is next, it is returned for the caller to run.
    """
    address = safe_url(url)
    if address is None:
        return OpenResult(False, "", "This link is not a web address, so it is not opened.")
    host = urlsplit(address).hostname or ""
    deadline = time.monotonic() + timeout
    commands, unusable = _browser_commands(address)
    failures: list[str] = []
    for command in commands:
        if is_text_browser(command.words[0]):
            return OpenResult(False, host, in_terminal=command)
        left = deadline - time.monotonic()
        if left <= 0:
            break
        result = start_detached(command.words, timeout=left, variables=command.variables)
        if result.ok:
            return OpenResult(True, host)
        failures.append(f"{Path(command.words[0]).name}: {result.error}")
    why = "; ".join(failures) or "none is installed, or there is no display"
    setting_error = f"BROWSER: {'; '.join(unusable)}." if unusable else ""
    return OpenResult(False, host, f"No browser opened the link: {why}.", setting_error)


def is_text_browser(program: str) -> bool:
    """Return whether a program, also under another name such as `www-browser`, runs in the terminal."""
    found = shutil.which(program) or program
    return not TEXT_BROWSERS.isdisjoint((Path(program).name, Path(os.path.realpath(found)).name))


def _browser_commands(address: str) -> tuple[list[ShellCommand], list[str]]:
    """Return the commands to try, and what is wrong with entries of `BROWSER`."""
    commands: list[ShellCommand] = []
    unusable: list[str] = []
    for entry in filter(str.strip, os.environ.get("BROWSER", "").split(os.pathsep)):
        command = _fill_in_url(entry, address)
        if not command.words:
            unusable.append(f"{single_line(entry)} needs a shell")
        elif shutil.which(command.words[0]) is None:
            unusable.append(f"{single_line(command.words[0])} is not installed")
        else:
            commands.append(command)
    openers: list[tuple[str, ...]] = []
    if sys.platform == "darwin":
        openers.append(("open", address))
    elif sys.platform == "win32":
        openers.append(("rundll32.exe", "url.dll,FileProtocolHandler", address))
    else:
        if os.environ.get("WSL_DISTRO_NAME"):
            openers.append(("wslview", address))
        if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
            openers += [("xdg-open", address), ("gio", "open", address), ("x-www-browser", address)]
    commands += [ShellCommand(words, {}) for words in openers if shutil.which(words[0])]
    return commands, unusable


def _fill_in_url(entry: str, address: str) -> ShellCommand:
    """Return one command of `BROWSER` with the link; without words if it cannot be parsed."""
    try:
        command = parse_command(entry.rstrip().removesuffix("&"), os.environ)  # it is never waited for
    except ValueError:  # it needs a shell
        return ShellCommand((), {})
    words = list(command.words)
    if words and not any("%s" in word for word in words):
        words.append("%s")
    return ShellCommand(tuple(word.replace("%s", address) for word in words), command.variables)
