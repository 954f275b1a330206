"""What a costly query leaves out, so that none takes long: its most frequent words, which say the least.

The work is counted before any is done, in postings: one read and scored takes some 60 ns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from msgspec.structs import replace

from paperreader.search.query.plan import Group, Node, Plan, Scored, Unit, Without

MOST_WORK = 500_000
"""That the words of a query may cost together; but one of them is always looked up."""

HINT = "costly query: its most frequent words are left out"


def affordable(plan: Plan, work: Callable[[Unit], int]) -> Plan:
    """The plan without the words and phrases that cost most, if all are too many; `work` counts what a unit costs."""
    units = list(dict.fromkeys(_units((*plan.wanted, *plan.filters))))
    costs = {unit: work(unit) for unit in units}
    kept: set[Unit] = set()
    spent = 0
    for unit in sorted(units, key=costs.__getitem__):
        spent += costs[unit]
        if spent > MOST_WORK and kept:
            break
        kept.add(unit)
    if len(kept) == len(units):
        return plan
    wanted = tuple(node for each in plan.wanted if (node := _pruned(each, kept)) is not None)
    filters = tuple(node for each in plan.filters if (node := _pruned(each, kept)) is not None)
    scored = tuple(node for node in wanted if isinstance(node, Scored))
    return replace(plan, wanted=scored, filters=filters, hint=plan.hint or HINT)


def _units(nodes: Iterable[Node]) -> Iterator[Unit]:
    for node in nodes:
        if isinstance(node, Unit):
            if node.where != "author":
                yield node
        elif isinstance(node, Without):
            yield from _units((node.node,))
        elif isinstance(node, Group):
            yield from _units(node.nodes)


def _pruned(node: Node, kept: set[Unit]) -> Node | None:
    if isinstance(node, Unit):
        return node if node in kept or node.where == "author" else None
    if isinstance(node, Without):
        inner = _pruned(node.node, kept)
        return None if inner is None else Without(inner)
    if isinstance(node, Group):
        nodes = tuple(left for each in node.nodes if (left := _pruned(each, kept)) is not None)
        if len(nodes) == len(node.nodes):
            return node
        return replace(node, nodes=nodes) if len(nodes) > 1 else nodes[0] if nodes else None
    return node
