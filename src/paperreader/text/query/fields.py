"""The fields of the query language, one row each, and the help that is generated from them.

To add a field, add a row here and, unless it is of a kind that is searched as words, a function to the table in
`search/query/paper_filters.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Literal, NamedTuple, get_args

from paperreader.models import SortOrder

FieldKind = Literal["words", "people", "name", "date", "number", "choice", "sort", "scope", "paper"]
"""How the value of a field is read.

`words` and `people`: words or a phrase (an author is a phrase of names); `name`: one string, whatever is in it; `date`
and `number`: a value, a comparison or a range; `choice`: one or several of the field's choices; `sort`, `scope`: one of
them; `paper`: the name of a paper, such as its arXiv id.
"""

TEXT_KINDS: tuple[FieldKind, ...] = ("words", "people", "name")
"""Kinds whose values are text, and become a `TextTerm`."""

STRAIGHT_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»″", '"'))
"""Translates every quotation mark to the straight one."""


FULL_TEXT = "text"
"""Name of the field of full texts, and of the scope in which words without a field are searched there."""


class HelpExample(NamedTuple):
    """One line of the help."""

    example: str
    """As it would be typed."""
    meaning: str
    heading: str


class QueryField(NamedTuple):
    """A field of the query language."""

    name: str
    kind: FieldKind
    help: str
    """A few words for completion."""
    examples: tuple[tuple[str, str], ...]
    """Lines of the help: an example, and what it finds. A field may be explained with another one."""
    aliases: tuple[str, ...] = ()
    """Other names that are understood but not offered."""
    choices: tuple[str, ...] = ()
    """Its values, of which a unique prefix is enough; of several that fit, the first one."""
    is_expensive: bool = False
    """Each such term costs milliseconds, so that a query may contain only a few (`parser.MAX_EXPANDED_TERMS`)."""


QUERY_FIELDS = (
    QueryField(
        "title",
        "words",
        "in the title",
        (("title:attention", "in the title; the same for abstract:, note:, summary:"),),
    ),
    QueryField("abstract", "words", "in the abstract", ()),
    QueryField(
        FULL_TEXT,
        "words",
        "in the full text",
        (('text:"energy based"', "in the full text, of papers whose text is stored"),),
        aliases=("fulltext", "body"),
    ),
    QueryField(
        "scope",
        "scope",
        "text",
        (("scope:text energy", "every word in the full text"),),
        aliases=("in",),
        choices=(FULL_TEXT,),
    ),
    QueryField(
        "author",
        "people",
        "by an author",
        (("author:hinton", 'by an author; author:"yann lecun"'),),
        aliases=("authors",),
        is_expensive=True,
    ),
    QueryField("tag", "name", "with this tag", (("tag:rl", "papers with your tag"),), aliases=("tags",)),
    QueryField("note", "words", "in your note", (), aliases=("notes",)),
    QueryField("summary", "words", "in a generated summary", (), aliases=("summaries",)),
    QueryField(
        "id",
        "name",
        "arXiv id, DOI",
        (("id:2403.01234", "an arXiv id, DOI or URL, or a prefix of one"),),
        aliases=("arxiv", "doi"),
        is_expensive=True,
    ),
    QueryField(
        "like",
        "paper",
        "related to a paper",
        (("like:2403.01234", "related to this paper; also with words and filters"),),
        aliases=("similar", "related"),
    ),
    QueryField(
        "source",
        "name",
        "imported from",
        (("source:arxiv", "from a kind of source as it is shown, or a file of that name"),),
        is_expensive=True,
    ),
    QueryField(
        "cat",
        "name",
        "category of arXiv",
        (("cat:cs.CL", "in a category of arXiv, or cat:cs in any of it"),),
        aliases=("category", "categories"),
        is_expensive=True,
    ),
    QueryField(
        "keyword",
        "name",
        "with this keyword",
        (("keyword:robotics", "with a keyword that contains these words"),),
        aliases=("keywords", "kw"),
        is_expensive=True,
    ),
    QueryField(
        "venue",
        "name",
        "published in",
        (("venue:neurips", "in a journal or proceedings of that name"),),
        aliases=("journal", "booktitle", "conference"),
        is_expensive=True,
    ),
    QueryField(
        "repo",
        "name",
        "with this repository",
        (("repo:facebookresearch", "with a repository of that owner, owner/name or URL"),),
        aliases=("repository", "repositories", "github"),
        is_expensive=True,
    ),
    QueryField(
        "date",
        "date",
        "2025-03, today, 7d, 2w, >=2025-01-01, 2024..2025",
        (
            ("date:2025-03", "of a year, month or day; also today, yesterday"),
            ("date:7d", "of the last days; also 2w (weeks), 3m, 1y"),
            ("date:>=2025-01-01", "since then; also > < <="),
            ("date:2024..2025", "between; either end may be omitted"),
        ),
        aliases=("year",),
    ),
    QueryField(
        "added",
        "date",
        "7d, today, 2025-03, >=2025-01-01",
        (("added:7d", "added to the library then, as for date:"),),
    ),
    QueryField(
        "votes",
        "number",
        ">20, 10..50",
        (("votes:>20", "with that many votes; also >= < <= 10..50"),),
    ),
    QueryField(
        "stars",
        "number",
        ">100, 10..50",
        (("stars:>100", "with that many stars; the same for comments:"),),
    ),
    QueryField("comments", "number", ">5, 10..50", ()),
    QueryField(
        "citations",
        "number",
        ">50, 10..50",
        (("citations:>50", "cited that often, of papers whose count was requested"),),
        aliases=("cited",),
    ),
    QueryField(
        "has",
        "choice",
        "code, note, summary, text, project, model, data",
        (
            ("has:code", "with code, note, summary, project, model, data"),
            ("has:text", "whose full text is stored on this machine"),
        ),
        choices=("code", "note", "summary", "text", "project", "model", "data"),
    ),
    QueryField(
        "is",
        "choice",
        "bookmarked, read, unread, new, watched, updated, dismissed, hidden, deleted, disliked",
        (
            ("is:unread", "bookmarked, read, unread, new or watched"),
            ("is:updated", "with a newer version than you bookmarked or read"),
            ("is:hidden", "hidden; also dismissed, deleted or disliked"),
            ("-tag:rl -is:read", "any of these negated"),
        ),
        choices=(
            *("bookmarked", "read", "unread", "new", "watched", "updated"),
            *("dismissed", "hidden", "deleted", "disliked"),
        ),
    ),
    QueryField(
        "sort",
        "sort",
        "date, votes, stars, comments, citations, title, relevance, marked, queue, foryou",
        (
            ("sort:votes", "by date, votes, stars, comments, citations, title …"),
            ("sort:queue", "bookmarks in the order of the reading queue, then the others"),
            ("sort:foryou", "in your personal order, learned from the bookmarks"),
            ("sort:-date", "oldest first; a minus reverses any order"),
        ),
        choices=get_args(SortOrder),
    ),
)

FIELDS: Mapping[str, QueryField] = {field.name: field for field in QUERY_FIELDS}
"""Every field by its name."""

FIELD_ALIASES: Mapping[str, str] = {alias: field.name for field in QUERY_FIELDS for alias in field.aliases}
"""Names of fields by their aliases."""

_WORD_EXAMPLES = (
    ("diffusion video", "papers with every word in any of its forms, completed while it is typed"),
    ('"neural network"', "adjacent words; of one word, only this form"),
    ("-survey", "without the word"),
    ("video OR image", "either; OR binds its two neighbors; NOT is -"),
    ("robot (video OR image)", "parentheses group"),
    ("quant*", "every word with this prefix"),
    ("tranformer~", "words with a similar spelling"),
    ("~ robots that fold clothes", "best by words and meaning, for a description"),
)
_HEADINGS: Mapping[FieldKind, str] = {
    **dict.fromkeys((*TEXT_KINDS, "scope", "paper"), "Where"),
    "date": "Which",
    "number": "Which",
    "choice": "Which",
    "sort": "Order",
}

HELP_EXAMPLES: tuple[HelpExample, ...] = (
    *(HelpExample(example, meaning, "Words") for example, meaning in _WORD_EXAMPLES),
    *(
        HelpExample(example, meaning, _HEADINGS[field.kind])
        for field in QUERY_FIELDS
        for example, meaning in field.examples
    ),
)
"""Every form of the language. A query of filters alone lists all papers that match, newest first."""


def find_field(name: str) -> QueryField | None:
    """Return the field with this name or alias, in any case; None if there is none."""
    name = name.lower()
    return FIELDS.get(FIELD_ALIASES.get(name, name))


def suggest_field(name: str) -> str:
    """Return the field that an unknown name was meant for: one that it is a prefix of, else a similar one; or empty."""
    from difflib import get_close_matches  # imported only when a field is misspelt

    completions = [field for field in FIELDS if field.startswith(name)]
    if len(completions) == 1:
        return completions[0]
    similar = get_close_matches(name, [*FIELDS, *FIELD_ALIASES], n=1, cutoff=0.7)
    return FIELD_ALIASES.get(similar[0], similar[0]) if similar else ""


def help_sections() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield the help: each heading with its examples and their meaning."""
    for heading, examples in groupby(HELP_EXAMPLES, key=lambda line: line.heading):
        yield heading, [(line.example, line.meaning) for line in examples]
