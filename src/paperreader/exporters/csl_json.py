"""Export CSL JSON for Pandoc, citeproc and reference managers: an array with one object a line.

https://github.com/citation-style-language/schema (csl-data.json). Texts are those that are displayed, without TeX. What
CSL has no field for is in `custom.paperreader`, which other programs ignore; the note is in `annote`, because styles
print `note`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from paperreader.exporters.citation_keys import citation_key, paper_year
from paperreader.exporters.formats import ExportItem
from paperreader.exporters.name_parts import name_parts
from paperreader.json_codec import to_json_line
from paperreader.models import PUBLICATION_FIELDS, Paper
from paperreader.paths import APP_NAME
from paperreader.text.categories import find_categories
from paperreader.text.paper_urls import landing_page
from paperreader.text.sanitize import sanitize, single_line
from paperreader.text.tex_display import tex_to_unicode
from paperreader.text.urls import safe_url

_TYPES = {
    "article": "article-journal",
    "inproceedings": "paper-conference",
    "incollection": "chapter",
    "inbook": "chapter",
    "phdthesis": "thesis",
    "mastersthesis": "thesis",
    "techreport": "report",
    "book": "book",
    "booklet": "book",
    "proceedings": "book",
    "manual": "book",
}
_AT_SCHOOL = ("thesis", "report")
THESIS_NAMES = {"phdthesis": "PhD thesis", "mastersthesis": "Master's thesis"}
"""By the entry type of BibTeX."""


def render(papers: Iterable[ExportItem]) -> Iterator[str]:
    """Yield the lines of an array with an item for each paper."""
    line = "["
    for item in papers:
        if line != "[":
            line += ","
        yield line
        line = f"  {to_json_line(_without_empty(_item(item)), with_spaces=True)}"
    yield line
    yield "]"


def _item(item: ExportItem) -> dict[str, Any]:
    paper, mark = item.paper, item.mark
    kind = _kind(paper)
    at_school = kind in _AT_SCHOOL
    is_preprint = bool(paper.arxiv) and not paper.venue and paper.entry_type not in _TYPES
    publisher = paper.school if at_school else paper.publisher or ("arXiv" if is_preprint else "")
    preprint_number = f"arXiv:{single_line(paper.arxiv)}" if is_preprint else ""
    return {
        "id": citation_key(paper),
        "type": kind,
        "title": _text(paper.title),
        "author": [name_parts(_text(name)) for name in paper.authors],
        "editor": [name_parts(_text(name)) for name in paper.editors],
        "issued": _date(paper),
        "container-title": _text(paper.venue),
        "volume": _text(paper.volume),
        "issue": "" if kind == "report" else _text(paper.number),
        "number": _text(paper.number) if kind == "report" else preprint_number,
        "page": _text(paper.pages.replace("--", "-")),
        "edition": _text(paper.edition),
        "publisher": _text(publisher),
        "genre": _text(paper.report_type) or THESIS_NAMES.get(paper.entry_type, ""),
        "ISBN": _text(paper.isbn),
        "ISSN": _text(paper.issn),
        "archive": "arXiv" if paper.arxiv else "",
        "archive_location": single_line(paper.arxiv),
        "DOI": single_line(paper.doi),
        "URL": landing_page(paper),
        "abstract": sanitize(tex_to_unicode(paper.abstract)).strip(),
        "keyword": ", ".join(dict.fromkeys(map(_text, (*paper.keywords, *mark.tag_names)))),
        "annote": sanitize(mark.note_text).strip("\n").rstrip(),
        "custom": {APP_NAME: _own_fields(item)},
    }


def _own_fields(item: ExportItem) -> dict[str, Any]:
    """Return everything that the import cannot read from the other fields, or not exactly."""
    paper, mark = item.paper, item.mark
    fields = {
        "published": paper.published,
        "listed": paper.listed,
        **{name: _text(getattr(paper, name)) for name in PUBLICATION_FIELDS},
        "pages": single_line(paper.pages),
        "keywords": list(map(_text, paper.keywords)),
        "categories": list(find_categories(paper.categories)),
        "tags": list(map(single_line, mark.tag_names)),
        "bookmarked": mark.bookmarked,
        "read": mark.is_read,
        "links": [url for link in paper.links if (url := safe_url(link.url))],
        "repo": safe_url(paper.repo),
        "votes": paper.votes,
        "comments": paper.comments,
        "stars": paper.stars,
        "summary": sanitize(tex_to_unicode(paper.summary)).strip(),
    }
    return {"version": 1, **_without_empty(fields)}


def _without_empty(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value
        for name, value in fields.items()
        if value not in (None, "", [], {}) and value is not False
    }


def _text(text: str) -> str:
    return single_line(tex_to_unicode(text))


def _kind(paper: Paper) -> str:
    """Return the type: that of its source, else by where it appeared; `article` is a preprint."""
    if paper.entry_type in _TYPES and (paper.entry_type != "article" or not paper.booktitle):
        return _TYPES[paper.entry_type]
    return "article-journal" if paper.journal else "paper-conference" if paper.booktitle else "article"


def _date(paper: Paper) -> dict[str, Any] | None:
    """Return the date, else the year of the arXiv id or the listing."""
    parts = [int(part) for part in (paper.published or paper_year(paper)).split("-") if part]
    return {"date-parts": [parts]} if parts else None
