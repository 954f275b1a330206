"""Ranked rows, of which only the first are sorted at once: a common word has 60,000 hits, and a screen fifty rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

HEAD = 500
"""Rows that are sorted at once."""

Number = TypeVar("Number", int, float)
Part = Literal[0, 1]
ROWS: Part = 0
SCORES: Part = 1
"""Of an order."""


class Order:
    """Rows by falling score, among equals by rising place; the others are sorted when somebody looks beyond the first.

    Args:
        rows: int32, in any order.
        scores: float32, of each row; 0 or more.
        places: int32, of each row.
    """

    def __init__(
        self, rows: NDArray[np.int32], scores: NDArray[np.float32], places: NDArray[np.int32] | None
    ) -> None:
        self._places = places
        """None where everything is in order."""
        self.raw = (rows, scores)
        """Rows and scores in any order."""
        self._ready = self.raw
        """Rows and scores in order: all of them or the first."""
        if places is not None:
            first: NDArray[np.integer] | slice = slice(None)
            if len(rows) > 2 * HEAD:
                first = np.flatnonzero(scores >= np.partition(scores, -HEAD)[-HEAD])
            self._ready = self._sorted(first)

    @classmethod
    def of(cls, rows: NDArray[np.int32], scores: NDArray[np.float32]) -> Order:
        """Rows that stand in order already."""
        return cls(rows, scores, None)

    def __len__(self) -> int:
        return len(self.raw[0])

    def values(self, part: Part, count: int) -> NDArray[Any]:
        """Rows or scores in order, `count` of them or more."""
        if count > len(self._ready[0]):
            self._ready = self._sorted(slice(None))
        return self._ready[part]

    @property
    def rows(self) -> Ranked[int]:
        """The rows in order."""
        return Ranked(self, ROWS, 0, len(self))

    @property
    def scores(self) -> Ranked[float]:
        """Their scores."""
        return Ranked(self, SCORES, 0, len(self))

    def _sorted(self, which: NDArray[np.integer] | slice) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        assert self._places is not None
        rows, scores = self.raw[0][which], self.raw[1][which]
        # The bits of a float that is not negative sort as it does itself.
        bits = np.maximum(scores, np.float32(0)).view(np.int32).astype(np.int64)
        order = np.argsort((-bits << 32) + self._places[which])
        return rows[order], scores[order]


class Ranked(Sequence[Number]):
    """The rows or the scores of an order from `start` to `stop`, as Python numbers; a slice is one as well."""

    def __init__(self, order: Order, part: Part, start: int, stop: int) -> None:
        self._order, self._part, self._start, self._stop = order, part, start, stop

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
            return Ranked(self._order, self._part, self._start + start, self._start + max(start, stop))
        place = range(self._start, self._stop)[at]
        return self._order.values(self._part, place + 1)[place].item()  # type: ignore[no-any-return]

    def __iter__(self) -> Iterator[Number]:
        middle = max(self._start, min(self._stop, HEAD))
        yield from self._order.values(self._part, middle)[self._start : middle].tolist()
        if middle < self._stop:
            yield from self._order.values(self._part, self._stop)[middle : self._stop].tolist()

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
        """All of them, as an array."""
        return self._order.values(self._part, self._stop)[self._start : self._stop]
