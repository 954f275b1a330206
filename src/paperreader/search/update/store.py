"""The search index of one library as it is kept: opened, checked, brought up to date. What answers is in `index`."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Generic

from paperreader.errors import StorageError
from paperreader.models import CatalogVersion, PaperTable, Problem
from paperreader.search.index import manifest
from paperreader.search.index.snapshot import Kind, open_snapshot
from paperreader.search.index.term_dictionary import IndexDamaged
from paperreader.search.update import metadata_updater, updater
from paperreader.search.update.batch_builder import Batch, BatchBuilder, InProcessBuilder, build_folder
from paperreader.storage import ensure_folder, lock, os_error_message

_MAX_OPEN_ATTEMPTS = 5
"""At opening an index that another process replaces again and again."""


class IndexStore(Generic[Kind]):
    """The index in a folder, for any number of threads and processes.

    Everything in the folder is derived: a missing, stale, damaged or foreign index is built anew by `update`, and never
    trusted before.

    Args:
        folder: where it stands, or will.
        kind: as what it is opened.
    """

    def __init__(self, folder: Path, kind: Callable[[Path, manifest.Manifest], Kind]) -> None:
        self._folder = folder
        self._kind = kind
        self._lock = threading.RLock()
        """Held by the one thread that uses the index."""
        self._signature: tuple[int, int, int] | None = None
        self._index: Kind | None = None

    def exists(self) -> bool:
        """Whether an index was ever built here, sound or not."""
        return (self._folder / manifest.FILE_NAME).exists()

    def is_current(self, catalog_version: CatalogVersion) -> bool:
        """Whether there is a sound index of exactly that state of the catalog."""
        with self._lock:
            index = self._open()
            there = (
                index is not None
                and index.catalog_version == catalog_version
                and manifest.manifest_signature(self._folder) is not None
            )
            return there and metadata_updater.is_metadata_current(self._folder.parent, catalog_version)

    def update(
        self,
        table: PaperTable,
        progress: Callable[[int, int], None] | None = None,
        *,
        from_scratch: bool = False,
        builder: BatchBuilder | None = None,
    ) -> None:
        """Bring the index up to date with `table`; `progress` is told (papers done, papers to do).

        Only what changed is read, where the table can tell; otherwise, or `from_scratch`, everything. `maker` makes
        papers ready; without one, this process does.

        Raises:
            LockTimeout: another process is writing the index.
            StorageError: the index cannot be written.
        """
        parent = self._folder.parent
        with self._write_lock(), build_folder(parent) as place:
            tell = progress or (lambda done, total: None)
            batches = self._update(table, builder or InProcessBuilder(place), tell, from_scratch)
            metadata_updater.update_metadata(parent, table, batches, from_scratch=from_scratch)

    def optimize(self) -> None:
        """Make the index one piece without what is no longer in force, where that is worth it: when nobody waits.

        Raises:
            LockTimeout: another process is writing the index.
            StorageError: the index cannot be written, or is damaged (`update` builds it anew).
        """
        with self._write_lock():
            known = self._verified_manifest()
            try:
                if known is not None:
                    updater.optimize(self._folder, known)
            except IndexDamaged as error:
                raise self._discard_damaged() from error
            try:
                metadata_updater.compact_metadata(self._folder.parent)
            except IndexDamaged:
                metadata_updater.discard_metadata(self._folder.parent)

    def repair(self, table: PaperTable, progress: Callable[[int, int], None] | None = None) -> bool:
        """Read every file through, and build anew what is damaged. Gives whether anything was.

        Raises:
            LockTimeout: another process is writing the index.
            StorageError: the index cannot be written.
        """
        with self._write_lock():
            broken, unnamed = (
                bool(self._damaged_files()),
                bool(metadata_updater.damaged_files(self._folder.parent)),
            )
            if unnamed:
                metadata_updater.discard_metadata(self._folder.parent)
        if broken or unnamed:
            self.update(table, progress, from_scratch=broken)
        return broken or unnamed

    def verify(self) -> list[Problem]:
        """What is wrong with the index; reads all of it."""
        unusable = metadata_updater.damaged_files(self._folder.parent)
        # One that is not there is not damaged: an update that was broken off left it to the next one.
        return [
            *self._damaged_files(),
            *(Problem(str(path), None, "is damaged") for path in unusable if path.exists()),
        ]

    # Inner workings

    def _damaged_files(self) -> list[Problem]:
        """What is wrong with the files of the index itself."""
        known = manifest.read_manifest(self._folder)
        if known is None:
            return [Problem(str(self._folder), None, "holds no search index that can be used")]
        return manifest.verify_files(self._folder, known)

    def _update(
        self, table: PaperTable, maker: BatchBuilder, tell: Callable[[int, int], None], from_scratch: bool
    ) -> Sequence[Batch]:
        known = None if from_scratch else self._verified_manifest()
        changed = table.changed_since(known.stamp) if known is not None else None
        if known is not None and changed is not None:
            try:
                if known.stamp == table.version:
                    return ()
                opened = self._index.segments if self._index is not None else {}
                return updater.update_incrementally(self._folder, known, opened, table, changed, maker, tell)
            except IndexDamaged:
                pass  # Found while segments were made one; nothing of it is used any more.
        return updater.rebuild(self._folder, table, maker, tell)

    def _verified_manifest(self) -> manifest.Manifest | None:
        """The manifest, when every file is as it says."""
        with self._lock:
            checked = (
                self._open() is not None and manifest.manifest_signature(self._folder) == self._signature
            )
        return manifest.read_manifest(self._folder) if checked else None

    def _open(self) -> Kind | None:
        """The index as it is on disk now; the one opened before, while another is being put in its place."""
        for _ in range(_MAX_OPEN_ATTEMPTS):
            signature = manifest.manifest_signature(self._folder)
            if signature is None or signature == self._signature:
                return self._index
            index = open_snapshot(self._folder, self._kind)
            if index is None and manifest.manifest_signature(self._folder) != signature:
                continue  # Another process finished an update, and took away what we were about to read.
            if self._index is not None:
                self._index.close()
            self._signature, self._index = signature, index
            self._forget()
            return index
        return self._index

    @contextmanager
    def _write_lock(self) -> Iterator[None]:
        """Hold the folder's lock for the body."""
        ensure_folder(self._folder.parent)
        try:
            with lock(self._folder.with_name(f"{self._folder.name}.lock")):
                yield
        except OSError as error:
            raise StorageError(f"Cannot write to {self._folder}: {os_error_message(error)}.") from error

    def _forget(self) -> None:
        """Drop what was made of the index that was open before."""

    def _discard_damaged(self) -> StorageError:
        """Trust the index no longer: `update` builds another."""
        with self._lock, suppress(OSError):
            self._signature = self._index = None
            self._forget()
            (self._folder / manifest.FILE_NAME).unlink(missing_ok=True)
        return StorageError("The search index is damaged; `paperreader reindex` builds it anew.")
