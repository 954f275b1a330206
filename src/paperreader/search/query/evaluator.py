"""Which papers answer a node of a query, be it words, filters, or groups of both."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from paperreader.search.query.matcher import Match, Matcher
from paperreader.search.query.paper_filters import Filters, Mask
from paperreader.search.query.plan import Group, Node, Scored, Unit, Without, scores


class Evaluation:
    """Answers the nodes of one query, for `size` rows."""

    def __init__(self, matcher: Matcher, filters: Filters, size: int, cancelled: Callable[[], bool]) -> None:
        self._matcher = matcher
        self._filters = filters
        self._size = size
        self._cancelled = cancelled

    def match(self, node: Scored) -> Match:
        """The papers that answer a node that ranks, and how well.

        Raises:
            Cancelled: nobody waits any more.
        """
        if isinstance(node, Unit):
            return self._matcher.match(node, self._cancelled)
        mask = np.full(self._size, node.every, np.bool_)
        plain, boosted = np.zeros(self._size, np.float32), np.zeros(self._size, np.float32)
        for each in node.nodes:
            if scores(each):
                assert isinstance(each, Unit | Group)
                found = self.match(each)
                there = found.rows[: int(np.searchsorted(found.rows, self._size))]
                plain[there] += found.plain[: len(there)]
                boosted[there] += found.boosted[: len(there)]
                own = self._mask_of(found)
            else:
                own = self.mask(each)
            mask = mask & own if node.every else mask | own
        rows = np.flatnonzero(mask).astype(np.int32)
        return Match(rows, plain[rows], boosted[rows])

    def mask(self, node: Node) -> Mask:
        """The rows of papers that answer a node of any kind, live or not.

        Raises:
            Cancelled: nobody waits any more.
        """
        if isinstance(node, Without):
            return ~self.mask(node.node)
        if isinstance(node, Group):
            if scores(node):
                return self._mask_of(self.match(node))
            masks = [self.mask(each) for each in node.nodes]
            joined: Mask = np.logical_and.reduce(masks) if node.every else np.logical_or.reduce(masks)
            return joined
        if isinstance(node, Unit) and node.where != "author":
            return self._mask_of(self._matcher.match(node, self._cancelled))
        return self._filters.mask(node)

    def _mask_of(self, match: Match) -> Mask:
        mask = np.zeros(self._size, np.bool_)
        mask[match.rows[: int(np.searchsorted(match.rows, self._size))]] = True
        return mask
