"""Opening a PDF in the viewer of the user."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from paperreader.system.browser import OpenResult
from paperreader.system.shell_words import ShellCommand
from paperreader.system.subprocesses import TIMEOUT_SECONDS, start_detached

TERMINAL_VIEWERS = frozenset(
    {"fancy-cat", "fbpdf", "jfbview", "less", "mupdf-fb", "pdfcat", "tdf", "termpdf", "timg"}
)
"""Viewers that run in the terminal."""


def open_file(path: Path, viewer: Sequence[str] = (), *, timeout: float = TIMEOUT_SECONDS) -> OpenResult:
    """Open a file with `viewer`, a program with its arguments, else with the opener of the platform, without a shell.

    A viewer that stays open keeps running. One that needs the terminal is returned for the caller to run.
    """
    commands = [(*viewer, str(path))] if viewer else _openers(path)
    failures: list[str] = []
    for words in commands:
        name = Path(words[0]).name.removesuffix(".py")
        if shutil.which(words[0]) is None:
            failures += [f"{words[0]}: it is not installed"] if viewer else []
            continue
        if name in TERMINAL_VIEWERS:
            return OpenResult(False, in_terminal=ShellCommand(words, {}))
        result = start_detached(words, timeout=timeout)
        if result.ok:
            return OpenResult(True)
        failures.append(f"{name}: {result.error}")
    why = "; ".join(failures) or "none is installed, or there is no display"
    return OpenResult(False, error=f"No viewer opened the PDF: {why}.")


def _openers(path: Path) -> list[tuple[str, ...]]:
    if sys.platform == "darwin":
        return [("open", str(path))]
    openers: list[tuple[str, ...]] = []
    if os.environ.get("WSL_DISTRO_NAME"):
        openers.append(("wslview", str(path)))
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        openers += [("xdg-open", str(path)), ("gio", "open", str(path))]
    return openers
