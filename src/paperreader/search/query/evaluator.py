"""Evaluate the nodes of a query plan: words, filters, and boolean groups of both."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from paperreader.search.query.match import Match
from paperreader.search.query.paper_filters import Mask, PaperFilters
from paperreader.search.query.plan import BooleanGroup, Node, Not, ScoredNode, TermGroup, is_scored
from paperreader.search.query.words import QueryWords


class QueryEvaluator:
    """Evaluates the nodes of one query over the first `row_count` catalog rows."""

    def __init__(
        self, words: QueryWords, filters: PaperFilters, size: int, cancelled: Callable[[], bool]
    ) -> None:
        self._words = words
        self._filters = filters
        self._row_count = size
        self._cancelled = cancelled

    @property
    def rarest_score(self) -> float:
        """The most that a word gives a paper if no other contains it."""
        return self._words.rarest_score

    def match(self, node: ScoredNode) -> Match:
        """Return the papers that match a scored node, with scores.

        Raises:
            SearchCancelled: the search was cancelled.
        """
        if isinstance(node, TermGroup):
            return self._words.match(node, self._cancelled)
        mask = np.full(self._row_count, node.match_all, np.bool_)
        unboosted, boosted = np.zeros(self._row_count, np.float32), np.zeros(self._row_count, np.float32)
        for child in node.nodes:
            if is_scored(child):
                assert isinstance(child, TermGroup | BooleanGroup)
                match = self.match(child)
                rows_in_range = match.rows[: int(np.searchsorted(match.rows, self._row_count))]
                unboosted[rows_in_range] += match.unboosted[: len(rows_in_range)]
                boosted[rows_in_range] += match.boosted[: len(rows_in_range)]
                mask_of_node = self._row_mask(match)
            else:
                mask_of_node = self.mask(child)
            mask = mask & mask_of_node if node.match_all else mask | mask_of_node
        rows = np.flatnonzero(mask).astype(np.int32)
        return Match(rows, unboosted[rows], boosted[rows])

    def mask(self, node: Node) -> Mask:
        """Return the rows that match a node of any kind, removed papers included.

        Raises:
            SearchCancelled: the search was cancelled.
        """
        if isinstance(node, Not):
            return ~self.mask(node.node)
        if isinstance(node, BooleanGroup):
            if is_scored(node):
                return self._row_mask(self.match(node))
            masks = [self.mask(child) for child in node.nodes]
            joined: Mask = np.logical_and.reduce(masks) if node.match_all else np.logical_or.reduce(masks)
            return joined
        if isinstance(node, TermGroup) and not node.is_filter:
            return self._row_mask(self._words.match(node, self._cancelled))
        return self._filters.mask(node)

    def _row_mask(self, match: Match) -> Mask:
        mask = np.zeros(self._row_count, np.bool_)
        mask[match.rows[: int(np.searchsorted(match.rows, self._row_count))]] = True
        return mask
