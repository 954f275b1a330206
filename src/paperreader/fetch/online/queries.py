"""A query of the search bar in the words of other services."""

from __future__ import annotations

import re

from msgspec import Struct

from paperreader.text.query import And, ChoiceFilter, Not, Or, QueryNode, RangeFilter, TextTerm, parse_query

_ARXIV_FIELDS = {"": "all", "title": "ti", "abstract": "abs", "author": "au", "cat": "cat", "text": "all"}
_LOCAL_FIELDS = frozenset(("tag", "note", "summary", "source", "keyword", "id"))
_UNSAFE = re.compile(r'["():\\]+')
_FIRST_DAY, _LAST_DAY = 19910101, 99991231


class OnlineQuery(Struct, frozen=True):
    """What services are asked."""

    words: str
    """Its words without fields, for services that search by meaning or relevance; empty if there are none."""
    arxiv: str
    """The query in arXiv's syntax; empty if there are no words, authors or categories."""
    years: str
    """`2023-2024`, `2023-` or `-2024`; empty for any year."""
    ignored: tuple[str, ...]
    """Fields that only concern the library, such as `tag`."""


def to_online_query(text: str) -> OnlineQuery:
    """Return a query for services. Filters by marks and other properties of the library are left out."""
    query = parse_query(text)
    words: list[str] = []
    positive: list[str] = []
    negative: list[str] = []
    ignored: dict[str, None] = {}
    years = ""
    for node in query.nodes:
        words += _words(node)
        if isinstance(node, RangeFilter) and node.field == "date":
            years = _years(node)
        part = _arxiv(node, ignored)
        if part:
            (negative if part.startswith("ANDNOT ") else positive).append(part)
    arxiv = " ".join([" AND ".join(positive), *negative])
    has_content = any("submittedDate" not in part for part in positive)
    return OnlineQuery(" ".join(words), arxiv.strip() if has_content else "", years, tuple(ignored))


def _words(node: QueryNode) -> list[str]:
    """Return the words that a paper should have."""
    if isinstance(node, TextTerm):
        return [node.text] if node.field not in _LOCAL_FIELDS | {"cat"} else []
    if isinstance(node, And | Or):
        return [word for each in node.nodes for word in _words(each)]
    return []


def _arxiv(node: QueryNode, ignored: dict[str, None]) -> str:
    """Return a node in arXiv's syntax; empty if it has none. Adds fields that are left out to `ignored`."""
    match node:
        case TextTerm():
            return _arxiv_term(node, ignored)
        case RangeFilter(field="date"):
            first, last = max(node.minimum, _FIRST_DAY), min(node.maximum, _LAST_DAY)
            return f"submittedDate:[{_day(first, 1)}0000 TO {_day(last, 31)}2359]"
        case RangeFilter() | ChoiceFilter():
            ignored[node.field] = None
            return ""
        case Not():
            inner = _arxiv(node.node, ignored)
            return f"ANDNOT {inner}" if inner and not inner.startswith(("ANDNOT", "submitted")) else ""
        case And() | Or():
            parts = [part for each in node.nodes if (part := _arxiv(each, ignored))]
            operator = " AND " if isinstance(node, And) else " OR "
            return f"({operator.join(parts)})" if len(parts) > 1 else "".join(parts)


def _arxiv_term(term: TextTerm, ignored: dict[str, None]) -> str:
    field = _ARXIV_FIELDS.get(term.field)
    if field is None:
        ignored[term.field] = None
        return ""
    text = " ".join(_UNSAFE.sub(" ", term.text).split())
    if not text:
        return ""
    if field == "cat":
        return f"cat:{text}" if "." in text or "-" in text else f"cat:{text}.*"
    return f'{field}:"{text}"' if " " in text else f"{field}:{text}{'*' if term.prefix else ''}"


def _day(number: int, unknown_day: int) -> str:
    """Return YYYYMMDD for a day of which month or day may be 0 or 99, which are those of a whole year or month."""
    year, month, day = number // 10_000, number // 100 % 100, number % 100
    month = month if 1 <= month <= 12 else 1 if unknown_day == 1 else 12
    return f"{year:04}{month:02}{day if 1 <= day <= 31 else unknown_day:02}"


def _years(node: RangeFilter) -> str:
    first = str(node.minimum // 10_000) if node.minimum > _FIRST_DAY else ""
    last = str(node.maximum // 10_000) if node.maximum < _LAST_DAY // 10_000 * 10_000 else ""
    return f"{first}-{last}" if first or last else ""
