"""Traces of file synchronization: conflict copies in a folder, and merge conflict markers in a file.

Knows nothing of the content of the files.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import time
from pathlib import Path

from paperreader import storage
from paperreader.errors import StorageError
from paperreader.lazy_pattern import lazy_pattern
from paperreader.system.file_status import path_exists

_CONFLICT_SUFFIX = lazy_pattern(
    r"""(?: \.sync-conflict-.+       # Syncthing: NAME.sync-conflict-20251003-101500-ABCDEFG.json
        | [ _.-]conflict.*          # ownCloud, Resilio: NAME_conflict-20251003-101500.json, NAME.Conflict.json
        | \ \(.+\)                   # Dropbox, Nextcloud, Seafile, in any language: NAME (Ada's conflicted copy …).json
        | \ \[.+\]                   # pCloud: NAME [conflicted].json
        | \ \d+                      # iCloud: NAME 2.json
        )""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
"""The part of the name of a conflict copy between stem and extension."""

_OURS_MARKER, _BASE_MARKER, _SEPARATOR, _THEIRS_MARKER = b"<<<<<<< ", b"||||||| ", b"=======", b">>>>>>> "
CONFLICT_MARKERS = (_OURS_MARKER, _BASE_MARKER, _SEPARATOR, _THEIRS_MARKER)
"""The beginnings of the lines that git adds where both sides changed a file."""

PARTIAL_WRITE_SECONDS = 2.0
"""How long another program may take to write a file in place, or to replace it."""

_END_BYTES = 64 * 1024


def conflict_copies(path: Path) -> list[Path]:
    """Return the conflict copies of `path`, in its folder and in that of the file that it links to.

    They are sorted by name, and so by age if the names contain a date.

    Raises:
        StorageError: the folder cannot be listed.
    """
    found: list[Path] = []
    real = Path(os.path.realpath(path))
    for original in dict.fromkeys((path, real)):
        try:
            names = [entry.name for entry in os.scandir(original.parent)]
        except FileNotFoundError:
            continue
        except OSError as error:
            raise StorageError(
                f"Cannot list {original.parent}: {storage.os_error_message(error)}."
            ) from error
        found += (original.with_name(name) for name in sorted(names) if is_conflict_copy(name, original))
    return found


def recently_written(path: Path) -> bool:
    """Return whether a file was written within the last `PARTIAL_WRITE_SECONDS`."""
    try:
        return 0 <= time.time() - path.stat().st_mtime < PARTIAL_WRITE_SECONDS
    except OSError:
        return True  # it is being replaced right now


def ends_with_conflict(path: Path) -> bool:
    """Return whether one of the last lines of a file is a conflict marker. Cheap: what was appended is at the end."""
    try:
        with os.fdopen(storage.open_regular_file(path), "rb") as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - _END_BYTES))
            return b"\n" + _THEIRS_MARKER in file.read()
    except OSError:
        return False  # missing, or reported where it is opened


def split_merge_conflict(data: bytes) -> tuple[bytes, bytes] | None:
    """Return both sides of a file with git merge conflict markers; None if it has none, or they are incomplete.

    Lines outside the markers belong to both sides, the common ancestor (`|||||||`) to neither.
    """
    if _OURS_MARKER not in data or _THEIRS_MARKER not in data:
        return None
    sides: tuple[list[bytes], list[bytes]] = ([], [])
    current: tuple[int, ...] = (0, 1)
    conflicts = 0
    for line in data.splitlines(keepends=True):
        content = line.rstrip(b"\r\n")
        if line.startswith(_OURS_MARKER) and len(current) == 2:
            current = (0,)
        elif line.startswith(_BASE_MARKER) and current == (0,):
            current = ()
        elif content == _SEPARATOR and current in ((0,), ()):
            current = (1,)
        elif line.startswith(_THEIRS_MARKER) and current == (1,):
            current = (0, 1)
            conflicts += 1
        else:
            for side in current:
                sides[side].append(line)
    return (b"".join(sides[0]), b"".join(sides[1])) if conflicts and len(current) == 2 else None


def quarantine_path(path: Path, reason: str) -> Path:
    """Return a free name in the folder of `path`: `NAME.REASON-20251003-101500`, in local time, as users expect."""
    timestamp = dt.datetime.now().strftime("%Y%m%d-%H%M%S")
    free = path.with_name(f"{path.name}.{reason}-{timestamp}")
    number = 1
    while path_exists(free):
        number += 1
        free = path.with_name(f"{path.name}.{reason}-{timestamp}-{number}")
    return free


def quarantine_merged_copy(copy: Path) -> Path:
    """Rename a conflict copy that has been merged, so that it no longer is one, and return its new name.

    Raises:
        StorageError: it cannot be renamed.
    """
    target = quarantine_path(copy, "merged")
    try:
        copy.rename(target)
    except FileNotFoundError:
        pass  # another process was faster, and has merged the same content
    except OSError as error:
        raise StorageError(f"Cannot rename {copy}: {storage.os_error_message(error)}.") from error
    return target


def is_conflict_copy(name: str, original: Path) -> bool:
    """Return whether a file of that name would be a conflict copy of `original`."""
    stem, end = original.stem, original.suffix
    if not (name.startswith(stem) and name.endswith(end)) or len(name) <= len(stem) + len(end):
        return False
    return _CONFLICT_SUFFIX.fullmatch(name[len(stem) : len(name) - len(end)]) is not None
