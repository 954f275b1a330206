"""Log unhandled exceptions."""

from __future__ import annotations

import datetime as dt
import traceback

from paperreader import __version__, paths
from paperreader.errors import StorageError
from paperreader.storage import append_private_file
from paperreader.text.sanitize import clean_output


def log_exception(error: BaseException) -> str:
    """Append the traceback of `error` to the log file. Return a message that names the error and the file."""
    summary = f"{type(error).__name__}: {error}"[:200].removesuffix(": ")
    path = paths.log_file()
    timestamp = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    record = f"{timestamp} paperreader {__version__}\n{''.join(traceback.format_exception(error))}\n"
    try:
        append_private_file(path, clean_output(record), max_bytes=paths.MAX_LOG_BYTES)
    except StorageError as log_error:
        return f"An unexpected error occurred ({summary}), and cannot be logged: {log_error}"
    return f"An unexpected error occurred ({summary}). The details are in {path}."
