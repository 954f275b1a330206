"""Find the papers that a query names, and put them before those that its other words find."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence

import numpy as np
from msgspec import Struct

from paperreader.models import Mark, PaperTable
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

    def hidden_hint(self, marks: Mapping[int, Mark]) -> str:
        """Return a sentence about the named papers that are hidden, listed nevertheless; empty without any."""
        hidden = [name for row, name in self.names.items() if row in marks and marks[row].is_hidden]
        if len(hidden) > 1:
            return f"{len(hidden)} of these papers are hidden"
        return f"{hidden[0]} is hidden" if hidden else ""


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


def row_of_name(name: str, table: PaperTable, metadata: Callable[[], MetadataState]) -> int | None:
    """Return the row of a paper by its id, an arXiv id, DOI or URL; None if there is none."""
    if (row := table.row_of(name)) is not None:
        return row
    for reference in find_references(name):
        try:
            if (row := _row_of(reference, table, metadata)) is not None:
                return row
        except MetadataUnavailable:
            continue
    return None


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
    near = int(np.count_nonzero(others[matches.full_matches : matches.full_matches + matches.near]))
    return RankedMatches(ranking, len(first) + full, near)


def hidden_hint(count: int) -> str:
    """Return a sentence about hidden papers that match a query without other matches."""
    return f"{count:,} hidden: is:hidden lists {'it' if count == 1 else 'them'}"


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
