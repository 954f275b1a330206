"""Types of settings that are lists of texts. An invalid entry is ignored and reported; the others are used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from paperreader.config.value_types import MAX_TEXT_LENGTH

if TYPE_CHECKING:
    from paperreader.text.query.watched import WatchKind

MAX_SHOWN_LENGTH = 60
"""Characters of an entry in a message."""

MAX_QUERIES = 100
"""Queries of one setting."""


class InvalidEntries(ValueError):
    """Some entries of a list are invalid; the others are used."""

    def __init__(self, valid: tuple[str, ...], reasons: tuple[str, ...]) -> None:
        """`reasons`: a sentence about each invalid entry, without its full stop."""
        super().__init__("; ".join(reasons))
        self.valid, self.reasons = valid, reasons


class Queries(NamedTuple):
    """A list of queries about papers, as opposed to the user's marks on them."""

    @property
    def description(self) -> str:
        fields = "tag:, note:, summary:, is: and sort:"
        return f'a list of queries, such as ["title:medical", "author:doe"], without {fields}'

    def parse(self, value: Any) -> tuple[str, ...]:
        return _parse_entries(value, _parse_query_about_papers)


def _parse_query_about_papers(text: str) -> str:
    from paperreader.text.query import is_about_marks, parse_query

    query = parse_query(text, is_typing=False)
    if query.hint:
        raise ValueError(query.hint)
    if not query.nodes:
        raise ValueError("it has no words")
    if query.sort:
        raise ValueError("it has sort:, which selects no papers")
    if is_about_marks(query.nodes):
        raise ValueError("it is about your marks (tag:, note:, is:)")
    return text


def _parse_entries(value: Any, parse: Callable[[str], str]) -> tuple[str, ...]:
    """Return the entries of a list of texts, each as `parse` returns it, without repetitions.

    Raises:
        InvalidEntries: `parse` raised a ValueError for some of them, or they are no texts.
        ValueError: it is no list, or too long.
    """
    if not isinstance(value, list) or len(value) > MAX_QUERIES:
        raise ValueError
    valid: dict[str, None] = {}
    reasons = []
    for entry in value:
        try:
            if not isinstance(entry, str):
                raise ValueError("it is not in quotes")
            if not entry.strip():
                raise ValueError("it is empty")
            if not entry.isprintable() or len(entry) > MAX_TEXT_LENGTH:
                raise ValueError("it is too long, or contains characters that cannot be printed")
            valid[parse(entry)] = None
        except ValueError as error:
            shown = (
                f'"{entry[:MAX_SHOWN_LENGTH]}"' if isinstance(entry, str) else str(entry)[:MAX_SHOWN_LENGTH]
            )
            reasons.append(f"{shown} is ignored: {error}")
    if reasons:
        raise InvalidEntries(tuple(valid), tuple(reasons))
    return tuple(valid)


class ArxivSubscriptions(NamedTuple):
    """A list of categories and queries of arXiv."""

    @property
    def description(self) -> str:
        return (
            "a list of categories and of queries in the syntax of arXiv, such as"
            ' ["cs.CL", "cat:cs.LG AND abs:agents"]'
        )

    def parse(self, value: Any) -> tuple[str, ...]:
        from paperreader.text.query.arxiv_subscription import parse_subscription

        return _parse_entries(value, parse_subscription)


_WATCHED: Mapping[str, str] = {
    "authors": 'a list of names, such as ["Yann LeCun", "Hinton, G."]',
    "words": 'a list of words and phrases, such as ["world models", "distillation"]',
    "categories": 'a list of categories of arXiv, such as ["cs.CL", "stat.ML"]',
    "repositories": 'a list of owners, owner/name and URLs, such as ["huggingface", "https://github.com/karpathy/nanogpt"]',
}


class WatchEntries(NamedTuple):
    """A list of the watch list."""

    kind: WatchKind

    @property
    def description(self) -> str:
        return _WATCHED[self.kind]

    def parse(self, value: Any) -> tuple[str, ...]:
        from paperreader.text.query.watched import parse_watched

        return _parse_entries(value, partial(parse_watched, self.kind))
