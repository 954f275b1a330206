"""Find the papers that a query names, and put them before those that its other words find."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence

import numpy as np
from msgspec import Struct

from paperreader.models import PaperTable
from paperreader.search.metadata.lookup import MetadataState, MetadataUnavailable
from paperreader.search.query.lazy_ranking import ROWS, SCORES, LazyRanking
from paperreader.search.query.ranking import RankedMatches
from paperreader.text.query.references import PaperReference, find_references
from paperreader.text.url_display import display_url

_QUOTE = '"'


class NamedPapers(Struct, frozen=True):
    """The papers that a query names."""

    names: Mapping[int, str]
    """Their rows, each with how the query names it."""
    missing: tuple[str, ...] = ()
    """arXiv ids, DOIs and URLs of papers that are not in the catalog."""
    other_words: str = ""
    """The query without these papers; without any other word, phrases that find what mentions the missing ones."""


def find_named_papers(
    query: str, table: PaperTable, metadata: Callable[[], MetadataState], deleted: Container[int] = ()
) -> NamedPapers | None:
    """Return the papers that a query names; None if it names none.

    Papers at the rows `deleted` count as missing.
    """
    names: dict[int, str] = {}
    missing: dict[str, None] = {}
    rest = query
    for reference in find_references(query):
        try:
            row = _row_of(reference, table, metadata)
        except MetadataUnavailable:
            if not reference.arxiv:
                continue  # it may be there, and is searched as words
            row = None
        if row is not None and row not in deleted:
            names.setdefault(row, reference.name)
        else:
            missing[reference.name] = None
        rest = rest[: reference.start] + " " * (reference.end - reference.start) + rest[reference.end :]
    if not (names or missing):
        return None
    if not (names or rest.strip()):
        rest = "".join(f'"{display_url(name).replace(_QUOTE, "")}" ' for name in missing)
    return NamedPapers(names, tuple(missing), rest)


def put_first(rows: Sequence[int], matches: RankedMatches) -> RankedMatches:
    """Return the rows, then the other matches."""
    if not rows:
        return matches
    first = np.array(rows, np.int32)
    count = len(matches.ranking)
    ranked, scores = matches.ranking.top(ROWS, count), matches.ranking.top(SCORES, count)
    others = ~np.isin(ranked, first)
    full = int(np.count_nonzero(others[: matches.full_matches]))
    highest = np.full(len(first), scores.max(initial=1), np.float32)
    ranking = LazyRanking.from_sorted(
        np.concatenate([first, ranked[others]]), np.concatenate([highest, scores[others]])
    )
    return RankedMatches(ranking, len(first) + full)


def hidden_hint(count: int) -> str:
    """Return a sentence about hidden papers that match a query without other matches."""
    return f"{count:,} hidden: is:hidden lists {'it' if count == 1 else 'them'}"


def named_hidden_hint(ids: Sequence[str]) -> str:
    """Return a sentence about papers that are named by a query, and listed although they are hidden."""
    if len(ids) > 1:
        return f"{len(ids)} of these papers are hidden"
    return f"{ids[0]} is hidden" if ids else ""


def _row_of(
    reference: PaperReference, table: PaperTable, metadata: Callable[[], MetadataState]
) -> int | None:
    names = (*((reference.arxiv,) if reference.arxiv else ()), *reference.dois)
    for name in names:
        if (row := table.row_of(name)) is not None:
            return row
    for name in names:
        for row in metadata().names("id").rows_named(name).tolist():
            return int(row)
    for url in reference.urls:
        for row in metadata().names("link").rows_named(url).tolist():
            return int(row)
    return None
