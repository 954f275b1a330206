"""Rank papers by words and meaning: how well the words fit, plus the cosine between query and paper.

Words count as a share of the most that they could give any paper, so that meaning counts more where they fit badly.
Cosines need no such scale: they are alike in all libraries.
"""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from paperreader.search.analysis.stemming import stem
from paperreader.search.analysis.tokenizer import split_words
from paperreader.search.index.postings import Rows, Scores
from paperreader.search.query.lazy_ranking import ROWS, SCORES, LazyRanking, best_indices
from paperreader.search.query.paper_filters import Mask
from paperreader.search.query.paper_vectors import PaperVectors, Vector
from paperreader.search.query.plan import QueryPlan, scored_groups

MAX_NEAR = 50
"""Papers, with those that match in full, up to which a list is filled."""

MAX_RANKED_BY_MEANING = 200
"""Papers in the list of a query that asks for meaning (`~`, `like:`)."""

MIN_COSINE = 0.2
"""Of papers that contain none of the words. Cosines of unrelated papers have a deviation of 0.085."""

MAX_CANDIDATES = 1500
"""Papers whose scores are computed exactly, in a large library: the best by estimated scores."""

_MAX_QUERY_CHARS = 20_000
"""Of a text that is searched for: several pages."""

_MANY_WORDS = 100
"""Words of a query from which on all of its text counts, because further ones are not in the plan."""


class NearRanking(Struct, frozen=True):
    """Ranks papers by words and by how near they are to a text.

    Raises nothing: papers without a vector are ranked by words.
    """

    vectors: PaperVectors
    vector: Vector
    positions: NDArray[np.int32]
    """Position of every row in the list, which decides between equal scores."""

    def rank(self, lexical: Scores, allowed: Mask, limit: int, weight: float = 1.0) -> tuple[Rows, Scores]:
        """Return the best allowed rows, and their scores, which are above 0.

        Args:
            lexical: for each row how well the words fit, at most 1.
            allowed: mask over the rows.
            limit: maximum number of rows.
            weight: what cosines are multiplied by.
        """
        factor = np.float32(weight)
        estimated = self.vectors.estimated_cosines(self.vector) if self.vector.any() else None
        if estimated is None:
            cosines = self.vectors.cosines(self.vector) if self.vector.any() else None
            rows, scores = _best(self._sum(lexical, allowed, cosines, factor), limit)
        else:
            rows, _ = _best(_estimate(lexical, allowed, estimated, factor), MAX_CANDIDATES)
            cosines = self.vectors.cosines_of(self.vector, rows)
            scores = lexical[rows] + factor * _without_far(cosines, lexical[rows])
        positive = scores > 0
        rows, scores = rows[positive], scores[positive]
        ranking = LazyRanking(rows, scores, self.positions[rows])
        return ranking.top(ROWS, limit)[:limit], ranking.top(SCORES, limit)[:limit]

    @staticmethod
    def _sum(lexical: Scores, allowed: Mask, cosines: Scores | None, weight: np.float32) -> Scores:
        """Return the score of every row, 0 for those that are not allowed. Beyond their end cosines are 0."""
        scores = lexical.copy()
        if cosines is not None:
            size = min(len(scores), len(cosines))
            scores[:size] += weight * _without_far(cosines[:size], lexical[:size])
        scores *= allowed
        return scores


def _estimate(lexical: Scores, allowed: Mask, cosines: Scores, weight: np.float32) -> Scores:
    """Return about the score of every row, 0 for those that are not allowed. Changes `cosines`, to save time."""
    size = min(len(lexical), len(cosines))
    cosines *= weight
    cosines[:size] += lexical[:size]
    cosines[:size] *= allowed[:size]
    if size == len(lexical):
        return cosines[:size]
    return np.concatenate([cosines, lexical[size:] * allowed[size:]])


def _without_far(cosines: Scores, lexical: Scores) -> Scores:
    """Return the cosines, with 0 for papers that have none of the words and are not near either."""
    return np.where((cosines >= MIN_COSINE) | (lexical > 0), cosines, np.float32(0))


def query_vector(plan: QueryPlan, vectors: PaperVectors) -> Vector | None:
    """Return the vector of the words of a query, without excluded ones; None if the model knows none of them."""
    if vectors.model is None or vectors.is_empty:
        return None
    words = split_words(plan.query.text[:_MAX_QUERY_CHARS])
    if len(words) < _MANY_WORDS:
        groups = scored_groups((*plan.scored, *plan.optional))
        words = [slot.word for group in groups for slot in group.slots]
    vector = vectors.model.vector(map(stem, words))
    return vector if vector.any() else None


def _best(scores: Scores, count: int) -> tuple[Rows, Scores]:
    """Return the rows with the `count` best scores above 0, also others that are as good, in any order."""
    rows = best_indices(scores, count)
    rows = rows[scores[rows] > 0]
    return rows.astype(np.int32), scores[rows]
