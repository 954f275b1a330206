"""Keeping the derived files right: the index brought up to date, everything looked through, mended, made small."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from paperreader import paths
from paperreader.catalog.catalog import PAPERS_FILE_NAME
from paperreader.errors import StorageError
from paperreader.library.stores import Stores
from paperreader.library.types import Progress, Update
from paperreader.models import Problem
from paperreader.notebook import Backup

if TYPE_CHECKING:
    from paperreader.library.index_workers.pool import IndexWorkerPool


class Upkeep(Stores):
    """What keeps the stores of a library whole and in step."""

    def index_is_current(self) -> bool:
        """Whether the index holds exactly the papers of the table in force."""
        return self.table.version.committed == 0 or self._search_index().is_current(self.table.version)

    def reindex(
        self, progress: Callable[[Progress], None] = lambda _: None, *, from_scratch: bool = False
    ) -> None:
        """Bring the index up to date with the catalog, or build it anew.

        Raises:
            StorageError: the cache folder cannot be written.
        """
        with self._worker_pool() as crew:
            self._update_index(crew, progress, from_scratch=from_scratch)

    def maintain(self, progress: Callable[[Progress], None] = lambda _: None) -> list[str]:
        """Read the index through, build it anew where it is damaged, and make one piece of many: when nobody waits.

        Gives a sentence for each thing mended.

        Raises:
            LockTimeout: another process is writing the index.
            StorageError: the cache folder cannot be written.
        """
        self.refresh()
        if not self.table.version.committed or not self.index_is_current():
            return []
        index = self._search_index()
        mended = index.repair(self.table, lambda done, total: progress(Progress("indexing", done, total)))
        index.optimize()
        return ["The search index was damaged, and has been built anew."] if mended else []

    def compact(self) -> None:
        """Rewrite the catalog without its dead lines."""
        with self._io_lock:
            self._catalog.compact()
            self.refresh()

    def check(self) -> list[Problem]:
        """Everything that is wrong with the stores, and where they disagree."""
        with self._io_lock:
            problems = [*self._catalog.verify(), *self._notebook.verify()]
            if self.table.version.committed:
                problems += self._index_problems()
        return problems

    def _index_problems(self) -> list[Problem]:
        index = self._search_index()
        if not index.exists():
            said = "the index is not built yet; the next start or `paperreader reindex` builds it"
            return [Problem("index", None, said)]
        problems = index.verify()
        if not self.index_is_current():
            said = "the index is behind the catalog; the next start or `paperreader reindex` mends it"
            problems.append(Problem("index", None, said))
        return problems

    def repair(self) -> list[str]:
        """Mend what can be mended. Gives a sentence for each thing done.

        Raises:
            StorageError: a store cannot be written.
        """
        with self._io_lock:
            done = [*self._catalog.repair(), *self._notebook.repair()]
            self.refresh()
            if self.table.version.committed and (
                not self.index_is_current() or self._search_index().verify()
            ):
                self.reindex(from_scratch=True)
                done.append("The search index was built anew.")
        return done

    def _worker_pool(self) -> IndexWorkerPool:
        """Who makes papers ready for the index."""
        from paperreader.library.index_workers.pool import IndexWorkerPool

        return IndexWorkerPool(self.folder / PAPERS_FILE_NAME, lambda: paths.cache_folder(self.uuid))

    def _update_index(
        self, workers: IndexWorkerPool, progress: Callable[[Progress], None], *, from_scratch: bool = False
    ) -> None:
        self.refresh()
        if self.table.version.committed:
            self._kept_index().update(
                self.table,
                lambda done, total: progress(Progress("indexing", done, total)),
                from_scratch=from_scratch,
                builder=workers,
            )

    def backups(self) -> Sequence[Backup]:
        """The backups of the notebook, newest first.

        Raises:
            StorageError: the folder cannot be listed.
        """
        with self._io_lock:
            return self._notebook.backups()

    def restore(self, backup: str) -> int:
        """Have every mark say again what it says in a backup (its number) or another notebook (its path).

        Gives how many papers' marks changed. What stood before is the newest backup afterwards.

        Raises:
            NotFound: there is no such backup or file.
            StorageError: it is no notebook, or nothing can be written; no mark was changed.
        """
        with self._io_lock:
            before = self._notebook.load()
            now = self._notebook.restore(backup).marks
        self.adopt(Update(notebook=now))
        return sum(mark is not before.get(name) for name, mark in now.items())

    def update_index_after_write(
        self, progress: Callable[[Progress], None], workers: IndexWorkerPool | None = None
    ) -> None:
        """Bring the index up to date with what was just stored; a failure takes nothing of that back."""
        try:
            if workers is None:
                self.reindex(progress)
            else:
                self._update_index(workers, progress)
        except StorageError as error:
            self._warnings.append(f"The library is up to date, but its search index is not: {error}")
