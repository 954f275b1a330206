"""The formats that papers can be imported from, one row each.

To add a format, add a module to `paperreader.importers` that reads it, and a row here. The table is not part of
`importers` because the catalog ranks sources by it and the reader shows their labels; neither loads an importer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Literal, NamedTuple

from paperreader.object_formats import OBJECT_FORMATS
from paperreader.page_formats import (
    PAGE_FORMATS,
    is_announcement_mail,
    is_mhtml,
    is_paper_list,
    is_paper_page,
    is_rendered_page,
)

TEXT_PAGE = "capture"
"""Kind of a Daily Papers page saved as text, whose papers are listed under the day of the page."""

OTHER_RANK = 3
"""Rank of sources that are not in the table, such as those of a newer version."""


class ImportFormat(NamedTuple):
    """A format of files."""

    name: str
    """The kind that is stored with the source of each of its papers (`Source.kind`), so it never changes. JSON and HTML
    files contain objects, whose kind comes from `object_formats`."""
    label: str
    """What the detail calls such a source."""
    rank: int
    """Which source decides a field when the records of one paper are merged: the one with the lowest rank."""
    detect: Callable[[bytes], int | None]
    """Return the offset at which the head of a file shows the format, None if it does not. The lowest offset decides;
    among equal ones, the order of the table."""
    reader_module: str
    """Module of `paperreader.importers` whose `read_entries` reads it; imported when needed."""
    extensions: tuple[str, ...]
    """File name extensions that are read in folders and archives. A file given by its path may have any."""
    reads_content: bool = False
    """Whether `read_entries` takes a `Content` and reads that itself, as a stream; otherwise it takes decoded text."""
    title_is_enough: bool = False
    """Whether a record with nothing but a title is imported, because every record of the format is a publication."""


_MARKUP = (
    rb"<(?:!doctype|!--|\?xml|html|head|body|main|section|article|div|svg\b|xml>|records>|oai-pmh"
    rb"|(?:[\w.-]+:)?(?:feed|rss|rdf)\b)"
)
_FEED = rb"(?i)http://www\.w3\.org/2005/Atom|<(?:[\w.-]+:)?(?:feed|rss)\b|http://purl\.org/rss/"
_ZOTERO_RDF = rb"http://www\.zotero\.org/namespaces/export#"
_OAI = rb"(?i)<(?:[\w.-]+:)?OAI-PMH\b|http://www\.openarchives\.org/OAI/2\.0/[\"']"
_HTML = rb"(?i)<!doctype\s+html|<(?:html|head|body|meta|main|section|article|div)\b|(?-i:data-target)"
_ARRAY = rb"\[\s*(?:[{\[\"]|-?[0-9.]+\s*(?:,\s*-?[0-9.]|\]\s*\Z)|(?:true|false|null)\b|\]\s*\Z)"
"""A title may begin with a bracket (`[CLS] Attention ...`); a JSON array continues with a value."""

_ENVELOPE = rb'\{\s*(?:"[a-z_]{1,20}"\s*:\s*(?:"[^"]{0,60}"|[0-9]{1,9}|true|false)\s*,\s*)*"\w+"\s*:\s*\['
"""An object around a list of items, with a few short fields before it."""

ENVELOPE_LISTS = ("dailyPapers", "data")
"""Names of the list of items in such an object."""

_BIBTEX = (
    rb"(?im)^(?:[ \t]|\xc2\xa0|\xef\xbb\xbf)*@[ \t]*(?:article|book|booklet|collection|conference|dataset|inbook"
    rb"|incollection|inproceedings|manual|mastersthesis|misc|online|patent|phdthesis|preprint|proceedings|report|software"
    rb"|string|techreport|thesis|unpublished|preamble|comment)\s*[{(]"
    rb"|(?:^|(?<=[\s}\xa0\xbf]))@[a-z]{2,30}\s{0,9}(?:\{[^,={}@\n]{0,200}|\([^,={}()\"@\n]{0,200}),"
    rb"\s{0,99}[a-z_][\w -]{0,40}=\s{0,9}[\"{\w]"
)
"""An entry of a well-known type at the beginning of a line, or of any type, anywhere, that begins with a field."""
MAX_HEADER_BYTES = 16384
"""Bytes of the header of a table."""

_RIS = rb"(?m)^(?:[ \t]|\xc2\xa0|\xef\xbb\xbf)*TY  ?- ?\S"
_NBIB = rb"(?m)^(?:\xef\xbb\xbf)*PMID ?- ?[0-9]+[ \t\r]*$"
_WEB_OF_SCIENCE = (
    rb"(?m)^(?:\xef\xbb\xbf)*(?:FN [^\n]{1,200}\nVR [0-9]|PT [A-Z]\r?\n(?:AU|AF|BA|BE|CA|GP|TI) "
    rb"|PT\t(?:[A-Z][A-Z0-9]\t){3,90})"
)
_ENW = rb"(?m)^(?:\xef\xbb\xbf)*%(?:0 ?[A-Z][A-Za-z/ -]{3,40}[ \t\r]*$|A [^\n]+\n(?:%[^\n]*\n){0,200}?%T )"
_ENDNOTE_XML = rb"<ref-type\b|<records>\s*<record>"
_TITLE_COLUMN = (
    "(?:sep=.\r?\n)?[^\n]{0,4000}?(?:title|paper|titel|t(?:i|í|Í)tulo|titre|标题|题名|题目)".encode()
)


def is_markup(head: bytes) -> bool:
    """Whether the text begins like HTML or XML."""
    return head[:1] == b"<" and re.match(_MARKUP, head, re.IGNORECASE) is not None


def _is_csv(head: bytes) -> bool:
    if head[:1] == b"{" or is_markup(head) or not re.match(_TITLE_COLUMN, head, re.IGNORECASE):
        return False
    # Not needed by the catalog and the reader.
    from paperreader.text.csv_cells import header_delimiter, skip_delimiter_line

    first = skip_delimiter_line(head[:MAX_HEADER_BYTES].decode("utf-8", "replace")).split("\n", 1)[0]
    return bool(header_delimiter(first.rstrip("\r")))


def _is_json_lines(head: bytes) -> bool:
    return head[:1] == b"{" and _object_layout(head) == "lines"


def _is_json(head: bytes) -> bool:
    if head[:1] == b"{":
        return _object_layout(head) == "document"
    return re.match(_ARRAY, head) is not None


@lru_cache(maxsize=1)
def _object_layout(head: bytes) -> Literal["lines", "document", "text"]:
    """Return whether a text that begins with a brace has one object a line, is one document, or is no JSON."""
    first = head.split(b"\n", 1)[0].strip()
    try:
        data = json.loads(first)
    except (ValueError, RecursionError):
        envelope = re.match(_ENVELOPE, head, re.IGNORECASE)
        if envelope and any(f'"{name}"'.encode() in envelope[0] for name in ENVELOPE_LISTS):
            return "document"
        if not re.match(rb"\{\s*[\"}]", head):
            return "text"
        # A document that is spread over lines is broken where a line with a whole object would not end.
        return "document" if first[-1:] in b"{[," and len(first) < len(head.rstrip()) else "lines"
    return "document" if any(isinstance(data.get(name), list) for name in ENVELOPE_LISTS) else "lines"


def _at_start(matches: Callable[[bytes], bool]) -> Callable[[bytes], int | None]:
    """Detect a format by the beginning of the file."""
    return lambda head: 0 if matches(head) else None


def _in_markup(pattern: bytes) -> Callable[[bytes], int | None]:
    """Detect a format of HTML or XML by what it contains."""
    return _at_start(lambda head: is_markup(head) and re.search(pattern, head) is not None)


def _at_line(pattern: bytes) -> Callable[[bytes], int | None]:
    """Detect a format by the first line of a plain text that matches."""

    def detect(head: bytes) -> int | None:
        if head[:1] == b"{" or is_markup(head):
            return None
        found = re.search(pattern, head)
        return found.start() if found else None

    return detect


def _anywhere(head: bytes) -> int | None:
    """Detect text of any kind that is not markup, after every other format; its importer looks closer."""
    return None if is_markup(head) else 0 if head[:1] == b"{" else len(head)


IMPORT_FORMATS = (
    ImportFormat(
        "json-lines",
        "",
        OTHER_RANK,
        _at_start(_is_json_lines),
        "json.json_lines",
        (".jsonl", ".ndjson"),
        reads_content=True,
    ),
    ImportFormat(
        "endnote-xml",
        "EndNote",
        1,
        _in_markup(_ENDNOTE_XML),
        "references.endnote_xml",
        (".xml",),
        reads_content=True,
        title_is_enough=True,
    ),
    # Before pages and feeds: it has a namespace of RSS.
    ImportFormat(
        "zotero-rdf",
        "Zotero",
        1,
        _in_markup(_ZOTERO_RDF),
        "zotero.rdf",
        (".rdf",),
        title_is_enough=True,
    ),
    # Pages saved as HTML; those of `page_formats` have their own kind.
    ImportFormat("html", "", OTHER_RANK, _in_markup(_HTML), "html.saved_page", (".html", ".htm")),
    ImportFormat("arxiv-oai", "arXiv", 0, _in_markup(_OAI), "arxiv.oai", (".xml",), reads_content=True),
    ImportFormat(
        "arxiv",
        "arXiv",
        0,
        _in_markup(_FEED),
        "arxiv.feeds",
        (".xml", ".atom", ".rss"),
        reads_content=True,
    ),
    # Its papers have the kind of the page in it.
    ImportFormat(
        "mhtml",
        "",
        OTHER_RANK,
        _at_start(is_mhtml),
        "html.mhtml",
        (".mhtml", ".mht"),
        reads_content=True,
    ),
    ImportFormat(
        "arxiv-mail",
        "arXiv",
        0,
        _at_start(is_announcement_mail),
        "arxiv.announcement_mail",
        (".eml", ".mbox"),
        reads_content=True,
    ),
    # Papers of these two have the kind of a page saved as text.
    ImportFormat("paper-page", "", OTHER_RANK, _at_start(is_paper_page), "daily_papers.paper_page", (".md",)),
    ImportFormat(
        "rendered-page",
        "",
        OTHER_RANK,
        _at_start(is_rendered_page),
        "daily_papers.rendered_page",
        (".md", ".markdown"),
        title_is_enough=True,
    ),
    ImportFormat("markdown", "Markdown", 2, _at_start(is_paper_list), "markdown.lists", (".md",)),
    # No extension: a table in a folder is not read unless its path is given.
    ImportFormat("csv", "CSV", 1, _at_start(_is_csv), "references.csv", (), reads_content=True),
    ImportFormat(
        "json",
        "",
        OTHER_RANK,
        _at_start(_is_json),
        "json.document_files",
        (".json",),
        reads_content=True,
    ),
    ImportFormat("bibtex", "BibTeX", 1, _at_line(_BIBTEX), "bibtex.entries", (".bib",), title_is_enough=True),
    ImportFormat("ris", "RIS", 1, _at_line(_RIS), "references.ris", (".ris",), title_is_enough=True),
    ImportFormat("nbib", "PubMed", 1, _at_line(_NBIB), "references.nbib", (".nbib",), title_is_enough=True),
    ImportFormat(
        "wos",
        "Web of Science",
        1,
        _at_line(_WEB_OF_SCIENCE),
        "references.web_of_science",
        (".ciw",),
        title_is_enough=True,
    ),
    ImportFormat("enw", "EndNote", 1, _at_line(_ENW), "references.enw", (".enw",), title_is_enough=True),
    ImportFormat(
        TEXT_PAGE,
        "Daily Papers",
        2,
        _anywhere,
        "daily_papers.text_page",
        ("", ".txt", ".text"),
        reads_content=True,
        title_is_enough=True,
    ),
)
"""Formats of files, as they are detected by their content, never by their name."""

_ROWS = (*IMPORT_FORMATS, *OBJECT_FORMATS, *PAGE_FORMATS)

SOURCE_LABELS: Mapping[str, str] = {row.name: row.label for row in _ROWS if row.label}
"""Labels of sources by their kind."""

SOURCE_RANKS: Mapping[str, int] = {row.name: row.rank for row in _ROWS}
"""Ranks of sources by their kind; `OTHER_RANK` for any other."""


def source_label(kind: str, name: str, key: str) -> str:
    """Return what a source is called in a list: `BibTeX (references.bib)`, or `arXiv` for a response of the service."""
    label = SOURCE_LABELS.get(kind, kind)
    is_response = key.startswith("@")
    return label if is_response or not name else f"{label} ({name})"


def source_rank(kind: str) -> int:
    """Return the rank of a source by its kind: the lowest one decides when records are merged."""
    return SOURCE_RANKS.get(kind, OTHER_RANK)
