"""Papers in the order of an answer: those with every word, then those with some."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from paperreader.models import PaperTable
from paperreader.search.index.postings import Rows, Scores
from paperreader.search.query.evaluator import QueryEvaluator
from paperreader.search.query.lazy_ranking import ROWS, SCORES, LazyRanking
from paperreader.search.query.matcher import Match
from paperreader.search.query.paper_filters import Mask
from paperreader.search.query.plan import BooleanGroup, ScoredNode, TermGroup

MIN_FULL_MATCHES = 10
"""With fewer full matches, papers with some of the words fill up to as many."""

_BISECT_RATIO = 32
"""A list so many times as long is searched by bisection, not walked through."""

NO_POSITION = np.iinfo(np.int32).max


class RankedMatches(Struct, frozen=True):
    """An answer to a query."""

    ranking: LazyRanking
    full_matches: int
    """How many of the rows, counted from the front, hold every word."""


NO_RESULTS = RankedMatches(LazyRanking.from_sorted(np.empty(0, np.int32), np.empty(0, np.float32)), 0)


def all_papers(table: PaperTable) -> RankedMatches:
    """Every paper, newest first."""
    rows = np.array(table.newest, dtype=np.int32)
    return RankedMatches(LazyRanking.from_sorted(rows, np.zeros(len(rows), np.float32)), len(rows))


def list_positions(table: PaperTable, size: int) -> NDArray[np.int32]:
    """For every row its place in the table, newest first; `NOWHERE` for a row without a paper.

    As long as needed for the table's own rows and for `size` rows of an index, which may be ahead or behind.
    """
    newest = np.asarray(table.newest, dtype=np.int32)
    found = np.full(max(size, int(newest.max(initial=-1)) + 1), NO_POSITION, np.int32)
    found[newest] = np.arange(len(newest), dtype=np.int32)
    return found


def newest_first(rows: NDArray[np.integer], positions: NDArray[np.int32]) -> Rows:
    """Different rows, all of which have a place, by place."""
    taken = np.full(len(positions), -1, np.int32)
    taken[positions[rows]] = rows
    return taken[taken >= 0]


def rank_papers(
    scored: Sequence[ScoredNode],
    evaluator: QueryEvaluator,
    positions: NDArray[np.int32],
    allowed: Mask,
    static_scores: Scores,
) -> RankedMatches:
    """The papers that answer everything `wanted`, among those `allowed` (one for each row), which all have a place.

    Scores are multiplied by `prior`, which is about 1 (see `priors`).

    Raises:
        Cancelled: nobody waits any more.
    """
    if not scored:
        left = newest_first(np.flatnonzero(allowed), positions)
        return RankedMatches(LazyRanking.from_sorted(left, np.zeros(len(left), np.float32)), len(left))
    matches = [evaluator.match(node) for node in scored]
    rows, score = _match_all(matches, allowed)
    full = LazyRanking(rows, score * static_scores[rows], positions[rows])
    if len(full) >= MIN_FULL_MATCHES:
        return RankedMatches(full, len(full))
    allowed = allowed.copy()
    allowed[rows] = False
    some, some_score = _match_some(scored, matches, evaluator, allowed)
    filling = LazyRanking(some, some_score * static_scores[some], positions[some])
    missing = MIN_FULL_MATCHES - len(full)
    rows, score = (
        np.concatenate([full.top(part, len(full)), filling.top(part, missing)[:missing]])
        for part in (ROWS, SCORES)
    )
    return RankedMatches(LazyRanking.from_sorted(rows, score), len(full))


def _match_all(matches: Sequence[Match], allowed: Mask) -> tuple[Rows, Scores]:
    """The allowed rows that answer all, ascending, and the sums of their boosted scores."""
    first, *others = sorted(matches, key=lambda match: len(match.rows))
    rows = _rows_below(first, len(allowed))
    kept = allowed[rows]
    rows, score = rows[kept], first.boosted[: len(kept)][kept]
    at: NDArray[np.integer]
    for match in others:
        if len(rows) * _BISECT_RATIO < len(match.rows):
            at = np.searchsorted(match.rows, rows)
            at[at == len(match.rows)] = 0
            both = match.rows[at] == rows
        else:
            known = _rows_below(match, len(allowed))
            numbers = np.full(len(allowed), -1, np.int32)
            numbers[known] = np.arange(len(known), dtype=np.int32)
            at = numbers[rows]
            both = at >= 0
        rows, score = rows[both], score[both] + match.boosted[at[both]]
    return rows, score


def _match_some(
    wanted: Sequence[ScoredNode], matches: Sequence[Match], evaluation: QueryEvaluator, allowed: Mask
) -> tuple[Rows, Scores]:
    """The allowed rows with some of the words and all that binds, and their scores.

    Words that have to stand side by side without being quoted (`GPT-4`) count one by one here.
    """
    parts: dict[ScoredNode, Match] = {}
    for node, match in zip(wanted, matches, strict=True):
        if isinstance(node, BooleanGroup) or node.required or len(node.slots) == 1:
            parts[node] = match
        else:
            for slot in node.slots:
                single = TermGroup((slot,))
                parts[single] = evaluation.match(single)
    found = np.zeros(len(allowed), np.bool_)
    score = np.zeros(len(allowed), np.float32)
    for match in parts.values():
        rows = _rows_below(match, len(allowed))
        found[rows] = True
        score[rows] += match.unboosted[: len(rows)]
    for node, match in zip(wanted, matches, strict=True):
        if node.required:
            bound = np.zeros(len(allowed), np.bool_)
            bound[_rows_below(match, len(allowed))] = True
            found &= bound
    rows = np.flatnonzero(found & allowed).astype(np.int32)
    return rows, score[rows]


def _rows_below(match: Match, size: int) -> Rows:
    """The rows below `size`; they come first, since a match is ascending."""
    return match.rows[: int(np.searchsorted(match.rows, size))]
