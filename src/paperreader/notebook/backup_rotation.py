"""Numbered backups of a file: `NAME.bak.N` in the same folder, 1 being the newest.

The ages of backups are those of their modification times. A clock that jumps makes all of them look old, or younger
than now; so they are divided into timelines, in each of which time passes forward and without a gap of more than a
year. Only backups of the same timeline replace each other.
"""

from __future__ import annotations

import itertools
import math
import os
import time
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from paperreader.errors import StorageError
from paperreader.storage import os_error_message, remove_leftovers, write_atomic

_HOUR_SECONDS, _DAY_SECONDS = 3600.0, 86400.0
_AGES = (-math.inf, _HOUR_SECONDS, _DAY_SECONDS, 7 * _DAY_SECONDS, 30 * _DAY_SECONDS, math.inf)
"""Limits of the age ranges (seconds) of which one backup each is kept in addition to the newest."""

_NEWEST = 3
"""Backups of each timeline that are kept regardless of their age."""

_MAX_SET_BACK, _MAX_GAP = _DAY_SECONDS, 366 * _DAY_SECONDS
"""How far the time may go back or ahead between two backups of a timeline (seconds)."""

_MAX_BACKUPS = 24
"""More are only there when the clock has jumped several times."""

_MAX_NUMBER = 99
"""No backup of this program has a larger number. `NAME.bak.20251003` is one that the user made."""


class _DatedBackup(Struct, frozen=True):
    path: Path
    modified: float


def list_backups(path: Path) -> list[Path]:
    """Return the backups of `path` (`NAME.bak.N` in the same folder), newest first.

    Raises:
        StorageError: the folder cannot be listed.
    """
    try:
        names = [entry.name for entry in os.scandir(path.parent) if entry.is_file()]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StorageError(f"Cannot list {path.parent}: {os_error_message(error)}.") from error
    prefix = f"{path.name}.bak."
    numbered = [(_backup_number(name[len(prefix) :]), name) for name in names if name.startswith(prefix)]
    return [path.with_name(name) for number, name in sorted(numbered) if number]


def create_backup(path: Path, data: bytes) -> None:
    """Store `data`, known to be a good state of `path`, as the newest backup `NAME.bak.1`.

    It is durable when this returns, so a write to `path` that follows cannot lose it. The three newest backups are
    kept, and of the older ones one each that is hours, days, weeks and months old, also when the clock has jumped.

    Raises:
        StorageError: there is no new backup; older ones still exist.
    """
    older = list_backups(path)
    try:
        if older and older[0].stat().st_size == len(data) and older[0].read_bytes() == data:
            return
        _renumber(path, _prune(older))
        remove_leftovers(Path(os.path.realpath(path)))
    except OSError as error:
        raise StorageError(f"Cannot back up {path}: {os_error_message(error)}.") from error
    write_atomic(path.with_name(f"{path.name}.bak.1"), data)


def _prune(older: Sequence[Path]) -> list[Path]:
    """Remove backups that are not needed and return the others, newest first."""
    backups = [_DatedBackup(path, path.stat().st_mtime) for path in older]
    now = time.time()
    timelines = _divide(backups)
    current = max(
        (line for line in timelines if _continues(line, now)), key=lambda line: line[0].modified, default=None
    )
    kept = set(older[: _NEWEST - 1])  # one more is about to be written
    for timeline in timelines:
        newest, reference = (_NEWEST - 1, now) if timeline is current else (_NEWEST, timeline[0].modified)
        kept |= {backup.path for backup in _needed(timeline, newest, reference)}
    remaining = [path for path in older if path in kept][: _MAX_BACKUPS - 1]
    for path in older:
        if path not in remaining:
            path.unlink()
    return remaining


def _divide(backups: Sequence[_DatedBackup]) -> list[list[_DatedBackup]]:
    """Divide backups, newest first, into timelines. Each is sorted in the same way, and so are the timelines."""
    timelines: list[list[_DatedBackup]] = []
    for backup in reversed(backups):
        fitting = [line for line in timelines if _continues(line, backup.modified)]
        timeline = max(fitting, key=lambda line: line[0].modified, default=None)
        if timeline is None:
            timelines.insert(0, [backup])
        else:
            timeline.insert(0, backup)
            timelines.remove(timeline)
            timelines.insert(0, timeline)
    return timelines


def _continues(timeline: Sequence[_DatedBackup], moment: float) -> bool:
    return -_MAX_SET_BACK <= moment - timeline[0].modified <= _MAX_GAP


def _needed(timeline: Sequence[_DatedBackup], newest: int, now: float) -> list[_DatedBackup]:
    """Return the backups of a timeline that are kept: the newest, and one of each age."""
    needed = list(timeline[:newest])
    for start, end in itertools.pairwise(_AGES):
        in_range = [backup for backup in timeline[newest:] if start <= now - backup.modified < end]
        # The oldest of a range will move into the next one. Of the last range the newest is a month old already.
        needed += in_range[:1] if end == math.inf else in_range[-1:]
    return needed


def _renumber(path: Path, backups: list[Path]) -> None:
    """Number backups from 2 on. Each rename goes to a name that is free at that moment."""
    moves = [(_backup_number(old.suffix[1:]), number, old) for number, old in enumerate(backups, 2)]
    down = [move for move in moves if move[0] > move[1]]
    up = [move for move in moves if move[0] < move[1]]
    for _, number, old in (*down, *reversed(up)):
        old.rename(path.with_name(f"{path.name}.bak.{number}"))


def _backup_number(text: str) -> int:
    """Return the number in the name of a backup of this program; 0 for files that the user has named like one."""
    is_number = text.isascii() and text.isdigit() and not text.startswith("0")
    return int(text) if is_number and int(text[:4]) <= _MAX_NUMBER else 0
