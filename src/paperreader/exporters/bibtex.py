"""Export BibTeX for every implementation: ASCII only, where TeX has a command, and the fields that arXiv uses.

http://www.bibtex.org/Format/ and https://info.arxiv.org/help/hypertex/bibstyles/index.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from paperreader.exporters.bibtex_entries import (
    EntryFields,
    Field,
    arxiv_category,
    entry_type,
    format_entries,
    format_entry,
)
from paperreader.exporters.citation_keys import citation_key, paper_year
from paperreader.exporters.formats import ExportItem
from paperreader.models import EMPTY_MARK, Paper
from paperreader.text.dates import MONTHS

_CITATION_FIELDS = frozenset(
    (
        "title",
        "author",
        "journal",
        "booktitle",
        *("editor", "volume", "number", "pages", "edition", "publisher", "school", "institution", "type"),
        "year",
        "month",
        "eprint",
        "archivePrefix",
        "primaryClass",
        "doi",
        "url",
    )
)


def render(papers: Iterable[ExportItem]) -> Iterator[str]:
    """Yield an entry for each paper, `@misc`, `@article` or `@inproceedings`.

    The note is in `annote`, tags are in `keywords` and in `tags`.
    """
    return format_entries("misc", papers, _fields)


def bibtex_entry(paper: Paper) -> str:
    """Return an entry with only the fields that are needed to cite a paper, each on one line."""
    fields = [
        (name, " ".join(value.split()))
        for name, value in _fields(ExportItem(paper, EMPTY_MARK, ()))
        if name in _CITATION_FIELDS
    ]
    return format_entry(entry_type(paper, "misc"), citation_key(paper), fields).rstrip()


def _fields(item: ExportItem) -> list[Field]:
    it, paper = EntryFields(item, ascii_only=True), item.paper
    year, month, day = [*(paper.published or "").split("-"), "", ""][:3]
    return [
        ("title", it.title),
        ("author", it.authors),
        ("editor", it.editors),
        ("journal", it.journal),
        ("booktitle", it.booktitle),
        *it.publication_fields,
        ("year", year or paper_year(paper)),
        ("month", MONTHS[int(month) - 1][:3].lower() if month else ""),
        ("day", day.lstrip("0")),
        ("eprint", it.eprint),
        ("archivePrefix", "arXiv" if paper.arxiv else ""),
        ("primaryClass", arxiv_category(paper)),
        ("doi", it.doi),
        ("url", it.url),
        ("abstract", it.abstract),
        ("keywords", it.keywords),
        ("annote", it.note),
        *it.user_fields,
    ]
