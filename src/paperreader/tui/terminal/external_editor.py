"""The external editor: `$VISUAL`, else `$EDITOR`, else an installed one."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct

from paperreader.errors import PaperreaderError
from paperreader.system.shell_words import ShellCommand, parse_command
from paperreader.tui.terminal.foreground import failure_of, run_in_foreground

AT_ONCE_SECONDS = 2.0
"""An editor that ends sooner, without a change, may have passed the file on to one that is still open."""

_FALLBACK_EDITORS = ("sensible-editor", "nano", "vim", "vi")

_BLOCKING_EDITORS = {
    "ed",
    "helix",
    "hx",
    "joe",
    "kak",
    "mcedit",
    "mg",
    "micro",
    "nano",
    "ne",
    "nvim",
    "vi",
    "vim",
}
"""Editors that always wait until they are closed."""


class EditorResult(Struct, frozen=True):
    """How an editor ended."""

    program: str
    failure: str
    """What went wrong, as a verb phrase; empty if nothing did."""
    seconds: float

    @property
    def may_be_open(self) -> bool:
        """Whether it ended so soon that it may have passed the file on to a window."""
        return self.seconds < AT_ONCE_SECONDS and Path(self.program).name not in _BLOCKING_EDITORS


def editor_command(environ: Mapping[str, str] = os.environ) -> ShellCommand:
    """Return the command line of the editor, without the file.

    Raises:
        PaperreaderError: there is no editor, or the environment variable cannot be parsed.
    """
    for name in ("VISUAL", "EDITOR"):
        try:
            command = parse_command(environ.get(name, ""), environ)
        except ValueError as error:
            raise PaperreaderError(f"Cannot parse ${name}: {error}.") from error
        if command.words:
            return command
    for usual in _FALLBACK_EDITORS:
        if shutil.which(usual, path=environ.get("PATH")):
            return ShellCommand((usual,), {})
    raise PaperreaderError("No editor found. Set the environment variable EDITOR.")


def run_editor(
    command: ShellCommand,
    file: Path,
    *,
    keep_open: int | None = None,
    on_start: Callable[[int], None] = lambda _: None,
) -> EditorResult:
    """Edit a file. Blocks; the editor uses the terminal.

    Args:
        command: the editor.
        file: the file, the last argument.
        keep_open: a file descriptor that the editor inherits.
        on_start: called with the process id of the editor.

    Raises:
        PaperreaderError: it cannot be started.
    """
    began = time.monotonic()
    status = run_in_foreground(
        ShellCommand((*command.words, str(file)), command.variables), keep_open=keep_open, on_start=on_start
    )
    return EditorResult(command.words[0], failure_of(status), time.monotonic() - began)
