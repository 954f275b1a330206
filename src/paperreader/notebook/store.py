"""`notebook.json` on disk: read, followed, patched under a lock, backed up, and brought back when it was damaged."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from paperreader import storage
from paperreader.errors import StorageError
from paperreader.models import NO_MARK, Change, Mark, Problem, Stamp
from paperreader.notebook import disk, form, joining, mending
from paperreader.notebook.backing import Backing, Backup, changes_to, listed, marks_of
from paperreader.notebook.copying import Copies
from paperreader.notebook.form import Contents, Damaged
from paperreader.notebook.marks import apply_change

_Patch = Callable[[Mapping[str, Mark]], tuple[dict[str, Mark], list[str]]]


@dataclass(frozen=True, slots=True)
class _Odd:
    """A file that is no notebook, or not a single one: what it held, and how to tell of it."""

    data: bytes
    why: str
    """In one word, for the name it is set aside under."""
    what: str
    """What is the matter with the file, and what took its place (for the reader)."""
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
        """Memory holds marks that the file lacks, because it was damaged, replaced, or has vanished."""
        self._gone_since: float | None = None
        """When the file was first missed."""
        self._odd: _Odd | None = None
        """What the file holds, when that is no notebook and was not set aside yet."""
        self._copies = Copies(self.path)
        self._backing = Backing(self.path)
        self._guard = threading.RLock()

    def load(self) -> Mapping[str, Mark]:
        """All marks by id. Mends a damaged notebook, takes conflict copies in, and says so in `notices`; otherwise
        writes nothing.

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
            if not self.read_only:
                self._take_in_copies()
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
            changed = joining.additions(own, marks)
            return changed, joining.twice(own, marks, changed)

        return self._patch(apply)

    def backups(self) -> list[Backup]:
        """The backups there are, newest first.

        Raises:
            StorageError: the folder cannot be listed.
        """
        return listed(self.path)

    def restore(self, which: str) -> Saved:
        """Have every mark say again what it says in a backup, by its number, or in another notebook, by its path.

        What stood before is kept as the newest backup, so restoring that one undoes it.

        Raises:
            NotFound: there is no such backup or file.
            StorageError: it is no notebook, or nothing can be written; the marks are as they were.
        """
        wanted = marks_of(self.path, which)
        moment = time.time_ns() // 1_000_000

        def apply(now: Mapping[str, Mark]) -> tuple[dict[str, Mark], list[str]]:
            changes = changes_to(wanted, now)
            if changes and now:
                self._backing.keep_now(self._contents)
            return {
                change.id: apply_change(now.get(change.id, NO_MARK), change, moment) for change in changes
            }, []

        return self._patch(apply, backed_up=True)

    def verify(self) -> list[Problem]:
        """What is wrong with the notebook and its backups on disk. Changes nothing."""
        return mending.verify(self.path)

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
            self._take_in_copies()
            done = [*self.notices[told:], *mending.drop_bad_backups(self.path)]
            del self.notices[told:]
        return done

    def _patch(self, apply: _Patch, *, backed_up: bool = False) -> Saved:
        """Lock, catch up, let `apply` say which marks change, write."""
        with self._guard:
            storage.make_folder(self.path.parent)
            with storage.lock(self._lock):
                self._catch_up()
                if self.read_only:
                    raise StorageError(f"Nothing was saved: {mending.newer(self._contents.version)}.")
                self._set_aside()
                changed, conflicts = apply(self._contents.marks)
                if changed or self._unsaved:
                    if not backed_up and (notice := self._backing.keep(self._contents)):
                        self.notices.append(notice)
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
        self._odd, odd = None, None
        try:
            contents = form.parse(data, self._contents)
        except Damaged:
            if both := joining.two_sided(data):
                contents, odd = (
                    both,
                    _Odd(data, "merged", "held the two sides of a merge", "they are one again"),
                )
            elif patient and disk.is_fresh(self.path):
                return False  # somebody may be writing it in place at this moment; the next look tells
            else:
                memory = self._contents if self._loaded and self._contents.marks else None
                contents, rescue = mending.rescued(self.path, memory, data)
                odd = _Odd(data, "damaged", "was damaged", rescue)
        self._heed(contents.version)
        if self._loaded and not self.read_only:
            contents = self._with_what_it_lacks(contents, told=odd is None)
        self._odd, self._unsaved = odd, self._unsaved or odd is not None
        self._contents, self._signature, self._loaded = contents, signature, True
        self._gone_since = None
        return self._unsaved

    def _with_what_it_lacks(self, contents: Contents, *, told: bool) -> Contents:
        """A file that has taken the place of ours, with the marks that are here and not in it: a program that keeps
        folders in step may have put back what stood there before, or brought what another machine wrote.
        """
        missing = joining.left_out(contents.marks, self._contents.marks)
        if missing and told and not self._unsaved:
            count = "1 mark was" if len(missing) == 1 else f"{len(missing):,} marks were"
            self.notices.append(
                f"{self.path} was replaced by a file that lacked what {count} about; it is back."
            )
        twice = joining.twice(contents.marks, self._contents.marks, missing)
        if twice:
            self.notices.append("A note was changed elsewhere as well; both texts were kept.")
        self._unsaved = bool(missing)
        return form.with_marks(contents, missing) if missing else contents

    def _miss(self) -> bool:
        """There is no file. True when there is something to write it from, and nothing speaks against that."""
        self._signature = self._odd = None
        self._heed(form.VERSION)
        if self._loaded:
            return self._is_gone_for_good()
        self._loaded = True
        if good := disk.last_good_backup(self.path):
            backup, self._contents = good
            self._unsaved = True
            self.notices.append(
                f"{self.path} is missing; the marks are those of its backup of {disk.day_and_time(backup)}."
            )
        # A link into a folder that is not there now (an unplugged disk) may well come back.
        return self._unsaved and not self.path.is_symlink()

    def _is_gone_for_good(self) -> bool:
        """Whether a file that was there stays away for longer than it takes to replace it."""
        if not self._contents.marks or self._unsaved:
            return False
        if self.path.is_symlink() or not self.path.parent.is_dir():
            self._unsaved = True
            self.notices.append(f"{self.path} is gone; the next change writes it again, with every mark.")
            return False
        if self._gone_since is None:
            self._gone_since = time.monotonic()
        self._unsaved = time.monotonic() - self._gone_since >= disk.FRESH_SECONDS
        return self._unsaved

    def _heed(self, version: int) -> None:
        newer = version > form.VERSION
        if newer and not self.read_only:
            self.notices.append(f"Marks are shown but cannot be changed: {mending.newer(version)}.")
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
            self.notices.append(f"{self.path} is damaged, replaced or missing, and cannot be mended: {error}")

    def _set_aside(self) -> None:
        if self._odd is not None:
            aside = disk.set_aside(self.path, self._odd.data, self._odd.why)
            self.notices.append(
                f"{self.path} {self._odd.what} and is called {aside.name} now; {self._odd.rescue}."
            )
            self._odd = None

    def _take_in_copies(self) -> None:
        def merge(marks: Mapping[str, Mark]) -> tuple[int, int]:
            before = self._contents.marks
            saved = self.merge(marks)
            came = sum(mark is not before.get(name) for name, mark in saved.marks.items())
            return came, len(saved.conflicts)

        self.notices += self._copies.take_in(merge)

    def _write(self, contents: Contents) -> None:
        written = storage.write_atomic(self.path, form.render(contents))
        self._contents, self._signature = contents, disk.signature_of(written)
        self._unsaved = False
        if self._gone_since is not None:
            self._gone_since = None
            self.notices.append(f"{self.path} was gone, and is written again with every mark.")
