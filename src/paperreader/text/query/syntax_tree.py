"""What a query says, as a tree of frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from msgspec import Struct

from paperreader.models import SortOrder

TextField = Literal["", "title", "abstract", "author", "tag", "note", "id", "source"]
"""Where a text is looked for; empty: in title, abstract, note and tags."""

HasValue = Literal["code", "note", "project", "model", "data"]
"""What a paper can have."""

PaperState = Literal["bookmarked", "read", "unread", "new"]
"""What a paper can be."""

SpanRole = Literal["field", "value", "operator", "unknown"]
"""What a stretch of a query is, for those who colour it."""


@dataclass(frozen=True, slots=True)
class TextTerm:
    """Words to be found. Joined by anything but a blank (`GPT-4`), or quoted, they stand side by side."""

    text: str
    in_field: TextField = ""
    quoted: bool = False
    prefix: bool = False
    """The last word is the beginning of one: `quant*`."""
    fuzzy: bool = False
    """Words spelt nearly so are meant as well: `tranformer~`."""
    unfinished: bool = field(default=False, compare=False)
    """Nothing follows: the last word may still be in the making."""
    start: int = field(default=0, compare=False)
    """Where `text` begins in the query's text; it ends `len(text)` characters later."""


class DateRange(Struct, frozen=True):
    """Papers whose date lies within, both ends included. Days are numbers YYYYMMDD, not all of them real:
    20160500 is May 2016, of a paper whose day is not known.
    """

    first: int
    last: int


class VoteRange(Struct, frozen=True):
    """Papers with so many votes, both ends included."""

    minimum: int
    maximum: int


class HasFilter(Struct, frozen=True):
    """Papers that have a link of a kind, or a note."""

    kind: HasValue


class StateFilter(Struct, frozen=True):
    """Papers in a state."""

    state: PaperState


class Not(Struct, frozen=True):
    """Papers that do not answer the item."""

    item: QueryNode


class And(Struct, frozen=True):
    """Papers that answer every item."""

    items: tuple[QueryNode, ...]


class Or(Struct, frozen=True):
    """Papers that answer any of the items, of which there are two at least."""

    items: tuple[QueryNode, ...]


QueryNode = TextTerm | DateRange | VoteRange | HasFilter | StateFilter | Not | And | Or


class QuerySpan(Struct, frozen=True):
    """A stretch of the query's text that is more than a word."""

    start: int
    end: int
    role: SpanRole


@dataclass(frozen=True, slots=True)
class Query:
    """What a person typed."""

    items: tuple[QueryNode, ...]
    """All of which are wanted; none of them an `All`."""
    sort: SortOrder | None = None
    """The order asked for."""
    hint: str = field(default="", compare=False)
    """What was not understood, in a short sentence."""
    text: str = field(default="", compare=False)
    """What `Text.start` and `parts` count in: the query as typed, unless it holds TeX (see `parser.parse`)."""
    spans: tuple[QuerySpan, ...] = field(default=(), compare=False)
    """In order, none overlapping."""
