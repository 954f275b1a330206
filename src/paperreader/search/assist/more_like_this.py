"""Find papers similar to given ones: with their most characteristic words as a weighted query, and by meaning."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from paperreader.models import Paper
from paperreader.search.analysis.paper_stems import count_stems
from paperreader.search.index.postings import PostingsReader, Scores
from paperreader.search.index.schema import TEXT_FIELDS
from paperreader.search.query.lazy_ranking import LazyRanking
from paperreader.search.query.near import NearRanking
from paperreader.search.query.paper_filters import Mask
from paperreader.search.query.paper_vectors import PaperVectors, Vector
from paperreader.search.query.ranking import NO_POSITION, RankedMatches

MAX_TERMS = 30
"""Number of stems of the paper in the query."""

MEANING_WEIGHT = 1.5
"""What the cosine is multiplied by; the paper with the most characteristic words has 1 for these."""


def more_like(
    paper: Paper,
    row: int,
    postings_reader: PostingsReader,
    vectors: PaperVectors,
    positions: NDArray[np.int32],
    limit: int,
) -> RankedMatches:
    """Return at most `limit` papers similar to `paper`, which is at `row` and excluded itself."""
    papers = [(row, paper)]
    near = NearRanking(vectors, paper_vector(papers, vectors), positions)
    matches = rank_similar(papers, postings_reader, near, positions != NO_POSITION, limit)
    return RankedMatches(matches.ranking, len(matches.ranking))


def rank_similar(
    papers: Sequence[tuple[int, Paper]],
    postings_reader: PostingsReader,
    near: NearRanking,
    allowed: Mask,
    limit: int,
) -> RankedMatches:
    """Return at most `limit` allowed papers similar to some papers, given with their rows, but not these.

    `near` has the vector of these papers.
    """
    shares = [_shared_words(row, paper, postings_reader, len(allowed)) for row, paper in papers]
    lexical = np.zeros(len(allowed), np.float32)
    for share in shares:
        lexical += share / np.float32(len(papers))
    allowed = allowed.copy()
    allowed[[row for row, _ in papers]] = False
    rows, scores = near.rank(lexical, allowed, limit, MEANING_WEIGHT)
    return RankedMatches(LazyRanking.from_sorted(rows, scores), 0, len(rows))


def paper_vector(papers: Sequence[tuple[int, Paper]], vectors: PaperVectors) -> Vector:
    """Return the mean vector of papers, given with their rows; zeros if no meaning is known."""
    if vectors.model is None or not papers:
        return np.zeros(1, np.float32)
    stored = vectors.vectors_of([row for row, _ in papers])
    found = [
        own if own.any() else vectors.model.vector(count_stems(paper).elements())
        for own, (_, paper) in zip(stored, papers, strict=True)
    ]
    mean: Vector = np.mean(found, axis=0, dtype=np.float32)
    return mean


def _shared_words(row: int, paper: Paper, postings_reader: PostingsReader, size: int) -> Scores:
    """Return how much of a paper's characteristic words each row contains, 1 for the other paper with the most.

    The query consists of the stems with the highest tf-idf (Salton and Buckley, Term-Weighting Approaches in Automatic
    Text Retrieval, 1988), each weighted by its tf-idf and scored by BM25.
    """
    score = np.zeros(size, np.float32)
    for term, weight in _characteristic_terms(paper, postings_reader):
        for field in TEXT_FIELDS:
            postings = postings_reader.postings(field, term)
            idf = postings_reader.idf(postings_reader.document_frequency(field, term))
            score[postings.rows] += np.float32(weight) * postings_reader.bm25(field, idf, postings)
    score[row] = 0
    score /= score.max() or np.float32(1)
    return score


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
