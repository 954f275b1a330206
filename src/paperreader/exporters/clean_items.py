"""Papers and marks without text that controls a terminal or cannot be seen, in every field, for the export formats.

Formats escape what has a meaning in them. That must happen after such text is removed: a control character in front of
a formula would hide it from the escaping of CSV, and removing it later would expose it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from paperreader.models import Paper
from paperreader.text.dates import parse_iso, parse_partial
from paperreader.text.sanitize import sanitize
from paperreader.text.urls import safe_url

Value = TypeVar("Value")


def clean_paper(paper: Paper) -> Paper:
    """Return a paper without such text, without links that are not safe to open, and without dates that are none."""
    changed: dict[str, Any] = {}
    if not all(safe_url(link.url) for link in paper.links):
        changed["links"] = tuple(link for link in paper.links if safe_url(link.url))
    if paper.repo and not safe_url(paper.repo):
        changed["repo"] = ""
    if paper.published and not parse_partial(paper.published):
        changed["published"] = None
    if paper.listed and not parse_iso(paper.listed):
        changed["listed"] = None
    return clean_value(replace(paper, **changed) if changed else paper)


def clean_value(value: Value) -> Value:
    """Return a text, or a struct, tuple, list or mapping of any depth with all its texts, without such text."""
    cleaned: Any = value
    match value:
        case str():
            cleaned = sanitize(value)
        case Struct():
            changed = {
                name: new
                for name in value.__struct_fields__
                if (new := clean_value(old := getattr(value, name))) is not old
            }
            cleaned = replace(value, **changed) if changed else value
        case tuple() | list():
            items = [clean_value(item) for item in value]
            if any(new is not old for new, old in zip(items, value, strict=True)):
                cleaned = type(value)(items)
        case Mapping():
            cleaned = {clean_value(key): clean_value(item) for key, item in value.items()} if value else value
    result: Value = cleaned
    return result
