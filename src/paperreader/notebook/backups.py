"""Backups of the notebook: when one is made, which there are, and how one comes back into force."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from paperreader import paths, storage
from paperreader.errors import NotFound, StorageError
from paperreader.models import EMPTY_MARK, Mark, MarkChange
from paperreader.notebook import file_io, verify
from paperreader.notebook import format as notebook_format
from paperreader.notebook.format import NotebookContents, NotebookDamaged

BACKUP_SECONDS, BACKUP_SAVES = 600.0, 25
"""Within a session a backup is made when the last one is that old, or that many saves behind."""


class Backup(Struct, frozen=True):
    """A backup as it is listed."""

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
    """Keeps backups of one notebook in the rhythm of a session."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._last_backup: float | None = None
        self._saves_since_backup = 0

    def backup_if_due(self, contents: NotebookContents) -> str:
        """Keep `contents`, the state before a save, when enough has happened since the last time.

        Gives what the reader has to be told: no reason to refuse the mark itself, as the notebook is replaced as a
        whole or not at all.
        """
        now = time.monotonic()
        self._saves_since_backup += 1
        due = (
            self._last_backup is None
            or now - self._last_backup >= BACKUP_SECONDS
            or self._saves_since_backup > BACKUP_SAVES
        )
        if not due or not contents.marks:
            return ""
        self._last_backup, self._saves_since_backup = now, 1
        try:
            self.backup_now(contents)
        except StorageError as error:
            return f"The notebook was saved without a new backup: {error}"
        return ""

    def backup_now(self, contents: NotebookContents) -> None:
        """Keep `contents` as the newest backup.

        Raises:
            StorageError: there is no new backup.
        """
        storage.create_backup(
            self._path, notebook_format.render_notebook(notebook_format.with_changed_marks(contents, {}))
        )


def list_backups(path: Path) -> list[Backup]:
    """The backups of the notebook at `path`, newest first.

    Raises:
        StorageError: the folder cannot be listed.
    """
    return [_describe_backup(number, backup) for number, backup in enumerate(storage.list_backups(path), 1)]


def load_backup(path: Path, which: str) -> Mapping[str, Mark]:
    """The marks of a backup of the notebook at `path`, by its number in the list, or of another file.

    Raises:
        NotFound: there is no such backup or file.
        StorageError: it cannot be read, or is no notebook.
    """
    there = storage.list_backups(path)
    if which.isascii() and which.isdigit():
        if not 1 <= int(which) <= len(there):
            raise NotFound(f"There is no backup {which}; `paperreader restore --list` shows those there are.")
        source = there[int(which) - 1]
    else:
        source = paths.expand_path(which)
    try:
        contents = notebook_format.parse_notebook(file_io.read_file(source)[0])
    except FileNotFoundError as error:
        raise NotFound(
            f"There is no file {source}; `paperreader restore --list` shows the backups."
        ) from error
    except NotebookDamaged as error:
        raise StorageError(f"{source} is no notebook ({error}); choose another backup.") from error
    if contents.version > notebook_format.VERSION:
        raise StorageError(f"{source} cannot be restored: {verify.newer_version_message(contents.version)}.")
    return contents.marks


def restore_changes(wanted: Mapping[str, Mark], now: Mapping[str, Mark]) -> list[MarkChange]:
    """What has to be said anew so that the marks `now` say what `wanted` says.

    Saying it anew, and not putting the old file back, makes it hold: in a running reader and on other machines the
    newer word wins.
    """
    changes = (
        _restore_change(name, wanted.get(name, EMPTY_MARK), now.get(name, EMPTY_MARK))
        for name in {**wanted, **now}
    )
    return [change for change in changes if change is not None]


def _restore_change(name: str, wanted: Mark, now: Mark) -> MarkChange | None:
    tags = {tag: tag in wanted.tag_names for tag in {*wanted.tag_names} ^ {*now.tag_names}}
    change = MarkChange(
        name,
        title="" if now.title else wanted.title,
        bookmark=None if wanted.bookmarked == now.bookmarked else wanted.bookmarked,
        read=None if wanted.is_read == now.is_read else wanted.is_read,
        note=None if wanted.note_text == now.note_text else wanted.note_text,
        note_base=None if wanted.note_text == now.note_text else now.note_text,
        tags=tags,
    )
    return None if change == MarkChange(name) else change


def _describe_backup(number: int, backup: Path) -> Backup:
    name = backup.name
    try:
        when = file_io.format_modified(backup)
        contents = notebook_format.parse_notebook(file_io.read_file(backup)[0])
    except NotebookDamaged as error:
        return Backup(number, name, when, 0, 0, f"damaged: {error}")
    except (OSError, StorageError) as error:
        return Backup(number, name, "", 0, 0, str(error))
    wrong = (
        verify.newer_version_message(contents.version) if contents.version > notebook_format.VERSION else ""
    )
    marks = contents.marks.values()
    return Backup(number, name, when, len(marks), sum(bool(mark.note_text) for mark in marks), wrong)
