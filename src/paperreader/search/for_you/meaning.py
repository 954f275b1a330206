"""How near papers are in meaning to those of the user. Without vectors of papers, words alone decide."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from paperreader.search.for_you.scoring import Scores
from paperreader.search.query.paper_vectors import PaperVectors

MEANING_WEIGHT = 0.7
"""Weight of the cosine, compared with the score of the terms; both are standardized."""

Vector = NDArray[np.float32]


def cosines_of_both(
    vectors: PaperVectors, liked: Sequence[int], disliked: Sequence[int]
) -> tuple[Scores | None, Scores | None]:
    """Return the cosines of all rows with the mean of the liked papers, and with what is special to the disliked ones.

    None where there is no vector to compare with.
    """
    wanted, unwanted = _mean(vectors, liked), _mean(vectors, disliked)
    if wanted is not None and unwanted is not None:
        unwanted = unwanted - float(unwanted @ wanted) * wanted
    return _cosines(vectors, wanted), _cosines(vectors, unwanted)


def nearest_in_meaning(vectors: PaperVectors, row: int, others: Sequence[int]) -> int | None:
    """Return the row of the nearest of other papers; None if there is none, or the paper has no vector."""
    (own,) = vectors.vectors_of([row])
    if not others or not own.any():
        return None
    cosines = vectors.vectors_of(others) @ own
    best = int(np.argmax(cosines))
    return others[best] if cosines[best] > 0 else None


def _cosines(vectors: PaperVectors, mean: Vector | None) -> Scores | None:
    return vectors.cosines(mean) if mean is not None and mean.any() else None


def _mean(vectors: PaperVectors, rows: Sequence[int]) -> Vector | None:
    """Return the mean of the vectors of papers, as a vector of length 1; None if none has one."""
    if not vectors.dimensions or not rows:
        return None
    total = vectors.vectors_of(rows).astype(np.float64).sum(axis=0)
    length = float(np.sqrt(total @ total))
    return (total / length).astype(np.float32) if length else None
