"""Drop the most expensive terms of a query so that it stays within the cost limit.

Those are its most frequent words, which discriminate least. The cost is estimated in advance, in postings: reading and
scoring one takes about 60 ns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from msgspec.structs import replace

from paperreader.search.query.plan import BooleanGroup, Node, Not, QueryPlan, ScoredNode, TermGroup

MAX_COST = 500_000
"""Cost limit of a query in postings. The cheapest term is always searched."""

COSTLY_QUERY_HINT = "expensive query: its most frequent words were ignored"


def limit_cost(plan: QueryPlan, cost: Callable[[TermGroup], int]) -> QueryPlan:
    """Return the plan without its most expensive words and phrases if it exceeds `MAX_COST`.

    `cost` estimates the cost of a term group in postings.
    """
    groups = list(dict.fromkeys(_costed_groups((*plan.scored, *plan.filters, *plan.optional))))
    costs = {group: cost(group) for group in groups}
    affordable: set[TermGroup] = set()
    total_cost = 0
    for group in sorted(groups, key=costs.__getitem__):
        total_cost += costs[group]
        if total_cost > MAX_COST and affordable:
            break
        affordable.add(group)
    if len(affordable) == len(groups):
        return plan
    pruned = tuple(node for each in plan.scored if (node := _prune(each, affordable)) is not None)
    filters = tuple(node for each in plan.filters if (node := _prune(each, affordable)) is not None)
    scored = tuple(node for node in pruned if isinstance(node, ScoredNode))
    optional = tuple(group for group in plan.optional if group in affordable)
    return replace(
        plan, scored=scored, filters=filters, optional=optional, hint=plan.hint or COSTLY_QUERY_HINT
    )


def _costed_groups(nodes: Iterable[Node]) -> Iterator[TermGroup]:
    for node in nodes:
        if isinstance(node, TermGroup):
            if not node.is_filter:
                yield node
        elif isinstance(node, Not):
            yield from _costed_groups((node.node,))
        elif isinstance(node, BooleanGroup):
            yield from _costed_groups(node.nodes)


def _prune(node: Node, affordable: set[TermGroup]) -> Node | None:
    if isinstance(node, TermGroup):
        return node if node in affordable or node.is_filter else None
    if isinstance(node, Not):
        operand = _prune(node.node, affordable)
        return None if operand is None else Not(operand)
    if isinstance(node, BooleanGroup):
        nodes = tuple(remaining for each in node.nodes if (remaining := _prune(each, affordable)) is not None)
        if len(nodes) == len(node.nodes):
            return node
        return replace(node, nodes=nodes) if len(nodes) > 1 else nodes[0] if nodes else None
    return node
