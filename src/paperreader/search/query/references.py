"""Find the papers that a query names, and put them before those that its other words find."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence

import numpy as np
from msgspec import Struct

from paperreader.models import PaperTable
from paperreader.search.metadata.lookup import MetadataState, MetadataUnavailable
from paperreader.search.query.lazy_ranking import ROWS, SCORES, LazyRanking
from paperreader.search.query.paper_filters import Mask
from paperreader.search.query.ranking import RankedMatches
from paperreader.text.query.references import PaperReference, find_references


class NamedPapers(Struct, frozen=True):
    """The papers that a query names."""

    rows: tuple[int, ...] = ()
    missing: tuple[str, ...] = ()
    """arXiv ids of papers that are not in the catalog."""
    other_words: str = ""
    """The query with blanks in place of these papers."""


def find_named_papers(
    query: str, table: PaperTable, metadata: Callable[[], MetadataState], deleted: Container[int] = ()
) -> NamedPapers | None:
    """Return the papers that a query names; None if it names none. An unknown DOI or URL is searched as words.

    Papers at the rows `deleted` count as missing.
    """
    rows: dict[int, None] = {}
    missing: dict[str, None] = {}
    rest = query
    for reference in find_references(query):
        row = _row_of(reference, table, metadata)
        if row is not None and row not in deleted:
            rows[row] = None
        elif reference.arxiv:
            missing[reference.arxiv] = None
        else:
            continue
        blanks = " " * (reference.end - reference.start)
        rest = rest[: reference.start] + blanks + rest[reference.end :]
    return NamedPapers(tuple(rows), tuple(missing), rest) if rows or missing else None


def put_first(rows: Sequence[int], matches: RankedMatches, allowed: Mask) -> RankedMatches:
    """Return the allowed rows, then the other matches."""
    if not rows:
        return matches
    first = np.array([row for row in rows if row < len(allowed) and allowed[row]], np.int32)
    if not len(first):
        return matches
    count = len(matches.ranking)
    ranked, scores = matches.ranking.top(ROWS, count), matches.ranking.top(SCORES, count)
    others = ~np.isin(ranked, first)
    full = int(np.count_nonzero(others[: matches.full_matches]))
    highest = np.full(len(first), scores.max(initial=1), np.float32)
    ranking = LazyRanking.from_sorted(
        np.concatenate([first, ranked[others]]), np.concatenate([highest, scores[others]])
    )
    return RankedMatches(ranking, len(first) + full)


def _row_of(
    reference: PaperReference, table: PaperTable, metadata: Callable[[], MetadataState]
) -> int | None:
    names = (*((reference.arxiv,) if reference.arxiv else ()), *reference.dois)
    for name in names:
        if (row := table.row_of(name)) is not None:
            return row
    try:
        for name in names:
            for row in metadata().names("id").rows_named(name).tolist():
                return int(row)
        if reference.url:
            for row in metadata().names("link").rows_named(reference.url).tolist():
                return int(row)
    except MetadataUnavailable:
        return None
    return None
