"""What a costly query leaves out, so that none takes long: its most frequent words, which say the least.

The work is counted before any is done, in postings: one read and scored takes some 60 ns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from msgspec.structs import replace

from paperreader.search.query.plan import BooleanGroup, Node, Not, QueryPlan, ScoredNode, TermGroup

MAX_COST = 500_000
"""That the words of a query may cost together; but one of them is always looked up."""

COSTLY_QUERY_HINT = "costly query: its most frequent words are left out"


def limit_cost(plan: QueryPlan, cost: Callable[[TermGroup], int]) -> QueryPlan:
    """The plan without the words and phrases that cost most, if all are too many; `work` counts what a unit costs."""
    units = list(dict.fromkeys(_costed_groups((*plan.scored, *plan.filters))))
    costs = {unit: cost(unit) for unit in units}
    kept: set[TermGroup] = set()
    spent = 0
    for unit in sorted(units, key=costs.__getitem__):
        spent += costs[unit]
        if spent > MAX_COST and kept:
            break
        kept.add(unit)
    if len(kept) == len(units):
        return plan
    wanted = tuple(node for each in plan.scored if (node := _prune(each, kept)) is not None)
    filters = tuple(node for each in plan.filters if (node := _prune(each, kept)) is not None)
    scored = tuple(node for node in wanted if isinstance(node, ScoredNode))
    return replace(plan, scored=scored, filters=filters, hint=plan.hint or COSTLY_QUERY_HINT)


def _costed_groups(nodes: Iterable[Node]) -> Iterator[TermGroup]:
    for node in nodes:
        if isinstance(node, TermGroup):
            if node.field != "author":
                yield node
        elif isinstance(node, Not):
            yield from _costed_groups((node.node,))
        elif isinstance(node, BooleanGroup):
            yield from _costed_groups(node.nodes)


def _prune(node: Node, kept: set[TermGroup]) -> Node | None:
    if isinstance(node, TermGroup):
        return node if node in kept or node.field == "author" else None
    if isinstance(node, Not):
        inner = _prune(node.node, kept)
        return None if inner is None else Not(inner)
    if isinstance(node, BooleanGroup):
        nodes = tuple(left for each in node.nodes if (left := _prune(each, kept)) is not None)
        if len(nodes) == len(node.nodes):
            return node
        return replace(node, nodes=nodes) if len(nodes) > 1 else nodes[0] if nodes else None
    return node
