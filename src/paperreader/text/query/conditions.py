"""What a query is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from paperreader.text.query.fields import FULL_TEXT
from paperreader.text.query.parser import parse_query
from paperreader.text.query.syntax_tree import And, ChoiceFilter, Not, Or, QueryNode, RangeFilter, TextTerm

_MARK_FIELDS = frozenset(("tag", "note", "summary", "is"))


def conditions(nodes: Iterable[QueryNode]) -> Iterator[TextTerm | RangeFilter | ChoiceFilter]:
    """Yield the terms and filters of a query, also negated ones and those inside of groups."""
    for node in nodes:
        if isinstance(node, Not):
            yield from conditions((node.node,))
        elif isinstance(node, And | Or):
            yield from conditions(node.nodes)
        else:
            yield node


def is_about_marks(nodes: Iterable[QueryNode]) -> bool:
    """Return whether any condition is about marks of the user, as opposed to the papers themselves."""
    return any(
        node.field in _MARK_FIELDS or (isinstance(node, ChoiceFilter) and node.value in ("note", "summary"))
        for node in conditions(nodes)
    )


def asks_for_meaning(text: str) -> bool:
    """Return whether a query ranks papers by meaning (see `Query.by_meaning` and `Query.likes`)."""
    query = parse_query(text)
    return query.by_meaning or bool(query.likes)


def searches_summaries(text: str) -> bool:
    """Return whether a query searches in generated summaries."""
    if "summar" not in text.casefold():
        return False  # most queries need not be parsed again for this
    nodes = conditions(parse_query(text).nodes)
    return any(isinstance(node, TextTerm) and node.field == "summary" for node in nodes)


def searches_full_texts(text: str) -> bool:
    """Return whether a query searches in full texts."""
    return any(node.field == FULL_TEXT for node in conditions(parse_query(text).nodes))
