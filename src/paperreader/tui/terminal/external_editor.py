"""The external editor: `$VISUAL`, else `$EDITOR`, else an installed one."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from msgspec import Struct

from paperreader.errors import PaperreaderError
from paperreader.storage import os_error_message
from paperreader.system.shell_words import ShellCommand, parse_command

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
    program = command.words[0]
    began = time.monotonic()
    with _interrupts_ignored():
        try:
            process = subprocess.Popen(
                [*command.words, str(file)],
                env={**os.environ, **command.variables},
                pass_fds=() if keep_open is None or os.name == "nt" else (keep_open,),
            )
        except (OSError, ValueError) as error:
            reason = os_error_message(error) if isinstance(error, OSError) else str(error)
            raise PaperreaderError(f"Cannot start {program}: {reason}.") from error
        on_start(process.pid)
        code = process.wait()
    failure = ""
    if code:
        failure = f"was interrupted by {_signal_name(-code)}" if code < 0 else f"exited with status {code}"
    return EditorResult(program, failure, time.monotonic() - began)


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """Leave `ctrl+c` to the editor, which gets the signal as well, and not to the reader that waits for it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    names = [name for name in ("SIGINT", "SIGQUIT") if hasattr(signal, name)]
    # A function, because a signal that is ignored would also be ignored by the editor.
    before = {name: signal.signal(getattr(signal, name), lambda *_: None) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            with suppress(TypeError):  # a handler that was not set by Python
                signal.signal(getattr(signal, name), handler)


def _signal_name(number: int) -> str:
    """Return `SIGINT` for 2; realtime signals have no name in Python."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
