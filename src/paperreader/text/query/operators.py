"""Operator words (`OR`, `NOT` …), and titles that contain them as words."""

from __future__ import annotations

from typing import Literal

from paperreader.lazy_pattern import lazy_pattern
from paperreader.text.query.syntax_tree import And, Or, QueryNode, TextTerm

Operator = Literal["or", "and", "not"]

OPERATORS: dict[str, Operator] = {
    "OR": "or",
    "||": "or",
    "AND": "and",
    "&&": "and",
    "NOT": "not",
}
"""Operators by how they are written. Words in lower case are searched."""

_MIN_TITLE_WORDS = 4
"""Words of a query, without operators, from which on it is more likely a title than a list of acronyms."""

_MIN_WORDS = 3
"""Words of the shortest title with an operator in it (`SEEING NOT BELIEVING`)."""

_SYNTAX = lazy_pattern(r'["()]|(?<!\S)[-!]|[A-Za-z][:=]\S|\|\||&&')
"""What no title contains, or only one that is not searched by pasting it."""


def is_title_in_capitals(text: str) -> bool:
    """Return whether the operators in a text are words of a title in capitals: `ATTENTION IS NOT ALL YOU NEED`.

    `GPT OR BERT OR LLAMA OR RNN`, with an operator between all words, is a query.
    """
    if text != text.upper() or _SYNTAX.search(text):
        return False
    is_operator = [word in OPERATORS for word in text.split()]
    alternates = is_operator == [index % 2 == 1 for index in range(len(is_operator))]
    return is_operator.count(False) >= _MIN_TITLE_WORDS and not alternates


def include_title(text: str, nodes: tuple[QueryNode, ...], *, unfinished: bool) -> tuple[QueryNode, ...]:
    """Return the nodes of a query with `NOT`, which also find the paper if the query is a title with that word."""
    words = text.split()
    is_long = len(words) - words.count("NOT") >= _MIN_TITLE_WORDS
    if len(words) < _MIN_WORDS or not nodes or _SYNTAX.search(text) or not (is_long or text == text.upper()):
        return nodes
    start = len(text) - len(text.lstrip())
    title = TextTerm(text.strip(), quoted=True, unfinished=unfinished, start=start)
    return (Or((nodes[0] if len(nodes) == 1 else And(nodes), title)),)
