"""Papers as items of Zotero, as its connector saves them.

Item types and fields: https://api.zotero.org/schema. Texts are those that are displayed, without TeX.
"""

from __future__ import annotations

from typing import Any

from paperreader.exporters.citation_keys import paper_year
from paperreader.exporters.csl_json import THESIS_NAMES
from paperreader.exporters.formats import ExportItem
from paperreader.exporters.name_parts import name_parts
from paperreader.models import Paper
from paperreader.text.markdown import note_to_html
from paperreader.text.paper_urls import landing_page
from paperreader.text.sanitize import sanitize, single_line
from paperreader.text.tex_display import tex_to_unicode

_TYPES = {
    "article": "journalArticle",
    "inproceedings": "conferencePaper",
    "incollection": "bookSection",
    "inbook": "bookSection",
    "phdthesis": "thesis",
    "mastersthesis": "thesis",
    "techreport": "report",
    "book": "book",
    "booklet": "book",
    "proceedings": "book",
    "manual": "book",
}
_CONTAINERS = {
    "journalArticle": "publicationTitle",
    "conferencePaper": "proceedingsTitle",
    "bookSection": "bookTitle",
}
_PUBLISHERS = {"preprint": "repository", "thesis": "university", "report": "institution"}
_NUMBERS = {"journalArticle": "issue", "report": "reportNumber", "preprint": "archiveID"}
_KINDS = {"thesis": "thesisType", "report": "reportType"}

_AUTOMATIC_TAG = 1
"""Zotero distinguishes tags that came with an item from those of the user."""


def zotero_item(item: ExportItem) -> dict[str, Any]:
    """Return a paper with the user's tags and note. Fields without a value are left out."""
    paper, mark = item.paper, item.mark
    kind = _kind(paper)
    fields: dict[str, Any] = {
        "itemType": kind,
        "title": _text(paper.title),
        "creators": [
            *(_creator(name, "author") for name in paper.authors),
            *(_creator(name, "editor") for name in paper.editors),
        ],
        "abstractNote": sanitize(tex_to_unicode(paper.abstract)).strip(),
        "date": paper.published or paper.listed or paper_year(paper),
        "DOI": single_line(paper.doi),
        "url": landing_page(paper),
        "volume": _text(paper.volume),
        "pages": _text(paper.pages.replace("--", "-")),
        "edition": _text(paper.edition),
        "ISBN": _text(paper.isbn),
        "ISSN": _text(paper.issn),
        "extra": f"arXiv: {single_line(paper.arxiv)}" if paper.arxiv and kind != "preprint" else "",
        "tags": [
            *({"tag": single_line(name)} for name in mark.tag_names),
            *({"tag": _text(name), "type": _AUTOMATIC_TAG} for name in paper.keywords),
        ],
        "notes": [{"note": note_to_html(mark.note_text)}] if mark.note_text.strip() else [],
        **_fields_of_kind(paper, kind),
    }
    return {name: value for name, value in fields.items() if value}


def _fields_of_kind(paper: Paper, kind: str) -> dict[str, str]:
    """Return the fields whose names depend on the type."""
    number = f"arXiv:{single_line(paper.arxiv)}" if kind == "preprint" else _text(paper.number)
    publisher = "arXiv" if kind == "preprint" else _text(paper.school or paper.publisher)
    fields = {_PUBLISHERS.get(kind, "publisher"): publisher}
    if kind in _CONTAINERS:
        fields[_CONTAINERS[kind]] = _text(paper.venue)
    if kind in _NUMBERS:
        fields[_NUMBERS[kind]] = number
    if kind in _KINDS:
        fields[_KINDS[kind]] = _text(paper.report_type) or THESIS_NAMES.get(paper.entry_type, "")
    return fields


def _kind(paper: Paper) -> str:
    """Return the type: that of its source, else by where it appeared."""
    if paper.entry_type in _TYPES and (paper.entry_type != "article" or paper.journal):
        return _TYPES[paper.entry_type]
    if paper.journal or paper.booktitle:
        return "journalArticle" if paper.journal else "conferencePaper"
    return "preprint" if paper.arxiv else "document"


def _creator(name: str, role: str) -> dict[str, Any]:
    parts = name_parts(_text(name))
    if "literal" in parts:
        return {"creatorType": role, "lastName": parts["literal"], "fieldMode": 1}
    last = " ".join(filter(None, (parts.get("non-dropping-particle"), parts["family"])))
    first = ", ".join(filter(None, (parts["given"], parts.get("suffix"))))
    return {"creatorType": role, "firstName": first, "lastName": last}


def _text(text: str) -> str:
    return single_line(tex_to_unicode(text))
