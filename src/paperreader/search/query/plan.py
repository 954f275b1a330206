"""Turn a parsed query into a plan: term groups that are scored, and filters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import cast

from msgspec import Struct

from paperreader.models import SortOrder
from paperreader.search.analysis.cased_words import capital_words
from paperreader.search.analysis.function_words import FUNCTION_WORDS, is_question
from paperreader.search.analysis.tokenizer import SIGNS, Token, is_ideographic, tokenize
from paperreader.text import query as language
from paperreader.text.query import ChoiceFilter, RangeFilter, TextTerm
from paperreader.text.query.fields import FULL_TEXT, QUERY_FIELDS
from paperreader.text.sanitize import fold_for_search

MAX_SLOTS = 64
"""Maximum words of a phrase; further words are ignored."""

_INVERTED_NAME = re.compile(r"((?:[^\W\d_][\w'’.-]*\s*){1,3}),\s*((?:[^\W\d_][\w'’.-]*\s*){1,3})")
"""`van den Berg, J. A.`: family name, comma, given names."""

_MAX_NAME_LENGTH = 80

_NAME_FIELDS = frozenset(field.name for field in QUERY_FIELDS if field.kind == "name")
_PEOPLE_FIELDS = frozenset(field.name for field in QUERY_FIELDS if field.kind == "people")


class TermSlot(Struct, frozen=True):
    """One word of a query."""

    word: str
    is_prefix: bool = False
    """Still being typed, or followed by a star: also matches every word with this prefix."""
    is_fuzzy: bool = False
    """Also matches words within a small edit distance."""
    is_exact: bool = False
    """Matches no other word of the same stem: it is quoted, or has a sign (`C++`)."""
    capitals: str = ""
    """Its form with capitals, if they mean something (see `cased_words.capital_words`)."""


class TermGroup(Struct, frozen=True):
    """Words that must occur next to each other; usually a single word."""

    slots: tuple[TermSlot, ...]
    required: bool = False
    """A quoted phrase, or limited to a field: required even in papers that match only some of the words."""
    field: str = ""
    """Name of the field they are searched in; empty: title, abstract, note and tags."""
    spellings: tuple[tuple[TermSlot, ...], ...] = ()
    """Other spellings of the same words, each matching in their place (see `spellings`)."""

    @property
    def is_quoted(self) -> bool:
        """Whether it is a quoted phrase, not limited to a field."""
        return self.required and not self.field

    @property
    def is_filter(self) -> bool:
        """Whether papers have to match it but are not ranked by it: names of people."""
        return self.field in _PEOPLE_FIELDS


class MetadataTerm(Struct, frozen=True):
    """Papers with a tag or an id, or from a source, of that name."""

    field: str
    name: str
    is_prefix: bool
    """Names with this prefix match as well."""


class Not(Struct, frozen=True):
    """Papers that do not match the node."""

    node: Node


class BooleanGroup(Struct, frozen=True):
    """Papers that match all of the nodes, or any of them."""

    nodes: tuple[Node, ...]
    match_all: bool
    required: bool
    """Whether anything in it is more than loose words."""


Node = TermGroup | MetadataTerm | RangeFilter | ChoiceFilter | Not | BooleanGroup
ScoredNode = TermGroup | BooleanGroup
"""A node that contributes to the score (see `is_scored`)."""


class QueryPlan(Struct, frozen=True):
    """A query as scored nodes and filters."""

    scored: tuple[ScoredNode, ...]
    filters: tuple[Node, ...]
    sort: SortOrder | None
    is_reversed: bool
    text: str
    """The query as typed."""
    query: language.Query
    hint: str
    """Message about a part that was not understood or left out."""
    optional: tuple[TermGroup, ...] = ()
    """Words that raise the score of a paper, but that no paper needs: function words of a question."""

    @property
    def asks_for_meaning(self) -> bool:
        """Whether all papers are ranked by how near they are, instead of those that match in full.

        With filters alone there is nothing to be near to.
        """
        return (self.query.by_meaning and bool(self.scored)) or bool(self.query.likes)


def build_plan(text: str, *, is_typing: bool = True) -> QueryPlan:
    """Parse `text` and build its plan. Any string is a valid query.

    With `is_typing`, a last word that nothing follows is completed.
    """
    query = language.parse_query(text, is_typing=is_typing)
    nodes = list(dict.fromkeys(_plan_nodes(query.nodes)))
    wanted = tuple(cast(ScoredNode, node) for node in nodes if is_scored(node))
    optional = _function_words(wanted)
    return QueryPlan(
        tuple(node for node in wanted if node not in optional),
        tuple(node for node in nodes if not is_scored(node)),
        query.sort,
        query.is_reversed,
        text,
        query,
        query.hint,
        optional,
    )


def is_scored(node: Node) -> bool:
    """Whether matches of the node have a score."""
    if isinstance(node, BooleanGroup):
        return any(is_scored(each) for each in node.nodes)
    return isinstance(node, TermGroup) and not node.is_filter


def scored_groups(nodes: Iterable[Node]) -> Iterator[TermGroup]:
    """Yield the term groups that are scored, including nested ones."""
    for node in nodes:
        if isinstance(node, TermGroup) and is_scored(node):
            yield node
        elif isinstance(node, BooleanGroup):
            yield from scored_groups(node.nodes)


def choices_of(nodes: Iterable[Node], field: str) -> frozenset[str]:
    """Return the values of a field of choices that nodes name, also negated or inside of groups."""
    found: frozenset[str] = frozenset()
    for node in nodes:
        if isinstance(node, ChoiceFilter) and node.field == field:
            found |= {node.value}
        elif isinstance(node, Not):
            found |= choices_of([node.node], field)
        elif isinstance(node, BooleanGroup):
            found |= choices_of(node.nodes, field)
    return found


def searches_texts(nodes: Iterable[Node]) -> bool:
    """Whether any word, also in groups or negated, is searched in full texts."""
    for node in nodes:
        if isinstance(node, TermGroup):
            found = node.field == FULL_TEXT
        elif isinstance(node, Not):
            found = searches_texts([node.node])
        else:
            found = isinstance(node, BooleanGroup) and searches_texts(node.nodes)
        if found:
            return True
    return False


def term_group(text: TextTerm) -> TermGroup | None:
    """Return the words of a text term as a group; None when there are none, or the field is not tokenized."""
    if text.field in _NAME_FIELDS:
        return None
    words = _query_tokens(text)
    end = len(text.text)
    last = len(words) - 1

    def slot(index: int, word: str, start: int, stop: int) -> TermSlot:
        has_sign = word[-1] in SIGNS
        is_prefix = index == last and not has_sign and (text.prefix or (text.unfinished and stop == end))
        return TermSlot(
            word,
            is_prefix=is_prefix or (len(word) == 1 and is_ideographic(word)),
            is_fuzzy=text.fuzzy and index == last,
            is_exact=has_sign or (text.quoted and not last and not is_prefix and not text.prefix),
            capitals="".join(capital_words(text.text[start:stop].rstrip(SIGNS))),
        )

    slots = tuple(slot(index, *token) for index, token in enumerate(words))
    binds = text.quoted or text.field != ""
    # One Greek letter is searched by its name, but may also begin a Greek word.
    letter = fold_for_search(text.text)
    is_greek_letter = len(letter) == 1 and not letter.isascii() and any(slot.is_prefix for slot in slots)
    spellings = ((TermSlot(letter, is_prefix=True),),) if is_greek_letter else ()
    return TermGroup(slots, binds, text.field, spellings) if slots else None


def is_function_word(group: TermGroup) -> bool:
    """Whether a group consists of function words (`that`) that are not being typed."""
    return all(slot.word in FUNCTION_WORDS and not slot.is_prefix for slot in group.slots)


def _function_words(nodes: Iterable[Node]) -> tuple[TermGroup, ...]:
    """Return the function words of a question that are not being typed; none of a query without other words."""
    words = [node for node in nodes if isinstance(node, TermGroup) and not node.required]
    if not is_question([group.slots[0].word for group in words]):
        return ()
    found = tuple(group for group in words if is_function_word(group))
    return found if len(found) < len(words) else ()


def _plan_nodes(items: Iterable[language.QueryNode]) -> list[Node]:
    return [node for item in items if (node := _plan_node(item)) is not None]


def _plan_node(item: language.QueryNode) -> Node | None:
    if isinstance(item, TextTerm):
        if item.field in _NAME_FIELDS:
            return MetadataTerm(item.field, item.text, item.unfinished or item.prefix)
        inverted = _uninverted_name(item)
        groups = tuple(group for text in (item, inverted) if text and (group := term_group(text)))
        return BooleanGroup(groups, False, True) if len(groups) > 1 else groups[0] if groups else None
    if isinstance(item, language.Not):
        inner = _plan_node(item.node)
        return None if inner is None else Not(inner)
    if isinstance(item, language.And | language.Or):
        nodes = tuple(dict.fromkeys(_plan_nodes(item.nodes)))
        if len(nodes) < 2:
            return nodes[0] if nodes else None
        loose = all(isinstance(node, TermGroup | BooleanGroup) and not node.required for node in nodes)
        return BooleanGroup(nodes, isinstance(item, language.And), not loose)
    return item


def _uninverted_name(text: TextTerm) -> TextTerm | None:
    """Return a quoted `Last, First` as `First Last`; None for anything else."""
    may_be_name = text.quoted and not text.prefix and "," in text.text and len(text.text) <= _MAX_NAME_LENGTH
    found = _INVERTED_NAME.fullmatch(text.text.strip()) if may_be_name else None
    return replace(text, text=f"{found[2]} {found[1]}", unfinished=False) if found else None


def _query_tokens(text: TextTerm) -> list[Token]:
    words = tokenize(text.text)
    return [
        token
        for index, token in enumerate(words)
        # The last ideograph of a run is indexed alone only for single-character queries; the pair before it covers it.
        if not (len(token[0]) == 1 and is_ideographic(token[0]) and index and words[index - 1][2] == token[2])
    ][:MAX_SLOTS]
