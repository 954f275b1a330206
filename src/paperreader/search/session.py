"""One state of index, catalog and marks, ready to answer queries."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from paperreader.models import UNKNOWN, Completion, PaperTable
from paperreader.search.assist.completion import Completing
from paperreader.search.assist.did_you_mean import respelt
from paperreader.search.assist.highlighter import Finder
from paperreader.search.index.postings import Rows
from paperreader.search.metadata.lookup import Names
from paperreader.search.query.cost_limit import affordable
from paperreader.search.query.evaluator import Evaluation
from paperreader.search.query.lazy_ranking import Order
from paperreader.search.query.matcher import Matcher
from paperreader.search.query.paper_filters import Facts, Filters
from paperreader.search.query.plan import Group, Node, Plan, Unit, plan, scores
from paperreader.search.query.ranking import NOWHERE, Ranking, rank
from paperreader.text.query.completion import wanted


class Answering:
    """Answers queries over `place` (see `rank.places`)."""

    def __init__(
        self,
        table: PaperTable,
        matcher: Matcher,
        filters: Filters,
        facts: Facts,
        names: Callable[[], Names],
        place: NDArray[np.int32],
        cancelled: Callable[[], bool],
        completing: Completing,
    ) -> None:
        self._completing = completing
        self._table = table
        self._matcher = matcher
        self._marked = filters.marked
        self._facts = facts
        self._names = names
        self._place = place
        self._cancelled = cancelled
        self._evaluation = Evaluation(matcher, filters, len(place), cancelled)

    def plan(self, text: str) -> Plan:
        """What a text asks for, as far as it can be answered soon."""
        return affordable(plan(text), self._matcher.work)

    def rank(self, plan: Plan) -> Ranking:
        """The papers that answer, in the order asked for.

        Raises:
            Cancelled: nobody waits any more.
        """
        allowed = self._place != NOWHERE
        for node in plan.filters:
            allowed &= self._evaluation.mask(node)
        ranking = rank(plan.wanted, self._evaluation, self._place, allowed, self._facts.priors)
        if plan.sort is None or plan.sort == "relevance":
            return ranking
        rows, scores = ranking.order.raw
        order = np.concatenate(
            [self._order(rows[: ranking.full], plan.sort), np.arange(ranking.full, len(rows))]
        )
        return Ranking(Order.of(rows[order], scores[order]), ranking.full)

    def finder(self, plan: Plan, *, parts: bool) -> Finder:
        """What lights the wanted words; with `parts`, also the words of those that need not stand together."""
        units = list(_units(plan.wanted))
        if parts:
            units += [Unit((slot,)) for unit in units if not unit.binds for slot in unit.slots]
        return Finder(
            [(unit, [self._matcher.stems(slot) for slot in unit.slots]) for unit in dict.fromkeys(units)]
        )

    def suggestion(self, plan: Plan, found: Ranking) -> str:
        """The query with its misspelt words put right, when more is found so; empty otherwise.

        Raises:
            Cancelled: nobody waits any more.
        """
        better = respelt(plan, self._matcher.words, self._matcher.spelling, len(self._table))
        return better if better and self.rank(self.plan(better)).full > found.full else ""

    def completions(self, text: str, cursor: int) -> list[Completion]:
        """What could stand before the cursor, the likeliest first; nothing that would take all papers away.

        Beside other words it is only the likeliest that finds something with them.

        Raises:
            Cancelled: nobody waits any more.
        """
        asked = wanted(text, cursor)
        if asked is None:
            return []
        found = self._completing.complete(asked)
        # What is told of alone was counted, except for words, which may be in the other of the two.
        if asked.alone and asked.field not in ("title", "abstract"):
            return found
        for place, each in enumerate(found):
            if self._full(text[: each.start] + each.text + text[each.end :]):
                return [each]  # each try is a search: one that is sure has to do
            if not place and not self._full(text):
                return found
        return []

    def _full(self, text: str) -> int:
        """How many papers answer to all of a text."""
        return self.rank(self.plan(text)).full

    def _order(self, rows: Rows, sort: str) -> NDArray[np.int64]:
        """Places in `rows`, sorted; equal ones the newest first."""
        place = self._place[rows]
        if sort == "date":
            return np.argsort(place)
        if sort == "votes":
            votes = self._facts.votes[rows]
            return np.lexsort((place, -np.where(votes == UNKNOWN, -1, votes)))
        if sort == "marked":
            latest = self._marked.latest(len(self._place))
            return np.lexsort((place, -latest[rows]))
        first, second = self._names().title_order(len(self._place))
        return np.lexsort((place, second[rows], first[rows]))


def _units(nodes: Iterable[Node]) -> Iterable[Unit]:
    """The units that rank papers, those within groups included."""
    for node in nodes:
        if isinstance(node, Unit) and scores(node):
            yield node
        elif isinstance(node, Group):
            yield from _units(node.nodes)
