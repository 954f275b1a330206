"""The profile of a set of papers: which stems they have more of than the library.

`weight(t) = mean of tf-idf(t) over the papers, vectors of length 1, minus what the library has on average` (Rocchio,
Relevance Feedback in Information Retrieval, 1971, with the library in place of the irrelevant papers). No training and
no randomness: the same papers in the same library always have the same profile, however they came together.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from paperreader.search.for_you.term_vectors import TermVector, TermWeights, sum_by_stem

MAX_TERMS = 200
"""Stems of a profile, the heaviest ones."""

MIN_SHARED = 2
"""A stem in so many papers of the profile is a reason, and not an accident of one."""


class Profile(Struct, frozen=True):
    """What a set of papers has more of than the library."""

    terms: tuple[tuple[str, float], ...] = ()
    """The heaviest stems with their weights, the heaviest first."""
    shared: frozenset[str] = frozenset()
    """Those of them that are in `MIN_SHARED` papers or more."""
    paper_count: int = 0


NO_PROFILE = Profile()


def build_profile(
    vectors: Sequence[TermVector], weights: TermWeights, without: Sequence[TermVector] = ()
) -> Profile:
    """Return the profile of papers.

    Args:
        vectors: the papers.
        weights: numbers their stems.
        without: other papers; what these have as well does not count.
    """
    if not vectors:
        return NO_PROFILE
    count = len(weights.stems)
    frequencies = np.concatenate([vector.frequencies for vector in vectors])
    scale = float(frequencies.mean()) if len(frequencies) else 0.0
    found = sum_by_stem(vectors, count) / len(vectors)
    usual = weights.expected(scale)
    if without:
        usual = np.maximum(usual, sum_by_stem(without, count) / len(without))
    found -= usual
    holders = np.bincount(np.concatenate([vector.numbers for vector in vectors]), minlength=count)
    positive = np.flatnonzero(found > 0)
    if len(positive) > 2 * MAX_TERMS:
        least = np.partition(found[positive], -MAX_TERMS)[-MAX_TERMS]
        positive = positive[found[positive] >= least]
    stems = weights.stems
    # Sorted by stem as well: the numbers depend on the order in which papers came.
    heaviest = sorted(positive.tolist(), key=lambda number: (-found[number], stems[number]))[:MAX_TERMS]
    return Profile(
        tuple((stems[number], float(found[number])) for number in heaviest),
        frozenset(stems[number] for number in heaviest if holders[number] >= MIN_SHARED),
        len(vectors),
    )
