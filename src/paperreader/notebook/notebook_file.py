"""`notebook.json` as it is on disk: read, followed whatever becomes of it, and written."""

from __future__ import annotations

import time
from pathlib import Path

from msgspec import Struct

from paperreader import storage
from paperreader.notebook import file_io, notebook_merge, verify
from paperreader.notebook import format as notebook_format
from paperreader.notebook.format import NotebookContents, NotebookDamaged


class _DamagedFile(Struct, frozen=True):
    """A file that is no notebook, or not a single one: what it held, and how to tell of it."""

    data: bytes
    label: str
    """In one word, for the name it is set aside under."""
    problem: str
    """What is the matter with the file, and what took its place (for the reader)."""
    recovery: str


class NotebookFile:
    """The file, and what memory holds of it. Takes no lock of its own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.contents = NotebookContents()
        self.read_only = False
        """A newer version wrote the file: it is shown as far as it is understood, and left alone."""
        self.warnings: list[str] = []
        """What the reader has to be told."""
        self.loaded = False
        self.needs_write = False
        """Memory holds marks that the file lacks, because it was damaged, replaced, or has vanished."""
        self._signature: file_io.FileSignature | None = None
        self._missing_since: float | None = None
        """When the file was first missed."""
        self._damaged_file: _DamagedFile | None = None
        """What the file holds, when that is no notebook and was not set aside yet."""

    def refresh(self, *, allow_partial_write: bool = False) -> bool:
        """Bring memory up to date with the file. True when the file should be mended.

        `patient` gives a file that makes no sense the time to be finished.
        """
        try:
            if self._signature is not None and file_io.file_signature(self.path) == self._signature:
                return False
            data, signature = file_io.read_file(self.path)
        except FileNotFoundError:
            return self._handle_missing()
        self._damaged_file, odd = None, None
        try:
            contents = notebook_format.parse_notebook(data, self.contents)
        except NotebookDamaged:
            if both := notebook_merge.resolve_merge_markers(data):
                contents, odd = (
                    both,
                    _DamagedFile(data, "merged", "held the two sides of a merge", "they are one again"),
                )
            elif allow_partial_write and file_io.recently_written(self.path):
                return False  # somebody may be writing it in place at this moment; the next look tells
            else:
                memory = self.contents if self.loaded and self.contents.marks else None
                contents, rescue = verify.recover_contents(self.path, memory, data)
                odd = _DamagedFile(data, "damaged", "was damaged", rescue)
        self._check_version(contents.version)
        if self.loaded and not self.read_only:
            contents = self._restore_missing_marks(contents, report=odd is None)
        self._damaged_file, self.needs_write = odd, self.needs_write or odd is not None
        self.contents, self._signature, self.loaded = contents, signature, True
        self._missing_since = None
        return self.needs_write

    def quarantine_damaged(self) -> None:
        """Keep a file that is no notebook under another name, and tell of it."""
        if self._damaged_file is not None:
            aside = file_io.quarantine(self.path, self._damaged_file.data, self._damaged_file.label)
            self.warnings.append(
                f"{self.path} {self._damaged_file.problem} and is called {aside.name} now; {self._damaged_file.recovery}."  # noqa: E501
            )
            self._damaged_file = None

    def write(self, contents: NotebookContents) -> None:
        """Put a file with `contents` in the place of what is there; it is durable when this returns.

        Raises:
            StorageError: it cannot be written; file and memory are as they were.
        """
        written = storage.write_atomic(self.path, notebook_format.render_notebook(contents))
        self.contents, self._signature = contents, file_io.signature_from_stat(written)
        self.needs_write = False
        if self._missing_since is not None:
            self._missing_since = None
            self.warnings.append(f"{self.path} was gone, and is written again with every mark.")

    def _restore_missing_marks(self, contents: NotebookContents, *, report: bool) -> NotebookContents:
        """A file that has taken the place of ours, with the marks that are here and not in it: a program that keeps
        folders in step may have put back what stood there before, or brought what another machine wrote.
        """
        missing = notebook_merge.missing_marks(contents.marks, self.contents.marks)
        if missing and report and not self.needs_write:
            count = "1 mark was" if len(missing) == 1 else f"{len(missing):,} marks were"
            self.warnings.append(
                f"{self.path} was replaced by a file that lacked what {count} about; it is back."
            )
        twice = notebook_merge.duplicated_notes(contents.marks, self.contents.marks, missing)
        if twice:
            self.warnings.append("A note was changed elsewhere as well; both texts were kept.")
        self.needs_write = bool(missing)
        return notebook_format.with_changed_marks(contents, missing) if missing else contents

    def _handle_missing(self) -> bool:
        """There is no file. True when there is something to write it from, and nothing speaks against that."""
        self._signature = self._damaged_file = None
        self._check_version(notebook_format.VERSION)
        if self.loaded:
            return self._is_permanently_missing()
        self.loaded = True
        if good := file_io.last_good_backup(self.path):
            backup, self.contents = good
            self.needs_write = True
            self.warnings.append(
                f"{self.path} is missing; the marks are those of its backup of {file_io.format_modified(backup)}."
            )
        # A link into a folder that is not there now (an unplugged disk) may well come back.
        return self.needs_write and not self.path.is_symlink()

    def _is_permanently_missing(self) -> bool:
        """Whether a file that was there stays away for longer than it takes to replace it."""
        if not self.contents.marks or self.needs_write:
            return False
        if self.path.is_symlink() or not self.path.parent.is_dir():
            self.needs_write = True
            self.warnings.append(f"{self.path} is gone; the next change writes it again, with every mark.")
            return False
        if self._missing_since is None:
            self._missing_since = time.monotonic()
        self.needs_write = time.monotonic() - self._missing_since >= file_io.FRESH_SECONDS
        return self.needs_write

    def _check_version(self, version: int) -> None:
        newer = version > notebook_format.VERSION
        if newer and not self.read_only:
            self.warnings.append(
                f"Marks are shown but cannot be changed: {verify.newer_version_message(version)}."
            )
        self.read_only = newer
