"""Remove the sort order from a query."""

from __future__ import annotations

from itertools import pairwise

from paperreader.text.query.fields import find_field
from paperreader.text.query.parser import parse_query


def strip_sort(text: str) -> str:
    """Return the query without every `sort:` that was understood; unchanged if there is none."""
    query = parse_query(text)
    if query.sort is None:
        return text
    parts, end = [], 0
    for name, value in pairwise(query.spans):
        field = find_field(query.text[name.start : name.end].rstrip(":="))
        if (name.role, value.role) == ("field", "value") and field is not None and field.kind == "sort":
            parts.append(query.text[end : name.start].rstrip())
            end = value.end
    return "".join([*parts, query.text[end:]]).strip()
