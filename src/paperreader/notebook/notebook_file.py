"""The file `notebook.json`: read it, notice what other programs do to it, and write it."""

from __future__ import annotations

import time
from pathlib import Path

from msgspec import Struct

from paperreader import storage, sync_copies
from paperreader.notebook import file_reader
from paperreader.notebook.format import (
    VERSION,
    NotebookContents,
    NotebookDamaged,
    parse_notebook,
    render_notebook,
    with_changed_marks,
)
from paperreader.notebook.notebook_merge import duplicated_notes, missing_marks, resolve_merge_markers
from paperreader.notebook.verify import newer_version_message, recover_contents


class _DamagedFile(Struct, frozen=True):
    """A file that is no notebook, or holds the two sides of a merge, and what the warning says about it."""

    data: bytes
    label: str
    """One word for the name that it gets in quarantine."""
    problem: str
    """What is wrong with the file, as a verb phrase."""
    recovery: str
    """Where the marks come from now, as a clause."""


class NotebookFile:
    """The file, and its contents in memory. Takes no lock."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.contents = NotebookContents()
        self.read_only = False
        """A newer version wrote the file: marks are shown as far as possible, and not changed."""
        self.warnings: list[str] = []
        """What went wrong or was repaired so far."""
        self.loaded = False
        self.needs_write = False
        """Memory has marks that the file lacks, because the file was damaged, replaced, or has vanished."""
        self._signature: file_reader.FileSignature | None = None
        self._missing_since: float | None = None
        """Since when the file is missing (monotonic seconds)."""
        self._damaged_file: _DamagedFile | None = None
        """A damaged file that has not been moved to quarantine yet."""

    def refresh(self, *, allow_partial_write: bool = False) -> bool:
        """Update memory from the file. Return whether the file needs to be repaired.

        With `allow_partial_write`, a file that cannot be parsed is ignored for as long as another program may still be
        writing it.
        """
        try:
            if self._signature is not None and file_reader.file_signature(self.path) == self._signature:
                return False
            data, signature = file_reader.read_file(self.path)
        except FileNotFoundError:
            return self._handle_missing()
        self._damaged_file, damaged_file = None, None
        try:
            contents = parse_notebook(data, self.contents)
        except NotebookDamaged:
            if merged := resolve_merge_markers(data):
                contents = merged
                problem = "contained a git merge conflict"
                damaged_file = _DamagedFile(data, "merged", problem, "both sides of the merge were joined")
            elif allow_partial_write and sync_copies.recently_written(self.path):
                return False  # another program may be writing it; the next call finds out
            else:
                memory = self.contents if self.loaded and self.contents.marks else None
                contents, recovery = recover_contents(self.path, memory, data)
                damaged_file = _DamagedFile(data, "damaged", "was damaged", recovery)
        self._check_version(contents.version)
        if contents.dropped and contents.dropped != self.contents.dropped:
            self.warnings.append(contents.dropped)
        if self.loaded and not self.read_only:
            contents = self._restore_missing_marks(contents, report=damaged_file is None)
        self._damaged_file, self.needs_write = damaged_file, self.needs_write or damaged_file is not None
        self.contents, self._signature, self.loaded = contents, signature, True
        self._missing_since = None
        return self.needs_write

    def quarantine_damaged(self) -> None:
        """Save a damaged file under another name, and add a warning."""
        if self._damaged_file is not None:
            damaged = self._damaged_file
            copy = file_reader.quarantine(self.path, damaged.data, damaged.label)
            self.warnings.append(
                f"{self.path} {damaged.problem} and was saved as {copy.name}; {damaged.recovery}."
            )
            self._damaged_file = None

    def write(self, contents: NotebookContents) -> None:
        """Replace the file with `contents`. They are durable when this returns.

        Raises:
            StorageError: it cannot be written; file and memory are unchanged.
        """
        written = storage.write_atomic(self.path, render_notebook(contents))
        self.contents, self._signature = contents, file_reader.signature_from_stat(written)
        self.needs_write = False
        if self._missing_since is not None:
            self._missing_since = None
            self.warnings.append(f"{self.path} was missing. It was written again with all marks.")

    def _restore_missing_marks(self, contents: NotebookContents, *, report: bool) -> NotebookContents:
        """Add the marks in memory that the file lacks.

        A file synchronization program may have replaced the file with an older one, or with another machine's.
        """
        missing = missing_marks(contents.marks, self.contents.marks)
        if missing and report and not self.needs_write:
            count = "1 missing mark was" if len(missing) == 1 else f"{len(missing):,} missing marks were"
            self.warnings.append(f"{self.path} was replaced by another program. {count} restored.")
        if duplicated_notes(contents.marks, self.contents.marks, missing):
            self.warnings.append("A note was changed elsewhere as well. It now contains both texts.")
        self.needs_write = bool(missing)
        return with_changed_marks(contents, missing) if missing else contents

    def _handle_missing(self) -> bool:
        """Use a backup if there is no file. Return whether the file should be written again."""
        self._signature = self._damaged_file = None
        self._check_version(VERSION)
        if self.loaded:
            return self._is_permanently_missing()
        self.loaded = True
        if good := file_reader.last_good_backup(self.path):
            backup, self.contents = good
            self.needs_write = True
            self.warnings.append(
                f"{self.path} is missing. The marks come from its backup of {file_reader.format_modified(backup)}."
            )
        # A symbolic link into a folder that is missing now (an unplugged disk) may become valid again.
        return self.needs_write and not self.path.is_symlink()

    def _is_permanently_missing(self) -> bool:
        """Return whether the file has been missing for longer than it takes to replace it."""
        if not self.contents.marks or self.needs_write:
            return False
        if self.path.is_symlink() or not self.path.parent.is_dir():
            self.needs_write = True
            self.warnings.append(f"{self.path} is missing. The next change writes it again with all marks.")
            return False
        if self._missing_since is None:
            self._missing_since = time.monotonic()
        self.needs_write = time.monotonic() - self._missing_since >= sync_copies.PARTIAL_WRITE_SECONDS
        return self.needs_write

    def _check_version(self, version: int) -> None:
        is_newer = version > VERSION
        if is_newer and not self.read_only:
            self.warnings.append(f"Marks are shown but cannot be changed: {newer_version_message(version)}.")
        self.read_only = is_newer
