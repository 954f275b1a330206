"""Metadata of papers that changed since the base file was written."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from paperreader.search.metadata.tables import PaperMetadata

_ROWS_PER_SORTED_ROW = 100
"""Sorting a row costs as much as clearing and scanning this many."""


class MetadataChanges:
    """Metadata by row, newer than that of the base file.

    Args:
        by_row: the metadata.
        base_row_count: rows of the base file.
    """

    def __init__(self, by_row: Mapping[int, PaperMetadata], base_row_count: int) -> None:
        self.by_row = by_row
        self.rows = np.array(sorted(by_row), np.int64)
        """The changed rows, ascending."""
        self._base_row_count = base_row_count

    def correct(self, rows: NDArray[np.integer], fits: Callable[[PaperMetadata], bool]) -> NDArray[np.int64]:
        """Correct rows found in the base file by the changes since; return them unique and ascending."""
        if len(rows) + len(self.rows) <= self._base_row_count // _ROWS_PER_SORTED_ROW:
            fitting = [row for row in self.rows.tolist() if fits(self.by_row[row])]
            unchanged = rows[~np.isin(rows, self.rows)] if len(self.rows) and len(rows) else rows
            return np.unique(np.concatenate([unchanged, np.array(fitting, np.int64)]).astype(np.int64))
        mask = np.zeros(max(self._base_row_count, int(self.rows.max(initial=-1)) + 1), np.bool_)
        mask[rows] = True
        mask[self.rows] = [fits(self.by_row[row]) for row in self.rows.tolist()]
        return np.flatnonzero(mask)
