"""Words that mean the same: in the training they take each other's place, after it they come nearer to each other.

Papers seldom contain both of two words for one thing, so training alone does not bring them together; the teacher knows
them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from start import unit

NEIGHBORS = 8
"""Synonyms of a word, at most."""
MIN_COSINE = 0.5
"""Of words that take each other's place: the teacher takes them for nearly the same."""
REPLACED_SHARE = 0.25
"""Share of the words of a query that a synonym takes the place of, if there is one."""
MIN_COSINE_TO_MOVE = 0.55
MOVED_SHARE = 0.4
"""Weight of the synonyms of a word in its vector; the word itself has 1."""
_ROWS = 2000

Vectors = NDArray[np.float32]


class Synonyms:
    """The nearest words of each word, in a teacher.

    Args:
        taught: the teacher's vector of each word, with a mean of zero.
        is_whole: whether the teacher knows the word, not only its pieces. Others have no synonyms.
    """

    def __init__(self, taught: Vectors, is_whole: NDArray[np.bool_]) -> None:
        self._known = np.flatnonzero(is_whole)
        self._nearest = np.full((len(taught), NEIGHBORS), -1, np.int32)
        self._nearness = np.zeros((len(taught), NEIGHBORS), np.float32)
        vectors = unit(taught[self._known])
        for start in range(0, len(self._known), _ROWS):
            nearness = vectors[start : start + _ROWS] @ vectors.T
            own = np.arange(len(nearness))
            nearness[own, start + own] = 0
            order = np.argsort(-nearness, axis=1)[:, :NEIGHBORS]
            rows = self._known[start : start + _ROWS]
            self._nearest[rows, : order.shape[1]] = self._known[order]
            self._nearness[rows, : order.shape[1]] = np.take_along_axis(nearness, order, 1)
        self._counts = (self._nearness >= MIN_COSINE).sum(1)

    def replace(self, stems: NDArray[np.int32], rng: np.random.Generator) -> NDArray[np.int32]:
        """Return words, with a synonym in the place of some."""
        chosen = (rng.random(len(stems)) < REPLACED_SHARE) & (self._counts[stems] > 0)
        places = (rng.random(len(stems)) * self._counts[stems]).astype(np.int32)
        found: NDArray[np.int32] = np.where(chosen, self._nearest[stems, places], stems)
        return found

    def move(self, table: Vectors) -> Vectors:
        """Return the vectors of all words, each moved towards the mean of its synonyms; lengths stay.

        Faruqui et al., Retrofitting Word Vectors to Semantic Lexicons, 2015.
        """
        directions = unit(table)
        weights = np.where(self._nearness >= MIN_COSINE_TO_MOVE, self._nearness, np.float32(0))
        found = table.copy()
        for start in range(0, len(self._known), _ROWS):
            rows = self._known[start : start + _ROWS]
            neighbors = np.einsum("ij,ijk->ik", weights[rows], directions[self._nearest[rows]])
            moved = unit(directions[rows] + MOVED_SHARE * unit(neighbors))
            found[rows] = moved * np.linalg.norm(table[rows], axis=1, keepdims=True)
        return found
