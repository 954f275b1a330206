"""The notebook of a library folder: load, save, merge, back up, restore, check and repair marks."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from paperreader import storage
from paperreader.errors import StorageError
from paperreader.models import EMPTY_MARK, Mark, MarkChange, Problem, Timestamp
from paperreader.notebook.backups import (
    Backup,
    BackupPolicy,
    describe_backups,
    load_backup,
    restore_changes,
)
from paperreader.notebook.format import with_changed_marks
from paperreader.notebook.imported_marks import AddedMarks, add_imported, take_back
from paperreader.notebook.mark_merge import apply_change, has_other_comment, merge_marks
from paperreader.notebook.notebook_file import NotebookFile
from paperreader.notebook.notebook_merge import duplicated_notes, marks_to_add, moved_marks
from paperreader.notebook.sync_conflicts import NotebookConflicts
from paperreader.notebook.verify import newer_version_message, quarantine_bad_backups, verify_notebook
from paperreader.system.pacing import with_pauses

NOTEBOOK_FILE_NAME, NOTEBOOK_LOCK_NAME = "notebook.json", "notebook.lock"

_Patch = Callable[[Mapping[str, Mark]], tuple[dict[str, Mark], list[str]]]
"""Given all marks, returns those that change, and the ids whose note then holds two texts."""


class SaveResult(Struct, frozen=True):
    """All marks after a save, and the ids whose note holds two texts because of it."""

    marks: Mapping[str, Mark]
    conflicts: tuple[str, ...] = ()


class Notebook:
    """The user's marks in one library folder. Thread-safe.

    Reading takes no lock, because the file is only ever replaced as a whole; saving takes `notebook.lock`. Mappings
    that were returned are never changed.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / NOTEBOOK_FILE_NAME
        self._lock_path = folder / NOTEBOOK_LOCK_NAME
        self._file = NotebookFile(self.path)
        self._conflicts = NotebookConflicts(self.path)
        self._backup_policy = BackupPolicy(self.path)
        self._thread_lock = threading.RLock()

    @property
    def read_only(self) -> bool:
        """Whether a newer version wrote the file: marks are shown as far as possible, and not changed."""
        return self._file.read_only

    @property
    def warnings(self) -> list[str]:
        """What went wrong or was repaired so far. The code that shows the warnings clears the list."""
        return self._file.warnings

    def load(self) -> Mapping[str, Mark]:
        """Return all marks by id.

        Repairs a damaged notebook and merges conflict copies, and adds a warning for each; writes nothing otherwise.

        Raises:
            StorageError: the file exists and cannot be read.
        """
        self.poll()
        return self._file.contents.marks

    def poll(self) -> Mapping[str, Mark] | None:
        """Return all marks if the file has changed since it was last read or written here, else None.

        Raises:
            StorageError: the file exists and cannot be read.
        """
        with self._thread_lock:
            before = self._file.contents.marks
            if self._file.refresh(allow_partial_write=self._file.loaded):
                self._repair_now()
            if not self.read_only:
                self._merge_conflict_copies()
            return None if self._file.contents.marks is before else self._file.contents.marks

    def save(self, changes: Sequence[MarkChange], *, when: Timestamp | None = None) -> SaveResult:
        """Apply changes made at `when` (default: now) to what is on disk. They are durable when this returns.

        Raises:
            StorageError: nothing was saved; the file and the marks in memory are unchanged.
        """
        timestamp = time.time_ns() // 1_000_000 if when is None else when

        def apply(marks: Mapping[str, Mark]) -> tuple[dict[str, Mark], list[str]]:
            changed: dict[str, Mark] = {}
            conflicts: list[str] = []
            for change in with_pauses(changes):
                old = changed.get(change.id) or marks.get(change.id, EMPTY_MARK)
                new = apply_change(old, change, timestamp)
                has_other_note = change.note not in (None, change.note_base, new.note_text)
                if has_other_note or has_other_comment(new, change):
                    conflicts.append(change.id)
                if new != old:
                    changed[change.id] = new
            return changed, conflicts

        return self._patch(apply)

    def merge(self, marks: Mapping[str, Mark]) -> SaveResult:
        """Merge the marks of another notebook: the newer value of each field wins, and different notes are joined.

        Raises:
            StorageError: nothing was saved; the file and the marks in memory are unchanged.
        """

        def apply(own: Mapping[str, Mark]) -> tuple[dict[str, Mark], list[str]]:
            changed = marks_to_add(own, marks)
            return changed, duplicated_notes(own, marks, changed)

        return self._patch(apply)

    def move(self, ids: Mapping[str, str]) -> SaveResult:
        """Move marks to other ids, whose own marks they are merged with.

        Raises:
            StorageError: nothing was saved; the file and the marks in memory are unchanged.
        """
        timestamp = time.time_ns() // 1_000_000

        def apply(own: Mapping[str, Mark]) -> tuple[dict[str, Mark], list[str]]:
            changed = moved_marks(own, ids, timestamp)
            return changed, []

        return self._patch(apply)

    def added_by_import(
        self, imported: Mapping[str, Mark], live: Mapping[str, Mark], when: Timestamp
    ) -> dict[str, AddedMarks]:
        """Return what `add_imported` would add to each mark now."""
        return {
            id: added for id, (_, added) in _imported_additions(self.load(), imported, live, when).items()
        }

    def add_imported(
        self, imported: Mapping[str, Mark], live: Mapping[str, Mark], when: Timestamp
    ) -> SaveResult:
        """Add the marks of an imported file, which remove and replace nothing.

        Args:
            imported: marks by the ids of papers.
            live: what the user sees of these papers, including marks under former ids.
            when: time of the import.

        Raises:
            StorageError: nothing was saved; the file and the marks in memory are unchanged.
        """
        return self._patch(
            lambda own: (
                {id: mark for id, (mark, _) in _imported_additions(own, imported, live, when).items()},
                [],
            )
        )

    def take_back(self, added: Mapping[str, AddedMarks]) -> SaveResult:
        """Remove what an import added, except where it was changed since.

        Raises:
            StorageError: nothing was saved; the file and the marks in memory are unchanged.
        """

        def apply(own: Mapping[str, Mark]) -> tuple[dict[str, Mark], list[str]]:
            changed = {id: take_back(own[id], each) for id, each in added.items() if id in own}
            return {id: mark for id, mark in changed.items() if mark != own[id]}, []

        return self._patch(apply)

    def backups(self) -> list[Backup]:
        """Return the backups, newest first.

        Raises:
            StorageError: the folder cannot be listed.
        """
        return describe_backups(self.path)

    def restore(self, which: str) -> SaveResult:
        """Set every mark to what it is in a backup (by its number) or in another notebook (by its path).

        The state before becomes the newest backup, so restoring that one is the undo.

        Raises:
            NotFound: there is no such backup or file.
            StorageError: it is no notebook, or nothing can be written; the marks are unchanged.
        """
        wanted = load_backup(self.path, which)
        timestamp = time.time_ns() // 1_000_000

        def apply(now: Mapping[str, Mark]) -> tuple[dict[str, Mark], list[str]]:
            changes = restore_changes(wanted, now)
            if changes and now:
                self._backup_policy.backup_now(self._file.contents)
            return {
                change.id: apply_change(now.get(change.id, EMPTY_MARK), change, timestamp)
                for change in changes
            }, []

        return self._patch(apply, backed_up=True)

    def verify(self) -> list[Problem]:
        """Return what is wrong with the notebook and its backups on disk. Changes nothing."""
        return verify_notebook(self.path)

    def repair(self) -> list[str]:
        """Repair what `verify` finds. Return a message for each repair.

        Raises:
            StorageError: the folder cannot be written.
        """
        with self._thread_lock:
            warnings_before = len(self.warnings)
            self._file.refresh()
            if self._file.needs_write and not self.read_only:
                self._patch(lambda _: ({}, []))
            self._merge_conflict_copies()
            messages = [*self.warnings[warnings_before:], *quarantine_bad_backups(self.path)]
            del self.warnings[warnings_before:]
        return messages

    def _patch(self, apply: _Patch, *, backed_up: bool = False) -> SaveResult:
        """Take the lock, refresh the marks, call `apply` to find out which of them change, and write them."""
        with self._thread_lock:
            storage.ensure_folder(self.path.parent)
            with storage.lock(self._lock_path):
                self._file.refresh()
                if self.read_only:
                    message = newer_version_message(self._file.contents.version)
                    raise StorageError(f"Nothing was saved: {message}.")
                self._file.quarantine_damaged()
                changed, conflicts = apply(self._file.contents.marks)
                if changed or self._file.needs_write:
                    warning = "" if backed_up else self._backup_policy.backup_if_due(self._file.contents)
                    self._file.write(with_changed_marks(self._file.contents, changed))
                    if warning:
                        self.warnings.append(warning)
                return SaveResult(self._file.contents.marks, tuple(conflicts))

    def _repair_now(self) -> None:
        """Write what was recovered. If that fails, add a warning; the next save tries again."""
        try:
            with storage.lock(self._lock_path):
                self._file.refresh()  # another process may have repaired it in the meantime
                self._file.quarantine_damaged()
                if self._file.needs_write:
                    self._file.write(with_changed_marks(self._file.contents, {}))
        except StorageError as error:
            self.warnings.append(
                f"{self.path} is damaged, replaced or missing, and cannot be repaired: {error}"
            )

    def _merge_conflict_copies(self) -> None:
        def merge(marks: Mapping[str, Mark]) -> tuple[int, int]:
            before = self._file.contents.marks
            saved = self.merge(marks)
            changed = sum(mark is not before.get(id) for id, mark in saved.marks.items())
            return changed, len(saved.conflicts)

        self.warnings.extend(self._conflicts.merge_all(merge))


def _imported_additions(
    own: Mapping[str, Mark], imported: Mapping[str, Mark], live: Mapping[str, Mark], when: Timestamp
) -> dict[str, tuple[Mark, AddedMarks]]:
    """Return the marks that an import changes, and what it adds to them."""
    additions: dict[str, tuple[Mark, AddedMarks]] = {}
    for id, mark in imported.items():
        stored = own.get(id, EMPTY_MARK)
        new, added = add_imported(stored, merge_marks(stored, live.get(id, EMPTY_MARK)), mark, when)
        if new != stored:
            additions[id] = new, added
    return additions
