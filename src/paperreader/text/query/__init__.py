"""The query language of the search bar: its parser, its syntax tree and its help. Pure, and quick to import."""

from paperreader.text.query.parser import parse_query
from paperreader.text.query.sort_clause import strip_sort
from paperreader.text.query.syntax_tree import (
    And,
    DateRange,
    HasFilter,
    Not,
    Or,
    Query,
    QueryNode,
    QuerySpan,
    StateFilter,
    TextTerm,
    VoteRange,
)

__all__ = [
    "And",
    "DateRange",
    "HasFilter",
    "Not",
    "Or",
    "Query",
    "QueryNode",
    "QuerySpan",
    "StateFilter",
    "TextTerm",
    "VoteRange",
    "parse_query",
    "strip_sort",
]
