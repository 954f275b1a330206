"""The query language of the search bar: its fields, parser, syntax tree, completion and help.

Pure, and quick to import. Import `parse_query`, `passage_query`, `strip_sort`, `toggle_full_text`, `is_about_marks`,
`searches_full_texts`, `asks_for_meaning` and the nodes of the syntax tree from here, the field registry from `fields`
and completion from `completion`; the other modules are internal.
"""

from paperreader.text.query.clauses import strip_sort, toggle_full_text
from paperreader.text.query.conditions import (
    asks_for_meaning,
    is_about_marks,
    searches_full_texts,
    searches_summaries,
)
from paperreader.text.query.parser import parse_query
from paperreader.text.query.passages import passage_query
from paperreader.text.query.syntax_tree import (
    And,
    ChoiceFilter,
    Not,
    Or,
    Query,
    QueryNode,
    QuerySpan,
    RangeFilter,
    TextTerm,
)

__all__ = [
    "And",
    "ChoiceFilter",
    "Not",
    "Or",
    "Query",
    "QueryNode",
    "QuerySpan",
    "RangeFilter",
    "TextTerm",
    "asks_for_meaning",
    "is_about_marks",
    "parse_query",
    "passage_query",
    "searches_full_texts",
    "searches_summaries",
    "strip_sort",
    "toggle_full_text",
]
