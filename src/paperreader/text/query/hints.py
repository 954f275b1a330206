"""Hints about parts of a query that were not understood: what to write in their place."""

from __future__ import annotations

import re
from collections.abc import Mapping

from paperreader.lazy_pattern import lazy_pattern
from paperreader.text.query.category_names import is_known, nearest_category
from paperreader.text.query.fields import QueryField, suggest_field
from paperreader.text.query.relative_dates import NAMED_PERIODS
from paperreader.text.sanitize import single_line

_MAX_SHOWN_LENGTH = 30
_BEFORE_UNIT = lazy_pattern("^(?:(?:the)?[-_]?(?:last|past|this)[-_]?)")

_MEANT: Mapping[str, Mapping[str, str]] = {
    "is": {
        **dict.fromkeys(
            ("starred", "star", "fav", "favs", "favorite", "favourite", "saved", "pinned", "liked", "later"),
            "is:bookmarked",
        ),
        **dict.fromkeys(("queued", "marked"), "is:bookmarked"),
        **dict.fromkeys(("unseen", "unopened", "open", "notread"), "is:unread"),
        **dict.fromkeys(("seen", "done", "finished", "opened"), "is:read"),
        **dict.fromkeys(("followed", "following", "followed-authors"), "is:watched"),
        **dict.fromkeys(("recent", "latest", "fresh", "inbox"), "is:new"),
        **dict.fromkeys(("noted", "annotated"), "has:note"),
        **dict.fromkeys(("trash", "trashed", "removed"), "is:deleted"),
        **dict.fromkeys(("archived", "ignored", "muted"), "is:hidden or is:dismissed"),
        "less": "is:disliked",
        "tagged": "tag: with the name of a tag",
    },
    "has": {
        **dict.fromkeys(("github", "git", "repo", "repository", "implementation", "source"), "has:code"),
        **dict.fromkeys(("website", "site", "page", "homepage", "demo", "space"), "has:project"),
        **dict.fromkeys(("dataset", "datasets", "benchmark"), "has:data"),
        **dict.fromkeys(("weights", "checkpoint", "checkpoints"), "has:model"),
        **dict.fromkeys(("annotation", "annotations", "comment"), "has:note"),
        **dict.fromkeys(("bookmark", "star", "bookmarks"), "is:bookmarked"),
        **dict.fromkeys(("tag", "tags"), "tag: with the name of a tag"),
        **dict.fromkeys(("votes", "upvotes"), "votes:>0"),
        **dict.fromkeys(("stars",), "stars:>0"),
        **dict.fromkeys(("comments",), "comments:>0"),
    },
    "sort": {
        **dict.fromkeys(("newest", "new", "latest", "recent", "time", "year", "published"), "sort:date"),
        **dict.fromkeys(("oldest", "old"), "sort:-date"),
        **dict.fromkeys(("upvotes", "top", "popular", "popularity", "likes", "hot"), "sort:votes"),
        **dict.fromkeys(("best", "score", "match"), "sort:relevance"),
        **dict.fromkeys(("for-you", "for_you", "personal", "recommended"), "sort:foryou"),
        **dict.fromkeys(("name", "alphabetical", "alpha"), "sort:title"),
        **dict.fromkeys(("bookmarked", "bookmarks"), "sort:marked or sort:queue"),
    },
}
"""What words that are no choices of a field mean."""

_DATE_COMPARISONS = {
    "before": "<",
    "until": "<=",
    "till": "<=",
    "after": ">",
    "since": ">=",
    "from": ">=",
}
"""Words that are used like fields before a date."""

_FIELDS_MEANT = {
    **dict.fromkeys(("by", "name"), "author"),
    **dict.fromkeys(("subject", "area", "class", "primary"), "cat"),
    **dict.fromkeys(("topic", "label"), "keyword"),
    **dict.fromkeys(("order", "orderby", "sortby"), "sort"),
    "abs": "abstract",
    **dict.fromkeys(("upvotes", "likes", "points", "score"), "votes"),
    **dict.fromkeys(("published", "submitted", "day", "month", "when"), "date"),
    **dict.fromkeys(("imported", "fetched"), "added"),
    **dict.fromkeys(("status",), "is"),
    **dict.fromkeys(("with", "filter"), "has"),
    **dict.fromkeys(("from", "file"), "source"),
}
"""Fields by words with another meaning or spelling than their names."""


def format_value(field: QueryField, value: str) -> str:
    """Return `field:value` for a message, truncated to one short line."""
    text = single_line(f"{field.name}:{value}")
    return text if len(text) <= _MAX_SHOWN_LENGTH else f"{text[: _MAX_SHOWN_LENGTH - 1]}…"


def choice_hint(field: QueryField, value: str, unknown: str) -> str:
    """Return the hint for the value of a field of choices, in which `unknown` is none of them."""
    meant = _MEANT.get(field.name, {}).get(unknown.lower().lstrip("-").replace("-", ""))
    return f"{format_value(field, value)} is unknown: use {meant or _any_of(field.choices)}"


def span_hint(field: QueryField, value: str) -> str:
    """Return the hint for a value that is no date, or no number."""
    if field.kind == "number":
        return f"{format_value(field, value)} is not a number: use 20, >20 or 10..50"
    unit = _BEFORE_UNIT.sub("", value.lower())
    period = NAMED_PERIODS.get(unit.removesuffix("s") if unit != value.lower() else unit)
    example = f"{field.name}:{period}" if period else "2025-03, today, 7d or >=2025-01-01"
    return f"{format_value(field, value)} is not a date: use {example}"


def name_hint(field: QueryField, value: str, *, unfinished: bool) -> str:
    """Return the hint for a value that no paper can have: a category that does not exist; empty for any other."""
    if field.name != "cat" or all(
        is_known(each, is_prefix=unfinished) for each in re.split(r"[|,]+", value) if each
    ):
        return ""
    nearest = nearest_category(value)
    meant = f"use cat:{nearest}" if nearest else "use cat:cs.CL, for example"
    return f"{format_value(field, value)} is not a category: {meant}"


def unknown_field_hint(name: str, value: str) -> str:
    """Return the hint for a word with a colon that is not a field, and the value after it."""
    lower = name.lower()
    if (comparison := _DATE_COMPARISONS.get(lower)) and value[:1].isdigit():
        meant = single_line(f"date:{comparison}{value}")[:_MAX_SHOWN_LENGTH]
        return f"{name}: is not a field: use {meant}"
    similar = _FIELDS_MEANT.get(lower) or suggest_field(lower)
    question = f" (did you mean {similar}:?)" if similar else ""
    return f"{name}: is not a field{question}, searched as words"


def _any_of(choices: tuple[str, ...]) -> str:
    return f"{', '.join(choices[:-1])} or {choices[-1]}"
