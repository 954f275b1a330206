"""A parsed query as the index answers it: words as they are indexed, filters beside them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, cast

from msgspec import Struct

from paperreader.models import Sort
from paperreader.search.analysis.tokenizer import Token, is_ideographic, tokens
from paperreader.text import query as language
from paperreader.text.query import Days, Has, Is, Text, Votes

MOST_SLOTS = 64
"""Words of a phrase that count; by then nothing else matches anyhow."""

Where = Literal["", "title", "abstract", "note", "author"]
"""Where words are looked for; empty: in title, abstract, note and tags."""

Name = Literal["tag", "id", "source"]
"""What a name is the name of."""


class Slot(Struct, frozen=True):
    """One word of a query."""

    word: str
    open: bool = False
    """Still being typed, or followed by a star: every word that begins like it counts too."""
    near: bool = False
    """Words spelt nearly so count too."""


class Unit(Struct, frozen=True):
    """Words that have to stand side by side; mostly it is one word."""

    slots: tuple[Slot, ...]
    binds: bool = False
    """A quoted phrase, or in a field: no paper without it is an answer, not even where some of the words will do."""
    where: Where = ""


class Named(Struct, frozen=True):
    """Papers with a tag, an id, or from a source of that name."""

    where: Name
    name: str
    beginning: bool
    """Names that begin so are meant as well."""


class Without(Struct, frozen=True):
    """Papers that do not answer the node."""

    node: Node


class Group(Struct, frozen=True):
    """Papers that answer every node, or any."""

    nodes: tuple[Node, ...]
    every: bool
    binds: bool
    """Not all of it is loose words."""


Node = Unit | Named | Days | Votes | Has | Is | Without | Group
Scored = Unit | Group
"""A node by which papers are ranked (see `scores`)."""


class Plan(Struct, frozen=True):
    """A query: what ranks the papers, and what they have to be besides."""

    wanted: tuple[Scored, ...]
    filters: tuple[Node, ...]
    sort: Sort | None
    text: str
    """As it was typed."""
    query: language.Query
    hint: str
    """What was not understood, or left out."""


def plan(text: str) -> Plan:
    """What `text` asks of the index. Any string is a query."""
    query = language.parse(text)
    nodes = list(dict.fromkeys(_nodes(query.items)))
    wanted = tuple(cast(Scored, node) for node in nodes if scores(node))
    return Plan(
        wanted, tuple(node for node in nodes if not scores(node)), query.sort, text, query, query.hint
    )


def scores(node: Node) -> bool:
    """Whether papers that answer the node are ranked by how well they do."""
    if isinstance(node, Group):
        return any(scores(each) for each in node.nodes)
    return isinstance(node, Unit) and node.where != "author"


def unit_of(text: Text) -> Unit | None:
    """The words of a text, in whatever field; None when it holds none."""
    if text.where in ("tag", "id", "source"):
        return None
    found = _words(text)
    end = len(text.text)
    last = len(found) - 1
    slots = tuple(
        Slot(
            word,
            open=(place == last and (text.prefix or (text.open and stop == end)))
            or (len(word) == 1 and is_ideographic(word)),
            near=text.fuzzy and place == last,
        )
        for place, (word, _, stop) in enumerate(found)
    )
    binds = text.quoted or text.where != ""
    return Unit(slots, binds, cast(Where, text.where)) if slots else None


def _nodes(items: Iterable[language.Item]) -> list[Node]:
    return [node for item in items if (node := _node(item)) is not None]


def _node(item: language.Item) -> Node | None:
    if isinstance(item, Text):
        if item.where in ("tag", "id", "source"):
            return Named(item.where, item.text, item.open or item.prefix)
        return unit_of(item)
    if isinstance(item, language.Not):
        inner = _node(item.item)
        return None if inner is None else Without(inner)
    if isinstance(item, language.All | language.Either):
        nodes = tuple(dict.fromkeys(_nodes(item.items)))
        if len(nodes) < 2:
            return nodes[0] if nodes else None
        loose = all(isinstance(node, Unit | Group) and not node.binds for node in nodes)
        return Group(nodes, isinstance(item, language.All), not loose)
    return item


def _words(text: Text) -> list[Token]:
    found = tokens(text.text)
    return [
        token
        for place, token in enumerate(found)
        # The last ideograph of a run only helps single characters to be found: in a query the pair before it says more.
        if not (len(token[0]) == 1 and is_ideographic(token[0]) and place and found[place - 1][2] == token[2])
    ][:MOST_SLOTS]
