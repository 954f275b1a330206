"""An in-memory catalog and a search engine over it."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from msgspec.structs import replace

from paperreader.models import (
    CODE_FLAG,
    DATA_FLAG,
    MODEL_FLAG,
    PROJECT_FLAG,
    UNKNOWN_NUMBER,
    CatalogVersion,
    NumericColumns,
    Paper,
)
from paperreader.search import IndexStore, SearchEngine

RECORD = struct.Struct("=IIiiiI")

FLAGS = {
    "code": CODE_FLAG,
    "project": PROJECT_FLAG,
    "model": MODEL_FLAG,
    "dataset": DATA_FLAG,
    "data": DATA_FLAG,
}

FIRST_VERSION = CatalogVersion("library", 1, 1, 0)


@dataclass(frozen=True)
class MemoryTable:
    """A `PaperTable` of given papers: the row is the index, the last one is the newest, None is a removed paper."""

    papers: tuple[Paper | None, ...]
    version: CatalogVersion = FIRST_VERSION
    changes: dict[int, frozenset[int]] = field(default_factory=dict)
    """Rows changed in the step that led to each value of `version.committed`."""
    reads: list[int] = field(default_factory=list, compare=False)
    """The rows whose paper was read."""

    @property
    def generation(self) -> int:
        return self.version.generation

    @property
    def newest(self) -> Sequence[int]:
        return [row for row in range(len(self.papers) - 1, -1, -1) if self.is_live(row)]

    def __len__(self) -> int:
        return len(self.newest)

    def paper(self, row: int) -> Paper:
        self.reads.append(row)
        paper = self.papers[row]
        assert paper is not None
        return paper

    def is_live(self, row: int) -> bool:
        return row < len(self.papers) and self.papers[row] is not None

    def row_of(self, id: str) -> int | None:
        return next((row for row, paper in enumerate(self.papers) if paper and paper.id == id), None)

    def day(self, row: int) -> str:
        paper = self.papers[row]
        return paper.date if paper else ""

    def votes(self, row: int) -> int | None:
        paper = self.papers[row]
        return paper.votes if paper else None

    def comments(self, row: int) -> int | None:
        paper = self.papers[row]
        return paper.comments if paper else None

    def stars(self, row: int) -> int | None:
        paper = self.papers[row]
        return paper.stars if paper else None

    def flags(self, row: int) -> int:
        paper = self.papers[row]
        return sum({FLAGS.get(link.kind, 0) for link in paper.links}) if paper else 0

    @property
    def columns(self) -> NumericColumns:
        rows = [
            RECORD.pack(
                self.is_live(row),
                int(self.day(row).replace("-", "") or 0),
                *(
                    UNKNOWN_NUMBER if number is None else number
                    for number in (self.votes(row), self.comments(row), self.stars(row))
                ),
                self.flags(row),
            )
            for row in range(len(self.papers))
        ]
        names = ("length", "day", "votes", "comments", "stars", "flags")
        places = {
            name: ("i4" if name in ("votes", "comments", "stars") else "u4", 4 * number)
            for number, name in enumerate(names)
        }
        return NumericColumns(memoryview(b"".join(rows)), len(rows), RECORD.size, places)

    def changed_since(self, version: CatalogVersion) -> Sequence[int] | None:
        if (version.uuid, version.generation) != (self.version.uuid, self.version.generation):
            return None
        if version.committed > self.version.committed:
            return None
        versions_between = range(version.committed + 1, self.version.committed + 1)
        return sorted(set().union(*(self.changes[step] for step in versions_between)))

    def with_changes(self, changed: dict[int, Paper | None]) -> MemoryTable:
        """Return the next state, with papers replaced, added or removed (None)."""
        papers = list(self.papers)
        for row, paper in sorted(changed.items()):
            papers[row : row + 1] = [paper]
        later_version = replace(self.version, committed=self.version.committed + 1)
        return MemoryTable(
            tuple(papers), later_version, {**self.changes, later_version.committed: frozenset(changed)}
        )

    def compacted(self) -> MemoryTable:
        """Return the next generation, in which rows are renumbered."""
        later_version = replace(self.version, generation=self.version.generation + 1)
        return MemoryTable(tuple(paper for paper in self.papers if paper), later_version)


def table_of_texts(*texts: str) -> MemoryTable:
    """Create papers from `title | abstract` texts."""
    parts = [text.partition("|") for text in texts]
    return MemoryTable(
        tuple(
            Paper(f"paper-{row}", title.strip(), abstract.strip())
            for row, (title, _, abstract) in enumerate(parts)
        )
    )


@pytest.fixture
def make_table() -> Callable[..., MemoryTable]:
    return table_of_texts


@pytest.fixture(scope="session")
def make_module_table() -> Callable[[tuple[Paper, ...]], MemoryTable]:
    return MemoryTable


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "index"


@pytest.fixture
def engine(folder: Path) -> SearchEngine:
    return SearchEngine(IndexStore(folder))
