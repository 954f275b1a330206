"""A search session: one state of index, catalog and marks on which queries are executed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from paperreader.models import Completion, PaperTable, TextMatches
from paperreader.search.assist.completion import QueryCompleter
from paperreader.search.assist.did_you_mean import MAX_MATCHES_TO_CORRECT, QueryCorrector
from paperreader.search.assist.highlighter import Highlighter
from paperreader.search.assist.near_papers import NearPapers
from paperreader.search.for_you.scoring import Scores, personal_scores
from paperreader.search.metadata.loaded_authors import LoadedAuthors
from paperreader.search.metadata.lookup import MetadataState
from paperreader.search.query.cost_limit import limit_cost
from paperreader.search.query.evaluator import QueryEvaluator
from paperreader.search.query.list_order import ListOrder
from paperreader.search.query.mark_index import MarkIndex
from paperreader.search.query.match import Match
from paperreader.search.query.open_index import OpenIndex
from paperreader.search.query.paper_filters import ComputedRows, Mask, PaperColumns, PaperFilters
from paperreader.search.query.people import add_people, find_people
from paperreader.search.query.plan import (
    QueryPlan,
    TermGroup,
    build_plan,
    choices_of,
    is_function_word,
    scored_groups,
    searches_texts,
)
from paperreader.search.query.ranking import (
    NO_POSITION,
    NO_RESULTS,
    RankedMatches,
    rank_by_meaning,
    rank_papers,
)
from paperreader.search.query.references import NamedPapers, find_named_papers, put_first
from paperreader.search.query.spellings import add_spellings
from paperreader.search.query.words import FullTextWords, QueryWords
from paperreader.text.query.completion import completion_request
from paperreader.text.query.fields import FULL_TEXT


class SearchSession:
    """Executes queries on one state of index, catalog and marks.

    Args:
        table: the catalog.
        index: the index, whose matcher also searches the notes.
        positions: position of every row in the list (see `ranking.list_positions`).
        columns: numeric columns of the catalog.
        mark_index: the marks.
        metadata: returns the index of authors, ids and sources, which may have to be read first.
        computed: rows of papers that are `new` unless they are marked otherwise, `watched` or `updated`.
        stored_texts: returns the rows of the papers whose full texts are stored; called only by queries for them.
        citations: returns the numbers of citations by row; called only by queries for them.
        open_texts: opens the full texts; called only by queries that search in them.
        cancelled: whether the caller cancelled the search.
        personal: scores of the rows in the personal order; None sorts by votes instead.
    """

    def __init__(
        self,
        table: PaperTable,
        index: OpenIndex,
        positions: NDArray[np.int32],
        columns: PaperColumns,
        mark_index: MarkIndex,
        metadata: Callable[[], MetadataState],
        computed: ComputedRows,
        stored_texts: Callable[[], Iterable[int]],
        citations: Callable[[], Mapping[int, int]],
        open_texts: Callable[[], FullTextWords],
        cancelled: Callable[[], bool],
        personal: Scores | None,
    ) -> None:
        self._table = table
        self._index, self._cancelled = index, cancelled
        self._matcher = index.matcher
        self._words = QueryWords(self._matcher, open_texts)
        self._positions = positions
        self._columns = columns
        self._mark_index = mark_index
        self._metadata = metadata
        filters = PaperFilters(table, columns, mark_index, metadata, computed, stored_texts, citations)
        self._filters = filters
        self._evaluator = QueryEvaluator(self._words, filters, len(positions), cancelled)
        self._order = ListOrder(
            positions,
            columns,
            filters,
            mark_index,
            metadata,
            partial(personal_scores, personal) if personal is not None else None,
        )
        self._authors = LoadedAuthors(metadata)
        self._completer = QueryCompleter(
            self._words.vocabulary, len(table), mark_index, columns, metadata, self._authors.get_index
        )

    def prepare(self, plan: QueryPlan) -> QueryPlan:
        """Return the plan with other spellings, without its most expensive words if it exceeds the cost limit."""
        return limit_cost(add_spellings(plan, self._words.frequency_in), self._words.cost)

    def near_papers(self, plan: QueryPlan) -> NearPapers:
        """Return what is near to a query, which was not prepared, in meaning."""
        return NearPapers(plan, self._table, self._index, self._positions, self._metadata, self._cancelled)

    def named_papers(self, query: str) -> NamedPapers | None:
        """Return the papers that a query names by id, DOI or URL; None if it names none."""
        return find_named_papers(query, self._table, self._metadata, self._mark_index.deleted)

    def rank(
        self, plan: QueryPlan, named: Sequence[int] = (), near: NearPapers | None = None
    ) -> RankedMatches:
        """Return the `named` rows that pass the filters, even hidden ones, then the matches in the requested order.

        With `near`, papers that are near in meaning follow the full matches if these are few.

        Raises:
            SearchCancelled: the search was cancelled.
        """
        self._matcher.use_authors(self._authors.index)
        allowed = self._positions != NO_POSITION
        for node in plan.filters:
            allowed &= self._evaluator.mask(node)
        first = [row for row in named if row < len(allowed) and allowed[row]]
        if (unlisted := self._filters.unlisted(choices_of((*plan.scored, *plan.filters), "is"))) is not None:
            allowed &= ~unlisted
        return put_first(first, self._rank(plan, allowed, near))

    def count_hidden(self, plan: QueryPlan) -> int:
        """Return how many hidden papers match in full.

        Raises:
            SearchCancelled: the search was cancelled.
        """
        if not (hidden := self._mark_index.hidden) or plan.asks_for_meaning:
            return 0
        allowed = np.zeros(len(self._positions), np.bool_)
        allowed[[row for row in hidden if row < len(allowed)]] = True
        allowed &= self._positions != NO_POSITION
        for node in plan.filters:
            allowed &= self._evaluator.mask(node)
        return self._rank(plan, allowed).full_matches if allowed.any() else 0

    def _rank(self, plan: QueryPlan, allowed: Mask, near: NearPapers | None = None) -> RankedMatches:
        if not (plan.scored or plan.filters or plan.sort or (near and plan.query.likes)):
            return NO_RESULTS
        if near is not None and plan.asks_for_meaning:
            return self._order.sort(self._rank_near(plan, allowed, near), plan)
        authors = self._authors.index

        def with_people(matches: Sequence[Match]) -> Sequence[Match]:
            people = list(find_people(plan.scored, authors, self._matcher)) if authors else ()
            return add_people(matches, people, self._matcher)

        static_scores = self._columns.static_scores
        matches = rank_papers(
            plan.scored,
            plan.optional,
            self._evaluator,
            self._positions,
            allowed,
            static_scores,
            with_people,
            near.ranking if near is not None else _no_ranking,
        )
        return self._order.sort(matches, plan)

    def _rank_near(self, plan: QueryPlan, allowed: Mask, near: NearPapers) -> RankedMatches:
        """Rank all papers by meaning; those related to papers have to match the other words."""
        if plan.query.likes:
            for node in plan.scored:
                allowed = allowed & self._evaluator.mask(node)
            return near.rank_like(allowed)
        ranking = near.ranking()
        assert ranking is not None
        return rank_by_meaning(plan.scored, self._evaluator, allowed, self._columns.static_scores, ranking)

    def highlighter(self, plan: QueryPlan, *, include_parts: bool, is_near: bool) -> Highlighter:
        """Return a highlighter of the query's words.

        Args:
            plan: the query.
            include_parts: also highlight each word of unquoted groups.
            is_near: leave out function words, which do not say why papers are near in meaning.
        """
        groups = list(scored_groups((*plan.scored, *plan.optional)))
        if is_near:
            groups = [group for group in groups if not is_function_word(group)] or groups
        return self._highlighter(groups, include_parts=include_parts)

    def text_matches(self, plan: QueryPlan) -> TextMatches | None:
        """Return where to find the words that were searched in full texts; None if none were."""
        groups = [group for group in scored_groups(plan.scored) if group.field == FULL_TEXT]
        if not groups:
            return None
        texts, find_matches = self._words.texts, self._highlighter(groups, include_parts=False)
        return TextMatches(find_matches, texts.rows, texts.blocks, len(groups), texts.is_indexed)

    def texts_hint(self, plan: QueryPlan) -> str:
        """Return why nothing can be found in full texts; empty if something can, or nothing is looked for."""
        return self._words.texts.hint if searches_texts((*plan.scored, *plan.filters)) else ""

    def _highlighter(self, found: Iterable[TermGroup], *, include_parts: bool) -> Highlighter:
        groups = list(found)
        groups += [replace(group, slots=slots, spellings=()) for group in groups for slots in group.spellings]
        if include_parts:
            groups += [
                replace(group, slots=(slot,), spellings=())
                for group in groups
                if not group.required
                for slot in group.slots
            ]
        return Highlighter(
            [
                (group, [self._words.stems(group, slot) for slot in group.slots])
                for group in dict.fromkeys(groups)
            ]
        )

    def suggestion(self, plan: QueryPlan, matches: RankedMatches) -> str:
        """Return the query with misspelt words corrected if that has more full matches, otherwise an empty string.

        Raises:
            SearchCancelled: the search was cancelled.
        """
        if plan.asks_for_meaning or matches.full_matches >= MAX_MATCHES_TO_CORRECT:
            return ""
        texts = self._words.texts if searches_texts(plan.scored) else None
        corrector = QueryCorrector(
            self._matcher.vocabulary,
            self._matcher.fuzzy,
            self._authors.index,
            len(self._table),
            (texts.vocabulary, texts.fuzzy) if texts is not None else None,
        )
        corrected = corrector.correct(plan)
        if corrected and self._count_full_matches(corrected) > matches.full_matches:
            return corrected
        return ""

    def completions(self, text: str, cursor: int) -> list[Completion]:
        """Return completions at the cursor, the most likely first, without those that would match no paper.

        After other words, only the most likely completion that matches together with them.

        Raises:
            SearchCancelled: the search was cancelled.
        """
        request = completion_request(text, cursor)
        if request is None:
            return []
        found = self._completer.complete(request)
        # The first completion of a query has matches, except for words of one field, which may occur only in the other.
        if request.is_first and request.field not in ("title", "abstract", FULL_TEXT):
            return found
        for number, completion in enumerate(found):
            completed = text[: completion.start] + completion.text + text[completion.end :]
            if self._count_full_matches(completed):
                return [completion]  # one is enough: each check is a search
            if not number and not self._count_full_matches(text):
                return found
        return []

    def _count_full_matches(self, text: str) -> int:
        """Return the number of full matches of another query."""
        return self.rank(self.prepare(build_plan(text))).full_matches


def _no_ranking() -> None:
    """Return no ranking by meaning."""
