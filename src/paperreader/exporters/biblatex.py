"""BibLaTeX, for biber: UTF-8, whole dates, and its own names of fields.

https://ctan.org/pkg/biblatex, sections 2.2 and 3.14.7
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from paperreader.exporters.bibtex_entries import Field, Written, category_of, entries
from paperreader.exporters.citation_keys import year_of
from paperreader.exporters.item import Exported


def lines(papers: Iterable[Exported]) -> Iterator[str]:
    """An entry for each paper, `@online`, `@article` or `@inproceedings`.

    The note is its `annotation`, tags are among the `keywords` and in `tags`.
    """
    return entries("online", papers, _fields)


def _fields(item: Exported) -> list[Field]:
    it, paper = Written(item, ascii_only=False), item.paper
    return [
        ("title", it.title),
        ("author", it.authors),
        ("journaltitle", it.journal),
        ("booktitle", it.booktitle),
        ("date", paper.published or year_of(paper)),
        ("eprint", it.eprint),
        ("eprinttype", "arxiv" if paper.arxiv else ""),
        ("eprintclass", category_of(paper)),
        ("doi", it.doi),
        ("url", it.url),
        ("abstract", it.abstract),
        ("keywords", it.keywords),
        ("annotation", it.note),
        *it.own,
    ]
