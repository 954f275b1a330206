"""The query language of the search bar: its parser, its syntax tree and its help. Pure, and quick to import."""

from paperreader.text.query.parser import parse
from paperreader.text.query.sort_clause import without_order
from paperreader.text.query.syntax_tree import (
    All,
    Days,
    Either,
    Has,
    Is,
    Item,
    Not,
    Part,
    Query,
    Text,
    Votes,
)

__all__ = [
    "All",
    "Days",
    "Either",
    "Has",
    "Is",
    "Item",
    "Not",
    "Part",
    "Query",
    "Text",
    "Votes",
    "parse",
    "without_order",
]
