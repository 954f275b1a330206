"""One state of index, catalog and marks, ready to answer queries."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from paperreader.models import UNKNOWN_NUMBER, Completion, PaperTable
from paperreader.search.assist.completion import QueryCompleter
from paperreader.search.assist.did_you_mean import correct_query
from paperreader.search.assist.highlighter import Highlighter
from paperreader.search.index.postings import Rows
from paperreader.search.metadata.lookup import MetadataIndex
from paperreader.search.query.cost_limit import limit_cost
from paperreader.search.query.evaluator import QueryEvaluator
from paperreader.search.query.lazy_ranking import LazyRanking
from paperreader.search.query.matcher import Matcher
from paperreader.search.query.paper_filters import PaperColumns, PaperFilters
from paperreader.search.query.plan import BooleanGroup, Node, QueryPlan, TermGroup, build_plan, is_scored
from paperreader.search.query.ranking import NO_POSITION, RankedMatches, rank_papers
from paperreader.text.query.completion import completion_request


class SearchSession:
    """Answers queries over `place` (see `rank.places`)."""

    def __init__(
        self,
        table: PaperTable,
        matcher: Matcher,
        filters: PaperFilters,
        columns: PaperColumns,
        metadata: Callable[[], MetadataIndex],
        positions: NDArray[np.int32],
        cancelled: Callable[[], bool],
        completer: QueryCompleter,
    ) -> None:
        self._completer = completer
        self._table = table
        self._matcher = matcher
        self._mark_index = filters.mark_index
        self._columns = columns
        self._metadata = metadata
        self._positions = positions
        self._cancelled = cancelled
        self._evaluator = QueryEvaluator(matcher, filters, len(positions), cancelled)

    def plan(self, text: str) -> QueryPlan:
        """What a text asks for, as far as it can be answered soon."""
        return limit_cost(build_plan(text), self._matcher.cost)

    def rank(self, plan: QueryPlan) -> RankedMatches:
        """The papers that answer, in the order asked for.

        Raises:
            Cancelled: nobody waits any more.
        """
        allowed = self._positions != NO_POSITION
        for node in plan.filters:
            allowed &= self._evaluator.mask(node)
        ranking = rank_papers(
            plan.scored, self._evaluator, self._positions, allowed, self._columns.static_scores
        )
        if plan.sort is None or plan.sort == "relevance":
            return ranking
        rows, scores = ranking.ranking.unsorted
        order = np.concatenate(
            [
                self._sorted_order(rows[: ranking.full_matches], plan.sort),
                np.arange(ranking.full_matches, len(rows)),
            ]
        )
        return RankedMatches(LazyRanking.from_sorted(rows[order], scores[order]), ranking.full_matches)

    def highlighter(self, plan: QueryPlan, *, include_parts: bool) -> Highlighter:
        """What lights the wanted words; with `parts`, also the words of those that need not stand together."""
        units = list(_scored_groups(plan.scored))
        if include_parts:
            units += [TermGroup((slot,)) for unit in units if not unit.required for slot in unit.slots]
        return Highlighter(
            [(unit, [self._matcher.stems(slot) for slot in unit.slots]) for unit in dict.fromkeys(units)]
        )

    def suggestion(self, plan: QueryPlan, ranking: RankedMatches) -> str:
        """The query with its misspelt words put right, when more is found so; empty otherwise.

        Raises:
            Cancelled: nobody waits any more.
        """
        better = correct_query(plan, self._matcher.vocabulary, self._matcher.fuzzy, len(self._table))
        return better if better and self.rank(self.plan(better)).full_matches > ranking.full_matches else ""

    def completions(self, text: str, cursor: int) -> list[Completion]:
        """What could stand before the cursor, the likeliest first; nothing that would take all papers away.

        Beside other words it is only the likeliest that finds something with them.

        Raises:
            Cancelled: nobody waits any more.
        """
        asked = completion_request(text, cursor)
        if asked is None:
            return []
        found = self._completer.complete(asked)
        # What is told of alone was counted, except for words, which may be in the other of the two.
        if asked.is_first and asked.field not in ("title", "abstract"):
            return found
        for place, each in enumerate(found):
            if self._count_full_matches(text[: each.start] + each.text + text[each.end :]):
                return [each]  # each try is a search: one that is sure has to do
            if not place and not self._count_full_matches(text):
                return found
        return []

    def _count_full_matches(self, text: str) -> int:
        """How many papers answer to all of a text."""
        return self.rank(self.plan(text)).full_matches

    def _sorted_order(self, rows: Rows, sort: str) -> NDArray[np.int64]:
        """Places in `rows`, sorted; equal ones the newest first."""
        place = self._positions[rows]
        if sort == "date":
            return np.argsort(place)
        if sort == "votes":
            votes = self._columns.votes[rows]
            return np.lexsort((place, -np.where(votes == UNKNOWN_NUMBER, -1, votes)))
        if sort == "marked":
            latest = self._mark_index.change_times(len(self._positions))
            return np.lexsort((place, -latest[rows]))
        first, second = self._metadata().title_order(len(self._positions))
        return np.lexsort((place, second[rows], first[rows]))


def _scored_groups(nodes: Iterable[Node]) -> Iterable[TermGroup]:
    """The units that rank papers, those within groups included."""
    for node in nodes:
        if isinstance(node, TermGroup) and is_scored(node):
            yield node
        elif isinstance(node, BooleanGroup):
            yield from _scored_groups(node.nodes)
