"""The vectors of all papers of an index, by catalog row: which papers are near to a text in meaning.

Of a small library they are kept in memory; of a large one only the signs of their components, which tell which ones are
worth reading.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from paperreader.search.index.errors import IndexDamaged
from paperreader.search.index.loaded_vectors import LoadedVectors, load_vectors
from paperreader.search.index.postings import Scores
from paperreader.search.index.snapshot import IndexSnapshot
from paperreader.search.meaning import vectors
from paperreader.search.meaning.errors import MeaningUnavailable
from paperreader.search.meaning.vectors import PackedVectors
from paperreader.search.query.matcher import raise_if_cancelled

VECTORS_DAMAGED = (
    "What search by meaning needs is damaged. The reader or `paperreader reindex` computes it again."
)

if TYPE_CHECKING:
    from paperreader.search.meaning.model import MeaningModel

Vector = NDArray[np.float32]
Mask = NDArray[np.bool_]


class PaperVectors:
    """The vectors of the papers of a snapshot, read and verified on first use. Not thread-safe.

    Without a usable model, or without usable files, no paper has a vector: nothing raises an exception.

    Args:
        snapshot: an index that is loaded.
        row_count: the highest catalog row of the index plus one.
        open_model: returns the model, by default that of the program; raises `MeaningUnavailable`.
    """

    def __init__(
        self, snapshot: IndexSnapshot, row_count: int, open_model: Callable[[], MeaningModel] | None = None
    ) -> None:
        self.row_count = row_count
        self._segments, self._open_model = snapshot.segments, open_model
        self._is_damaged = False
        self._model_problem = ""
        self._content: LoadedVectors | None = None

    @property
    def problem(self) -> str:
        """Why no paper can be found by its meaning, as a sentence for the user; empty if papers can be found, or if
        vectors just have not been computed yet.
        """
        if self.model is None:
            return self._model_problem
        is_damaged = self._loaded is None or any(segment.has_damaged_vectors for segment in self._segments)
        return VECTORS_DAMAGED if is_damaged else ""

    @cached_property
    def model(self) -> MeaningModel | None:
        """The model; None if it cannot be used."""
        from paperreader.search.meaning.model import load_model  # opening the index does not need it

        try:
            return (self._open_model or load_model)()
        except MeaningUnavailable as error:
            self._model_problem = str(error)
            return None

    @property
    def model_id(self) -> str:
        """Identity of the model; empty without one."""
        return self.model.identity if self.model is not None else ""

    @property
    def dimensions(self) -> int:
        """Components of a vector; 0 if no paper has one."""
        return self.model.dimensions if self.model is not None and not self.is_empty else 0

    @property
    def is_empty(self) -> bool:
        """Whether no paper has a vector."""
        return self._loaded is None or not len(self._loaded.rows)

    @property
    def is_complete(self) -> bool:
        """Whether the vectors of all papers have been computed, with this model."""
        return self._loaded is not None and len(self._loaded.files) == len(self._segments)

    def vectors_of(self, rows: Iterable[int]) -> Vector:
        """Return the vectors of papers, each of length 1; zeros for a paper without one."""
        wanted = np.fromiter(rows, np.int64)
        found = np.zeros((len(wanted), self.dimensions), np.float32)
        loaded = self._loaded
        if loaded is not None and self.dimensions:
            present, numbers = self._numbers(loaded, wanted)
            if (stored := self._stored(loaded, numbers)) is not None:
                found[present] = stored.values * stored.scales[:, None]
        return found

    def cosines(self, vector: Vector) -> Scores:
        """Return the cosine of the angle between a vector and that of every row; 0 where there is none.

        Results do not depend on the segments of the index.
        """
        found = np.zeros(self.row_count, np.float32)
        loaded = self._loaded
        if loaded is None:
            return found
        if loaded.in_memory is not None:
            found[loaded.rows] = vectors.cosines(loaded.in_memory, vector)
            return found
        try:
            for number, file in enumerate(loaded.files):
                near = np.empty(file.header.documents, np.float32)
                for start, part in file.blocks():
                    near[start : start + len(part)] = vectors.cosines(part, vector)
                own = slice(*loaded.starts[number : number + 2])
                found[loaded.rows[own]] = near[loaded.documents[own]]
        except (IndexDamaged, OSError):
            self._give_up()
            found[:] = 0
        return found

    def cosines_of(self, vector: Vector, rows: NDArray[np.integer]) -> Scores:
        """Return the cosines of some rows only."""
        found = np.zeros(len(rows), np.float32)
        loaded = self._loaded
        if loaded is None or not len(rows):
            return found
        present, numbers = self._numbers(loaded, rows)
        if (stored := self._stored(loaded, numbers)) is not None:
            found[present] = vectors.cosines(stored, vector)
        return found

    def estimated_cosines(self, vector: Vector) -> Scores | None:
        """Return about the cosines between a vector and that of every row; None if all can be had at once."""
        loaded = self._loaded
        if loaded is None or loaded.bits is None:
            return None
        estimated = vectors.estimated_cosines(loaded.bits, vector)
        if loaded.is_in_order:
            return estimated
        found = np.zeros(self.row_count, np.float32)
        found[loaded.rows] = estimated
        return found

    def prepare(self, cancelled: Callable[[], bool]) -> None:
        """Read and verify all vectors, in steps that a search can interrupt: the next one continues.

        Raises:
            SearchCancelled: the search was cancelled.
        """
        for _ in self._steps:
            raise_if_cancelled(cancelled)

    @cached_property
    def _steps(self) -> Iterator[None]:
        """What has to be done before `_content` is known."""
        return self._read()

    def _read(self) -> Iterator[None]:
        if (model := self.model) is None:
            return
        usable = [
            segment
            for segment in self._segments
            if segment.vectors is not None and segment.vectors.header.model == model.identity
        ]
        try:
            self._content = yield from load_vectors(usable, self.row_count)
        except (IndexDamaged, OSError):
            self._is_damaged = True

    @property
    def _loaded(self) -> LoadedVectors | None:
        for _ in self._steps:
            pass
        return None if self._is_damaged else self._content

    def _give_up(self) -> None:
        """A file was changed while it was open."""
        self._is_damaged = True

    def _numbers(
        self, loaded: LoadedVectors, rows: NDArray[np.integer]
    ) -> tuple[NDArray[np.intp], NDArray[np.int32]]:
        """Return which of the rows have a vector, and the numbers of these vectors."""
        numbers = np.full(len(rows), -1, np.int32)
        known = (rows >= 0) & (rows < self.row_count)
        numbers[known] = loaded.numbers[rows[known]]
        present = np.flatnonzero(numbers >= 0)
        return present, numbers[present]

    def _stored(self, loaded: LoadedVectors, numbers: NDArray[np.int32]) -> PackedVectors | None:
        """Return the vectors of these numbers; None if a file was changed."""
        if loaded.in_memory is not None:
            return PackedVectors(loaded.in_memory.values[numbers], loaded.in_memory.scales[numbers])
        values = np.zeros((len(numbers), loaded.files[0].header.dimensions), np.int8)
        scales = np.zeros(len(numbers), np.float32)
        segments = np.searchsorted(loaded.starts, numbers, side="right") - 1
        try:
            for segment in np.unique(segments).tolist():
                own = np.flatnonzero(segments == segment)
                stored = loaded.files[segment].vectors_of(loaded.documents[numbers[own]])
                values[own], scales[own] = stored.values, stored.scales
        except (IndexDamaged, OSError):
            self._give_up()
            return None
        return PackedVectors(values, scales)
