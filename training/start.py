"""Vectors of stems to start from: what the teacher knows of words, and of others the papers that contain them."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from pairs import Bag
from torch.nn import functional

CONTEXT_SHARE = 0.85
"""Share of the papers in the vector of a word that the teacher spells in pieces, such as "LoRA"."""
MIN_WEIGHT, MAX_WEIGHT = 0.02, 0.9

Vectors = NDArray[np.float32]


def first_weights(papers: NDArray[np.int64], count: int) -> NDArray[np.float32]:
    """Return the weight of each stem that this many of `count` papers contain: its idf, relative to the largest."""
    idf = np.log(count / (np.maximum(papers, 1) + 1))
    return np.clip(idf / idf.max(), MIN_WEIGHT, MAX_WEIGHT).astype(np.float32)


def first_vectors(
    taught: Vectors,
    is_whole: NDArray[np.bool_],
    texts: Bag,
    papers: NDArray[np.int64],
    dimensions: int,
) -> tuple[Vectors, Vectors]:
    """Return the vector of each stem, and the basis of their space in that of the teacher: (its numbers, dimensions).

    Args:
        taught: the teacher's vector of each word, with a mean of zero.
        is_whole: whether the teacher knows the word, not only its pieces.
        texts: the stems of each paper.
        papers: in how many papers each stem is.
        dimensions: numbers of a vector; the principal components of the teacher's vectors.
    """
    _, axes = np.linalg.eigh(taught.T @ taught)
    basis = np.ascontiguousarray(axes[:, ::-1][:, :dimensions], np.float32)
    vectors = unit(taught @ basis)
    weighted = first_weights(papers, len(texts[1]))[:, None] * vectors * is_whole[:, None]
    of_texts = text_vectors(texts, weighted)
    contexts = _context_vectors(texts, unit(of_texts - of_texts.mean(0)), len(vectors))
    own_share = np.where(is_whole, 1, 1 - CONTEXT_SHARE)[:, None].astype(np.float32)
    has_context = np.abs(contexts).sum(1, keepdims=True) > 0
    return np.where(has_context, unit(own_share * vectors + (1 - own_share) * contexts), vectors), basis


def text_vectors(texts: Bag, table: Vectors) -> Vectors:
    """Return the vector of each text, of length 1."""
    stems, starts, weights = texts
    return unit(_weighted_sums(torch.from_numpy(np.ascontiguousarray(table)), stems, starts, weights))


def _context_vectors(texts: Bag, vectors: Vectors, count: int) -> Vectors:
    """Return for each of `count` stems the direction of the weighted sum of the vectors of texts that contain it."""
    stems, starts, weights = texts
    number_of_text = torch.bucketize(torch.arange(len(stems)), starts, right=True) - 1
    by_stem = torch.argsort(stems, stable=True)
    first_of_stem = torch.searchsorted(stems[by_stem], torch.arange(count))
    sums = _weighted_sums(torch.from_numpy(vectors), number_of_text[by_stem], first_of_stem, weights[by_stem])
    return unit(sums)


def _weighted_sums(
    table: torch.Tensor, numbers: torch.Tensor, starts: torch.Tensor, weights: torch.Tensor
) -> Vectors:
    """Return the weighted sum of rows of a table, from each start to the next one."""
    with torch.inference_mode():
        return functional.embedding_bag(
            numbers, table, starts, mode="sum", per_sample_weights=weights
        ).numpy()


def unit(vectors: Vectors) -> Vectors:
    """Return the vectors with length 1; zeros stay."""
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
