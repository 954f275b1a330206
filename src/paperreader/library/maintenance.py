"""Keeping the derived files right: the index brought up to date, everything looked through, mended, made small."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from paperreader import paths
from paperreader.catalog.catalog import PAPERS
from paperreader.errors import StorageError
from paperreader.library.stores import Stores
from paperreader.library.types import Progress, Update
from paperreader.models import Problem
from paperreader.notebook import Backup

if TYPE_CHECKING:
    from paperreader.library.index_workers.pool import Crew


class Upkeep(Stores):
    """What keeps the stores of a library whole and in step."""

    def index_ready(self) -> bool:
        """Whether the index holds exactly the papers of the table in force."""
        return self.table.stamp.committed == 0 or self._search_index().is_current(self.table.stamp)

    def reindex(
        self, progress: Callable[[Progress], None] = lambda _: None, *, from_scratch: bool = False
    ) -> None:
        """Bring the index up to date with the catalog, or build it anew.

        Raises:
            StorageError: the cache folder cannot be written.
        """
        with self._crew() as crew:
            self._bring_up(crew, progress, from_scratch=from_scratch)

    def tend(self, progress: Callable[[Progress], None] = lambda _: None) -> list[str]:
        """Read the index through, build it anew where it is damaged, and make one piece of many: when nobody waits.

        Gives a sentence for each thing mended.

        Raises:
            LockTimeout: another process is writing the index.
            StorageError: the cache folder cannot be written.
        """
        self.refresh()
        if not self.table.stamp.committed or not self.index_ready():
            return []
        index = self._search_index()
        mended = index.mend(self.table, lambda done, total: progress(Progress("indexing", done, total)))
        index.optimise()
        return ["The search index was damaged, and has been built anew."] if mended else []

    def compact(self) -> None:
        """Rewrite the catalog without its dead lines."""
        with self._disk:
            self._catalog.compact()
            self.refresh()

    def check(self) -> list[Problem]:
        """Everything that is wrong with the stores, and where they disagree."""
        with self._disk:
            problems = [*self._catalog.verify(), *self._book.verify()]
            if self.table.stamp.committed:
                problems += self._index_problems()
        return problems

    def _index_problems(self) -> list[Problem]:
        index = self._search_index()
        if not index.is_begun():
            said = "the index is not built yet; the next start or `paperreader reindex` builds it"
            return [Problem("index", None, said)]
        problems = index.verify()
        if not self.index_ready():
            said = "the index is behind the catalog; the next start or `paperreader reindex` mends it"
            problems.append(Problem("index", None, said))
        return problems

    def repair(self) -> list[str]:
        """Mend what can be mended. Gives a sentence for each thing done.

        Raises:
            StorageError: a store cannot be written.
        """
        with self._disk:
            done = [*self._catalog.repair(), *self._book.repair()]
            self.refresh()
            if self.table.stamp.committed and (not self.index_ready() or self._search_index().verify()):
                self.reindex(from_scratch=True)
                done.append("The search index was built anew.")
        return done

    def _crew(self) -> Crew:
        """Who makes papers ready for the index."""
        from paperreader.library.index_workers.pool import Crew

        return Crew(self.folder / PAPERS, lambda: paths.cache_folder(self.uuid))

    def _bring_up(
        self, crew: Crew, progress: Callable[[Progress], None], *, from_scratch: bool = False
    ) -> None:
        self.refresh()
        if self.table.stamp.committed:
            self._kept_index().update(
                self.table,
                lambda done, total: progress(Progress("indexing", done, total)),
                from_scratch=from_scratch,
                maker=crew,
            )

    def backups(self) -> Sequence[Backup]:
        """The backups of the notebook, newest first.

        Raises:
            StorageError: the folder cannot be listed.
        """
        with self._disk:
            return self._book.backups()

    def restore(self, which: str) -> int:
        """Have every mark say again what it says in a backup (its number) or another notebook (its path).

        Gives how many papers' marks changed. What stood before is the newest backup afterwards.

        Raises:
            NotFound: there is no such backup or file.
            StorageError: it is no notebook, or nothing can be written; no mark was changed.
        """
        with self._disk:
            before = self._book.load()
            now = self._book.restore(which).marks
        self.adopt(Update(notebook=now))
        return sum(mark is not before.get(name) for name, mark in now.items())

    def let_index_follow(self, progress: Callable[[Progress], None], crew: Crew | None = None) -> None:
        """Bring the index up to date with what was just stored; a failure takes nothing of that back."""
        try:
            if crew is None:
                self.reindex(progress)
            else:
                self._bring_up(crew, progress)
        except StorageError as error:
            self._notices.append(f"The library is up to date, but its search index is not: {error}")
