"""Maintenance of the stores: update the search index, verify, repair, compact, and restore backups."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from paperreader import paths
from paperreader.catalog import PAPERS_FILE_NAME
from paperreader.errors import LockTimeout, PaperreaderError, StorageError
from paperreader.library import git_line_ends
from paperreader.library.inbox.deleted_papers import papers_to_remove
from paperreader.library.stores import Stores
from paperreader.library.types import Progress, Update, VectorUpdate
from paperreader.models import Problem
from paperreader.notebook import Backup

if TYPE_CHECKING:
    from paperreader.catalog.journal.undo_records import OperationId
    from paperreader.library.full_texts.full_texts import FullTexts
    from paperreader.library.index_workers.pool import IndexWorkerPool


class MaintenanceService:
    """Keeps the stores of a library intact and its index up to date."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    # The search index

    def index_is_current(self) -> bool:
        """Return whether the index holds exactly the papers of the current table."""
        version = self._stores.table.version
        # Through the engine, so that it is loaded before the first search.
        return version.committed == 0 or self._stores.search_engine().store.is_current(version)

    def index_is_usable(self) -> bool:
        """Return whether there is an intact index of these papers, though perhaps not of the latest of them."""
        version = self._stores.table.version
        store = self._stores.index_store()
        with store.lock:
            snapshot = store.snapshot(preload=False)
            found = snapshot.catalog_version if snapshot is not None else None
        return found is not None and (found.uuid, found.generation) == (version.uuid, version.generation)

    def reindex(
        self,
        progress: Callable[[Progress], None] = lambda _: None,
        *,
        from_scratch: bool = False,
        lock_timeout: float | None = None,
    ) -> None:
        """Update the index to the catalog, or rebuild it; `lock_timeout` as for `IndexStore.update`.

        Raises:
            LockTimeout: another process is writing the index.
            StorageError: the cache folder cannot be written.
        """
        with self.start_workers() as workers:
            self._update_index(workers, progress, from_scratch=from_scratch, lock_timeout=lock_timeout)

    def reindex_full_texts(
        self,
        progress: Callable[[Progress], None] = lambda _: None,
        *,
        from_scratch: bool = False,
        lock_timeout: float | None = None,
    ) -> int:
        """Update the index of the full texts, or rebuild it; return how many there are. Otherwise as `reindex`."""
        texts = self._full_texts()
        if texts is None:
            return 0
        return texts.index.update(progress, from_scratch=from_scratch, lock_timeout=lock_timeout)

    def update_vectors(
        self, progress: Callable[[Progress], None] = lambda _: None, *, verify: bool = False
    ) -> VectorUpdate:
        """Compute the vectors of papers that are missing, outdated or, with `verify`, damaged.

        A failure becomes a warning, as only search by meaning needs them. Another process that computes them goes on.
        """
        index = self._stores.index_store()
        was_damaged = verify and bool(index.damaged_vectors())
        try:
            computed = index.update_vectors(
                lambda done, total: progress(Progress("indexing", done, total)), verify=was_damaged
            )
        except LockTimeout:
            return VectorUpdate()
        except PaperreaderError as error:
            self._stores.warn(str(error))
            return VectorUpdate()
        return VectorUpdate(computed, was_damaged)

    def start_workers(self) -> IndexWorkerPool:
        """Return a pool of processes that build index batches. It starts them when there is work."""
        from paperreader.library.index_workers.pool import IndexWorkerPool

        return IndexWorkerPool(self._stores.folder / PAPERS_FILE_NAME, lambda: self._stores.cache_folder)

    def update_index_after_write(
        self,
        progress: Callable[[Progress], None] = lambda _: None,
        workers: IndexWorkerPool | None = None,
    ) -> None:
        """Update the index to what was just stored. A failure becomes a warning: the write itself succeeded.

        While another process is writing the index, the update is left to the next search.
        """
        try:
            if workers is None:
                self.reindex(progress)
            else:
                self._update_index(workers, progress)
            self.update_vectors(progress)  # of papers that an older program indexed
        except LockTimeout:
            return
        except StorageError as error:
            self._stores.warn(f"The papers are stored, but the search index could not be updated: {error}")

    def maintain(self, progress: Callable[[Progress], None] = lambda _: None) -> list[str]:
        """Remove what was deleted some time ago, verify the index, rebuild it if it is damaged, and merge its segments.
        Improve full texts that an older converter made.

        Meant for idle time.

        Returns:
            One sentence for each repair.

        Raises:
            LockTimeout: another process is writing the index.
            StorageError: the cache folder cannot be written.
        """
        stores = self._stores
        stores.refresh()
        if not stores.table.version.committed or not self.index_is_current():
            return []
        if old := papers_to_remove(stores):
            with stores.io_lock:
                stores.catalog.remove(old)
            self.update_index_after_write()
        index = stores.index_store()
        repaired = index.repair(stores.table, lambda done, total: progress(Progress("indexing", done, total)))
        index.optimize()
        done = ["The search index was damaged and has been rebuilt."] if repaired else []
        if (texts := self._full_texts()) is not None:
            texts.remove_orphans()
            texts.convert_outdated()
            done += texts.index.repair(progress)
        return done

    # All stores

    def check(self) -> list[Problem]:
        """Return everything that is damaged in the stores, or out of date."""
        stores = self._stores
        with stores.io_lock:
            problems = [*stores.catalog.verify(), *stores.notebook.verify()]
            problems += [
                Problem(stores.notebook.path.name, None, stores.describe_ambiguous_mark(name))
                for name in sorted(stores.live_marks.ambiguous)
            ]
            if stores.table.version.committed:
                problems += self._index_problems()
        if (texts := self._full_texts()) is not None:
            problems += [*texts.verify(), *texts.index.verify()]
        return problems

    def repair(self, *, force: bool = False) -> list[str]:
        """Repair what can be repaired.

        Args:
            force: remove damaged lines of the catalog even if they are more than a few.

        Returns:
            One sentence for each repair.

        Raises:
            RepairRefused: they are, without `force`; nothing was changed.
            StorageError: a store cannot be written.
        """
        stores = self._stores
        with stores.io_lock:
            done = [*stores.catalog.repair(force=force), *stores.notebook.repair()]
            stores.refresh()
            if stores.table.version.committed:
                index = stores.index_store()
                if not self.index_is_current() or index.damaged_files() or index.damaged_metadata():
                    self.reindex(from_scratch=True)
                    done.append("The search index was rebuilt.")
                done += self.update_vectors(verify=True).messages
        if (texts := self._full_texts()) is not None:
            done += [*texts.repair(), *texts.index.repair()]
        return done

    def converted_stores(self) -> list[str]:
        """Return the names of the stores whose line ends git has converted to CRLF."""
        return git_line_ends.converted_stores(self._stores.folder)

    def turn_line_end_conversion_off(self) -> None:
        """Append `* -text` to `.gitattributes` of the library, and write the stores with LF. Needs the user's consent.

        Raises:
            StorageError: a file cannot be read or written.
        """
        with self._stores.io_lock:
            git_line_ends.turn_conversion_off(self._stores.folder)
            self.reindex()

    def compact(self) -> None:
        """Rewrite the catalog without the lines that are no longer used. Remove the full texts of removed papers."""
        with self._stores.io_lock:
            self._stores.catalog.compact()
            self._stores.refresh()
        if (texts := self._full_texts()) is not None:
            texts.remove_orphans()

    def remove_full_texts_of_import(self, operation_id: OperationId) -> None:
        """Remove the full texts that an import has stored.

        Raises:
            StorageError: one cannot be removed.
        """
        if (texts := self._full_texts()) is not None:
            texts.remove_import(operation_id)

    def _full_texts(self) -> FullTexts | None:
        """Return the full texts; None if there are none, so that nothing is loaded for them."""
        uuid = self._stores.uuid
        if not uuid or not paths.full_text_folder(uuid).exists():
            return None
        from paperreader.library.full_texts.full_texts import FullTexts

        return FullTexts(self._stores)

    # Backups of the notebook

    def backups(self) -> Sequence[Backup]:
        """Return the backups of the notebook, newest first.

        Raises:
            StorageError: the folder cannot be listed.
        """
        with self._stores.io_lock:
            return self._stores.notebook.backups()

    def restore(self, backup: str) -> int:
        """Set every mark to its state in a backup (its number) or in another notebook (its path).

        The state before is the newest backup afterwards.

        Returns:
            The number of papers whose marks changed.

        Raises:
            NotFound: there is no such backup or file.
            StorageError: it is not a notebook, or nothing can be written; no mark was changed.
        """
        notebook = self._stores.notebook
        with self._stores.io_lock:
            before = notebook.load()
            marks = notebook.restore(backup).marks
        self._stores.apply_update(Update(notebook=marks))
        return sum(mark is not before.get(id) for id, mark in marks.items())

    def _index_problems(self) -> list[Problem]:
        index = self._stores.index_store()
        if not index.exists():
            message = (
                "the index is not built yet; the reader, the next search or `paperreader reindex` builds it"
            )
            return [Problem("index", None, message)]
        problems = index.verify()
        if not self.index_is_current():
            message = (
                "the index is older than the catalog; the reader, the next search or `paperreader reindex` "
                "updates it"
            )
            problems.append(Problem("index", None, message))
        return problems

    def _update_index(
        self,
        workers: IndexWorkerPool,
        progress: Callable[[Progress], None],
        *,
        from_scratch: bool = False,
        lock_timeout: float | None = None,
    ) -> None:
        stores = self._stores
        stores.refresh()
        if stores.table.version.committed:
            stores.index_store().update(
                stores.table,
                lambda done, total: progress(Progress("indexing", done, total)),
                from_scratch=from_scratch,
                builder=workers,
                lock_timeout=lock_timeout,
            )
