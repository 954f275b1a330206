"""The papers of a Hugging Face page, as they are found in a text or in Markdown of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct, field

UNCERTAIN_PAGE = (
    "is a page of Hugging Face Papers in a form whose papers cannot be told apart; "
    "save it as HTML or copy the text of the page out of a browser, or use `paperreader fetch`"
)
"""Continues the name of the file."""


class Card(Struct):
    """One paper of a page."""

    line: int
    """The line it begins on, from 1."""
    title: str = ""
    abstract: str = ""
    id: str = ""
    """arXiv id, or empty."""
    votes: int | None = None
    date: str = ""
    """The date below its abstract, as it is written."""
    repository: str = ""
    addresses: list[str] = field(default_factory=list)


class IncompletePage(Exception):
    """The papers of a page cannot be told apart with certainty."""


def join_lines(lines: Sequence[str], *, breaks_at_hyphens: bool) -> str:
    """Return wrapped lines on one line.

    Args:
        lines: of one title or paragraph.
        breaks_at_hyphens: whether the program that wrapped them breaks words after their hyphens.
    """
    text = ""
    for line in lines:
        line = line.strip()
        glued = breaks_at_hyphens and text[-1:] == "-" and text[-2:-1].isalnum() and line[:1].isalnum()
        # `pre- and post-training` has a blank after the hyphen.
        if glued and line.split(None, 1)[0].lower() not in _AFTER_SUSPENDED_HYPHEN:
            text += line
        else:
            text = f"{text} {line}" if text else line
    return text


_AFTER_SUSPENDED_HYPHEN = frozenset(("and", "or", "to", "vs", "vs.", "as", "und"))

LineJoiner = Callable[[Sequence[str]], str]
"""Returns the lines of a title or paragraph on one line."""
