"""A model of a few words for search by meaning. Words of one line are near to each other, those of others are not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import numpy as np

from paperreader.search.analysis.stemming import stem
from paperreader.search.meaning import model
from paperreader.search.meaning.model_file import serialize_model

TOPICS = """
video film motion movie clip animation footage
robot manipulator grasp arm gripper hand humanoid
language text sentence word translation corpus
protein molecule drug chemistry enzyme
graph node edge network vertex
speech audio voice sound acoustic
quantum qubit entanglement photon
""".strip().splitlines()


def topic_vectors(seed: int, dimensions: int = model.DIMENSIONS) -> tuple[list[str], np.ndarray]:
    """Return the sorted stems of all topics and a vector for each."""
    random = np.random.default_rng(seed)
    vectors = {}
    for line in TOPICS:
        center = random.standard_normal(dimensions)
        for word in line.split():
            vectors[stem(word)] = center + 0.4 * random.standard_normal(dimensions)
    stems = sorted(vectors)
    return stems, np.array([vectors[each] for each in stems], np.float32)


def write_model(path: Path, seed: int = 1) -> None:
    """Write a model. Those of different seeds have different identities."""
    stems, vectors = topic_vectors(seed)
    path.write_bytes(serialize_model(stems, vectors, {"seed": seed}))


@contextmanager
def model_in(path: Path) -> Iterator[Callable[[], None]]:
    """Use the model in a file, which may be missing. Call what is yielded after the file was changed."""
    with patch.object(model, "MODEL_FILE", path):
        model.load_model.cache_clear()
        yield model.load_model.cache_clear
    model.load_model.cache_clear()
