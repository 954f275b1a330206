"""The sentences that say why papers are among the results."""

from __future__ import annotations

from collections.abc import Container, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from paperreader.errors import PaperreaderError
from paperreader.models import NearMatches, PaperTable, TextMatches

if TYPE_CHECKING:
    from paperreader.library import MatchingSentence


class TextSentences:
    """Sentences of full texts that match."""

    def __init__(self, texts: TextMatches) -> None:
        self._texts = texts

    @property
    def rows(self) -> Container[int]:
        return self._texts.rows

    def find(self, row: int) -> MatchingSentence | None:
        from paperreader.library import matching_sentence

        return matching_sentence(self._texts, row)


class NearestSentences:
    """Sentences of abstracts that are nearest to the query, of papers that are near in meaning."""

    def __init__(self, near: NearMatches, rows: Sequence[int], table: PaperTable) -> None:
        self._near, self._rows, self._table = near, rows, table

    @cached_property
    def rows(self) -> frozenset[int]:
        return frozenset(self._rows)

    def find(self, row: int) -> str | None:
        from paperreader.library import nearest_sentence

        try:
            return nearest_sentence(self._near, self._table.paper(row))
        except PaperreaderError:
            return None  # the list shows that the paper is damaged
