"""The papers that match a part of a query, with scores."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from paperreader.search.index.postings import Rows, Scores

DERIVED, EXACT, EXACT_CAPITALS = 0, 1, 2
"""How a paper contains a single word: only in derived forms, as typed, with the capitals typed."""


class Match(Struct, frozen=True):
    """The papers that match a term group: three arrays of equal length."""

    rows: Rows
    """Unique, ascending."""
    unboosted: Scores
    """Scores with equal field weights; above 0."""
    boosted: Scores
    """Scores with `TITLE_BOOST` and `NOTE_BOOST`."""
    exactness: NDArray[np.uint8] | None = None
    """Of a single word, `DERIVED`, `EXACT` or `EXACT_CAPITALS` for each row."""

    def with_rows(self, rows: NDArray[np.integer], score: Scores | np.float32, boost: float = 1.0) -> Match:
        """Return these matches and others, which count as exact.

        Args:
            rows: unique, in any order; they may be among those that match already.
            score: is added to their scores, one for all or one for each.
            boost: its factor in the boosted scores.
        """
        size = int(max(self.rows.max(initial=-1), rows.max(initial=-1))) + 1
        unboosted, boosted = np.zeros(size, np.float32), np.zeros(size, np.float32)
        own = self.rows.astype(np.intp)
        unboosted[own], boosted[own] = self.unboosted, self.boosted
        unboosted[rows] += score
        boosted[rows] += np.float32(boost) * score
        matching = np.flatnonzero(unboosted > 0)
        exactness = None
        if self.exactness is not None:
            levels = np.zeros(size, np.uint8)
            levels[own] = self.exactness
            levels[rows] = EXACT_CAPITALS
            exactness = levels[matching]
        return Match(matching.astype(np.int32), unboosted[matching], boosted[matching], exactness)

    @property
    def nbytes(self) -> int:
        return self.rows.nbytes + self.unboosted.nbytes + self.boosted.nbytes + len(self.rows)
