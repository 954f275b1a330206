"""After the training: words that mean the same come nearer to each other.

Papers seldom contain both of two words for one thing, so training does not bring them together; the teacher knows them.
Each word is moved towards the mean of its neighbors there (Faruqui et al., Retrofitting Word Vectors to Semantic
Lexicons, 2015).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from start import unit

NEIGHBORS = 8
MIN_COSINE = 0.55
"""Of words that the teacher takes for nearly the same."""
SHARE = 0.4
"""Weight of the neighbors; the word itself has 1."""
_ROWS = 2000

Vectors = NDArray[np.float32]


def with_synonyms(table: Vectors, taught: Vectors, is_whole: NDArray[np.bool_]) -> Vectors:
    """Return the table with each word moved towards its neighbors; lengths stay.

    Args:
        table: the trained vectors.
        taught: the teacher's vector of each word, with a mean of zero.
        is_whole: whether the teacher knows the word, not only its pieces. Others stay as they are.
    """
    known = np.flatnonzero(is_whole)
    directions, of_teacher = unit(table[known]), unit(taught[known])
    moved = directions.copy()
    for start in range(0, len(known), _ROWS):
        nearness = of_teacher[start : start + _ROWS] @ of_teacher.T
        own = np.arange(len(nearness))
        nearness[own, start + own] = 0
        nearest = np.argpartition(-nearness, min(NEIGHBORS, len(known) - 1), axis=1)[:, :NEIGHBORS]
        weights = np.take_along_axis(nearness, nearest, 1)
        weights[weights < MIN_COSINE] = 0
        neighbors = np.einsum("ij,ijk->ik", weights, directions[nearest])
        moved[start : start + _ROWS] += SHARE * unit(neighbors)
    found = table.copy()
    found[known] = unit(moved) * np.linalg.norm(table[known], axis=1, keepdims=True)
    return found
