"""Papers in the order of an answer: those with every word, then those with some."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from paperreader.models import PaperTable
from paperreader.search.index.postings import Rows, Scores
from paperreader.search.query.evaluator import Evaluation
from paperreader.search.query.lazy_ranking import ROWS, SCORES, Order
from paperreader.search.query.matcher import Match
from paperreader.search.query.paper_filters import Mask
from paperreader.search.query.plan import Group, Scored, Unit

ENOUGH = 10
"""With fewer full matches, papers with some of the words fill up to as many."""

_MANY = 32
"""A list so many times as long is searched by bisection, not walked through."""

NOWHERE = np.iinfo(np.int32).max


class Ranking(Struct, frozen=True):
    """An answer to a query."""

    order: Order
    full: int
    """How many of the rows, counted from the front, hold every word."""


NOTHING = Ranking(Order.of(np.empty(0, np.int32), np.empty(0, np.float32)), 0)


def everything(table: PaperTable) -> Ranking:
    """Every paper, newest first."""
    rows = np.array(table.newest, dtype=np.int32)
    return Ranking(Order.of(rows, np.zeros(len(rows), np.float32)), len(rows))


def places(table: PaperTable, size: int) -> NDArray[np.int32]:
    """For every row its place in the table, newest first; `NOWHERE` for a row without a paper.

    As long as needed for the table's own rows and for `size` rows of an index, which may be ahead or behind.
    """
    newest = np.asarray(table.newest, dtype=np.int32)
    found = np.full(max(size, int(newest.max(initial=-1)) + 1), NOWHERE, np.int32)
    found[newest] = np.arange(len(newest), dtype=np.int32)
    return found


def newest_first(rows: NDArray[np.integer], place: NDArray[np.int32]) -> Rows:
    """Different rows, all of which have a place, by place."""
    taken = np.full(len(place), -1, np.int32)
    taken[place[rows]] = rows
    return taken[taken >= 0]


def rank(
    wanted: Sequence[Scored],
    evaluation: Evaluation,
    place: NDArray[np.int32],
    allowed: Mask,
    prior: Scores,
) -> Ranking:
    """The papers that answer everything `wanted`, among those `allowed` (one for each row), which all have a place.

    Scores are multiplied by `prior`, which is about 1 (see `priors`).

    Raises:
        Cancelled: nobody waits any more.
    """
    if not wanted:
        left = newest_first(np.flatnonzero(allowed), place)
        return Ranking(Order.of(left, np.zeros(len(left), np.float32)), len(left))
    matches = [evaluation.match(node) for node in wanted]
    rows, score = _every(matches, allowed)
    full = Order(rows, score * prior[rows], place[rows])
    if len(full) >= ENOUGH:
        return Ranking(full, len(full))
    allowed = allowed.copy()
    allowed[rows] = False
    some, some_score = _some(wanted, matches, evaluation, allowed)
    filling = Order(some, some_score * prior[some], place[some])
    missing = ENOUGH - len(full)
    rows, score = (
        np.concatenate([full.values(part, len(full)), filling.values(part, missing)[:missing]])
        for part in (ROWS, SCORES)
    )
    return Ranking(Order.of(rows, score), len(full))


def _every(matches: Sequence[Match], allowed: Mask) -> tuple[Rows, Scores]:
    """The allowed rows that answer all, ascending, and the sums of their boosted scores."""
    first, *others = sorted(matches, key=lambda match: len(match.rows))
    rows = _known_rows(first, len(allowed))
    kept = allowed[rows]
    rows, score = rows[kept], first.boosted[: len(kept)][kept]
    at: NDArray[np.integer]
    for match in others:
        if len(rows) * _MANY < len(match.rows):
            at = np.searchsorted(match.rows, rows)
            at[at == len(match.rows)] = 0
            both = match.rows[at] == rows
        else:
            known = _known_rows(match, len(allowed))
            numbers = np.full(len(allowed), -1, np.int32)
            numbers[known] = np.arange(len(known), dtype=np.int32)
            at = numbers[rows]
            both = at >= 0
        rows, score = rows[both], score[both] + match.boosted[at[both]]
    return rows, score


def _some(
    wanted: Sequence[Scored], matches: Sequence[Match], evaluation: Evaluation, allowed: Mask
) -> tuple[Rows, Scores]:
    """The allowed rows with some of the words and all that binds, and their scores.

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
    found = np.zeros(len(allowed), np.bool_)
    score = np.zeros(len(allowed), np.float32)
    for match in parts.values():
        rows = _known_rows(match, len(allowed))
        found[rows] = True
        score[rows] += match.plain[: len(rows)]
    for node, match in zip(wanted, matches, strict=True):
        if node.binds:
            bound = np.zeros(len(allowed), np.bool_)
            bound[_known_rows(match, len(allowed))] = True
            found &= bound
    rows = np.flatnonzero(found & allowed).astype(np.int32)
    return rows, score[rows]


def _known_rows(match: Match, size: int) -> Rows:
    """The rows below `size`; they come first, since a match is ascending."""
    return match.rows[: int(np.searchsorted(match.rows, size))]
