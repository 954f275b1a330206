"""The user's own editor: `$VISUAL`, else `$EDITOR`, else one that is there."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from paperreader.errors import PaperreaderError
from paperreader.storage import PRIVATE_FILE, ensure_folder, open_regular_file, os_error_message

MAX_NOTE_BYTES = 1024 * 1024
"""Bytes of a note that an editor left; longer ones nobody typed."""

_FILE_NAME = "note.md"
_FALLBACK_EDITORS = ("sensible-editor", "nano", "vim", "vi")


def editor_command(environ: Mapping[str, str] = os.environ) -> list[str]:
    """The editor's command line, without the file.

    Raises:
        PaperreaderError: there is none.
    """
    for name in ("VISUAL", "EDITOR"):
        try:
            words = shlex.split(environ.get(name, ""))
        except ValueError as error:
            raise PaperreaderError(f"{name} cannot be understood ({error}); mend its quotes.") from error
        if words:
            return words
    for usual in _FALLBACK_EDITORS:
        if shutil.which(usual, path=environ.get("PATH")):
            return [usual]
    raise PaperreaderError("No editor was found; set EDITOR to yours.")


def edit_text(text: str, folder: Path, environ: Mapping[str, str] = os.environ) -> str:
    """What the editor makes of `text`, in a private folder that is gone afterwards. Waits for it; owns the terminal.

    Where this program does not live to see the end, the folder stays (see `leftover`).

    Raises:
        PaperreaderError: there is no editor, or it failed; nothing is changed then.
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
        raise PaperreaderError(f"{words[0]} could not be started: {os_error_message(error)}.") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if code:
        raise PaperreaderError(f"{words[0]} ended with an error ({code}); the note is as it was.")
    return written.decode("utf-8", errors="replace")


def recover_abandoned_edit(folder: Path) -> str | None:
    """What an editor left in the folder of a reader that is no more, which is taken away; None if there is nothing."""
    try:
        with os.fdopen(open_regular_file(folder / _FILE_NAME), "rb") as stream:
            text = stream.read(MAX_NOTE_BYTES).decode("utf-8", errors="replace")
    except OSError:
        return None  # nothing was left, or somebody took it first
    shutil.rmtree(folder, ignore_errors=True)
    return text
