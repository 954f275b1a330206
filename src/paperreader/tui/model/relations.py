"""Papers that are related to one: by their words, as its references, or because they cite it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from paperreader.models import SearchHits

if TYPE_CHECKING:
    from paperreader.library import Library

Relation = Literal["related", "references", "cited-by"]

OnlineRelation = Literal["references", "citations"]
"""What a service is asked for: the references of a paper, or the papers that cite it."""

RELATION_TITLES: dict[Relation, str] = {
    "related": "Related to",
    "references": "References of",
    "cited-by": "Papers citing",
}
"""The beginning of the heading, before the title of the paper."""

EMPTY_RELATIONS: dict[Relation, tuple[str, str]] = {
    "related": ("No related papers", ""),
    "references": (
        "No reference is in the library",
        "Open the full text and press R to list and add references",
    ),
    "cited-by": ("No paper cites it", "Only the references of stored full texts are known"),
}
"""What an empty list of each kind says, and what to do about it."""


def find_related(library: Library, relation: Relation, row: int, cancelled: Callable[[], bool]) -> SearchHits:
    """Return the papers of a relation, the most useful order first. For a worker.

    Raises:
        StorageError: the index is missing or damaged, or the line of the paper is damaged.
    """
    if relation == "related":
        return library.related(row)
    table, unlisted = library.table, library.unlisted
    if relation == "references":
        document = library.full_texts.load(table.paper(row).id)
        found = library.full_texts.references(document) if document is not None else {}
        rows = list(dict.fromkeys(found[block] for block in sorted(found)))
    else:
        citations = library.full_texts.citations.cited_by(row, cancelled=cancelled)
        citing = {citation.row for citation in citations}
        rows = [each for each in table.newest if each in citing]
    rows = [each for each in rows if each != row and each not in unlisted]
    order: Literal["relevance", "date"] = "relevance" if relation == "references" else "date"
    return SearchHits("", table.generation, rows, len(rows), (), 0.0, lambda text: [], sorted_by=order)
