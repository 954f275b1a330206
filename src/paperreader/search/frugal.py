"""What a long query leaves out, so that none takes long: its most frequent words, which say the least."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from paperreader.search.query import Group, Node, Plan, Scored, Unit, Without

LONG_QUERY = 12
"""Words and phrases that are looked up whatever they cost."""

MOST_POSTINGS = 500_000
"""Postings that the words of a long query may have together: reading and scoring them takes some 30 ms."""

_PHRASE = 3
"""How much more a posting of a phrase costs: its positions are compared."""

HINT = "long query: its most frequent words are left out"


def affordable(plan: Plan, frequency: Callable[[str], int]) -> Plan:
    """The plan without the most frequent words and phrases of a long query; `frequency` tells papers with a word."""
    units = list(dict.fromkeys(_units((*plan.wanted, *plan.filters))))
    if len(units) <= LONG_QUERY and sum(len(unit.slots) for unit in units) <= LONG_QUERY:
        return plan
    costs = {unit: _cost(unit, frequency) for unit in units}
    kept: set[Unit] = set()
    spent = 0
    for unit in sorted(units, key=costs.__getitem__):
        spent += costs[unit]
        if spent > MOST_POSTINGS:
            break
        kept.add(unit)
    if len(kept) == len(units):
        return plan
    wanted = tuple(node for each in plan.wanted if (node := _pruned(each, kept)) is not None)
    filters = tuple(node for each in plan.filters if (node := _pruned(each, kept)) is not None)
    scored = tuple(node for node in wanted if isinstance(node, Scored))
    return replace(plan, wanted=scored, filters=filters, hint=plan.hint or HINT)


def _cost(unit: Unit, frequency: Callable[[str], int]) -> int:
    postings = sum(frequency(slot.word) for slot in unit.slots)
    return postings if len(unit.slots) == 1 else _PHRASE * postings


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
