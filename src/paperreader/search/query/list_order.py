"""The order that a query requests for its results."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from paperreader.models import UNKNOWN_NUMBER
from paperreader.search.index.postings import Rows, Scores
from paperreader.search.metadata.lookup import MetadataState
from paperreader.search.query.lazy_ranking import LazyRanking
from paperreader.search.query.mark_index import MarkIndex
from paperreader.search.query.paper_filters import PaperColumns, PaperFilters
from paperreader.search.query.plan import QueryPlan
from paperreader.search.query.ranking import RankedMatches


class ListOrder:
    """Sorts results by values of the catalog or of the marks.

    Args:
        positions: position of every row in the list (see `ranking.list_positions`).
        columns: numeric columns of the catalog.
        filters: has the numbers that are not in the catalog.
        mark_index: the marks.
        metadata: returns the index of titles, which may have to be read first.
        personal: returns the personal scores of rows, infinite for unrated ones; None if there are none.
    """

    def __init__(
        self,
        positions: NDArray[np.int32],
        columns: PaperColumns,
        filters: PaperFilters,
        mark_index: MarkIndex,
        metadata: Callable[[], MetadataState],
        personal: Callable[[Rows], Scores] | None,
    ) -> None:
        self._personal = personal
        self._positions, self._columns, self._filters = positions, columns, filters
        self._mark_index, self._metadata = mark_index, metadata

    def sort(self, matches: RankedMatches, plan: QueryPlan) -> RankedMatches:
        """Return the full matches in the requested order; of a query for meaning, which has none, all papers."""
        if plan.sort is None or (plan.sort == "relevance" and not plan.is_reversed):
            return matches
        rows, scores = matches.ranking.unsorted
        count = len(rows) if plan.asks_for_meaning else matches.full_matches
        by_order = self._order(rows[:count], plan.sort, plan.is_reversed)
        order = np.concatenate([by_order, np.arange(count, len(rows))])
        return replace(matches, ranking=LazyRanking.from_sorted(rows[order], scores[order]))

    def _order(self, rows: Rows, sort: str, is_reversed: bool) -> NDArray[np.int64]:
        """Return the indices that sort `rows`, equal ones newest first. Those without a value are last in any case."""
        position = self._positions[rows]
        sign = -1 if is_reversed else 1
        if sort == "relevance":  # ranked rows are in order
            return np.arange(len(rows))[::sign]
        if sort == "date":
            # Newest first, those without a date are last anyway.
            without_day = self._columns.days[rows] == 0
            return np.lexsort((-position, without_day)) if is_reversed else np.argsort(position)
        if sort == "title":
            primary, secondary = self._metadata().title_order(len(self._positions))
            return np.lexsort((position, sign * secondary[rows], sign * primary[rows]))
        if sort == "queue":
            places = self._mark_index.queue_positions(len(self._positions))[rows]
            return np.lexsort((position, sign * places, np.isnan(places)))
        if sort == "foryou" and self._personal is not None:
            scores = self._personal(rows)
            return np.lexsort((position, -sign * scores, np.isinf(scores)))
        if sort == "marked":
            values, unknown = self._mark_index.change_times(len(self._positions))[rows], 0
        else:
            number = "votes" if sort == "foryou" else sort
            values, unknown = self._filters.numbers(number)[rows], UNKNOWN_NUMBER
        return np.lexsort((position, -sign * values, values == unknown))
