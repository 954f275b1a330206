"""The notebook: marks that are read and followed, patched under a lock, backed up, and brought back from a backup."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from paperreader import storage
from paperreader.errors import StorageError
from paperreader.models import EMPTY_MARK, Mark, MarkChange, Problem, Timestamp
from paperreader.notebook import format as notebook_format
from paperreader.notebook import notebook_merge
from paperreader.notebook import verify as notebook_verify
from paperreader.notebook.backups import Backup, BackupPolicy, list_backups, load_backup, restore_changes
from paperreader.notebook.mark_merge import apply_change
from paperreader.notebook.notebook_file import NotebookFile
from paperreader.notebook.sync_conflicts import NotebookConflicts

_Patch = Callable[[Mapping[str, Mark]], tuple[dict[str, Mark], list[str]]]


class SaveResult(Struct, frozen=True):
    """What a save left: all marks there are now, and the ids whose note is kept twice since."""

    marks: Mapping[str, Mark]
    conflicts: tuple[str, ...] = ()


class Notebook:
    """The reader's marks in one library folder.

    Reading takes no lock, because the file is only ever replaced as a whole; saving takes `notebook.lock`. May be used
    from several threads. Mappings that were given out are never changed.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "notebook.json"
        self._lock_path = folder / "notebook.lock"
        self._file = NotebookFile(self.path)
        self._conflicts = NotebookConflicts(self.path)
        self._backup_policy = BackupPolicy(self.path)
        self._thread_lock = threading.RLock()

    @property
    def read_only(self) -> bool:
        """A newer version wrote the file: it is shown as far as it is understood, and left alone."""
        return self._file.read_only

    @property
    def warnings(self) -> list[str]:
        """What the reader has to be told. Emptied by whoever tells it."""
        return self._file.warnings

    def load(self) -> Mapping[str, Mark]:
        """All marks by id. Mends a damaged notebook, takes conflict copies in, and says so in `notices`; otherwise
        writes nothing.

        Raises:
            StorageError: the file is there and cannot be read.
        """
        self.poll()
        return self._file.contents.marks

    def poll(self) -> Mapping[str, Mark] | None:
        """All marks when the file is another one than was last read or written here, else None.

        Raises:
            StorageError: the file is there and cannot be read.
        """
        with self._thread_lock:
            before = self._file.contents.marks
            if self._file.refresh(allow_partial_write=self._file.loaded):
                self._repair_now()
            if not self.read_only:
                self._merge_conflict_copies()
            return None if self._file.contents.marks is before else self._file.contents.marks

    def save(self, changes: Sequence[MarkChange], *, when: Timestamp | None = None) -> SaveResult:
        """Apply `changes` to what is on disk now, as made at `when` (now); they are durable when this returns.

        Raises:
            StorageError: nothing was saved; the file and the marks in memory are as they were.
        """
        moment = time.time_ns() // 1_000_000 if when is None else when

        def apply(marks: Mapping[str, Mark]) -> tuple[dict[str, Mark], list[str]]:
            changed: dict[str, Mark] = {}
            conflicts: list[str] = []
            for change in changes:
                old = changed.get(change.id) or marks.get(change.id, EMPTY_MARK)
                new = apply_change(old, change, moment)
                if change.note not in (None, change.note_base, new.note_text):
                    conflicts.append(change.id)
                if new != old:
                    changed[change.id] = new
            return changed, conflicts

        return self._patch(apply)

    def merge(self, marks: Mapping[str, Mark]) -> SaveResult:
        """Take in marks of another notebook: per field the newer wins, two notes are both kept.

        Raises:
            StorageError: nothing was saved; the file and the marks in memory are as they were.
        """

        def apply(own: Mapping[str, Mark]) -> tuple[dict[str, Mark], list[str]]:
            changed = notebook_merge.marks_to_add(own, marks)
            return changed, notebook_merge.duplicated_notes(own, marks, changed)

        return self._patch(apply)

    def backups(self) -> list[Backup]:
        """The backups there are, newest first.

        Raises:
            StorageError: the folder cannot be listed.
        """
        return list_backups(self.path)

    def restore(self, which: str) -> SaveResult:
        """Have every mark say again what it says in a backup, by its number, or in another notebook, by its path.

        What stood before is kept as the newest backup, so restoring that one undoes it.

        Raises:
            NotFound: there is no such backup or file.
            StorageError: it is no notebook, or nothing can be written; the marks are as they were.
        """
        wanted = load_backup(self.path, which)
        moment = time.time_ns() // 1_000_000

        def apply(now: Mapping[str, Mark]) -> tuple[dict[str, Mark], list[str]]:
            changes = restore_changes(wanted, now)
            if changes and now:
                self._backup_policy.backup_now(self._file.contents)
            return {
                change.id: apply_change(now.get(change.id, EMPTY_MARK), change, moment) for change in changes
            }, []

        return self._patch(apply, backed_up=True)

    def verify(self) -> list[Problem]:
        """What is wrong with the notebook and its backups on disk. Changes nothing."""
        return notebook_verify.verify_notebook(self.path)

    def repair(self) -> list[str]:
        """Mend what `verify` finds. Gives a sentence for each thing done.

        Raises:
            StorageError: the folder cannot be written.
        """
        with self._thread_lock:
            told = len(self.warnings)
            self._file.refresh()
            if self._file.needs_write and not self.read_only:
                self._patch(lambda _: ({}, []))
            self._merge_conflict_copies()
            done = [*self.warnings[told:], *notebook_verify.remove_bad_backups(self.path)]
            del self.warnings[told:]
        return done

    def _patch(self, apply: _Patch, *, backed_up: bool = False) -> SaveResult:
        """Lock, catch up, let `apply` say which marks change, write."""
        with self._thread_lock:
            storage.ensure_folder(self.path.parent)
            with storage.lock(self._lock_path):
                self._file.refresh()
                if self.read_only:
                    raise StorageError(
                        f"Nothing was saved: {notebook_verify.newer_version_message(self._file.contents.version)}."
                    )
                self._file.quarantine_damaged()
                changed, conflicts = apply(self._file.contents.marks)
                if changed or self._file.needs_write:
                    if not backed_up and (notice := self._backup_policy.backup_if_due(self._file.contents)):
                        self.warnings.append(notice)
                    self._file.write(notebook_format.with_changed_marks(self._file.contents, changed))
                return SaveResult(self._file.contents.marks, tuple(conflicts))

    def _repair_now(self) -> None:
        """Write what was rescued. Where that cannot be done, say so: the next save tries again."""
        try:
            with storage.lock(self._lock_path):
                self._file.refresh()  # another process may have mended it while we waited
                self._file.quarantine_damaged()
                if self._file.needs_write:
                    self._file.write(notebook_format.with_changed_marks(self._file.contents, {}))
        except StorageError as error:
            self.warnings.append(
                f"{self.path} is damaged, replaced or missing, and cannot be mended: {error}"
            )

    def _merge_conflict_copies(self) -> None:
        def merge(marks: Mapping[str, Mark]) -> tuple[int, int]:
            before = self._file.contents.marks
            saved = self.merge(marks)
            came = sum(mark is not before.get(name) for name, mark in saved.marks.items())
            return came, len(saved.conflicts)

        self.warnings.extend(self._conflicts.merge_all(merge))
