"""Convert what stands around the text: authors, version, date, licence."""

from __future__ import annotations

import re
from typing import NamedTuple

from paperreader.checked_values import checked_date
from paperreader.fulltext.document import Piece, Text
from paperreader.fulltext.html.flow import Flow
from paperreader.fulltext.html.inline import strip_start
from paperreader.fulltext.html.nodes import Node, children, classes, plain_text
from paperreader.fulltext.html.tables import split_lines
from paperreader.text.ids import parse_arxiv_id

_WATERMARK = re.compile(
    r"arXiv:(\S{9,30}?)(?:v([0-9]{1,3}))?\s+\[[^\]]{1,40}\]\s+([0-9]{1,2} \w{3} [0-9]{4})", re.ASCII
)
_ADDRESS = re.compile(r"/(?:html|abs|pdf)/([^\"'<>\s?#]{9,40}?)(?:v([0-9]{1,3}))?/?(?:[?#].*)?\Z")
_AUTHOR_SEPARATOR = re.compile(r"(?:^|\s)&(?=[A-Z\u00c0-\u024f])")
_DISTANCE = re.compile(r"\[-?[0-9.]{1,6}(?:pt|em|ex|mm|cm|in)\]\s*")
_CONTACT_NAMES = ("affiliation", "address", "email", "email address", "orcid", "homepage")
"""Names of addresses that say nothing more than the address; others, such as "correspondence to", are kept."""

_LICENSE = re.compile(r"\s*license:\s*", re.IGNORECASE)


class Edition(NamedTuple):
    """Which paper and version a page is, as far as it says so."""

    arxiv: str = ""
    version: int = 0
    date: str = ""
    license: str = ""


def read_edition(root: Node, addresses: list[str]) -> Edition:
    """Return what the page says about itself; else what is in its addresses, the best one first."""
    found = _WATERMARK.search(plain_text(root.css_first("#watermark-tr")))
    license_text = _LICENSE.sub("", plain_text(root.css_first("#license-tr")), count=1)
    if found and (arxiv := parse_arxiv_id(found[1])):
        day = checked_date(found[3])
        return Edition(arxiv, int(found[2] or 0), day or "", license_text)
    matches = [match for address in addresses if (match := _ADDRESS.search(address))]
    named = [(arxiv, int(match[2] or 0)) for match in matches if (arxiv := parse_arxiv_id(match[1]))]
    if not named:
        return Edition(license=license_text)
    arxiv = named[0][0]
    version = next((version for id, version in named if version and id == arxiv), 0)
    return Edition(arxiv, version, "", license_text)


def convert_authors(flow: Flow, node: Node, style: str, target: str) -> None:
    """Keep names, affiliations and addresses, one line each."""
    inner = Flow(flow.page)
    _walk_authors(inner, node)
    inner.flush_lead()
    lines = (line for text in flow.lines_from(inner) for line in split_lines(text))
    shown = (_without_remains(line) for line in lines)
    flow.page.authors += [line for line in shown if any(map(_says_something, line))]


def _says_something(piece: Piece) -> bool:
    """Whether a piece is more than brackets, which TeX leaves of options."""
    return piece.kind == "math" or any(map(str.isalnum, piece.text))


def _without_remains(line: Text) -> Text:
    """Return a line without icons, and without what TeX left at its beginning, such as `&` and `[3pt]`."""
    line = strip_start(tuple(piece for piece in line if piece.kind != "image" or piece.text), "&\xa0 ")
    if line and line[0].kind == "text" and (found := _DISTANCE.match(line[0].text)):
        first = Piece(line[0].text[found.end() :], "text", line[0].style, line[0].target)
        line = (first, *line[1:]) if first.text else line[1:]
    return line


def _walk_authors(flow: Flow, node: Node) -> None:
    for child in children(node):
        if (child.tag or "-")[0] == "-":
            _add_names(flow, child.text_content or "")
            continue
        names = classes(child)
        if "ltx_contact_name" in names and plain_text(child).rstrip(": ").lower() in _CONTACT_NAMES:
            continue
        if names & {"ltx_contact", "ltx_creator", "ltx_author_notes"}:
            flow.flush()
            _walk_authors(flow, child)
            flow.flush()
        elif "ltx_ERROR" in names:  # such as \\AND, between authors
            flow.page.errors += 1
            flow.flush()
        elif names & {"ltx_personname", "ltx_author_notes_content"} or (child.tag == "span" and not names):
            _walk_authors(flow, child)
        else:
            flow.convert(child, "", "")


def _add_names(flow: Flow, text: str) -> None:
    """Add text of the authors' field, in which TeX's `&` may be left over between names."""
    first, *others = _AUTHOR_SEPARATOR.split(text)
    flow.line.add_text(first)
    for other in others:
        flow.flush()
        flow.line.add_text(other)
