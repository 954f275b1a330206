"""Papers like a given one: its most telling words as a weighted query."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from paperreader.models import Paper
from paperreader.search.analysis.tokenizer import stem, words
from paperreader.search.index.postings import OpenIndex
from paperreader.search.index.schema import TEXT_FIELDS
from paperreader.search.query.lazy_ranking import ROWS, SCORES, Order
from paperreader.search.query.ranking import NOWHERE, Ranking
from paperreader.text.tex_display import readable

MOST_TERMS = 30
"""Stems of the paper that are asked for."""


def nearest(paper: Paper, row: int, index: OpenIndex, place: NDArray[np.int32], limit: int) -> Ranking:
    """The papers whose words are most like those of `paper` (at `row`, left out), at most `limit`.

    The strongest stems by tf-idf (Salton and Buckley, Term-Weighting Approaches in Automatic Text Retrieval,
    1988), each weighted by its tf-idf, scored by BM25.
    """
    score = np.zeros(len(place), np.float32)
    for term, weight in _telling(paper, index):
        for field in TEXT_FIELDS:
            postings = index.postings(field, term)
            idf = index.idf(index.frequency(field, term))
            score[postings.rows] += np.float32(weight) * index.bm25(field, idf, postings)
    score[row] = 0
    rows = np.flatnonzero((score > 0) & (place != NOWHERE)).astype(np.int32)
    order = Order(rows, score[rows], place[rows])
    first, scores = order.values(ROWS, limit)[:limit], order.values(SCORES, limit)[:limit]
    return Ranking(Order.of(first, scores), len(first))


def _telling(paper: Paper, index: OpenIndex) -> list[tuple[str, float]]:
    """The strongest stems with their weights, of which the largest is 1."""
    counts = Counter(stem(word) for text in (paper.title, paper.abstract) for word in words(readable(text)))
    weights = {
        term: count * index.idf(index.frequency("abstract", term))
        for term, count in counts.items()
        if len(term) > 1 or not term.isascii()
    }
    strongest = sorted(weights, key=lambda term: (-weights[term], term))[:MOST_TERMS]
    most = weights[strongest[0]] if strongest else 1.0
    return [(term, weights[term] / most) for term in strongest]
