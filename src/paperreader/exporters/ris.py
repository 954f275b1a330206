"""Export RIS for reference managers: fields of two letters, one a line.

https://en.wikipedia.org/wiki/RIS_(file_format). Tags are among the keywords (`KW`), where other programs expect them,
and also labels (`LB`), by which the import distinguishes them. Values without a field are in `M2` as `name: value; …`,
which other programs display as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from paperreader.exporters.citation_keys import citation_key, paper_year
from paperreader.exporters.formats import ExportItem
from paperreader.models import Paper
from paperreader.paths import APP_NAME
from paperreader.text.categories import find_categories
from paperreader.text.html_notes import markdown_to_html_note
from paperreader.text.paper_urls import landing_page, other_urls
from paperreader.text.sanitize import sanitize, single_line
from paperreader.text.tex_display import tex_to_unicode

MASTERS_THESIS = "Master's thesis"
"""The type of work of a thesis without one, by which the import distinguishes it from a dissertation."""

_KINDS = {
    "book": "BOOK",
    "proceedings": "BOOK",
    "inbook": "CHAP",
    "incollection": "CHAP",
    "phdthesis": "THES",
    "mastersthesis": "THES",
    "techreport": "RPRT",
}
_PAPER_KINDS = {"article": "JOUR", "inproceedings": "CONF"}
_LITERAL_NAME = re.compile(r"[,;]|\A(?:and\s)?(?:others|et\.?\s?al\.?|…|\.\.\.)\Z", re.IGNORECASE)
"""Names that mean something else in a list of names: those of groups with a comma, and of "others"."""
_PAGE_RANGE = re.compile(r"(\w*[0-9]\w*)\s*[-–]+\s*(\w*[0-9]\w*)")
_FIELD_LIKE = re.compile(r" *[A-Z][A-Z0-9]  ?-")


def render(papers: Iterable[ExportItem]) -> Iterator[str]:
    """Yield a reference for each paper."""
    for item in papers:
        fields = [f"{name}  - {value}" for name, value in _fields(item) if value]
        yield "\n".join([*fields, "ER  - ", ""])


def _fields(item: ExportItem) -> Iterator[tuple[str, str]]:
    paper, mark = item.paper, item.mark
    yield "TY", _kind(paper)
    yield "ID", citation_key(paper)
    yield "TI", _plain(paper.title)
    yield from (("AU", _family_first(name)) for name in _names(paper.authors))
    yield "T2", _plain(paper.venue)
    yield from _publication_fields(paper)
    yield "PY", (paper.published or "")[:4] or paper_year(paper)
    yield "DA", "/".join([*paper.published.split("-"), "", "", ""][:4]) if paper.published else ""
    yield "AB", _multiline(tex_to_unicode(paper.abstract))
    for word in dict.fromkeys((*map(_plain, paper.keywords), *map(single_line, mark.tag_names))):
        yield "KW", word
    for tag in mark.tag_names:
        yield "LB", single_line(tag)
    yield "AN", f"arXiv:{paper.arxiv}" if paper.arxiv else ""
    yield "DO", single_line(paper.doi)
    for url in filter(None, (landing_page(paper), *other_urls(paper))):
        yield "UR", url
    yield "N1", _multiline(markdown_to_html_note(mark.note_text))
    yield "M2", _extra_fields(item)
    # The database provider, by which the import distinguishes references with a note or tags from those of others.
    yield "DP", APP_NAME if mark.note_text or mark.tag_names else ""


def _publication_fields(paper: Paper) -> Iterator[tuple[str, str]]:
    """Yield editors, volume, pages and the like."""
    tag = "A3" if _kind(paper) == "BOOK" else "A2"
    yield from ((tag, _family_first(name)) for name in _names(paper.editors))
    yield "VL", _plain(paper.volume)
    yield "IS", _plain(paper.number)
    first, last = pages.groups() if (pages := _PAGE_RANGE.fullmatch(_plain(paper.pages))) else ("", "")
    yield "SP", first or _plain(paper.pages)
    yield "EP", last
    yield "ET", _plain(paper.edition)
    yield "PB", _plain(paper.school if _kind(paper) in ("THES", "RPRT") else paper.publisher)
    yield "SN", _plain(paper.isbn)
    yield "SN", _plain(paper.issn)
    masters = MASTERS_THESIS if paper.entry_type == "mastersthesis" else ""
    yield "M3", _plain(paper.report_type) or masters


def _extra_fields(item: ExportItem) -> str:
    """Return `listed: 2025-10-03; votes: 43; bookmarked: yes`, without unknown values."""
    paper, mark = item.paper, item.mark
    fields = (
        ("listed", paper.listed),
        # The exported year is that of the id, or of the listing.
        ("published", None if paper.published else "unknown"),
        *(("votes", paper.votes), ("comments", paper.comments), ("stars", paper.stars)),
        ("categories", " ".join(find_categories(paper.categories)) or None),
        ("literal authors", _literal_places(paper.authors) or None),
        ("literal editors", _literal_places(paper.editors) or None),
        *(("bookmarked", "yes" if mark.bookmarked else None), ("read", "yes" if mark.is_read else None)),
    )
    return "; ".join(f"{name}: {value}" for name, value in fields if value is not None)


def _kind(paper: Paper) -> str:
    """Return the type: that of its source, else `CONF` in proceedings, `JOUR` with a journal or a publisher's DOI."""
    if kind := _KINDS.get(paper.entry_type):
        return kind
    if paper.booktitle and not paper.journal:
        return "CONF"
    if paper.journal or (paper.doi and "arxiv" not in paper.doi):
        return "JOUR"
    return "UNPB" if paper.arxiv else _PAPER_KINDS.get(paper.entry_type, "UNPB")


def _plain(text: str) -> str:
    return single_line(tex_to_unicode(text))


def _names(names: Iterable[str]) -> list[str]:
    return list(filter(None, map(_plain, names)))


def _family_first(name: str) -> str:
    """Return `Lantern, Ada`, the order of RIS; a literal name is unchanged."""
    given, _, family = name.rpartition(" ")
    return f"{family}, {given}" if given and not _LITERAL_NAME.search(name) else name


def _literal_places(names: Iterable[str]) -> str:
    """Return the positions of names that the import must not turn over or split: `1 3`."""
    return " ".join(str(place) for place, name in enumerate(_names(names), 1) if _LITERAL_NAME.search(name))


def _multiline(text: str) -> str:
    """Return text of several lines; a continuation line that looks like a field is indented by a blank."""
    first, *rest = sanitize(text).strip("\n").split("\n")
    return "\n".join([first, *(f" {line}" if _FIELD_LIKE.match(line) else line for line in rest)])
