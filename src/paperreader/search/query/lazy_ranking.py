"""Ranked rows that are sorted lazily: a common word has 60,000 hits, but a screen shows fifty rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

SORTED_HEAD = 500
"""Number of rows that are sorted at once."""

_SAMPLE_STEP = 16
"""Of so many scores one is in a sample."""

Number = TypeVar("Number", int, float)
RankingPart = Literal[0, 1]
ROWS: RankingPart = 0
SCORES: RankingPart = 1
"""The two parallel arrays of a ranking."""


def best_indices(scores: NDArray[np.float32], count: int) -> NDArray[np.intp]:
    """Return the indices of the `count` best scores, also others that are as good, ascending; at most all.

    A sample tells which ones to look at: partitioning a million scores takes ten milliseconds.
    """
    indices = None
    if len(scores) > _SAMPLE_STEP * count:
        sample = scores[::_SAMPLE_STEP]
        expected = 2 * count // _SAMPLE_STEP + 1
        indices = np.flatnonzero(scores > np.partition(sample, -expected)[-expected])
    if indices is None or len(indices) < count:
        indices = np.arange(len(scores))
    if len(indices) > count:
        found = scores[indices]
        indices = indices[found >= np.partition(found, -count)[-count]]
    return indices


class LazyRanking:
    """Rows by falling score, then by position. Only the first `SORTED_HEAD` are sorted until more are read.

    Args:
        rows: int32, in any order.
        scores: float32, one per row, not negative.
        positions: int32, one per row; None when the rows are sorted already.
    """

    def __init__(
        self, rows: NDArray[np.int32], scores: NDArray[np.float32], positions: NDArray[np.int32] | None
    ) -> None:
        self._positions = positions
        """None when everything is sorted."""
        self.unsorted = (rows, scores)
        """Rows and scores, not sorted."""
        self._sorted_prefix = self.unsorted
        """Rows and scores, sorted: all, or the first ones."""
        if positions is not None:
            first: NDArray[np.integer] | slice = slice(None)
            if len(rows) > 2 * SORTED_HEAD:
                first = best_indices(scores, SORTED_HEAD)
            self._sorted_prefix = self._sorted(first)

    @classmethod
    def from_sorted(cls, rows: NDArray[np.int32], scores: NDArray[np.float32]) -> LazyRanking:
        """Wrap rows that are sorted already."""
        return cls(rows, scores, None)

    def __len__(self) -> int:
        return len(self.unsorted[0])

    def top(self, part: RankingPart, count: int) -> NDArray[Any]:
        """Return at least the first `count` sorted rows or scores."""
        if count > len(self._sorted_prefix[0]):
            self._sorted_prefix = self._sorted(slice(None))
        return self._sorted_prefix[part]

    @property
    def rows(self) -> RankedSequence[int]:
        """The sorted rows."""
        return RankedSequence(self, ROWS, 0, len(self))

    @property
    def scores(self) -> RankedSequence[float]:
        """Their scores."""
        return RankedSequence(self, SCORES, 0, len(self))

    def _sorted(self, which: NDArray[np.integer] | slice) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        assert self._positions is not None
        rows, scores = self.unsorted[0][which], self.unsorted[1][which]
        # The bit pattern of a non-negative float sorts like its value.
        bits = np.maximum(scores, np.float32(0)).view(np.int32).astype(np.int64)
        order = np.argsort((-bits << 32) + self._positions[which])
        return rows[order], scores[order]


class RankedSequence(Sequence[Number]):
    """Rows or scores of a ranking from `start` to `stop` as Python numbers. Slicing returns another view."""

    def __init__(self, order: LazyRanking, part: RankingPart, start: int, stop: int) -> None:
        self._ranking, self._part, self._start, self._stop = order, part, start, stop

    def __len__(self) -> int:
        return self._stop - self._start

    @overload
    def __getitem__(self, at: int) -> Number: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Number]: ...
    def __getitem__(self, at: int | slice) -> Number | Sequence[Number]:
        if isinstance(at, slice):
            start, stop, step = at.indices(len(self))
            if step != 1:
                return self.array[at].tolist()  # type: ignore[no-any-return]
            return RankedSequence(
                self._ranking, self._part, self._start + start, self._start + max(start, stop)
            )
        index = range(self._start, self._stop)[at]
        return self._ranking.top(self._part, index + 1)[index].item()  # type: ignore[no-any-return]

    def __iter__(self) -> Iterator[Number]:
        middle = max(self._start, min(self._stop, SORTED_HEAD))
        yield from self._ranking.top(self._part, middle)[self._start : middle].tolist()
        if middle < self._stop:
            yield from self._ranking.top(self._part, self._stop)[middle : self._stop].tolist()

    def __contains__(self, value: object) -> bool:
        return bool(np.any(self.array == value)) if isinstance(value, int | float) else False

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(own == each for own, each in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Ranked({list(self)})"

    @property
    def array(self) -> NDArray[Any]:
        """All values as an array. Sorts the whole ranking."""
        return self._ranking.top(self._part, self._stop)[self._start : self._stop]
