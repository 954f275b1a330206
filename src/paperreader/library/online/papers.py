"""Read papers from responses of services without adding them, find them in the library, and add some of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from paperreader.catalog import CatalogTable
from paperreader.catalog.merge.matching import with_keys
from paperreader.catalog.merge.paper_merge import merge_records
from paperreader.library.import_readers import ResponseReader, ServiceResponse
from paperreader.library.importing import ImportService
from paperreader.models import ImportedEntry, Paper, Problem
from paperreader.text.ids import title_key


class OnlinePaper(Struct, frozen=True):
    """A paper as a service describes it."""

    paper: Paper
    """With the id that it would have in an empty library."""
    entry: ImportedEntry

    @property
    def citations(self) -> int | None:
        """How often it is cited, if the service says so."""
        return self.entry.citations


class OnlinePapers:
    """The papers of responses.

    Args:
        imports: adds them.
    """

    def __init__(self, imports: ImportService) -> None:
        self._imports = imports

    def read(self, responses: Iterable[ServiceResponse]) -> tuple[list[OnlinePaper], list[Problem]]:
        """Return the papers of responses in their order, each once, and what could not be read."""
        reader = ResponseReader(responses)
        found: dict[str, OnlinePaper] = {}
        for entry in reader:
            merged = merge_records(entry.records[0].arxiv, map(with_keys, entry.records))
            found.setdefault(merged.paper.id, OnlinePaper(merged.paper, entry))
        return list(found.values()), reader.problems

    def add(self, papers: Sequence[OnlinePaper]) -> None:
        """Add papers to the library as one import. They are durable when this returns, but not yet in the index.

        Raises:
            StorageError: the library cannot be written.
        """
        self._imports.add_entries([each.entry for each in papers])


def row_in_library(table: CatalogTable, paper: Paper) -> int | None:
    """Return the row of a paper of a service, by its ids, else by title and authors; None if it is not there."""
    for name in (paper.arxiv, paper.id, *paper.aliases):
        if name and (row := table.row_of(name)) is not None:
            return row
    if paper.doi and (rows := table.rows_with_key(f"doi:{paper.doi.lower()}")):
        return rows[0]
    for row in table.rows_with_key(f"title:{title_key(paper.title)}"):
        if _is_same_work(table.paper(row), paper):
            return row
    return None


def _is_same_work(known: Paper, found: Paper) -> bool:
    """Return whether two papers with the same title are one: no ids differ, and they have an author in common."""
    if (known.arxiv and found.arxiv) or (known.doi and found.doi):
        return False
    names = {_family_name(name) for name in known.credited}
    return bool(names & {_family_name(name) for name in found.credited})


def _family_name(name: str) -> str:
    family = name.partition(",")[0] if "," in name else name.rsplit(maxsplit=1)[-1] if name.split() else ""
    return family.casefold()
