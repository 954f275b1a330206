"""Convert the text of a PDF to a document."""

from __future__ import annotations

import re

from paperreader.checked_values import checked_date
from paperreader.fulltext.document import (
    AnyBlock,
    Caption,
    Container,
    Document,
    FloatKind,
    Heading,
    Paragraph,
    Piece,
    Reference,
)
from paperreader.fulltext.errors import NotAFullText
from paperreader.fulltext.pdf.lines import read_lines
from paperreader.fulltext.pdf.paragraphs import HEADING_NUMBER, NAMED_HEADINGS, Group, group_lines
from paperreader.fulltext.reference_ids import find_ids
from paperreader.text.ids import parse_arxiv_id

_STAMP = re.compile(
    r"arXiv:(\S{9,30}?)(?:v([0-9]{1,3}))?\s+\[[^\]]{1,40}\]\s+([0-9]{1,2} \w{3} [0-9]{4})", re.ASCII
)
"""What arXiv prints at the left edge of the first page."""

_VERSION = re.compile(r"v([0-9]{1,3})\Z")
_CAPTION = re.compile(r"(Figure|Fig\.|Table|TABLE|Algorithm|Listing)\s+([0-9IVX]{1,4})[.:]\s+")
_FLOATS: dict[str, FloatKind] = {"table": "table", "algorithm": "algorithm", "listing": "listing"}
_BIBLIOGRAPHY = re.compile(r"(?:[0-9]{1,2}\.?\s+)?(?:references|bibliography)\W?\Z", re.IGNORECASE)
_ABSTRACT = re.compile(r"abstract\W{0,2}(?:\s|\Z)", re.IGNORECASE)
_LABEL = re.compile(r"\[([^\]]{1,40})\]\s*|([0-9]{1,3})\.\s+")
_MIN_LETTERS = 200
_MAX_TITLE_POSITION = 8
"""Headings and paragraphs before the title: names of conferences and the like."""


def convert_pdf(data: bytes, url: str = "") -> Document:
    """Return the text of a PDF that was loaded from `url`.

    Raises:
        NotAFullText: it cannot be read, has no text, or pypdfium2 is not installed.
    """
    lines, is_cut = read_lines(data)
    stamp = next((found for line in lines if line.page == 0 and (found := _STAMP.search(line.text))), None)
    lines = [line for line in lines if not (line.page == 0 and _STAMP.search(line.text))]
    if sum(len(line.text) for line in lines) < _MIN_LETTERS:
        raise NotAFullText("The PDF contains no text, only pictures of it.")
    title, groups = _split_title(list(group_lines(lines)))
    name = url.partition("?")[0].removesuffix(".pdf").rstrip("/")
    version = _VERSION.search(name)
    return Document(
        title=(Piece(title),) if title else (),
        blocks=tuple(_Blocks().read(groups)),
        source="pdf",
        arxiv=parse_arxiv_id(stamp[1]) if stamp else parse_arxiv_id(name),
        version=int((stamp[2] or 0) if stamp else version[1] if version else 0),
        date=(checked_date(stamp[3]) or "") if stamp else "",
        url=url,
        is_cut=is_cut,
    )


def _split_title(groups: list[Group]) -> tuple[str, list[Group]]:
    """Return the title, which is printed largest on the first page, and the other groups."""
    first = [group for group in groups[:_MAX_TITLE_POSITION] if group.page == 0 and _may_be_title(group)]
    title = max(first, key=lambda group: group.size, default=None)
    sizes = [group.size for group in groups if group.is_heading and group is not title]
    if title is None or (sizes and title.size < max(sizes)):
        return "", groups
    return title.text, [group for group in groups if group is not title]


def _may_be_title(group: Group) -> bool:
    is_section = HEADING_NUMBER.match(group.text) or NAMED_HEADINGS.fullmatch(group.text)
    return group.is_heading and not is_section


class _Blocks:
    """Turns groups of lines into blocks."""

    def __init__(self) -> None:
        self._blocks: list[AnyBlock] = []
        self._is_bibliography = False
        self._inside: tuple[Container, ...] = ()

    def read(self, groups: list[Group]) -> list[AnyBlock]:
        for group in groups:
            if group.is_heading:
                self._add_heading(group.text)
            elif self._is_bibliography:
                self._add_reference(group.text)
            else:
                self._add_paragraph(group.text)
        return self._blocks

    def _add_heading(self, text: str) -> None:
        self._is_bibliography = _BIBLIOGRAPHY.match(text) is not None
        self._inside = (Container("abstract", 1),) if _ABSTRACT.match(text) else ()
        number = HEADING_NUMBER.match(text)
        level = 1 + number[1].count(".") if number else 1
        content = text[number.end() :] if number else text
        self._blocks.append(
            Heading(
                content=(Piece(content),),
                level=min(level, 4),
                number=number[1] if number else "",
                inside=self._inside,
            )
        )

    def _add_paragraph(self, text: str) -> None:
        if found := _CAPTION.match(text):
            kind = _FLOATS.get(found[1].lower(), "figure")
            content = (Piece(text[found.end() :]),)
            self._blocks.append(Caption(label=f"{found[1]} {found[2]}", content=content, of=kind))
        else:
            self._blocks.append(Paragraph(content=(Piece(text),), inside=self._inside))

    def _add_reference(self, text: str) -> None:
        found = _LABEL.match(text)
        label = f"[{found[1] or found[2]}]" if found else ""
        content = text[found.end() :] if found else text
        self._blocks.append(Reference(label=label, content=(Piece(content),), ids=find_ids(text)))
