"""`notebook.json` on disk: read, followed, patched under a lock, backed up, and brought back when it was damaged."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from paperreader import storage
from paperreader.errors import StorageError
from paperreader.models import NO_MARK, Change, Mark, Problem, Stamp
from paperreader.notebook import disk, form
from paperreader.notebook.form import Contents, Damaged
from paperreader.notebook.marks import apply_change, merge_marks

BACKUP_SECONDS, BACKUP_SAVES = 600.0, 25
"""Within a session a backup is made when the last one is that old, or that many saves behind."""

_Patch = Callable[[Mapping[str, Mark]], tuple[dict[str, Mark], list[str]]]


@dataclass(frozen=True, slots=True)
class _Damage:
    """A damaged file: what it held, and what took its place (for the reader)."""

    data: bytes
    rescue: str


@dataclass(frozen=True, slots=True)
class Saved:
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
        self._lock = folder / "notebook.lock"
        self.read_only = False
        """A newer version wrote the file: it is shown as far as it is understood, and left alone."""
        self.notices: list[str] = []
        """What the reader has to be told. Emptied by whoever tells it."""
        self._contents = Contents()
        self._signature: disk.Signature | None = None
        self._loaded = False
        self._unsaved = False
        """Memory holds marks that the file lacks, because it was damaged or has vanished."""
        self._damaged: _Damage | None = None
        """What the file holds, when that is no notebook and was not set aside yet."""
        self._backed_up: float | None = None
        self._saves = 0
        self._guard = threading.RLock()

    def load(self) -> Mapping[str, Mark]:
        """All marks by id. Mends a damaged notebook and says so in `notices`; otherwise writes nothing.

        Raises:
            StorageError: the file is there and cannot be read.
        """
        self.poll()
        return self._contents.marks

    def poll(self) -> Mapping[str, Mark] | None:
        """All marks when the file is another one than was last read or written here, else None.

        Raises:
            StorageError: the file is there and cannot be read.
        """
        with self._guard:
            before = self._contents.marks
            if self._catch_up(patient=self._loaded):
                self._mend_now()
            return None if self._contents.marks is before else self._contents.marks

    def save(self, changes: Sequence[Change], *, when: Stamp | None = None) -> Saved:
        """Apply `changes` to what is on disk now, as made at `when` (now); they are durable when this returns.

        Raises:
            StorageError: nothing was saved; the file and the marks in memory are as they were.
        """
        moment = time.time_ns() // 1_000_000 if when is None else when

        def apply(marks: Mapping[str, Mark]) -> tuple[dict[str, Mark], list[str]]:
            changed: dict[str, Mark] = {}
            conflicts: list[str] = []
            for change in changes:
                old = changed.get(change.id) or marks.get(change.id, NO_MARK)
                new = apply_change(old, change, moment)
                if change.note not in (None, change.note_base, new.note_text):
                    conflicts.append(change.id)
                if new != old:
                    changed[change.id] = new
            return changed, conflicts

        return self._patch(apply)

    def merge(self, marks: Mapping[str, Mark]) -> Saved:
        """Take in marks of another notebook: per field the newer wins, two notes are both kept.

        Raises:
            StorageError: nothing was saved; the file and the marks in memory are as they were.
        """

        def apply(own: Mapping[str, Mark]) -> tuple[dict[str, Mark], list[str]]:
            changed = _additions(own, marks)
            texts = {name: (own.get(name, NO_MARK).note_text, marks[name].note_text) for name in changed}
            return changed, [name for name, mark in changed.items() if mark.note_text not in texts[name]]

        return self._patch(apply)

    def verify(self) -> list[Problem]:
        """What is wrong with the notebook and its backups on disk. Changes nothing."""
        problems: list[Problem] = []
        for path in (self.path, *storage.backups(self.path)):
            try:
                contents = form.parse(disk.read(path)[0])
            except FileNotFoundError:
                if path == self.path and storage.backups(path):
                    problems.append(Problem(path.name, None, "it is missing, and there are backups of it"))
            except Damaged as error:
                problems.append(Problem(path.name, error.line, f"it is damaged: {error}"))
            except StorageError as error:
                problems.append(Problem(path.name, None, str(error)))
            else:
                if contents.version > form.VERSION:
                    problems.append(Problem(path.name, None, _newer(contents.version)))
        return problems

    def repair(self) -> list[str]:
        """Mend what `verify` finds. Gives a sentence for each thing done.

        Raises:
            StorageError: the folder cannot be written.
        """
        with self._guard:
            told = len(self.notices)
            self._catch_up()
            if self._unsaved and not self.read_only:
                self._patch(lambda _: ({}, []))
            done = self.notices[told:]
            del self.notices[told:]
            for path in storage.backups(self.path):
                data = disk.read(path)[0]
                try:
                    form.parse(data)
                except Damaged:
                    aside = disk.set_aside(self.path, data)
                    path.unlink()
                    done.append(f"The backup {path.name} was damaged; it is called {aside.name} now.")
        return done

    def _patch(self, apply: _Patch) -> Saved:
        """Lock, catch up, let `apply` say which marks change, write."""
        with self._guard:
            storage.make_folder(self.path.parent)
            with storage.lock(self._lock):
                self._catch_up()
                if self.read_only:
                    raise StorageError(f"Nothing was saved: {_newer(self._contents.version)}.")
                self._set_aside()
                changed, conflicts = apply(self._contents.marks)
                if changed or self._unsaved:
                    self._back_up()
                    self._write(form.with_marks(self._contents, changed))
                return Saved(self._contents.marks, tuple(conflicts))

    def _catch_up(self, *, patient: bool = False) -> bool:
        """Bring memory up to date with the file. True when the file should be mended.

        `patient` gives a file that makes no sense the time to be finished.
        """
        try:
            if self._signature is not None and disk.signature(self.path) == self._signature:
                return False
            data, signature = disk.read(self.path)
        except FileNotFoundError:
            return self._miss()
        self._damaged = None
        try:
            contents = form.parse(data, self._contents)
        except Damaged:
            if patient and disk.is_fresh(self.path):
                return False  # somebody may be writing it in place at this moment; the next look tells
            contents, rescue = self._rescued(form.salvage(data))
            self._damaged, self._unsaved = _Damage(data, rescue), True
        else:
            if self._unsaved:
                missing = _additions(contents.marks, self._contents.marks)
                contents, self._unsaved = form.with_marks(contents, missing), bool(missing)
        self._heed(contents.version)
        self._contents, self._signature, self._loaded = contents, signature, True
        return self._damaged is not None

    def _miss(self) -> bool:
        """There is no file. True when there is something to write it from, and nothing speaks against that."""
        self._signature = self._damaged = None
        self._heed(form.VERSION)
        if self._loaded:
            if self._contents.marks and not self._unsaved:
                self._unsaved = True
                self.notices.append(f"{self.path} is gone; the next change writes it again, with every mark.")
            return False
        self._loaded = True
        if good := disk.last_good_backup(self.path):
            backup, self._contents = good
            self._unsaved = True
            self.notices.append(
                f"{self.path} is missing; the marks are those of its backup of {disk.day_and_time(backup)}."
            )
        # A link into a folder that is not there now (an unplugged disk) may well come back.
        return self._unsaved and not self.path.is_symlink()

    def _rescued(self, salvaged: Mapping[str, Mark]) -> tuple[Contents, str]:
        """The best there is in place of a damaged file: memory, else the last good backup, and what could be read."""
        if self._loaded and self._contents.marks:
            base, came = self._contents, "the marks in memory stay"
        elif good := disk.last_good_backup(self.path):
            base, came = good[1], f"its backup of {disk.day_and_time(good[0])} was restored"
        else:
            base, came = Contents(), "there is no backup of it"
        gained = _additions(base.marks, salvaged)
        rescue = f"{came}, and {len(gained)} marks came from what could still be read" if gained else came
        return form.with_marks(replace(base, version=form.VERSION), gained), rescue

    def _heed(self, version: int) -> None:
        newer = version > form.VERSION
        if newer and not self.read_only:
            self.notices.append(f"Marks are shown but cannot be changed: {_newer(version)}.")
        self.read_only = newer

    def _mend_now(self) -> None:
        """Write what was rescued. Where that cannot be done, say so: the next save tries again."""
        try:
            with storage.lock(self._lock):
                self._catch_up()  # another process may have mended it while we waited
                self._set_aside()
                if self._unsaved:
                    self._write(form.with_marks(self._contents, {}))
        except StorageError as error:
            self.notices.append(f"{self.path} is damaged or missing, and cannot be mended: {error}")

    def _set_aside(self) -> None:
        if self._damaged is not None:
            aside = disk.set_aside(self.path, self._damaged.data)
            self.notices.append(
                f"{self.path} was damaged and is called {aside.name} now; {self._damaged.rescue}."
            )
            self._damaged = None

    def _back_up(self) -> None:
        """Keep the state before this save, when enough has happened since the last time."""
        now = time.monotonic()
        self._saves += 1
        due = self._backed_up is None or now - self._backed_up >= BACKUP_SECONDS or self._saves > BACKUP_SAVES
        if not due or not self._contents.marks:
            return
        try:
            storage.back_up(self.path, form.render(form.with_marks(self._contents, {})))
        except StorageError as error:
            # No reason to refuse the mark itself: the file is replaced as a whole or not at all.
            self.notices.append(f"The notebook was saved without a new backup: {error}")
        self._backed_up, self._saves = now, 1

    def _write(self, contents: Contents) -> None:
        written = storage.write_atomic(self.path, form.render(contents))
        self._contents, self._signature = contents, disk.signature_of(written)
        self._unsaved = False


def _additions(own: Mapping[str, Mark], other: Mapping[str, Mark]) -> dict[str, Mark]:
    """The marks of `own` that become others when `other` is merged in."""
    merged = {name: merge_marks(own.get(name, NO_MARK), mark) for name, mark in other.items()}
    return {name: mark for name, mark in merged.items() if mark != own.get(name)}


def _newer(version: int) -> str:
    return f"a newer paperreader wrote the notebook (version {version}); update this one to change it"
