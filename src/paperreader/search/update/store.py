"""The search index on disk: open, verify, update, optimize and repair it. `engine` answers queries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from paperreader.errors import StorageError
from paperreader.models import CatalogVersion, PaperTable, Problem
from paperreader.search.index import manifest
from paperreader.search.index.errors import IndexDamaged
from paperreader.search.index.segment_builder import StemProvider
from paperreader.search.index.snapshot import IndexSnapshot
from paperreader.search.metadata.file_format import discard_metadata
from paperreader.search.update import metadata_updater, updater
from paperreader.search.update.batch_builder import (
    Batch,
    BatchBuilder,
    InProcessBuilder,
    Progress,
    build_folder,
)
from paperreader.search.update.index_folder import IndexFolder


class IndexStore:
    """The index in a folder, for any number of threads and processes.

    Everything in the folder is derived: a missing, outdated, damaged or foreign index is not used, and `update`
    rebuilds it.

    Args:
        folder: the index folder, which need not exist. The metadata files are in its parent.
    """

    def __init__(self, folder: Path) -> None:
        self.metadata_folder = folder.parent
        self._folder = folder
        self._index = IndexFolder(folder)
        self.lock = self._index.lock
        """To be held while a snapshot is used."""

    def exists(self) -> bool:
        """Whether an index was ever built here, intact or not."""
        return self._index.exists()

    def is_current(self, catalog_version: CatalogVersion) -> bool:
        """Whether there is an intact index of exactly that catalog version. Loads it, as queries usually follow."""
        with self.lock:
            snapshot = self.snapshot(preload=True)
            return (
                snapshot is not None
                and snapshot.catalog_version == catalog_version
                and manifest.manifest_signature(self._folder) is not None
                and metadata_updater.is_metadata_current(self.metadata_folder, catalog_version)
            )

    def snapshot(self, *, preload: bool) -> IndexSnapshot | None:
        """See `IndexFolder.snapshot`."""
        return self._index.snapshot(preload=preload)

    def update(
        self,
        table: PaperTable,
        progress: Progress | None = None,
        *,
        from_scratch: bool = False,
        builder: BatchBuilder | None = None,
        lock_timeout: float | None = None,
    ) -> None:
        """Update the index to `table`, or build it. Until it is complete, searches use the former one.

        Args:
            table: the catalog.
            progress: called with the number of papers done and the total.
            from_scratch: read all papers instead of those that changed.
            builder: builds batches of papers, by default in this process.
            lock_timeout: seconds to wait for another process that writes the index, by default as for all locks.

        Raises:
            LockTimeout: another process is writing the index.
            StorageError: the index cannot be written.
        """
        with self._index.write_lock(lock_timeout), build_folder(self.metadata_folder) as folder:
            report = progress or (lambda done, total: None)
            batches = self._update(table, builder or InProcessBuilder(folder), report, from_scratch)
            metadata_updater.update_metadata(self.metadata_folder, table, batches, from_scratch=from_scratch)

    def optimize(self) -> None:
        """Merge the index into one segment without deleted documents, if it is worth it. Meant for idle time.

        Raises:
            LockTimeout: another process is writing the index.
            StorageError: the index cannot be written, or is damaged (`update` rebuilds it).
        """
        with self._index.write_lock():
            known = self._index.verified_manifest()
            try:
                if known is not None:
                    updater.optimize(self._folder, known)
            except IndexDamaged as error:
                raise self.discard_damaged() from error
            try:
                metadata_updater.compact_metadata(self.metadata_folder)
            except IndexDamaged:
                discard_metadata(self.metadata_folder)

    def update_vectors(self, progress: Progress | None = None, *, verify: bool = False) -> int:
        """Compute the vectors of papers that are missing, damaged, or of another model than that of the program.

        The index can be searched and updated meanwhile. Its posting lists stay as they are.

        Args:
            progress: called with the number of papers done and the total.
            verify: read all files of vectors to find damaged ones, not only their headers.

        Returns:
            The number of papers whose vectors were computed.

        Raises:
            LockTimeout: another process is computing them.
            MeaningUnavailable: the model cannot be used.
            StorageError: they cannot be written.
        """
        from paperreader.search.meaning.model import load_model  # opening the index needs neither
        from paperreader.search.update import vector_updater

        model, report = load_model(), progress or (lambda done, total: None)
        with self._index.vectors_lock(), build_folder(self.metadata_folder) as parts:
            return vector_updater.update_vectors(self._index, model, parts, report, verify=verify)

    def repair(self, table: PaperTable, progress: Callable[[int, int], None] | None = None) -> bool:
        """Verify every file, and rebuild what is damaged. Return whether anything was.

        Raises:
            LockTimeout: another process is writing the index.
            StorageError: the index cannot be written.
        """
        with self._index.write_lock():
            index_damaged = bool(self.damaged_files())
            metadata_damaged = bool(metadata_updater.damaged_files(self.metadata_folder))
            if metadata_damaged:
                discard_metadata(self.metadata_folder)
        if index_damaged or metadata_damaged:
            self.update(table, progress, from_scratch=index_damaged)
        return index_damaged or metadata_damaged

    def verify(self) -> list[Problem]:
        """Report damaged files, also of vectors. Reads all of them."""
        return [*self.damaged_files(), *self.damaged_vectors(), *self.damaged_metadata()]

    def damaged_files(self) -> list[Problem]:
        """Report damaged files of the index itself, without metadata and vectors. Reads all of them."""
        return self._index.damaged_files()

    def damaged_metadata(self) -> list[Problem]:
        """Report damaged metadata files. Reads all of them."""
        paths = metadata_updater.damaged_files(self.metadata_folder)
        # A missing metadata file is not damage: an interrupted update left it to the next one.
        return [Problem(str(path), None, "is damaged") for path in paths if path.exists()]

    def damaged_vectors(self) -> list[Problem]:
        """Report damaged files of vectors. Reads all of them."""
        return self._index.damaged_vectors()

    def discard_damaged(self) -> StorageError:
        """Remove the manifest, so that the next update rebuilds the index. Return the error to raise."""
        self._index.discard()
        return StorageError("The search index is damaged. Run `paperreader reindex` to rebuild it.")

    def _update(
        self, table: PaperTable, builder: BatchBuilder, progress: Progress, from_scratch: bool
    ) -> Sequence[Batch]:
        known = None if from_scratch else self._index.verified_manifest()
        changed = table.changed_since(known.catalog_version) if known is not None else None
        rows: Sequence[int] = sorted(table.newest) if changed is None else changed

        def build(stems: StemProvider) -> tuple[Sequence[Batch], CatalogVersion]:
            return list(builder.batches(table, rows, progress, stems)), table.version

        if known is not None and changed is not None:
            if known.catalog_version == table.version:
                return ()
            if not changed:
                manifest.set_catalog_version(self._folder, known, table.version)
                return ()
            try:
                with self.lock:
                    snapshot = self.snapshot(preload=False)
                readers = snapshot.readers if snapshot is not None else {}
                batches = updater.update_incrementally(self._folder, known, readers, changed, build)
                progress(len(rows), len(rows))
                return batches
            except IndexDamaged:
                rows = sorted(table.newest)  # found while merging segments: rebuild everything
        batches = updater.rebuild(self._folder, build)
        progress(len(rows), len(rows))
        return batches
