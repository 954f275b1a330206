"""The rotation of backups of one file: which are kept, and how they are numbered. Knows nothing of their content."""

from __future__ import annotations

import itertools
import math
import os
import time
from pathlib import Path

from paperreader import storage
from paperreader.errors import StorageError

_HOUR_SECONDS, _DAY_SECONDS = 3600.0, 86400.0
_BACKUP_AGES = (-math.inf, _HOUR_SECONDS, _DAY_SECONDS, 7 * _DAY_SECONDS, 30 * _DAY_SECONDS, math.inf)
"""Limits of the age ranges (seconds) of which one backup each is kept in addition to the newest."""


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
        raise StorageError(f"Cannot list {path.parent}: {storage.os_error_message(error)}.") from error
    prefix = f"{path.name}.bak."
    numbered = [(_backup_number(name[len(prefix) :]), name) for name in names if name.startswith(prefix)]
    return [path.with_name(name) for number, name in sorted(numbered) if number]


def create_backup(path: Path, data: bytes) -> None:
    """Store `data`, known to be a good state of `path`, as the newest backup `NAME.bak.1`.

    It is durable when this returns, so a write to `path` that follows cannot lose it. The three newest backups are
    kept, and of the older ones one each that is hours, days, weeks and months old.

    Raises:
        StorageError: there is no new backup; older ones still exist.
    """
    older = list_backups(path)
    try:
        if older and older[0].stat().st_size == len(data) and older[0].read_bytes() == data:
            return
        _renumber_backups(path, _prune_backups(older))
        storage.remove_leftovers(Path(os.path.realpath(path)))
    except OSError as error:
        raise StorageError(f"Cannot back up {path}: {storage.os_error_message(error)}.") from error
    storage.write_atomic(path.with_name(f"{path.name}.bak.1"), data)


def _prune_backups(older: list[Path]) -> list[Path]:
    """Remove backups that are not needed and return the others, newest first."""
    now = time.time()
    remaining = older[:2]  # the third of the newest is the one about to be written
    ages = {path: now - path.stat().st_mtime for path in older[2:]}
    for start, end in itertools.pairwise(_BACKUP_AGES):
        in_range = [path for path, age in ages.items() if start <= age < end]
        # The oldest of a range will move into the next one. Of the last range the newest is a month old already.
        remaining += in_range[:1] if end == math.inf else in_range[-1:]
    for path in older:
        if path not in remaining:
            path.unlink()
    return remaining


def _renumber_backups(path: Path, backups: list[Path]) -> None:
    """Number backups from 2 on. Each rename goes to a name that is free at that moment."""
    moves = [(_backup_number(old.suffix[1:]), number, old) for number, old in enumerate(backups, 2)]
    down = [move for move in moves if move[0] > move[1]]
    up = [move for move in moves if move[0] < move[1]]
    for _, number, old in (*down, *reversed(up)):
        old.rename(path.with_name(f"{path.name}.bak.{number}"))


def _backup_number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0
