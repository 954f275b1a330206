"""Entries of the watch list, and the query that finds the papers of each."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Literal, get_args

from paperreader.lazy_pattern import lazy_pattern
from paperreader.text.query.fields import STRAIGHT_QUOTES
from paperreader.text.query.parser import parse_query

WatchKind = Literal["authors", "words", "categories", "repositories"]
"""Names of the settings in `[watch]`."""

WATCH_KINDS: tuple[WatchKind, ...] = get_args(WatchKind)

WATCH_NAMES: Mapping[WatchKind, str] = {
    "authors": "author",
    "words": "words",
    "categories": "category",
    "repositories": "repository",
}
"""What one entry is called."""

_CATEGORY = lazy_pattern(r"[A-Za-z][A-Za-z-]*(?:\.[A-Za-z-]+)?", re.ASCII)
_REPOSITORY = lazy_pattern(r"(?:https?://)?[\w.~-]+(?:/[\w.~-]+)*/?", re.ASCII)


def parse_watched(kind: WatchKind, text: str) -> str:
    """Return an entry as it is stored: one line without quotation marks.

    Raises:
        ValueError: it names no author, no words, no category or no repository; the message says why.
    """
    entry = " ".join(text.translate(STRAIGHT_QUOTES).replace('"', " ").split())
    if not any(char.isalnum() for char in entry):
        raise ValueError("it has no letter or digit")
    if kind == "categories" and not _CATEGORY.fullmatch(entry):
        raise ValueError("it is no category of arXiv, such as cs.CL")
    if kind == "repositories" and not _REPOSITORY.fullmatch(entry):
        raise ValueError("it is no owner, owner/name or URL of a repository")
    query = parse_query(watch_query(kind, entry), is_typing=False)
    if query.hint:
        raise ValueError(query.hint)
    return entry


def watch_query(kind: WatchKind, entry: str) -> str:
    """Return the query for the papers of an entry that `parse_watched` returned."""
    return _QUERIES[kind](entry)


def _words_query(words: str) -> str:
    """Return a query for adjacent words in any of their forms. In quotes, a single word would be found as it is."""
    value = words if re.fullmatch(r"[^\W_]+(?:-[^\W_]+)*", words) else f'"{words}"'
    return f"title:{value} OR abstract:{value}"


_QUERIES: Mapping[WatchKind, Callable[[str], str]] = {
    "authors": lambda name: f'author:"{name}"',
    "words": _words_query,
    "categories": lambda name: f'cat:"{name}"',
    "repositories": lambda name: f'repo:"{name}"',
}
