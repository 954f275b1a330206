"""Pairs of texts that mean the same: two parts of one paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from papers import Stems, TrainingPaper

TITLE_SHARE, SENTENCE_SHARE = 0.4, 0.35
"""Shares of the pairs title and abstract, and sentence and rest. The others are a few words and the rest."""
DROPPED_SHARE = 0.1
"""Share of the words that are left out."""
MIN_SENTENCES, MIN_SENTENCE, MIN_WORDS, MAX_WORDS = 3, 4, 3, 10
NEIGHBORHOODS = 64
NEIGHBORHOOD_SHARE = 0.5
"""Share of a batch that comes from one neighborhood: papers about the same are harder to tell apart."""

Bag = tuple[torch.Tensor, torch.Tensor, torch.Tensor]
"""Different stems of all texts, where each text starts, and the weight of each stem in its text."""


def pair(paper: TrainingPaper, rng: np.random.Generator) -> tuple[Stems, Stems]:
    """Return a part of a paper, as a query, and the rest."""
    title, sentences = paper.title, paper.sentences
    query, rest = title, sentences
    kind = rng.random()
    if kind >= TITLE_SHARE and len(sentences) >= MIN_SENTENCES:
        at = int(rng.integers(len(sentences)))
        if kind < TITLE_SHARE + SENTENCE_SHARE:
            chosen, excluded = sentences[at], {at}
            minimum = MIN_SENTENCE
        else:
            excluded = {at, (at + 1) % len(sentences)}
            words = np.unique(np.concatenate([sentences[each] for each in excluded]))
            chosen = rng.permutation(words)[: rng.integers(MIN_WORDS, MAX_WORDS + 1)]
            minimum = MIN_WORDS
        if len(chosen) >= minimum:
            query = chosen
            rest = [title, *(part for number, part in enumerate(sentences) if number not in excluded)]
    document = _with_some_dropped(np.concatenate(rest), rng)
    query = _with_some_dropped(query, rng) if len(query) > MIN_SENTENCE else query
    return (query if len(query) else title), (document if len(document) else title)


def _with_some_dropped(stems: Stems, rng: np.random.Generator) -> Stems:
    return stems[rng.random(len(stems)) > DROPPED_SHARE]


def bag(texts: Sequence[Stems], vocabulary_size: int) -> Bag:
    """Return texts as their different stems with weights, as the product weights them."""
    lengths = [len(text) for text in texts]
    keys = np.repeat(np.arange(len(texts), dtype=np.int64), lengths) * vocabulary_size + np.concatenate(texts)
    different, counts = np.unique(keys, return_counts=True)
    starts = np.searchsorted(different, np.arange(len(texts), dtype=np.int64) * vocabulary_size)
    weights = (1 + np.log(counts)).astype(np.float32)
    return torch.from_numpy(different % vocabulary_size), torch.from_numpy(starts), torch.from_numpy(weights)


def batches(
    count: int, size: int, vectors: NDArray[np.float32] | None, rng: np.random.Generator
) -> Iterator[NDArray[np.int64]]:
    """Yield the numbers of the papers of each batch of one epoch.

    Args:
        count: number of papers.
        size: of a batch.
        vectors: current vectors of the papers, to find neighborhoods; None for batches of random papers.
        rng: source of random numbers.
    """
    order = rng.permutation(count)
    if vectors is not None:
        order = _by_neighborhood(order, vectors, size, rng)
    for start in range(0, count - size + 1, size):
        yield order[start : start + size]


def _by_neighborhood(
    order: NDArray[np.int64], vectors: NDArray[np.float32], size: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Return the papers in runs, half of each from one neighborhood and half from anywhere."""
    centers = vectors[rng.choice(len(vectors), NEIGHBORHOODS, replace=False)]
    nearest = np.argmax(vectors[order] @ centers.T, 1)
    is_near = rng.random(len(order)) < NEIGHBORHOOD_SHARE
    runs = [
        members[start : start + size // 2]
        for neighborhood in range(NEIGHBORHOODS)
        for members in [order[is_near & (nearest == neighborhood)]]
        for start in range(0, len(members), size // 2)
    ]
    others = np.array_split(order[~is_near], len(runs))
    mixed = zip((runs[number] for number in rng.permutation(len(runs))), others, strict=True)
    return np.concatenate([part for both in mixed for part in both])
