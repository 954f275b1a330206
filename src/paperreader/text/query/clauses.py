"""Change the sort order and the scope in the text of a query."""

from __future__ import annotations

from itertools import pairwise

from paperreader.text.query.fields import FULL_TEXT, FieldKind, find_field
from paperreader.text.query.parser import parse_query

_FULL_TEXT_SCOPE = f"scope:{FULL_TEXT}"


def strip_sort(text: str) -> str:
    """Return the query without every `sort:` that was understood; unchanged if there is none."""
    return text if parse_query(text).sort is None else _without(text, "sort")


def toggle_full_text(text: str) -> str:
    """Return the query with its words searched in full texts, or no longer if they are.

    A blank follows the scope of a query without words, so that they can be typed.
    """
    if parse_query(text).scope:
        return _without(text, "scope")
    return f"{_FULL_TEXT_SCOPE} {text.lstrip()}"


def _without(text: str, kind: FieldKind) -> str:
    query = parse_query(text)
    parts, end = [], 0
    for name, value in pairwise(query.spans):
        field = find_field(query.text[name.start : name.end].rstrip(":="))
        if (name.role, value.role) == ("field", "value") and field is not None and field.kind == kind:
            parts.append(query.text[end : name.start].rstrip())
            end = value.end
    return "".join([*parts, query.text[end:]]).strip()
