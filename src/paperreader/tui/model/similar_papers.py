"""What papers may have in common with one: authors, keywords, categories, tags and the venue, each as a query."""

from __future__ import annotations

from typing import NamedTuple

from paperreader.models import Mark, Paper
from paperreader.text.categories import all_categories
from paperreader.text.sanitize import single_line
from paperreader.text.tex_display import tex_to_unicode

MAX_AUTHORS = 6
"""First authors that are offered; the last one is offered as well."""

MAX_KEYWORDS = 5


class SimilarQuery(NamedTuple):
    """A query for papers that have something in common with one."""

    label: str
    name: str
    """As displayed."""
    query: str


def similar_queries(paper: Paper, mark: Mark) -> list[SimilarQuery]:
    """Return the queries for a paper: tags, authors, categories, keywords, venue."""
    authors = paper.authors
    if len(authors) > MAX_AUTHORS:
        authors = (*authors[: MAX_AUTHORS - 1], authors[-1])
    values = [
        *(("author", name) for name in authors),
        *(("tag", name) for name in mark.tag_names),
        *(("cat", name) for name in all_categories(paper)),
        *(("keyword", name) for name in paper.keywords[:MAX_KEYWORDS]),
        ("venue", paper.venue),
    ]
    labels = {"cat": "category"}
    shown = ((field, single_line(tex_to_unicode(name)).strip()) for field, name in values)
    return [
        SimilarQuery(labels.get(field, field), name, f'{field}:"{query}"')
        for field, name in dict.fromkeys(shown)
        if (query := " ".join(name.replace('"', " ").split()))
    ]
