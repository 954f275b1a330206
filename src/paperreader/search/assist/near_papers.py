"""What a query is near to in meaning: its words, or the papers that it names with `like:`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from paperreader.models import NearMatches, Paper, PaperTable
from paperreader.search.analysis.stemming import stem
from paperreader.search.analysis.tokenizer import split_words
from paperreader.search.assist.more_like_this import paper_vector, rank_similar
from paperreader.search.metadata.lookup import MetadataState
from paperreader.search.query.near import MAX_RANKED_BY_MEANING, NearRanking, query_vector
from paperreader.search.query.open_index import OpenIndex
from paperreader.search.query.paper_filters import Mask
from paperreader.search.query.paper_vectors import Vector
from paperreader.search.query.plan import QueryPlan
from paperreader.search.query.ranking import RankedMatches
from paperreader.search.query.references import row_of_name

_MAX_CHARS = 5_000
"""Of a text that is compared with the query."""

_NOT_READY = "search by meaning is being prepared: only words count so far"


class NearPapers:
    """Ranks papers for one query by how near they are.

    Args:
        plan: the query.
        table: the catalog.
        index: the index.
        positions: position of every row in the list.
        metadata: returns the index of ids, which may have to be read first.
        cancelled: whether the caller cancelled the search.
    """

    def __init__(
        self,
        plan: QueryPlan,
        table: PaperTable,
        index: OpenIndex,
        positions: NDArray[np.int32],
        metadata: Callable[[], MetadataState],
        cancelled: Callable[[], bool],
    ) -> None:
        self._plan, self._table, self._index = plan, table, index
        self._positions, self._metadata, self._cancelled = positions, metadata, cancelled
        self.is_used = False
        """Whether `ranking` was asked for."""

    def ranking(self) -> NearRanking | None:
        """Return the ranking by words and meaning.

        Without a known word, None, or one by words alone if the query asks for meaning.

        Raises:
            SearchCancelled: the search was cancelled while the vectors were read for the first time.
        """
        self._index.vectors.prepare(self._cancelled)
        self.is_used = True
        vector = self._vector
        if vector is None:
            if not self._plan.asks_for_meaning:
                return None
            vector = np.zeros(1, np.float32)
        return NearRanking(self._index.vectors, vector, self._positions)

    def rank_like(self, allowed: Mask) -> RankedMatches:
        """Return the allowed papers that are related to those of `like:`, without these; none if one is unknown.

        Raises:
            StorageError: the line of a paper is damaged.
        """
        near = self.ranking()
        if near is None or self._missing:
            allowed = np.zeros(len(allowed), np.bool_)
        assert near is not None
        return rank_similar(self._liked, self._index.postings, near, allowed, MAX_RANKED_BY_MEANING)

    @property
    def hint(self) -> str:
        """What the user should know about a query that asks for meaning; empty if nothing."""
        if not self._plan.asks_for_meaning:
            return ""
        if self._missing:
            return f"no paper is called {self._missing[0]}"
        if self._index.vectors.is_empty:
            return self._index.vectors.problem or _NOT_READY
        if self._vector is None and self._plan.scored:
            return "no word has a known meaning: only words count"
        return ""

    def matches(self, count: int) -> NearMatches | None:
        """Return what the results need; None if meaning was not needed. `count` results are near."""
        if not self.is_used:
            return None
        vectors = self._index.vectors
        is_requested = self._plan.asks_for_meaning
        return NearMatches(count, is_requested, self._nearness(), vectors.problem, vectors.is_complete)

    def _nearness(self) -> Callable[[str], float]:
        model, vector = self._index.vectors.model, self._vector
        if model is None or vector is None:
            return lambda text: 0.0
        unit = vector / np.float32(np.linalg.norm(vector) or 1)
        return lambda text: float(unit @ model.vector(map(stem, split_words(text[:_MAX_CHARS]))))

    @cached_property
    def _vector(self) -> Vector | None:
        if self._plan.query.likes:
            vector = paper_vector(self._liked, self._index.vectors)
            return vector if vector.any() else None
        return query_vector(self._plan, self._index.vectors)

    @cached_property
    def _rows(self) -> dict[str, int | None]:
        return {name: row_of_name(name, self._table, self._metadata) for name in self._plan.query.likes}

    @property
    def _missing(self) -> list[str]:
        return [name for name, row in self._rows.items() if row is None]

    @cached_property
    def _liked(self) -> Sequence[tuple[int, Paper]]:
        rows = dict.fromkeys(row for row in self._rows.values() if row is not None)
        return [(row, self._table.paper(row)) for row in rows]
