"""What programs that keep folders in step leave of a file that changed on two sides: copies beside it, and the marks
of a merge inside it. Knows nothing of what the file holds.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from pathlib import Path

from paperreader import storage
from paperreader.errors import StorageError

_CONFLICT_SUFFIX = re.compile(
    r"""(?: \.sync-conflict-.+       # Syncthing: NAME.sync-conflict-20251003-101500-ABCDEFG.json
        | [ _.-]conflict.*          # ownCloud, Resilio: NAME_conflict-20251003-101500.json, NAME.Conflict.json
        | \ \(.+\)                   # Dropbox, Nextcloud, Seafile, in any language: NAME (Ada's conflicted copy …).json
        | \ \[.+\]                   # pCloud: NAME [conflicted].json
        | \ \d+                      # iCloud: NAME 2.json
        )""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
"""What stands between the stem and the ending of a conflict copy's name."""

_OURS_MARKER, _BASE_MARKER, _SEPARATOR, _THEIRS_MARKER = b"<<<<<<< ", b"||||||| ", b"=======", b">>>>>>> "


def conflict_copies(path: Path) -> list[Path]:
    """The conflict copies of `path`: beside it, and beside the file that it links to. Sorted, so oldest first where
    the names hold a date.

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
        found += (original.with_name(name) for name in sorted(names) if _is_conflict_copy(name, original))
    return found


def split_merge_conflict(data: bytes) -> tuple[bytes, bytes] | None:
    """Both sides of a file in which git could not merge two versions; None where nothing of that is in it.

    Lines outside the marks belong to both sides, and what both came from (`|||||||`) to neither.
    """
    if _OURS_MARKER not in data or _THEIRS_MARKER not in data:
        return None
    both: tuple[list[bytes], list[bytes]] = ([], [])
    into: tuple[int, ...] = (0, 1)
    met = 0
    for line in data.splitlines(keepends=True):
        sign = line.rstrip(b"\r\n")
        if line.startswith(_OURS_MARKER) and len(into) == 2:
            into = (0,)
        elif line.startswith(_BASE_MARKER) and into == (0,):
            into = ()
        elif sign == _SEPARATOR and into in ((0,), ()):
            into = (1,)
        elif line.startswith(_THEIRS_MARKER) and into == (1,):
            into = (0, 1)
            met += 1
        else:
            for side in into:
                both[side].append(line)
    return (b"".join(both[0]), b"".join(both[1])) if met and len(into) == 2 else None


def quarantine_path(path: Path, why: str) -> Path:
    """A free name beside `path` for what is to be kept of it: `NAME.WHY-20251003-101500`, in local time, because the
    name is for the person at the machine.
    """
    stamp = dt.datetime.now().strftime("%Y%m%d-%H%M%S")
    free = path.with_name(f"{path.name}.{why}-{stamp}")
    number = 1
    while free.exists():
        number += 1
        free = path.with_name(f"{path.name}.{why}-{stamp}-{number}")
    return free


def quarantine_merged_copy(copy: Path) -> Path:
    """Rename a conflict copy whose content has been taken in, so that it is one no longer; gives its new name.

    Raises:
        StorageError: it cannot be renamed.
    """
    target = quarantine_path(copy, "merged")
    try:
        copy.rename(target)
    except FileNotFoundError:
        pass  # another process was quicker, and has taken the same in
    except OSError as error:
        raise StorageError(f"Cannot rename {copy}: {storage.os_error_message(error)}.") from error
    return target


def _is_conflict_copy(name: str, original: Path) -> bool:
    stem, end = original.stem, original.suffix
    if not (name.startswith(stem) and name.endswith(end)) or len(name) <= len(stem) + len(end):
        return False
    return _CONFLICT_SUFFIX.fullmatch(name[len(stem) : len(name) - len(end)]) is not None
