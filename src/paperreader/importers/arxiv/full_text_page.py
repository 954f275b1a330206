"""Import the metadata of a full text in HTML: `arxiv.org/html/…`, ar5iv, and other pages made by LaTeXML.

The library stores the text itself.

https://math.nist.gov/~BMiller/LaTeXML/manual/ describes the classes. Authors write addresses, thanks and marks into the
same field as their names, so names are used only if the page separates them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from paperreader.checked_values import checked_date
from paperreader.importers.arxiv.submission import first_version_date
from paperreader.importers.html.page import HtmlPage
from paperreader.importers.input.content import SourceOrigin, UnsupportedContent
from paperreader.importers.references import fields
from paperreader.importers.references.names import split_authors
from paperreader.models import ImportedEntry, Problem, SavedPage
from paperreader.text.ids import parse_arxiv_id

SOURCE_KIND = "arxiv-html"

_NOTES = ("ltx_note", "ltx_ERROR", "ltx_author_notes", "ltx_contact", "ltx_title_abstract", "sup", "ltx_tag")
_WATERMARK = re.compile(r"arXiv:(\S{9,30})\s+\[[^\]]{1,40}\]\s+([0-9]{1,2} \w{3} [0-9]{4})", re.ASCII)
_PATH = re.compile(r"/(?:html|abs|pdf)/([^\"'<>\s]{9,40}?)/?\Z")
_CONTINUED = re.compile(r"(?:,|\band|&)\s*\Z")
_NOT_IN_NAME = re.compile(r"[0-9@:;(){}\[\]<>\\/=+*†‡§]|\.(?:com|org|edu)\b")
_NAME = re.compile(r"(?:[^\W\d_][\w.'’`-]*)(?:\s+[^\W\d_][\w.'’`-]*){1,5}")
_AFFILIATION = re.compile(
    r"universi|institut|departe?ment|school|colle[gc]|laborator|\blabs?\b|research|academ|faculty|centre|center|hospital"
    r"|company|\binc\b|\bltd\b|\bcorp|google|microsoft|deepmind|nvidia|openai|facebook|\bmeta\b|amazon|\bteam\b",
    re.IGNORECASE,
)


def read_page(html: str, file: str, origin: SourceOrigin) -> Iterator[ImportedEntry | Problem]:
    """Yield the paper of a full text.

    Raises:
        UnsupportedContent: it has no title.
    """
    page = HtmlPage(html)
    title = " ".join(page.text(page.find("h1", class_name="ltx_title_document"), without=_NOTES).split())
    if not title:
        raise UnsupportedContent(
            "is the full text of a paper without a title; save its abstract page instead"
        )
    watermark = _WATERMARK.search(page.text(page.find_id("watermark-tr")))
    ids = _ids(page, watermark[1] if watermark else "", origin.name)
    name = next(filter(None, map(parse_arxiv_id, ids)), "")
    published = None
    if name:
        is_first = watermark is not None and watermark[1].endswith("v1")
        published = first_version_date(checked_date(watermark[2]) if watermark and is_first else None, name)
    else:
        yield Problem(file, None, "does not state its arXiv id; the paper was imported without it")
    yield ImportedEntry(
        (
            fields.to_record(
                origin.to_source(SOURCE_KIND, 0),
                title=title,
                abstract=page.text(page.find("div", class_name="ltx_abstract"), without=_NOTES),
                authors=_authors(page),
                ids=[name, *ids] if name else (),
                published=published,
            ),
        ),
        page=SavedPage(html, _address(page)),
    )


def _address(page: HtmlPage) -> str:
    return next((url for url in page.addresses if url.startswith(("https://", "http://"))), "")


def _ids(page: HtmlPage, stated: str, file: str) -> list[str]:
    """Return what may be the id: what the page states, its URLs, and the name of a file such as `ID.html`."""
    addresses = [f"arxiv:{found[1]}" if (found := _PATH.search(url)) else "" for url in page.addresses]
    stem = file.rpartition(".")[0]
    return [stated, *addresses, stem]


def _authors(page: HtmlPage) -> list[str]:
    """Return the names; none if anything else is among them."""
    found: list[str] = []
    for element in page.find_all("span", class_name="ltx_personname"):
        lines = page.text(element, without=_NOTES).split("\n")
        # A line that does not continue a list of names is followed by an affiliation.
        if not all(_CONTINUED.search(line) for line in lines[:-1]):
            return []
        found += split_authors(" ".join(lines))
    return found if all(map(_is_name, found)) else []


def _is_name(text: str) -> bool:
    return bool(_NAME.fullmatch(text)) and not _NOT_IN_NAME.search(text) and not _AFFILIATION.search(text)
