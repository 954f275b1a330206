"""The words of the query language, and its help."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import get_args

from msgspec import Struct

from paperreader.models import SortOrder
from paperreader.text.query.syntax_tree import HasValue, PaperState, TextField

TEXT_FIELDS: tuple[TextField, ...] = tuple(name for name in get_args(TextField) if name)

FIELD_CHOICES: Mapping[str, tuple[str, ...]] = {
    "has": get_args(HasValue),
    "is": get_args(PaperState),
    "sort": get_args(SortOrder),
}
"""Fields with a choice of values."""

FIELD_NAMES: tuple[str, ...] = (*TEXT_FIELDS, "date", "votes", *FIELD_CHOICES)

FIELD_ALIASES: Mapping[str, str] = {
    "authors": "author",
    "tags": "tag",
    "notes": "note",
    "arxiv": "id",
    "doi": "id",
    "year": "date",
}
"""Other names of fields, understood and never offered."""


STRAIGHT_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»″", '"'))
"""What counts as a quotation mark."""

FIELD_HELP: Mapping[str, str] = {
    "title": "in the title",
    "abstract": "in the abstract",
    "author": "by an author",
    "tag": "tagged so",
    "note": "in your note",
    "id": "arXiv id, DOI",
    "source": "where it was read",
    "date": "2025-03, >=2025-01-01, 2024..2025",
    "votes": ">20, 10..50",
    "has": "code, note, project, model, data",
    "is": "bookmarked, read, unread, new",
    "sort": "date, votes, title, relevance, marked",
}
"""A few words on each of `FIELDS`."""


class HelpExample(Struct, frozen=True):
    """One line of the help."""

    example: str
    """An example, as it would be typed."""
    meaning: str
    """What it finds."""
    heading: str
    """The heading it stands under."""


HELP_EXAMPLES: tuple[HelpExample, ...] = (
    HelpExample(
        "diffusion video", "papers with every word, in any of its forms; the last word is completed", "Words"
    ),
    HelpExample('"neural network"', "words side by side", "Words"),
    HelpExample("-survey", "without the word", "Words"),
    HelpExample("video OR image", "either; OR binds its two neighbours", "Words"),
    HelpExample("robot (video OR image)", "parentheses group", "Words"),
    HelpExample("quant*", "every word that begins so", "Words"),
    HelpExample("tranformer~", "words spelt nearly so", "Words"),
    HelpExample("title:attention", "in the title; so too abstract: and note:", "Where"),
    HelpExample("author:hinton", 'by an author; author:"yann lecun"', "Where"),
    HelpExample("tag:rl", "papers you tagged so", "Where"),
    HelpExample("id:2403.01234", "an arXiv id, DOI or address, or how it begins", "Where"),
    HelpExample("source:arxiv", "read from a kind of source, or a file of that name", "Where"),
    HelpExample("date:2025-03", "of a year, month or day", "Which"),
    HelpExample("date:>=2025-01-01", "since then; also > < <=", "Which"),
    HelpExample("date:2024..2025", "between; one end may be left out", "Which"),
    HelpExample("votes:>20", "with so many votes; also >= < <= 10..50", "Which"),
    HelpExample("has:code", "with code, note, project, model or data", "Which"),
    HelpExample("is:unread", "bookmarked, read, unread or new", "Which"),
    HelpExample("-tag:rl -is:read", "any of these turned round", "Which"),
    HelpExample("sort:votes", "by date, votes, title, relevance, or when you marked it (marked)", "Order"),
)
"""Every form of the language. Filters alone list all papers that fit, newest first."""


def suggest_field(name: str) -> str:
    """The field that a name which is none was meant for: of which it is the beginning, else the nearest; or empty."""
    from difflib import get_close_matches  # only where something is wrong

    begun = [field for field in FIELD_NAMES if field.startswith(name)]
    near = (
        begun if len(begun) == 1 else get_close_matches(name, [*FIELD_NAMES, *FIELD_ALIASES], n=1, cutoff=0.7)
    )
    return FIELD_ALIASES.get(near[0], near[0]) if near else ""


def help_sections() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The help for people: each heading with its lines of example and meaning."""
    for group, forms in groupby(HELP_EXAMPLES, key=lambda form: form.heading):
        yield group, [(form.example, form.meaning) for form in forms]
