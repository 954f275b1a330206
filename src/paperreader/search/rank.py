"""Papers in the order of an answer: those with every word, then those with some."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from paperreader.models import PaperTable
from paperreader.search.match import Match, Matcher
from paperreader.search.query import Query, Unit
from paperreader.search.reader import Rows, Scores

ENOUGH = 10
"""With fewer full matches, papers with some of the words fill up to as many."""

NOWHERE = np.iinfo(np.int32).max


@dataclass(frozen=True, slots=True)
class Ranking:
    """An answer to a query."""

    rows: Rows
    scores: Scores
    """As long as `rows`."""
    full: int
    """How many of `rows`, counted from the front, hold every word."""


NOTHING = Ranking(np.empty(0, np.int32), np.empty(0, np.float32), 0)


def everything(table: PaperTable) -> Ranking:
    """Every paper, newest first."""
    rows = np.array(table.newest, dtype=np.int32)
    return Ranking(rows, np.zeros(len(rows), np.float32), len(rows))


def places(table: PaperTable, size: int) -> NDArray[np.int32]:
    """For every row its place in the table, newest first; `NOWHERE` for a row without a paper.

    As long as needed for the table's own rows and for `size` rows of an index, which may be ahead or behind.
    """
    newest = np.asarray(table.newest, dtype=np.int32)
    found = np.full(max(size, int(newest.max(initial=-1)) + 1), NOWHERE, np.int32)
    found[newest] = np.arange(len(newest), dtype=np.int32)
    return found


def rank(query: Query, matcher: Matcher, place: NDArray[np.int32], cancelled: Callable[[], bool]) -> Ranking:
    """The papers that answer `query`, which wants something or is against something.

    Raises:
        Cancelled: `cancelled` turned true.
    """
    allowed = place != NOWHERE
    for unit in query.unwanted:
        rows = _known_rows(matcher.match(unit, cancelled), len(place))
        allowed[rows] = False
    if not query.wanted:
        left = np.flatnonzero(allowed)
        score = np.zeros(len(place), np.float32)
        return Ranking(best(left, score, place), score[left], len(left))
    matches = [matcher.match(unit, cancelled) for unit in query.wanted]
    count, score = _sum(matches, len(place), boosted=True)
    full = best(np.flatnonzero((count == len(matches)) & allowed), score, place)
    if len(full) >= ENOUGH:
        return Ranking(full, score[full], len(full))
    allowed[full] = False
    some, some_score = _some(query.wanted, matches, matcher, allowed, cancelled)
    filling = best(some, some_score, place)[: ENOUGH - len(full)]
    rows = np.concatenate([full, filling])
    return Ranking(rows, np.concatenate([score[full], some_score[filling]]), len(full))


def _some(
    wanted: Sequence[Unit],
    matches: Sequence[Match],
    matcher: Matcher,
    allowed: NDArray[np.bool_],
    cancelled: Callable[[], bool],
) -> tuple[NDArray[np.int64], Scores]:
    """The allowed rows with some of the words and every quoted phrase, and the scores of all rows.

    Words that have to stand side by side without being quoted (`GPT-4`) count one by one here.
    """
    parts: dict[Unit, Match] = {}
    for unit, match in zip(wanted, matches, strict=True):
        if unit.binds or len(unit.slots) == 1:
            parts[unit] = match
        else:
            for slot in unit.slots:
                single = Unit((slot,))
                parts[single] = matcher.match(single, cancelled)
    count, score = _sum(list(parts.values()), len(allowed), boosted=False)
    binding = [match for unit, match in zip(wanted, matches, strict=True) if unit.binds]
    bound, _ = _sum(binding, len(allowed), boosted=False)
    return np.flatnonzero((count > 0) & (bound == len(binding)) & allowed), score


def _sum(matches: Sequence[Match], size: int, *, boosted: bool) -> tuple[NDArray[np.int16], Scores]:
    """For every row, how many of the units it answers, and the sum of their scores."""
    count, score = np.zeros(size, np.int16), np.zeros(size, np.float32)
    for match in matches:
        rows = _known_rows(match, size)
        count[rows] += 1
        score[rows] += (match.boosted if boosted else match.plain)[: len(rows)]
    return count, score


def _known_rows(match: Match, size: int) -> Rows:
    """The rows below `size`; they come first, since a match is ascending."""
    return match.rows[: int(np.searchsorted(match.rows, size))]


def best(rows: NDArray[np.int64], score: Scores, place: NDArray[np.int32]) -> Rows:
    """`rows` by score, among equals the newest first."""
    return rows[np.lexsort((place[rows], -score[rows]))].astype(np.int32)
