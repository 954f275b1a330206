"""What is derived from a snapshot of the index, and kept as long as it is current."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from paperreader.models import CatalogVersion, PaperTable
from paperreader.search.index.postings import PostingsReader
from paperreader.search.index.snapshot import IndexSnapshot
from paperreader.search.query.matcher import Matcher
from paperreader.search.query.paper_filters import PaperColumns
from paperreader.search.query.paper_vectors import PaperVectors
from paperreader.search.query.ranking import list_positions


class OpenIndex:
    """Readers of one snapshot, which is loaded."""

    def __init__(self, snapshot: IndexSnapshot) -> None:
        self.snapshot = snapshot
        self.postings = PostingsReader(snapshot)
        self.matcher = Matcher(self.postings)
        self.vectors = PaperVectors(snapshot, self.postings.row_count)
        self._catalog: tuple[CatalogVersion, NDArray[np.int32], PaperColumns] | None = None

    def positions_and_columns(self, table: PaperTable) -> tuple[NDArray[np.int32], PaperColumns]:
        """Return `list_positions` and the numeric columns of the table, cached for its version."""
        if self._catalog is None or self._catalog[0] != table.version:
            positions = list_positions(table, self.postings.row_count)
            self._catalog = (table.version, positions, PaperColumns(table, len(positions)))
        return self._catalog[1:]
