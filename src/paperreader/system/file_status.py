"""Whether a path exists, on disks that may fail."""

from __future__ import annotations

import errno
from pathlib import Path

_MISSING = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP}


def path_exists(path: Path) -> bool:
    """Return whether a file or folder exists; a link counts if its target does.

    `Path.exists` of Python 3.14 reports a file on a failing disk as missing, which might then be replaced.

    Raises:
        OSError: the system does not know, for example because the disk fails.
    """
    try:
        path.stat()
    except OSError as error:
        if error.errno in _MISSING:
            return False
        raise
    return True
