"""Find papers similar to a given one, with its most characteristic words as a weighted query."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from paperreader.models import Paper
from paperreader.search.analysis.paper_stems import count_stems
from paperreader.search.index.postings import PostingsReader
from paperreader.search.index.schema import TEXT_FIELDS
from paperreader.search.query.lazy_ranking import ROWS, SCORES, LazyRanking
from paperreader.search.query.ranking import NO_POSITION, RankedMatches

MAX_TERMS = 30
"""Number of stems of the paper in the query."""


def more_like(
    paper: Paper, row: int, postings_reader: PostingsReader, positions: NDArray[np.int32], limit: int
) -> RankedMatches:
    """Return at most `limit` papers similar to `paper`, which is at `row` and excluded itself.

    The query consists of the stems with the highest tf-idf (Salton and Buckley, Term-Weighting Approaches in Automatic
    Text Retrieval, 1988), each weighted by its tf-idf and scored by BM25.
    """
    score = np.zeros(len(positions), np.float32)
    for term, weight in _characteristic_terms(paper, postings_reader):
        for field in TEXT_FIELDS:
            postings = postings_reader.postings(field, term)
            idf = postings_reader.idf(postings_reader.document_frequency(field, term))
            score[postings.rows] += np.float32(weight) * postings_reader.bm25(field, idf, postings)
    score[row] = 0
    rows = np.flatnonzero((score > 0) & (positions != NO_POSITION)).astype(np.int32)
    order = LazyRanking(rows, score[rows], positions[rows])
    first, scores = order.top(ROWS, limit)[:limit], order.top(SCORES, limit)[:limit]
    return RankedMatches(LazyRanking.from_sorted(first, scores), len(first))


def _characteristic_terms(paper: Paper, postings_reader: PostingsReader) -> list[tuple[str, float]]:
    """Return the stems with the highest tf-idf and their weights, scaled to a maximum of 1."""
    weights = {
        term: count * postings_reader.idf(postings_reader.document_frequency("abstract", term))
        for term, count in count_stems(paper).items()
        if len(term) > 1 or not term.isascii()
    }
    strongest = sorted(weights, key=lambda term: (-weights[term], term))[:MAX_TERMS]
    most = weights[strongest[0]] if strongest else 1.0
    return [(term, weights[term] / most) for term in strongest]
