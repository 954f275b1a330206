"""BibTeX for every BibTeX there is: ASCII alone, as far as TeX has a command, and the fields arXiv gives itself.

http://www.bibtex.org/Format/ and https://info.arxiv.org/help/hypertex/bibstyles/index.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from paperreader.exporters.bibtex_entries import Field, Written, category_of, entries, entry, kind_of
from paperreader.exporters.citation_keys import citation_key, year_of
from paperreader.exporters.item import Exported
from paperreader.models import NO_MARK, Paper
from paperreader.text.dates import MONTHS

_TO_CITE = frozenset(
    (
        "title",
        "author",
        "key",
        "journal",
        "booktitle",
        "year",
        "month",
        "eprint",
        "archivePrefix",
        "primaryClass",
        "doi",
        "url",
    )
)


def lines(papers: Iterable[Exported]) -> Iterator[str]:
    """An entry for each paper, `@misc`, `@article` or `@inproceedings`.

    The note is its `annote`, tags stand among the `keywords` and in `tags`.
    """
    return entries("misc", papers, _fields)


def citation(paper: Paper) -> str:
    """The entry by which a paper is cited, and no more."""
    fields = [field for field in _fields(Exported(paper, NO_MARK, ())) if field[0] in _TO_CITE]
    return entry(kind_of(paper, "misc"), citation_key(paper), fields).rstrip()


def _fields(item: Exported) -> list[Field]:
    it, paper = Written(item, ascii_only=True), item.paper
    year, month, day = [*(paper.published or "").split("-"), "", ""][:3]
    return [
        ("title", it.title),
        ("author", it.authors),
        ("key", "" if it.authors else it.title),  # what BibTeX sorts by, where nobody is named
        ("journal", it.journal),
        ("booktitle", it.booktitle),
        ("year", year or year_of(paper)),
        ("month", MONTHS[int(month) - 1][:3].lower() if month else ""),
        ("day", day.lstrip("0")),
        ("eprint", it.eprint),
        ("archivePrefix", "arXiv" if paper.arxiv else ""),
        ("primaryClass", category_of(paper)),
        ("doi", it.doi),
        ("url", it.url),
        ("abstract", it.abstract),
        ("keywords", it.keywords),
        ("annote", it.note),
        *it.own,
    ]
