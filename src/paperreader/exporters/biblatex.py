"""Export BibLaTeX, for biber: UTF-8, full dates, and its own names of fields.

https://ctan.org/pkg/biblatex, sections 2.2 and 3.14.7
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from paperreader.exporters.bibtex_entries import EntryFields, Field, arxiv_category, format_entries
from paperreader.exporters.citation_keys import paper_year
from paperreader.exporters.formats import ExportItem


def render(papers: Iterable[ExportItem]) -> Iterator[str]:
    """Yield an entry for each paper, `@online`, `@article` or `@inproceedings`.

    The note is in `annotation`, tags are in `keywords` and in `tags`.
    """
    return format_entries("online", papers, _fields)


def _fields(item: ExportItem) -> list[Field]:
    it, paper = EntryFields(item, ascii_only=False), item.paper
    return [
        ("title", it.title),
        ("author", it.authors),
        ("editor", it.editors),
        ("journaltitle", it.journal),
        ("booktitle", it.booktitle),
        *it.publication_fields,
        ("date", paper.published or paper_year(paper)),
        ("eprint", it.eprint),
        ("eprinttype", "arxiv" if paper.arxiv else ""),
        ("eprintclass", arxiv_category(paper)),
        ("doi", it.doi),
        ("url", it.url),
        ("abstract", it.abstract),
        ("keywords", it.keywords),
        ("annotation", it.note),
        *it.user_fields,
    ]
