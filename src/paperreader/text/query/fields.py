"""The words of the query language, and its help."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import get_args

from msgspec import Struct

from paperreader.models import Sort
from paperreader.text.query.syntax_tree import Kind, State, TextField

TEXT_FIELDS: tuple[TextField, ...] = tuple(name for name in get_args(TextField) if name)

VALUES: Mapping[str, tuple[str, ...]] = {
    "has": get_args(Kind),
    "is": get_args(State),
    "sort": get_args(Sort),
}
"""Fields with a choice of values."""

FIELDS: tuple[str, ...] = (*TEXT_FIELDS, "date", "votes", *VALUES)

ALIASES: Mapping[str, str] = {
    "authors": "author",
    "tags": "tag",
    "notes": "note",
    "arxiv": "id",
    "doi": "id",
    "year": "date",
}
"""Other names of fields, understood and never offered."""


QUOTES = str.maketrans(dict.fromkeys("“”„‟«»″", '"'))
"""What counts as a quotation mark."""

ABOUT: Mapping[str, str] = {
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


class Form(Struct, frozen=True):
    """One line of the help."""

    form: str
    """An example, as it would be typed."""
    does: str
    """What it finds."""
    group: str
    """The heading it stands under."""


FORMS: tuple[Form, ...] = (
    Form(
        "diffusion video", "papers with every word, in any of its forms; the last word is completed", "Words"
    ),
    Form('"neural network"', "words side by side", "Words"),
    Form("-survey", "without the word", "Words"),
    Form("video OR image", "either; OR binds its two neighbours", "Words"),
    Form("robot (video OR image)", "parentheses group", "Words"),
    Form("quant*", "every word that begins so", "Words"),
    Form("tranformer~", "words spelt nearly so", "Words"),
    Form("title:attention", "in the title; so too abstract: and note:", "Where"),
    Form("author:hinton", 'by an author; author:"yann lecun"', "Where"),
    Form("tag:rl", "papers you tagged so", "Where"),
    Form("id:2403.01234", "an arXiv id, DOI or address, or how it begins", "Where"),
    Form("source:arxiv", "read from a kind of source, or a file of that name", "Where"),
    Form("date:2025-03", "of a year, month or day", "Which"),
    Form("date:>=2025-01-01", "since then; also > < <=", "Which"),
    Form("date:2024..2025", "between; one end may be left out", "Which"),
    Form("votes:>20", "with so many votes; also >= < <= 10..50", "Which"),
    Form("has:code", "with code, note, project, model or data", "Which"),
    Form("is:unread", "bookmarked, read, unread or new", "Which"),
    Form("-tag:rl -is:read", "any of these turned round", "Which"),
    Form("sort:votes", "by date, votes, title, relevance, or when you marked it (marked)", "Order"),
)
"""Every form of the language. Filters alone list all papers that fit, newest first."""


def field_meant(name: str) -> str:
    """The field that a name which is none was meant for: of which it is the beginning, else the nearest; or empty."""
    from difflib import get_close_matches  # only where something is wrong

    begun = [field for field in FIELDS if field.startswith(name)]
    near = begun if len(begun) == 1 else get_close_matches(name, [*FIELDS, *ALIASES], n=1, cutoff=0.7)
    return ALIASES.get(near[0], near[0]) if near else ""


def sections() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The help for people: each heading with its lines of example and meaning."""
    for group, forms in groupby(FORMS, key=lambda form: form.group):
        yield group, [(form.form, form.does) for form in forms]
