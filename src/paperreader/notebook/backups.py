"""Backups of the notebook: when one is made, which ones there are, and how one is restored."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from paperreader import paths
from paperreader.errors import NotFound, StorageError
from paperreader.models import EMPTY_MARK, MARK_FLAGS, Mark, MarkChange
from paperreader.notebook import backup_rotation, file_reader
from paperreader.notebook.format import (
    VERSION,
    NotebookContents,
    NotebookDamaged,
    parse_notebook,
    render_notebook,
    with_changed_marks,
)
from paperreader.notebook.verify import newer_version_message

BACKUP_INTERVAL_SECONDS, SAVES_PER_BACKUP = 600.0, 25
"""Within a session, a backup is made when the last one is that old, or that many saves ago."""


class Backup(Struct, frozen=True):
    """An entry in the list of backups."""

    number: int
    """1 is the newest."""
    name: str
    modified: str
    """Day and time, in local time."""
    marks: int
    notes: int
    error: str = ""
    """Why it cannot be restored."""


class BackupPolicy:
    """Decides when to back up one notebook, and makes the backup."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._last_backup: float | None = None
        self._saves_since_backup = 0

    def backup_if_due(self, contents: NotebookContents) -> str:
        """Back up `contents`, the state before a save, if it is time.

        Returns a warning if that fails, else an empty string. The save goes on without a backup, because the notebook
        is replaced as a whole or not at all.
        """
        now = time.monotonic()
        self._saves_since_backup += 1
        is_old = self._last_backup is None or now - self._last_backup >= BACKUP_INTERVAL_SECONDS
        is_due = is_old or self._saves_since_backup > SAVES_PER_BACKUP
        if not is_due or not contents.marks:
            return ""
        self._last_backup, self._saves_since_backup = now, 1
        try:
            self.backup_now(contents)
        except StorageError as error:
            return f"The notebook was saved without a new backup: {error}"
        return ""

    def backup_now(self, contents: NotebookContents) -> None:
        """Write `contents` as the newest backup.

        Raises:
            StorageError: there is no new backup.
        """
        backup_rotation.create_backup(self._path, render_notebook(with_changed_marks(contents, {})))


def describe_backups(path: Path) -> list[Backup]:
    """Return the backups of the notebook at `path`, newest first.

    Raises:
        StorageError: the folder cannot be listed.
    """
    return [
        _describe_backup(number, backup)
        for number, backup in enumerate(backup_rotation.list_backups(path), 1)
    ]


def load_backup(path: Path, which: str) -> Mapping[str, Mark]:
    """Return the marks of a backup of the notebook at `path`, by its number in the list, or of another file.

    Raises:
        NotFound: there is no such backup or file.
        StorageError: it cannot be read, or is no notebook.
    """
    backups = backup_rotation.list_backups(path)
    if which.isascii() and which.isdigit():
        if not 1 <= int(which) <= len(backups):
            raise NotFound(
                f"There is no backup {which}. Run `paperreader restore --list` to list the backups."
            )
        source = backups[int(which) - 1]
    else:
        source = paths.expand_path(which)
    try:
        contents = parse_notebook(file_reader.read_file(source)[0])
    except FileNotFoundError as error:
        raise NotFound(
            f"There is no file {source}. Run `paperreader restore --list` to list the backups."
        ) from error
    except NotebookDamaged as error:
        raise StorageError(f"{source} is not a notebook ({error}). Choose another backup.") from error
    if contents.version > VERSION:
        raise StorageError(f"{source} cannot be restored: {newer_version_message(contents.version)}.")
    return contents.marks


def restore_changes(wanted: Mapping[str, Mark], now: Mapping[str, Mark]) -> list[MarkChange]:
    """Return the changes that turn the marks `now` into the marks `wanted`.

    Restoring by new changes, and not by copying the old file, makes it last: a running reader and other machines take
    the newer value of each field.
    """
    changes = (
        _restore_change(id, wanted.get(id, EMPTY_MARK), now.get(id, EMPTY_MARK)) for id in {**wanted, **now}
    )
    return [change for change in changes if change is not None]


def _restore_change(id: str, wanted: Mark, now: Mark) -> MarkChange | None:
    tags = {tag: tag in wanted.tag_names for tag in {*wanted.tag_names} ^ {*now.tag_names}}
    flags = {
        name: is_set for name in MARK_FLAGS if (is_set := getattr(wanted, name)[0]) != getattr(now, name)[0]
    }
    had, has = ({each.id: each for each in mark.passages} for mark in (wanted, now))
    change = MarkChange(
        id,
        title="" if now.title else wanted.title,
        note=None if wanted.note_text == now.note_text else wanted.note_text,
        note_base=None if wanted.note_text == now.note_text else now.note_text,
        tags=tags,
        highlights={key: had.get(key) for key in {**had, **has} if had.get(key) != has.get(key)},
        summaries={
            name: wanted.generated.get(name)
            for name in {**wanted.generated, **now.generated}
            if wanted.generated.get(name) != now.generated.get(name)
        },
        queue=None if wanted.queue_position == now.queue_position else wanted.queue_position,
        seen_version=None if wanted.seen_version[0] == now.seen_version[0] else wanted.seen_version[0],
        **flags,
    )
    return None if change == MarkChange(id) else change


def _describe_backup(number: int, backup: Path) -> Backup:
    name = backup.name
    try:
        modified = file_reader.format_modified(backup)
        contents = parse_notebook(file_reader.read_file(backup)[0])
    except NotebookDamaged as error:
        return Backup(number, name, modified, 0, 0, f"damaged: {error}")
    except (OSError, StorageError) as error:
        return Backup(number, name, "", 0, 0, str(error))
    newer = newer_version_message(contents.version) if contents.version > VERSION else ""
    marks = contents.marks.values()
    return Backup(number, name, modified, len(marks), sum(bool(mark.note_text) for mark in marks), newer)
