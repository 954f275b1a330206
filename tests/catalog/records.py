"""Records, entries and catalogs for the tests of the catalog."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from paperreader.catalog import Catalog, CatalogTable
from paperreader.catalog.marked_ids import MarkedIds
from paperreader.models import ImportedEntry, Link, Paper, Source, SourceRecord

TODAY = "2024-05-06"


def record(
    title: str,
    key: str,
    *,
    kind: str = "capture",
    name: str = "page.txt",
    date: str | None = None,
    assumed: bool = False,
    **fields: Any,
) -> SourceRecord:
    """Return a record with that source key; `added` is set so that the day of the test does not matter."""
    return SourceRecord(title, Source(kind, name, date, key, assumed), **{"added": TODAY, **fields})


def entry(title: str, key: str, **fields: Any) -> ImportedEntry:
    return ImportedEntry((record(title, key, **fields),))


def link(url: str, kind: str = "code") -> Link:
    return Link(url, kind, url.split("/")[2])


def numbered_entries(count: int, tag: str = "many") -> list[ImportedEntry]:
    """Return that many entries with different titles."""
    return [
        entry(f"A study of {tag} in its part {number:05d}", f"{tag}:{number}", abstract=f"On {number}.")
        for number in range(count)
    ]


def catalog_in(
    folder: Path, marked_ids: Collection[str] = (), moved: dict[str, str] | None = None
) -> Catalog:
    """Return the catalog in a folder. `marked_ids` may change later; `moved` gets the marks that move."""
    marks = MarkedIds(lambda: frozenset(marked_ids), {}.update if moved is None else moved.update)
    return Catalog(folder / "library", lambda uuid: folder / "cache" / uuid, marks)


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Give a temporary folder for one hypothesis example, with `os.fsync` disabled for speed."""
    with tempfile.TemporaryDirectory() as folder, mock.patch("os.fsync"):
        yield Path(folder)


def papers_by_id(catalog: Catalog) -> dict[str, Paper]:
    """Return all live papers by id."""
    return papers_in_table(catalog.open())


def papers_in_table(table: CatalogTable) -> dict[str, Paper]:
    found = [table.paper(row) for row in table.newest]
    assert len(found) == len(table) == len({paper.id for paper in found})
    return {paper.id: paper for paper in found}


def paper_lines(catalog: Catalog) -> dict[str, bytes]:
    """Return the line of every live paper by id."""
    table = catalog.open()
    return {table.paper(row).id: table.line(row) for row in table.newest}


def papers_file(folder: Path) -> Path:
    return folder / "library" / "papers.jsonl"


def row_table_file(folder: Path) -> Path:
    (found,) = (folder / "cache").glob("*/rows.bin")
    return found
