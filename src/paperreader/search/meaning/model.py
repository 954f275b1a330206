"""The model: vectors of texts, from vectors of their stems."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from paperreader.search.meaning import model_file
from paperreader.search.meaning.errors import MeaningUnavailable

DIMENSIONS = 256
"""Numbers of a vector."""

MODEL_FILE = Path(__file__).with_name("model.bin")
_MANY_STEMS = 500
"""From this many stems on, a dictionary of all stems of the model, which takes 3 ms, is faster than looking each up."""


class MeaningModel:
    """Vectors of texts: the sum over the different stems of a text of `(1 + log(count)) * vector of the stem`."""

    def __init__(self, content: model_file.ModelContent) -> None:
        self._content = content
        self._count = len(content.scales)

    @classmethod
    def open(cls, path: Path) -> MeaningModel:
        """Open the file of a model, which stays mapped into memory.

        Raises:
            MeaningUnavailable: it is missing, damaged, or of another version.
        """
        return cls(model_file.read_model(path, DIMENSIONS))

    @property
    def dimensions(self) -> int:
        """Numbers of a vector."""
        return 2 * int(self._content.table.shape[1])

    @property
    def identity(self) -> str:
        """Return what differs between models, in hexadecimal. Vectors of different models cannot be compared."""
        return self._content.identity

    @property
    def about(self) -> Mapping[str, Any]:
        """What the model was trained on, and how."""
        return self._content.about

    @property
    def stems(self) -> list[str]:
        """All stems, sorted."""
        ends = self._content.ends.tolist()
        return [self._content.stems[start:end].decode() for start, end in pairwise(ends)]

    def vector(self, stems: Iterable[str]) -> NDArray[np.float32]:
        """Return the vector of a text, of length 1; zeros if the model contains none of its stems."""
        counts = Counter(stems)
        places = self.places(list(counts))
        known = places >= 0
        weights = 1 + np.log(np.fromiter(counts.values(), np.float32, len(counts))[known])
        found: NDArray[np.float32] = weights @ self.rows(places[known]) if known.any() else self._nothing()
        length = float(np.linalg.norm(found))
        return found / np.float32(length) if length else found

    def rows(self, places: NDArray[np.int32]) -> NDArray[np.float32]:
        """Return the vectors at those places of the table."""
        return self.integers(places) * self._content.scales[places][:, None]

    def integers(self, places: NDArray[np.int32]) -> NDArray[np.int8]:
        """Return the vectors at those places of the table, before they are multiplied by their scales."""
        pairs = self._content.table[places]
        found = np.empty((len(pairs), self.dimensions), np.int8)
        found[:, 0::2] = pairs >> 4
        found[:, 1::2] = pairs & 15
        found -= model_file.ZERO
        return found

    def scales(self, places: NDArray[np.int32]) -> NDArray[np.float32]:
        """Return what `integers` have to be multiplied by."""
        return self._content.scales[places]

    def places(self, stems: Sequence[str]) -> NDArray[np.int32]:
        """Return the place of each stem in the table, -1 for those that the model does not contain."""
        if len(stems) >= _MANY_STEMS:
            place_of = {stem: place for place, stem in enumerate(self.stems)}
            return np.fromiter((place_of.get(stem, -1) for stem in stems), np.int32, len(stems))
        return np.fromiter(map(self._place, stems), np.int32, len(stems))

    def _place(self, stem: str) -> int:
        wanted = stem.encode("utf-8", "replace")
        place = bisect_left(range(self._count), wanted, key=self._stem_at)
        return place if place < self._count and self._stem_at(place) == wanted else -1

    def _stem_at(self, place: int) -> bytes:
        return self._content.stems[self._content.ends[place] : self._content.ends[place + 1]]

    def _nothing(self) -> NDArray[np.float32]:
        return np.zeros(self.dimensions, np.float32)


@cache
def load_model() -> MeaningModel:
    """Return the model of the program, opened at the first call.

    Raises:
        MeaningUnavailable: it is missing, damaged, or of another version.
    """
    return MeaningModel.open(MODEL_FILE)


def optional_model() -> MeaningModel | None:
    """Return the model of the program; None if it cannot be used, which those who search by meaning are told."""
    try:
        return load_model()
    except MeaningUnavailable:
        return None
