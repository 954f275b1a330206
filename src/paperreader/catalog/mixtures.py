"""Split papers in which earlier versions mixed several works: all at once before the first write to a library."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from paperreader import storage
from paperreader.catalog.catalog_file import CatalogFile
from paperreader.errors import StorageError
from paperreader.models import Problem

if TYPE_CHECKING:
    from paperreader.catalog.write.writer import CatalogWriter, OnRowsAdded

MERGE_RULES = 2
"""Increase it when records that were merged become records of different papers."""

MERGE_RULES_FILE_NAME = "merge_rules"
"""In the cache folder of a library: the rules by which all its papers have been checked."""

_MAX_TITLES_SHOWN = 3


class Mixtures:
    """The papers of one catalog that mix several works, or several publications of one work."""

    def __init__(self, file: CatalogFile) -> None:
        self._file = file

    @contextmanager
    def writer(self, on_rows_added: OnRowsAdded | None = None) -> Iterator[CatalogWriter]:
        """Give a writer. Before the first write, papers that earlier versions merged by other rules are split."""
        if not (is_new := not self._file.exists()):
            self.split_once()
        with self._file.writer(on_rows_added) as writer:
            yield writer
        if is_new and self._file.exists():
            self.remember_checked()

    def problems(self) -> list[Problem]:
        """Return a problem for each of these papers. Reads every line."""
        from paperreader.catalog.merge.suspects import find_mixtures

        return [
            Problem(self._file.path.name, None, f"{id} {reason}; `paperreader check --repair` separates them")
            for id, reason in find_mixtures(self._file.open())
        ]

    def split(self) -> list[str]:
        """Group and merge the records of these papers again. Return a message if there were any.

        Raises:
            StorageError: the catalog cannot be written.
        """
        from paperreader.catalog.merge.suspects import find_mixtures
        from paperreader.catalog.write.split import split_mixtures

        table = self._file.open()
        ids = [id for id, _ in find_mixtures(table)]
        if not ids:
            return []
        rows = (table.row_of(id) for id in ids[:_MAX_TITLES_SHOWN])
        titles = [f"“{table.paper(row).title}”" for row in rows if row is not None]
        with self._file.writer() as writer:
            count = split_mixtures(writer, ids)
        papers = "1 paper" if count == 1 else f"{count:,} papers"
        shown = ", ".join(titles) + (", …" if len(ids) > _MAX_TITLES_SHOWN else "")
        return [
            f"Separated works or publications that were mixed in {papers}: {shown}. "
            "Marks stay with the title and authors shown before; check your notes on them."
        ]

    def split_once(self) -> None:
        """Split them if that was not done with the current rules yet. What was split is added to the warnings.

        Raises:
            StorageError: the catalog cannot be written.
        """
        if not self._is_checked():
            self._file.warnings += self.split()
            self.remember_checked()

    def remember_checked(self) -> None:
        """Store that every paper was merged by the current rules. If that fails, they are checked again."""
        path = self._file.cache_path(MERGE_RULES_FILE_NAME)
        with suppress(StorageError):
            storage.ensure_folder(path.parent)
            storage.write_atomic(path, b"%d\n" % MERGE_RULES, durable=False)

    def _is_checked(self) -> bool:
        try:
            stored = self._file.cache_path(MERGE_RULES_FILE_NAME).read_bytes()
        except OSError:
            return False
        return stored.strip() == b"%d" % MERGE_RULES
