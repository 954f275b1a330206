"""What nobody foresaw: the traceback goes into a file, a sentence onto the screen."""

from __future__ import annotations

import datetime as dt
import os
import traceback
from pathlib import Path

from paperreader import __version__, paths
from paperreader.storage import PRIVATE_FILE, PRIVATE_FOLDER

LOG_BYTES = 1_000_000
"""A log that has grown past this is started anew."""


def sentence_for(error: BaseException) -> str:
    """Record the traceback of `error` in the log file, and say in one sentence what happened and where to read on."""
    what = f"{type(error).__name__}: {error}"[:200].removesuffix(": ")
    file = paths.log_file()
    try:
        _append(file, error)
    except OSError as unwritable:
        return f"Something unexpected went wrong ({what}), and {file} could not be written ({unwritable.strerror})."
    return f"Something unexpected went wrong ({what}); the details are in {file}."


def _append(file: Path, error: BaseException) -> None:
    file.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    mode = "w" if file.exists() and file.stat().st_size > LOG_BYTES else "a"
    moment = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    with open(file, mode, encoding="utf-8", errors="backslashreplace", opener=_private) as log:
        log.write(f"{moment} paperreader {__version__}\n{''.join(traceback.format_exception(error))}\n")


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, PRIVATE_FILE)
