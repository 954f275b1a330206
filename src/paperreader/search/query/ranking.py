"""Rank papers: first those that match every word, then those that match some."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from paperreader.models import PaperTable
from paperreader.search.index.postings import Rows, Scores
from paperreader.search.query.evaluator import QueryEvaluator
from paperreader.search.query.lazy_ranking import ROWS, SCORES, LazyRanking
from paperreader.search.query.match import Match
from paperreader.search.query.near import MAX_NEAR, MAX_RANKED_BY_MEANING, NearRanking
from paperreader.search.query.paper_filters import Mask
from paperreader.search.query.plan import BooleanGroup, ScoredNode, TermGroup

MIN_FULL_MATCHES = 10
"""With fewer full matches, partial matches follow them."""

MAX_PARTIAL_MATCHES = 100
"""More than anyone pages through."""

_BISECT_RATIO = 32
"""Length ratio of two lists from which on the longer one is searched by bisection instead of scanned."""

ADJACENT_WEIGHT = 3.0
"""Weight of separate words that are a name or a term where they are adjacent: `GPT 4`, `flash attention`."""

NO_POSITION = np.iinfo(np.int32).max
"""Position of rows without a paper."""


class RankedMatches(Struct, frozen=True):
    """Ranked matches of a query."""

    ranking: LazyRanking
    full_matches: int
    """Number of rows, from the front, that match every word."""
    near: int = 0
    """Number of rows after these that are ranked by words and meaning, instead of by words."""


NO_RESULTS = RankedMatches(LazyRanking.from_sorted(np.empty(0, np.int32), np.empty(0, np.float32)), 0)


def all_papers(table: PaperTable, without: Sequence[int]) -> RankedMatches:
    """Return all papers except for some rows, newest first."""
    rows = np.array(table.newest, dtype=np.int32)
    rows = rows[~np.isin(rows, without)] if without else rows
    return RankedMatches(LazyRanking.from_sorted(rows, np.zeros(len(rows), np.float32)), len(rows))


def list_positions(table: PaperTable, size: int) -> NDArray[np.int32]:
    """Return the position of every row in the list sorted newest first; `NO_POSITION` for a row without a paper.

    The array covers the rows of the table and `size` rows of an index, which may be newer or older than the table.
    """
    newest = np.asarray(table.newest, dtype=np.int32)
    found = np.full(max(size, int(newest.max(initial=-1)) + 1), NO_POSITION, np.int32)
    found[newest] = np.arange(len(newest), dtype=np.int32)
    return found


def newest_first(rows: NDArray[np.integer], positions: NDArray[np.int32]) -> Rows:
    """Sort distinct rows, all of which have a position, by position."""
    by_position = np.full(len(positions), -1, np.int32)
    by_position[positions[rows]] = rows
    return by_position[by_position >= 0]


def rank_papers(
    scored: Sequence[ScoredNode],
    optional: Sequence[ScoredNode],
    evaluator: QueryEvaluator,
    positions: NDArray[np.int32],
    allowed: Mask,
    static_scores: Scores,
    add_people: Callable[[Sequence[Match]], Sequence[Match]],
    near: Callable[[], NearRanking | None],
) -> RankedMatches:
    """Rank the papers that match all `scored` nodes, then partial matches if there are few.


    Args:
        scored: the nodes that contribute to the score.
        optional: nodes that contribute to it where they match, but that no paper has to match.
        evaluator: evaluates them.
        positions: position of every row in the list (see `list_positions`).
        allowed: mask over rows that pass the filters; all of them have a position.
        static_scores: factor of each row's score, about 1.
        add_people: adds the papers of authors whose whole name is in the query.
        near: called if there are few; returns the ranking of papers that take the place of partial matches because they
            are near in meaning. None to do without it.

    Raises:
        SearchCancelled: the search was cancelled.
    """
    if not scored:
        left = newest_first(np.flatnonzero(allowed), positions)
        return RankedMatches(LazyRanking.from_sorted(left, np.zeros(len(left), np.float32)), len(left))
    matches = add_people([evaluator.match(node) for node in scored])
    extra = [evaluator.match(node) for node in optional]
    rows, score = _match_all(matches, allowed)
    if extra:
        score = score + _sum_of(extra, allowed, boosted=True)[rows]
    indices = rows.astype(np.intp)  # otherwise NumPy converts them each time
    score = _with_exact_first(score * static_scores[indices], rows, matches)
    full = LazyRanking(rows, score, positions[indices])
    if len(full) >= MIN_FULL_MATCHES:
        return RankedMatches(full, len(full))
    allowed = allowed.copy()
    allowed[rows] = False
    partial = _match_some(scored, matches, evaluator, allowed)
    score = partial.score
    if extra:
        score = score + _sum_of(extra, allowed, boosted=False)
    ranking = near() if can_be_near(scored) else None
    filling = _filling(partial, score * static_scores, positions, ranking, MAX_NEAR - len(full))
    rows, score = (
        np.concatenate([own, other])
        for own, other in zip((full.top(ROWS, len(full)), full.top(SCORES, len(full))), filling, strict=True)
    )
    is_near = ranking is not None
    return RankedMatches(LazyRanking.from_sorted(rows, score), len(full), len(filling[0]) if is_near else 0)


def can_be_near(scored: Sequence[ScoredNode]) -> bool:
    """Whether papers may be near to a query that do not match it in full: not if all of it is required."""
    return any(not node.required for node in scored)


def rank_by_meaning(
    scored: Sequence[ScoredNode],
    evaluator: QueryEvaluator,
    allowed: Mask,
    static_scores: Scores,
    near: NearRanking,
) -> RankedMatches:
    """Rank all allowed papers by words and meaning. Full matches are not put first.

    Raises:
        SearchCancelled: the search was cancelled.
    """
    partial = _match_some(scored, [evaluator.match(node) for node in scored], evaluator, allowed)
    rows, scores = near.rank(
        partial.score * static_scores / partial.bound, partial.possible, MAX_RANKED_BY_MEANING
    )
    return RankedMatches(LazyRanking.from_sorted(rows, scores), 0, len(rows))


def _filling(
    partial: _PartialMatches,
    score: Scores,
    positions: NDArray[np.int32],
    near: NearRanking | None,
    near_limit: int,
) -> tuple[Rows, Scores]:
    """Return what follows the full matches, with scores."""
    if near is not None:
        return near.rank(score / partial.bound, partial.possible, near_limit)
    some = np.flatnonzero(partial.found & partial.possible).astype(np.int32)
    ranking = LazyRanking(some, score[some], positions[some])
    return (
        ranking.top(ROWS, MAX_PARTIAL_MATCHES)[:MAX_PARTIAL_MATCHES],
        ranking.top(SCORES, MAX_PARTIAL_MATCHES)[:MAX_PARTIAL_MATCHES],
    )


def _with_exact_first(score: Scores, rows: Rows, matches: Sequence[Match]) -> Scores:
    """Raise the scores of papers with a single word as typed above those of papers with derived forms only."""
    exactness = matches[0].exactness
    if len(matches) > 1 or exactness is None or not len(rows) or not exactness.any():
        return score
    levels = exactness
    if len(rows) < len(exactness):
        by_row = np.zeros(int(matches[0].rows[-1]) + 1, np.uint8)
        by_row[matches[0].rows] = exactness
        levels = by_row[rows]
    raised: Scores = score + levels * (score.max() + np.float32(1))
    return raised


def _sum_of(matches: Sequence[Match], allowed: Mask, *, boosted: bool) -> Scores:
    """Return the sum of the scores of several matches for every row."""
    score = np.zeros(len(allowed), np.float32)
    for match in matches:
        rows = _rows_below(match, len(allowed))
        # A single word has an exactness.
        weight = np.float32(ADJACENT_WEIGHT if match.exactness is None else 1)
        score[rows] += weight * (match.boosted if boosted else match.unboosted)[: len(rows)]
    return score


def _match_all(matches: Sequence[Match], allowed: Mask) -> tuple[Rows, Scores]:
    """Return the allowed rows in all matches, ascending, and the sums of their boosted scores.

    Both may be arrays of a match, which is cached: they must not be changed.
    """
    first, *others = sorted(matches, key=lambda match: len(match.rows))
    rows = _rows_below(first, len(allowed))
    score = first.boosted[: len(rows)]
    if not allowed.all() and not (passing := allowed[rows]).all():
        kept = np.flatnonzero(passing)
        rows, score = rows[kept], score[kept]
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
        kept = np.flatnonzero(both)
        rows, score = rows[kept], score[kept] + match.boosted[at[kept]]
    return rows, score


class _PartialMatches(Struct, frozen=True):
    """How well every row matches some of the words."""

    score: Scores
    """Sum of the scores of the words; 0 for rows that contain none."""
    found: Mask
    """Rows with any of the words."""
    possible: Mask
    """Allowed rows that match all required nodes."""
    bound: np.float32
    """The sum, over the words, of the most that each gives any paper; above 0."""


def _match_some(
    wanted: Sequence[ScoredNode], matches: Sequence[Match], evaluation: QueryEvaluator, allowed: Mask
) -> _PartialMatches:
    """Return how well every row matches some of the words, and which rows match all required nodes.

    Adjacent words that are not quoted (`GPT-4`) count individually here.
    """
    parts: dict[ScoredNode, Match] = {}
    for node, match in zip(wanted, matches, strict=True):
        if isinstance(node, BooleanGroup) or node.required or len(node.slots) == 1:
            parts[node] = match
        else:
            for slots in (*((slot,) for slot in node.slots), *node.spellings):
                single = TermGroup(slots)
                parts[single] = evaluation.match(single)
    found = np.zeros(len(allowed), np.bool_)
    score = np.zeros(len(allowed), np.float32)
    bound = 0.0
    for match in parts.values():
        rows = _rows_below(match, len(allowed))
        found[rows] = True
        score[rows] += match.unboosted[: len(rows)]
        bound += float(match.unboosted.max(initial=0)) or evaluation.rarest_score
    possible = allowed
    for node, match in zip(wanted, matches, strict=True):
        if node.required:
            has_node = np.zeros(len(allowed), np.bool_)
            has_node[_rows_below(match, len(allowed))] = True
            possible = possible & has_node
    return _PartialMatches(score, found, possible, np.float32(bound or 1))


def _rows_below(match: Match, size: int) -> Rows:
    """Return the rows below `size`: a prefix, since matches are ascending."""
    return match.rows[: int(np.searchsorted(match.rows, size))]
