"""Papers in the order of an answer: those with every word, then those with some."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from paperreader.models import PaperTable
from paperreader.search.evaluate import Evaluation
from paperreader.search.facts import Mask
from paperreader.search.match import Match
from paperreader.search.query import Group, Scored, Unit
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


def rank(
    wanted: Sequence[Scored], evaluation: Evaluation, place: NDArray[np.int32], allowed: Mask
) -> Ranking:
    """The papers that answer everything `wanted`, among those `allowed` (one for each row), which all have a place.

    Raises:
        Cancelled: nobody waits any more.
    """
    if not wanted:
        left = np.flatnonzero(allowed)
        score = np.zeros(len(place), np.float32)
        return Ranking(best(left, score, place), score[left], len(left))
    matches = [evaluation.match(node) for node in wanted]
    count, score = _sum(matches, len(place), boosted=True)
    full = best(np.flatnonzero((count == len(matches)) & allowed), score, place)
    if len(full) >= ENOUGH:
        return Ranking(full, score[full], len(full))
    allowed = allowed.copy()
    allowed[full] = False
    some, some_score = _some(wanted, matches, evaluation, allowed)
    filling = best(some, some_score, place)[: ENOUGH - len(full)]
    rows = np.concatenate([full, filling])
    return Ranking(rows, np.concatenate([score[full], some_score[filling]]), len(full))


def _some(
    wanted: Sequence[Scored], matches: Sequence[Match], evaluation: Evaluation, allowed: Mask
) -> tuple[NDArray[np.int64], Scores]:
    """The allowed rows with some of the words and all that binds, and the scores of all rows.

    Words that have to stand side by side without being quoted (`GPT-4`) count one by one here.
    """
    parts: dict[Scored, Match] = {}
    for node, match in zip(wanted, matches, strict=True):
        if isinstance(node, Group) or node.binds or len(node.slots) == 1:
            parts[node] = match
        else:
            for slot in node.slots:
                single = Unit((slot,))
                parts[single] = evaluation.match(single)
    count, score = _sum(list(parts.values()), len(allowed), boosted=False)
    binding = [match for node, match in zip(wanted, matches, strict=True) if node.binds]
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
