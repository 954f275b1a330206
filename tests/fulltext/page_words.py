"""Count the words of a page independently of the converter, to measure what a document keeps of it."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

from paperreader.fulltext.document import Document, Footnote, Piece
from paperreader.fulltext.lines import block_lines

_WORD = re.compile(r"[^\W_]+")
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr")
)
_NOT_TEXT = frozenset(
    ("script", "style", "button", "math", "annotation", "annotation-xml", "title", "template")
)
_NOT_WORDS = frozenset(
    # Formulas, invisible text, the copy of a listing, and what a converter of TeX inserted: labels of addresses,
    # second marks of footnotes, names of notes.
    (
        *(
            "ltx_Math",
            "ltx_DisplayMath",
            "ltx_phantom",
            "ltx_listing_data",
            "ltx_contact_name",
            "ltx_note_mark",
        ),
        *("ltx_tag_note", "ltx_note_type", "ltx_page_navbar"),
    )
)
_JOINED = frozenset(("span", "a", "b", "i", "em", "strong", "sub", "cite", "code", "tt", "math"))
"""Elements that do not separate words."""


class _ArticleText(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self._depth_of_article = 0
        self._hidden = 0
        self._svg = 0

    def handle_starttag(self, tag, attrs):
        names = dict(attrs).get("class") or ""
        classes = frozenset(names.split())
        if "ltx_document" in classes and not self._depth_of_article:
            self._depth_of_article = len(self._open) + 1
        if tag not in _JOINED:
            self.parts.append(" ")
        if tag in _VOID:
            return
        hides = tag in _NOT_TEXT or bool(classes & _NOT_WORDS)
        self._hidden += hides
        if hides or "ltx_note" in classes:
            self.parts.append("\0")
        self._open.append((tag, hides))

    def handle_startendtag(self, tag, attrs):
        if tag not in _JOINED:
            self.parts.append(" ")

    def handle_endtag(self, tag):
        if tag not in _JOINED:
            self.parts.append(" ")
        names = [name for name, _ in self._open]
        if tag not in names:
            return
        while True:
            name, hides = self._open.pop()
            self._hidden -= hides
            if len(self._open) < self._depth_of_article:
                self._depth_of_article = 0
            if name == tag:
                return

    def handle_data(self, data):
        if self._depth_of_article and not self._hidden:
            self.parts.append(data)


def page_words(html: str) -> Counter[str]:
    """Return the words of the article in a page, outside of formulas."""
    parser = _ArticleText()
    parser.feed(html)
    parser.close()
    return Counter(_WORD.findall("".join(parser.parts)))


def lost_words(words: Counter[str], document: Document) -> Counter[str]:
    """Return the words of a page that are not in the document, not even in a formula, where prose may end up."""
    return words - _words(document, ("text", "math"))


def invented_words(words: Counter[str], document: Document) -> Counter[str]:
    """Return the words of the document that are not among those of the page."""
    return _words(document, ("text",), with_marks=False) - words


def _words(document: Document, kinds: tuple[str, ...], *, with_marks: bool = True) -> Counter[str]:
    """Return the words of a document; `with_marks` are those of footnotes."""
    lines = [document.title, *document.authors]
    markers = {}
    for block in document.blocks:
        lines += [block.content] if isinstance(block, Footnote) and not with_marks else block_lines(block)
        markers |= {container.number: container.marker for container in block.inside}
    text = "\n".join("".join(_shown(piece, kinds, with_marks) for piece in line) for line in lines)
    return Counter(_WORD.findall("\n".join((text, *markers.values()))))


def _shown(piece: Piece, kinds: tuple[str, ...], with_marks: bool) -> str:
    is_mark = "^" in piece.style
    if piece.kind not in kinds or (is_mark and not with_marks):
        return "\0"
    return f"\0{piece.text}\0" if piece.kind == "math" or is_mark else piece.text
