"""Read the lines of a PDF with their places and sizes, in the order of the file, which keeps columns apart."""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from paperreader.fulltext.errors import NotAFullText

MAX_PAGES = 400
"""Later pages are left out, with a note."""

_JOIN = ("\x02", "\ufffe")
"""What PDFium writes instead of a hyphen at the end of a line, and of the line end."""

_PAGE_NUMBER = re.compile(
    r"\W{0,3}(?:page\s)?[0-9ivxl]{1,5}(?:\s?(?:of|/)\s?[0-9]{1,4})?\W{0,3}", re.IGNORECASE
)
_DIGITS = re.compile(r"[0-9]+")
_MIN_REPETITIONS = 3
_EDGE_LINES = 3
"""Lines at the top and bottom of a page that may be running titles."""


class Line(NamedTuple):
    """A line of text. Distances are in points, from the lower left corner of the page."""

    text: str
    page: int
    left: float = 0
    right: float = 0
    bottom: float = 0
    size: float = 0


def read_lines(data: bytes) -> tuple[list[Line], bool]:
    """Return the lines of all pages, and whether pages were left out.

    Raises:
        NotAFullText: pypdfium2 is not installed, or the PDF cannot be read.
    """
    try:
        import pypdfium2
    except ImportError as error:
        raise NotAFullText(
            "Reading the text of a PDF needs an optional package. Install it with: pip install 'paperreader[pdf]'"
        ) from error
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise NotAFullText("The PDF is damaged, or protected by a password.") from error
    try:
        count = len(document)
        lines = [line for number in range(min(count, MAX_PAGES)) for line in _page_lines(document, number)]
    except pypdfium2.PdfiumError as error:
        raise NotAFullText("A page of the PDF is damaged.") from error
    finally:
        document.close()
    return _without_running_titles(lines), count > MAX_PAGES


def _page_lines(document: Any, number: int) -> Iterator[Line]:
    page = document[number]
    text_page = page.get_textpage()
    try:
        yield from _split_lines(text_page.raw, number)
    finally:
        text_page.close()
        page.close()


def _split_lines(raw: Any, number: int) -> Iterator[Line]:
    """Yield the lines of a page; a word that was parted at a line end keeps both lines together."""
    import pypdfium2.raw as pdfium

    indexes: list[int] = []
    characters: list[str] = []
    for index in range(pdfium.FPDFText_CountChars(raw)):
        code = pdfium.FPDFText_GetUnicode(raw, index)
        character = chr(code) if code < 0x110000 else "\ufffd"
        if character in "\r\n":
            if indexes:
                yield _line("".join(characters), indexes, raw, number)
            indexes, characters = [], []
        elif character not in _JOIN:
            indexes.append(index)
            characters.append(character)
    if indexes:
        yield _line("".join(characters), indexes, raw, number)


def _line(text: str, indexes: list[int], raw: Any, number: int) -> Line:
    import pypdfium2.raw as pdfium

    text = _with_surrogates(text)
    left, bottom, _ = _box(raw, indexes[0])
    _, _, right = _box(raw, indexes[-1])
    size = pdfium.FPDFText_GetFontSize(raw, indexes[len(indexes) // 2])
    return Line(" ".join(text.split()), number, left, right, bottom, size)


def _with_surrogates(text: str) -> str:
    """Return text in which pairs of surrogates are characters, and single ones a replacement character."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _box(raw: Any, index: int) -> tuple[float, float, float]:
    """Return left, bottom and right of a character."""
    import pypdfium2.raw as pdfium

    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    pdfium.FPDFText_GetCharBox(raw, index, left, right, bottom, top)
    return left.value, bottom.value, right.value


def _without_running_titles(lines: list[Line]) -> list[Line]:
    """Return the lines without page numbers, and what is repeated at the edges of pages."""
    by_page: dict[int, list[Line]] = {}
    for line in lines:
        if line.text:
            by_page.setdefault(line.page, []).append(line)
    repeated = Counter(
        _DIGITS.sub("#", line.text)
        for page in by_page.values()
        for line in {*page[:_EDGE_LINES], *page[-_EDGE_LINES:]}
    )
    kept: list[Line] = []
    for page in by_page.values():
        last = len(page) - _EDGE_LINES
        for index, line in enumerate(page):
            is_edge = index < _EDGE_LINES or index >= last
            is_title = repeated[_DIGITS.sub("#", line.text)] >= _MIN_REPETITIONS or _PAGE_NUMBER.fullmatch(
                line.text
            )
            if not (is_edge and is_title):
                kept.append(line)
    return kept
