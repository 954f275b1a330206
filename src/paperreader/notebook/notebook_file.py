"""`notebook.json` as it is on disk: read, followed whatever becomes of it, and written."""

from __future__ import annotations

import time
from pathlib import Path

from msgspec import Struct

from paperreader import storage
from paperreader.notebook import file_io, notebook_merge, verify
from paperreader.notebook import format as notebook_format
from paperreader.notebook.format import Contents, Damaged


class _Odd(Struct, frozen=True):
    """A file that is no notebook, or not a single one: what it held, and how to tell of it."""

    data: bytes
    why: str
    """In one word, for the name it is set aside under."""
    what: str
    """What is the matter with the file, and what took its place (for the reader)."""
    rescue: str


class Followed:
    """The file, and what memory holds of it. Takes no lock of its own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.contents = Contents()
        self.read_only = False
        """A newer version wrote the file: it is shown as far as it is understood, and left alone."""
        self.notices: list[str] = []
        """What the reader has to be told."""
        self.loaded = False
        self.unsaved = False
        """Memory holds marks that the file lacks, because it was damaged, replaced, or has vanished."""
        self._signature: file_io.Signature | None = None
        self._gone_since: float | None = None
        """When the file was first missed."""
        self._odd: _Odd | None = None
        """What the file holds, when that is no notebook and was not set aside yet."""

    def catch_up(self, *, patient: bool = False) -> bool:
        """Bring memory up to date with the file. True when the file should be mended.

        `patient` gives a file that makes no sense the time to be finished.
        """
        try:
            if self._signature is not None and file_io.signature(self.path) == self._signature:
                return False
            data, signature = file_io.read(self.path)
        except FileNotFoundError:
            return self._miss()
        self._odd, odd = None, None
        try:
            contents = notebook_format.parse(data, self.contents)
        except Damaged:
            if both := notebook_merge.two_sided(data):
                contents, odd = (
                    both,
                    _Odd(data, "merged", "held the two sides of a merge", "they are one again"),
                )
            elif patient and file_io.is_fresh(self.path):
                return False  # somebody may be writing it in place at this moment; the next look tells
            else:
                memory = self.contents if self.loaded and self.contents.marks else None
                contents, rescue = verify.rescued(self.path, memory, data)
                odd = _Odd(data, "damaged", "was damaged", rescue)
        self._heed(contents.version)
        if self.loaded and not self.read_only:
            contents = self._with_what_it_lacks(contents, told=odd is None)
        self._odd, self.unsaved = odd, self.unsaved or odd is not None
        self.contents, self._signature, self.loaded = contents, signature, True
        self._gone_since = None
        return self.unsaved

    def set_aside(self) -> None:
        """Keep a file that is no notebook under another name, and tell of it."""
        if self._odd is not None:
            aside = file_io.set_aside(self.path, self._odd.data, self._odd.why)
            self.notices.append(
                f"{self.path} {self._odd.what} and is called {aside.name} now; {self._odd.rescue}."
            )
            self._odd = None

    def write(self, contents: Contents) -> None:
        """Put a file with `contents` in the place of what is there; it is durable when this returns.

        Raises:
            StorageError: it cannot be written; file and memory are as they were.
        """
        written = storage.write_atomic(self.path, notebook_format.render(contents))
        self.contents, self._signature = contents, file_io.signature_of(written)
        self.unsaved = False
        if self._gone_since is not None:
            self._gone_since = None
            self.notices.append(f"{self.path} was gone, and is written again with every mark.")

    def _with_what_it_lacks(self, contents: Contents, *, told: bool) -> Contents:
        """A file that has taken the place of ours, with the marks that are here and not in it: a program that keeps
        folders in step may have put back what stood there before, or brought what another machine wrote.
        """
        missing = notebook_merge.left_out(contents.marks, self.contents.marks)
        if missing and told and not self.unsaved:
            count = "1 mark was" if len(missing) == 1 else f"{len(missing):,} marks were"
            self.notices.append(
                f"{self.path} was replaced by a file that lacked what {count} about; it is back."
            )
        twice = notebook_merge.twice(contents.marks, self.contents.marks, missing)
        if twice:
            self.notices.append("A note was changed elsewhere as well; both texts were kept.")
        self.unsaved = bool(missing)
        return notebook_format.with_marks(contents, missing) if missing else contents

    def _miss(self) -> bool:
        """There is no file. True when there is something to write it from, and nothing speaks against that."""
        self._signature = self._odd = None
        self._heed(notebook_format.VERSION)
        if self.loaded:
            return self._is_gone_for_good()
        self.loaded = True
        if good := file_io.last_good_backup(self.path):
            backup, self.contents = good
            self.unsaved = True
            self.notices.append(
                f"{self.path} is missing; the marks are those of its backup of {file_io.day_and_time(backup)}."
            )
        # A link into a folder that is not there now (an unplugged disk) may well come back.
        return self.unsaved and not self.path.is_symlink()

    def _is_gone_for_good(self) -> bool:
        """Whether a file that was there stays away for longer than it takes to replace it."""
        if not self.contents.marks or self.unsaved:
            return False
        if self.path.is_symlink() or not self.path.parent.is_dir():
            self.unsaved = True
            self.notices.append(f"{self.path} is gone; the next change writes it again, with every mark.")
            return False
        if self._gone_since is None:
            self._gone_since = time.monotonic()
        self.unsaved = time.monotonic() - self._gone_since >= file_io.FRESH_SECONDS
        return self.unsaved

    def _heed(self, version: int) -> None:
        newer = version > notebook_format.VERSION
        if newer and not self.read_only:
            self.notices.append(f"Marks are shown but cannot be changed: {verify.newer(version)}.")
        self.read_only = newer
