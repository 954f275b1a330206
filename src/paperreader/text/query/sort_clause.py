"""The order that a query asks for, taken out of it."""

from __future__ import annotations

from itertools import pairwise

from paperreader.text.query.fields import FIELD_ALIASES
from paperreader.text.query.parser import parse_query


def strip_sort(text: str) -> str:
    """The query without every `sort:` that was understood; as it was where there is none."""
    query = parse_query(text)
    if query.sort is None:
        return text
    left, at = [], 0
    for field, value in pairwise(query.spans):
        name = query.text[field.start : field.end].lower().removesuffix(":")
        if (field.role, value.role) == ("field", "value") and FIELD_ALIASES.get(name, name) == "sort":
            left.append(query.text[at : field.start].rstrip())
            at = value.end
    return "".join([*left, query.text[at:]]).strip()
