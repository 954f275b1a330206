"""The external editor: `$VISUAL`, else `$EDITOR`, else an installed one."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

from paperreader.errors import PaperreaderError
from paperreader.storage import PRIVATE_FILE, ensure_folder, open_regular_file, os_error_message

MAX_NOTE_BYTES = 1024 * 1024
"""Bytes of a recovered note. A longer file was not typed by the user."""

_FILE_NAME = "note.md"
_FALLBACK_EDITORS = ("sensible-editor", "nano", "vim", "vi")


def editor_command(environ: Mapping[str, str] = os.environ) -> list[str]:
    """Return the command line of the editor, without the file.

    Raises:
        PaperreaderError: there is no editor, or the environment variable cannot be parsed.
    """
    for name in ("VISUAL", "EDITOR"):
        try:
            words = shlex.split(environ.get(name, ""))
        except ValueError as error:
            raise PaperreaderError(f"Cannot parse ${name} ({error}). Check its quotes.") from error
        if words:
            return words
    for usual in _FALLBACK_EDITORS:
        if shutil.which(usual, path=environ.get("PATH")):
            return [usual]
    raise PaperreaderError("No editor found. Set the environment variable EDITOR.")


def edit_text(text: str, folder: Path, environ: Mapping[str, str] = os.environ) -> str:
    """Edit `text` in the external editor and return the result. Blocks; the editor uses the terminal.

    The file is in the private folder `folder`, which is deleted afterwards. If this process is killed meanwhile, the
    folder stays (see `recover_abandoned_edit`).

    Raises:
        PaperreaderError: there is no editor, or it failed.
    """
    words = editor_command(environ)
    file = folder / _FILE_NAME
    try:
        ensure_folder(folder)
        file.touch(PRIVATE_FILE)
        file.write_text(text, encoding="utf-8")
        code = subprocess.run([*words, str(file)], check=False).returncode
        written = file.read_bytes()
    except OSError as error:
        raise PaperreaderError(f"Cannot start {words[0]}: {os_error_message(error)}.") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if code:
        reason = f"was interrupted by {_signal_name(-code)}" if code < 0 else f"exited with status {code}"
        raise PaperreaderError(f"{words[0]} {reason}. The note was not changed.")
    return written.decode("utf-8", errors="replace")


def _signal_name(number: int) -> str:
    """Return `SIGINT` for 2; realtime signals have no name in Python."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def recover_abandoned_edit(folder: Path) -> str | None:
    """Return the text in the folder of a reader that has ended, and delete the folder; None if there is none."""
    try:
        with os.fdopen(open_regular_file(folder / _FILE_NAME), "rb") as stream:
            text = stream.read(MAX_NOTE_BYTES).decode("utf-8", errors="replace")
    except OSError:
        return None  # there is none, or another process recovered it first
    shutil.rmtree(folder, ignore_errors=True)
    return text
