"""Syntax tree of a query: frozen values that compare by meaning, not by position."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Literal

from msgspec import Struct

from paperreader.models import SortOrder

SpanRole = Literal["field", "value", "operator", "unknown"]
"""What a span of the query text is, for syntax colouring."""


@dataclass(frozen=True, slots=True)
class TextTerm:
    """Words to search for. Words that are quoted, or joined by anything but a blank (`GPT-4`), have to be adjacent."""

    text: str
    field: str = ""
    """Name of the field it is searched in; empty: title, abstract, note and tags."""
    quoted: bool = False
    prefix: bool = False
    """The last word is a prefix: `quant*`."""
    fuzzy: bool = False
    """Words with a similar spelling match as well: `tranformer~`."""
    unfinished: bool = dataclasses.field(default=False, compare=False)
    """Nothing follows in the query, so the last word may still be being typed."""
    start: int = dataclasses.field(default=0, compare=False)
    """Offset of `text` in the text of the query; it ends `len(text)` characters later."""


class RangeFilter(Struct, frozen=True):
    """Papers whose value of a field is in a range, both ends included.

    Dates are numbers YYYYMMDD, not all of them real: 20160500 is May 2016, for a paper whose day is not known.
    """

    field: str
    minimum: int
    maximum: int


class ChoiceFilter(Struct, frozen=True):
    """Papers that match one of the choices of a field: `has:code`, `is:unread`."""

    field: str
    value: str


class Not(Struct, frozen=True):
    """Papers that do not match the node."""

    node: QueryNode


class And(Struct, frozen=True):
    """Papers that match every node."""

    nodes: tuple[QueryNode, ...]


class Or(Struct, frozen=True):
    """Papers that match any of the nodes, of which there are at least two."""

    nodes: tuple[QueryNode, ...]


QueryNode = TextTerm | RangeFilter | ChoiceFilter | Not | And | Or


class QuerySpan(Struct, frozen=True):
    """A span of the query text that is more than a word."""

    start: int
    end: int
    role: SpanRole


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query."""

    nodes: tuple[QueryNode, ...]
    """Papers have to match all of them; none of them is an `And`."""
    sort: SortOrder | None = None
    """The requested order."""
    is_reversed: bool = False
    """Whether that order is reversed."""
    scope: str = ""
    """The field in which words without a field are searched, which `nodes` say already; empty for the usual ones."""
    by_meaning: bool = False
    """Whether all papers are ranked by words and meaning: the query begins with `~`."""
    likes: tuple[str, ...] = ()
    """The names of the papers to which papers have to be related."""
    hint: str = dataclasses.field(default="", compare=False)
    """What was not understood, in a short sentence; empty if everything was."""
    text: str = dataclasses.field(default="", compare=False)
    """What `TextTerm.start` and `spans` refer to: the query as typed, unless it contains TeX (see `parse_query`)."""
    spans: tuple[QuerySpan, ...] = dataclasses.field(default=(), compare=False)
    """In order, without overlaps."""
