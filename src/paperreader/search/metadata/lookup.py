"""Look up the metadata of papers, for `author:`, `id:`, `cat:`, `source:`, `sort:title` and the like.

`update.metadata_updater` writes the files. A query reads the part it needs (some megabytes at 100,000 papers) and looks
terms up in sorted tables, without a full scan.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from paperreader.models import CatalogVersion, PaperTable
from paperreader.search.index.array_file import Arrays
from paperreader.search.index.errors import IndexDamaged
from paperreader.search.index.term_dictionary import TermList
from paperreader.search.metadata.authors import AuthorIndex
from paperreader.search.metadata.changes import MetadataChanges
from paperreader.search.metadata.file_format import (
    BASE_FILE,
    DELTA_FILE,
    TableFile,
    discard_metadata,
    open_tables,
)
from paperreader.search.metadata.name_index import NameIndex
from paperreader.search.metadata.tables import (
    NamePart,
    PaperMetadata,
    TermIndex,
    TextColumn,
    metadata_of_row,
    to_bytes,
)

_MAX_ROWS_READ = 500
"""Papers changed since the files were written that a query reads itself. Further ones are found after an update."""


_CHECK_SECONDS = 1.0
"""How long files that have not changed are not looked at again while the user types."""


class MetadataUnavailable(Exception):
    """The files are missing or damaged. The next update rebuilds them."""


class MetadataIndex:
    """Authors, ids, sources, titles and so on of all papers, read from the files in a folder.

    Raises, in every method:
        MetadataUnavailable: the files are missing or damaged.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._signature: object = None
        self._saved: tuple[CatalogVersion, Mapping[int, PaperMetadata]]
        self._version: CatalogVersion | None = None
        self._checked = 0.0
        """When the files were last found unchanged."""
        self._base: TableFile | None = None
        self._parts: dict[str, Arrays] = {}
        self._term_indexes: dict[str, TermIndex] = {}
        self.state = MetadataState(self, MetadataChanges({}, 0))
        """What is derived from the current state of the catalog. Another object after each change."""

    def refresh(self, table: PaperTable, check: Callable[[], None]) -> None:
        """Update to the current files and table. `check` may raise to cancel."""
        now = time.monotonic()
        is_current = self._version == table.version
        if is_current and now < self._checked + _CHECK_SECONDS:
            return  # other files of the same version say the same
        signature = _file_signatures(self._folder)
        if self._signature == signature and is_current:
            self._checked = now
            return
        if self._signature != signature:
            try:
                base, version, saved = open_tables(self._folder)
            except IndexDamaged as error:
                discard_metadata(self._folder)  # rebuilt by the next update
                raise MetadataUnavailable from error
            except OSError as error:
                raise MetadataUnavailable from error
            if self._base is not None:
                self._base.close()
            self._base, self._signature = base, signature
            self._parts, self._term_indexes = {}, {}
            self._saved = (version, saved)
        version, changes = self._saved
        current = table.version
        if (version.uuid, version.generation) != (current.uuid, current.generation):
            raise MetadataUnavailable  # rows of another generation are other papers
        result = dict(changes)
        # None when the files are newer than the table.
        for row in (table.changed_since(version) or ())[-_MAX_ROWS_READ:]:
            check()
            result[row] = metadata_of_row(table, row)
        self._version = table.version
        row_count = self._base.row_count if self._base is not None else 0
        self.state = MetadataState(self, MetadataChanges(result, row_count))

    def read_part(self, name: str) -> Arrays:
        """Return the arrays of a part of the base file."""
        if name not in self._parts:
            if self._base is None:
                raise MetadataUnavailable
            try:
                self._parts[name] = self._base.read(name)
            except (IndexDamaged, OSError) as error:
                self._signature, self._version = None, None
                discard_metadata(self._folder)
                raise MetadataUnavailable from error
        return self._parts[name]

    def term_index(self, name: str) -> TermIndex:
        """Return a part of the base file that maps terms to rows."""
        if name not in self._term_indexes:
            self._term_indexes[name] = TermIndex(self.read_part(name))
        return self._term_indexes[name]


class MetadataState:
    """The metadata of one state of the catalog: the base file, and what has changed since."""

    def __init__(self, index: MetadataIndex, changes: MetadataChanges) -> None:
        self._index = index
        self._changes = changes
        self._names: dict[NamePart, NameIndex] = {}
        self._title_order: tuple[NDArray[np.int64], NDArray[np.int64]] | None = None

    @cached_property
    def authors(self) -> AuthorIndex:
        """The authors of the papers."""
        names = TextColumn(self._index.read_part("author"), "authors")
        return AuthorIndex(self._index.term_index("author"), names, self._changes)

    def names(self, part: NamePart) -> NameIndex:
        """Return the ids, keywords, categories, venues or links of the papers."""
        if part not in self._names:
            self._names[part] = NameIndex(self._index.term_index(part), part, self._changes)
        return self._names[part]

    def rows_by_source(self, name: str) -> NDArray[np.int64]:
        """Return the rows of papers with a source of that kind, or whose name contains `name` (folded)."""
        part = self._index.read_part("source")
        matching = np.array(
            [bool(names) and name in names for names in TextColumn(part, "source_names")], np.bool_
        )
        rows = np.flatnonzero(matching[part["source"]]) if len(matching) else np.empty(0, np.int64)
        return self._changes.correct(
            rows, lambda metadata: bool(metadata.source_names) and name in metadata.source_names
        )

    def source_counts(self) -> Counter[str]:
        """Return kinds and names of sources with the number of papers from each."""
        part, changed = self._index.read_part("source"), self._changes.rows
        saved = np.delete(part["source"], changed[changed < len(part["source"])])
        names = list(TextColumn(part, "source_names"))
        papers = Counter(dict(zip(names, np.bincount(saved, minlength=len(names)).tolist(), strict=True)))
        papers.update(metadata.source_names for metadata in self._changes.by_row.values())
        counts: Counter[str] = Counter()
        for text, count in papers.items():
            for name in text.split("\n") if text else ():
                counts[name] += count
        return +counts

    def added_days(self, size: int) -> NDArray[np.int64]:
        """Return the day on which each of `size` rows was added, as YYYYMMDD; 0 for none."""
        saved = self._index.read_part("added")["day"]
        days = np.zeros(max(size, len(saved), int(self._changes.rows.max(initial=-1)) + 1), np.int64)
        days[: len(saved)] = saved
        days[self._changes.rows] = [self._changes.by_row[row].added for row in self._changes.rows.tolist()]
        return days[:size]

    def title_order(self, size: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return two sort keys (primary, secondary) for the titles of `size` rows."""
        if self._title_order is None or len(self._title_order[0]) < size:
            part = self._index.read_part("title")
            known = TermList(part["titles.text"], part["titles.ends"])
            # Odd keys are titles in the base file; the even keys between them are for titles that are not.
            primary = np.full(
                max(size, len(part["rank"]), int(self._changes.rows.max(initial=-1)) + 1), -1, np.int64
            )
            primary[: len(part["rank"])] = 2 * part["rank"].astype(np.int64) + 1
            primary[primary < 0] = 2 * len(known) + 1
            secondary = np.zeros(len(primary), np.int64)
            for number, (title, row) in enumerate(
                sorted((to_bytes(metadata.title), row) for row, metadata in self._changes.by_row.items())
            ):
                index = known.insertion_point(title)
                is_known = index < len(known) and known[index] == title
                primary[row], secondary[row] = 2 * index + is_known, 0 if is_known else number
            self._title_order = (primary, secondary)
        return self._title_order


def _file_signatures(folder: Path) -> object:
    """Return a value that changes whenever a file is replaced."""
    result = []
    for name in (BASE_FILE, DELTA_FILE):
        with suppress(OSError):
            status = (folder / name).stat()
            result.append((name, status.st_ino, status.st_mtime_ns, status.st_size))
    return tuple(result)
