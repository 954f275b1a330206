"""Why papers are among the results, as far as a text has to be read for it in the background."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from paperreader.models import FindMatches, NearMatches, PaperTable, TextMatches
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.controllers.sentences import SentenceLoader
from paperreader.tui.model.list_query import ListResult
from paperreader.tui.model.result_sentences import NearestSentences, TextSentences
from paperreader.tui.widgets.paper_list.match_reason import (
    FindReason,
    MatchReason,
    nearest_sentence_reason,
    sentence_reason,
    summary_reason,
)

if TYPE_CHECKING:
    from paperreader.library import MatchingSentence


class ResultReasons:
    """Sentences of full texts that match, and of abstracts that are nearest to the query.

    Args:
        ctx: shared by all controllers.
        found: called with rows when their sentences are known.
    """

    def __init__(self, ctx: ReaderContext, found: Callable[[Sequence[int]], object]) -> None:
        self.sentences: SentenceLoader[MatchingSentence] = SentenceLoader(
            lambda work: ctx.tasks.start(work, group="sentences"), found
        )
        """What full texts contain of the query."""
        self._nearest: SentenceLoader[str] = SentenceLoader(
            lambda work: ctx.tasks.start(work, group="nearest-sentences"), found
        )
        self._texts: TextMatches | None = None
        self._near: NearMatches | None = None
        self._find_matches: FindMatches | None = None
        self._searches_summaries = False
        self._mark_of = ctx.library.mark

    def use(self, result: ListResult, table: PaperTable) -> FindReason | None:
        """Find the sentences of these results from now on. Return the reason of a row; None if there are none."""
        if result.hits.texts is not self._texts:
            self._texts = result.hits.texts
            self.sentences.use(TextSentences(result.hits.texts) if result.hits.texts is not None else None)
        if (near := result.hits.near) is not self._near:
            self._near = near
            near_rows = result.rows[result.full_matches :]
            self._nearest.use(NearestSentences(near, near_rows, table) if near is not None else None)
        self._find_matches = result.find_matches
        self._searches_summaries = result.query.is_search and _searches_summaries(result.query.text)
        has_reasons = (
            result.hits.texts is not None or result.hits.near is not None or self._searches_summaries
        )
        return self._reason if has_reasons else None

    def _reason(self, row: int) -> MatchReason | None:
        if self._searches_summaries and self._find_matches is not None:
            reason = summary_reason(self._find_matches, self._mark_of(row).generated_text)
            if reason is not None:
                return reason
        if (sentence := self.sentences.get(row)) is not None:
            return sentence_reason(sentence.text, sentence.ranges)
        nearest = self._nearest.get(row)
        if not nearest or self._find_matches is None:
            return None
        return nearest_sentence_reason(nearest, self._find_matches(nearest))


def _searches_summaries(query: str) -> bool:
    from paperreader.text.query import searches_summaries  # not needed for the first frame

    return searches_summaries(query)
