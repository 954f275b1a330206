"""Which format is this content?"""

from __future__ import annotations

import json
import re
from typing import Literal

from paperreader.importers.input.encoding import binary_kind
from paperreader.text.csv_cells import header_delimiter

Format = Literal[
    "capture",
    "lines",
    "json",
    "page",
    "feed",
    "bibtex",
    "ris",
    "csv",
    "gzip",
    "xz",
    "bzip2",
    "tar",
    "zip",
    "empty",
    "unsupported",
]

HEAD_BYTES = 65536
"""Bytes that are looked at."""

_PACKED: tuple[tuple[bytes, Format], ...] = (
    (b"\x1f\x8b", "gzip"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"BZh", "bzip2"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
)
_TAR_MAGIC, _TAR_MAGIC_AT = b"ustar", 257

_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
_BOM = b"\xef\xbb\xbf"

_MARKUP = re.compile(
    rb"<(?:!doctype|!--|\?xml|html|head|body|svg\b|(?:[\w.-]+:)?(?:feed|rss|rdf)\b)", re.IGNORECASE
)
_FEED = re.compile(rb"http://www\.w3\.org/2005/Atom|<(?:[\w.-]+:)?(?:feed|rss)\b|http://purl\.org/rss/", re.I)
_HTML = re.compile(rb"<!doctype\s+html|<(?:html|head|body|meta)\b", re.IGNORECASE)
_PAGE_DATA = b"data-target"

_ARRAY = re.compile(rb"\[\s*(?:[{\[\"]|-?[0-9.]+\s*(?:,\s*-?[0-9.]|\]\s*\Z)|(?:true|false|null)\b|\]\s*\Z)")
"""A title may begin with a bracket (`[CLS] Attention ...`); an array of JSON goes on with a value."""

_FRAME = re.compile(
    rb'\{\s*(?:"[a-z_]{1,20}"\s*:\s*(?:"[^"]{0,60}"|[0-9]{1,9}|true|false)\s*,\s*)*"\w+"\s*:\s*\[', re.I
)
"""An object around a list of items, with a few short fields before it."""

_FRAME_LISTS = (b'"data"', b'"dailyPapers"')

_BIBTEX = re.compile(
    rb"^[ \t]*@(?:article|book|booklet|collection|conference|dataset|inbook|incollection|inproceedings|manual"
    rb"|mastersthesis|misc|online|patent|phdthesis|preprint|proceedings|report|software|string|techreport|thesis"
    rb"|unpublished|preamble|comment)\s*[{(]",
    re.IGNORECASE | re.MULTILINE,
)
_TITLE_COLUMN = re.compile(rb"[^\n]{0,4000}?\btitle\b", re.IGNORECASE)
_RIS = re.compile(rb"^TY  ?- ?\S", re.MULTILINE)


def detect_format(head: bytes) -> tuple[Format, str]:
    """The format of a content by its first `HEAD` bytes, never by its name; for an unsupported one what it is.

    `lines` is one JSON object a line, `json` a document of JSON, `page` a saved web page. Text that is nothing else is
    taken for a page saved as text: its reader looks closer.
    """
    if not head.removeprefix(_BOM).strip():
        return "empty", ""
    if packed := _packed_form(head):
        return packed, ""
    if head.startswith(_UTF16_BOMS):
        head = head[: len(head) & ~1].decode("utf-16", "replace").encode("utf-8", "replace")
    elif binary := binary_kind(head):
        return "unsupported", f"{binary}, not text"
    return _text_form(head.removeprefix(_BOM).lstrip())


def _packed_form(head: bytes) -> Format | None:
    if head[_TAR_MAGIC_AT : _TAR_MAGIC_AT + len(_TAR_MAGIC)] == _TAR_MAGIC:
        return "tar"
    return next((form for signature, form in _PACKED if head.startswith(signature)), None)


def _text_form(head: bytes) -> tuple[Format, str]:
    if head[:1] == b"{":
        return _object_form(head), ""
    if _MARKUP.match(head):
        return _markup_form(head)
    if _TITLE_COLUMN.match(head) and header_delimiter(
        head.split(b"\n", 1)[0].rstrip(b"\r").decode("utf-8", "replace")
    ):
        return "csv", ""  # its cells may hold anything
    if _ARRAY.match(head):
        return "json", ""
    # A note in the one may hold what the other begins with.
    references: tuple[tuple[re.Match[bytes] | None, Format], ...] = (
        (_BIBTEX.search(head), "bibtex"),
        (_RIS.search(head), "ris"),
    )
    found = min(((match.start(), form) for match, form in references if match), default=(0, "capture"))
    return found[1], ""


def _markup_form(head: bytes) -> tuple[Format, str]:
    if _HTML.search(head) or _PAGE_DATA in head:
        return "page", ""
    if _FEED.search(head):
        return "feed", ""
    return "unsupported", "markup, but neither a web page nor an Atom or RSS feed"


def _object_form(head: bytes) -> Format:
    """One object a line, or one document: by what the first line is."""
    first = head.split(b"\n", 1)[0].strip()
    try:
        data = json.loads(first)
    except (ValueError, RecursionError):
        frame = _FRAME.match(head)
        if frame and any(name in frame[0] for name in _FRAME_LISTS):
            return "json"
        if not re.match(rb"\{\s*[\"}]", head):
            return "capture"
        # A document that is spread over lines breaks where no line of an object would end.
        return "json" if first[-1:] in b"{[," and len(first) < len(head.rstrip()) else "lines"
    frame_like = any(isinstance(data.get(name.strip(b'"').decode()), list) for name in _FRAME_LISTS)
    return "json" if frame_like else "lines"
