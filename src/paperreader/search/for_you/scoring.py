"""Scores of all papers for a profile."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from paperreader.search.index.postings import PostingsReader
from paperreader.search.index.schema import TEXT_FIELDS

Scores = NDArray[np.float32]

DISLIKED_WEIGHT = 0.5
"""How much being like the disliked papers takes away, compared with what being like the others adds."""

SHARES = (0.20, 0.07, 0.02)
"""The share of the papers that have at least level 1, 2 and 3."""


def add_scores(scores: Scores, terms: tuple[tuple[str, float], ...], postings: PostingsReader) -> None:
    """Add to the score of every row the BM25 scores of the terms, weighted as in the profile."""
    for stem, weight in terms:
        for field in TEXT_FIELDS:
            found = postings.postings(field, stem)
            if len(found.rows):
                idf = postings.idf(postings.document_frequency(field, stem))
                scores[found.rows] += np.float32(weight) * postings.bm25(field, idf, found)


def standardize(scores: Scores, live: NDArray[np.bool_]) -> Scores:
    """Return the scores with mean 0 and deviation 1 over the papers; unchanged if all are equal."""
    known = scores[live].astype(np.float64)
    mean, deviation = (float(known.mean()), float(known.std())) if len(known) else (0.0, 0.0)
    found: Scores = ((scores - mean) / (deviation or 1.0)).astype(np.float32)
    return found


def standardize_known(cosines: Scores, live: NDArray[np.bool_]) -> Scores:
    """Return `standardize` of the papers with a vector, whose cosine is not exactly 0; the others count as average."""
    known = live & (cosines != 0)
    found = standardize(cosines, known)
    found[~known] = 0
    return found


def fitted(scores: Scores, size: int) -> Scores:
    """Return the scores of `size` rows; those of rows that the index does not have are 0."""
    found = np.zeros(size, np.float32)
    found[: min(size, len(scores))] = scores[:size]
    return found


def levels_among(scores: Scores, *, without: Sequence[int]) -> bytes:
    """Return the level of each row, 0 to 3: how far ahead of the other papers it is. Those of `without` are not rated.

    No paper below the average has a level.
    """
    rated = np.isfinite(scores)
    rated[[row for row in without if row < len(rated)]] = False
    levels = np.zeros(len(scores), np.uint8)
    values = scores[rated]
    for share in SHARES if len(values) else ():
        rank = max(1, round(len(values) * share))
        least = max(0.0, float(np.partition(values, -rank)[-rank]))
        levels += rated & (scores >= least) & (scores > 0)
    return levels.tobytes()


def order_by_score(scores: Scores, rows: Sequence[int]) -> list[int]:
    """Return the rows with the highest scores first; of equal ones, those that come first already."""
    array = np.fromiter(rows, np.int64, len(rows))
    order: list[int] = array[np.argsort(-personal_scores(scores, array), kind="stable")].tolist()
    return order


def personal_scores(scores: Scores, rows: NDArray[np.integer]) -> Scores:
    """Return the scores of some rows; those of papers that came later are minus infinity."""
    found = np.full(len(rows), -np.inf, np.float32)
    known = rows < len(scores)
    found[known] = scores[rows[known]]
    return found
