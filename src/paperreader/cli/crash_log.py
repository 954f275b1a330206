"""What nobody foresaw: the traceback goes into a file, a sentence onto the screen."""

from __future__ import annotations

import datetime as dt
import traceback

from paperreader import __version__, paths
from paperreader.errors import StorageError
from paperreader.storage import append_private_file


def sentence_for(error: BaseException) -> str:
    """Record the traceback of `error` in the log file, and say in one sentence what happened and where to read on."""
    what = f"{type(error).__name__}: {error}"[:200].removesuffix(": ")
    file = paths.log_file()
    moment = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    told = f"{moment} paperreader {__version__}\n{''.join(traceback.format_exception(error))}\n"
    try:
        append_private_file(file, told, max_bytes=paths.MAX_LOG_BYTES)
    except StorageError as unwritable:
        return f"Something unexpected went wrong ({what}), and there is no record of it: {unwritable}"
    return f"Something unexpected went wrong ({what}); the details are in {file}."
