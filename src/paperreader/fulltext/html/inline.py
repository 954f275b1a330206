"""Collect running text: white space as a browser shows it, equal pieces joined."""

from __future__ import annotations

import re
from collections.abc import Iterable

from paperreader.fulltext.document import Piece, PieceKind, Text

_WHITE_SPACE = re.compile(r"[ \t\n\r\f\xa0]{2,}|[\t\n\r\f\xa0]")
"""What is shown as one blank. A no-break space behind `Å` would look like a letter that was decoded wrongly."""


class InlineText:
    """The pieces of a line of text."""

    def __init__(self) -> None:
        self._pieces: list[tuple[str, PieceKind, str, str]] = []
        self._ends_with_space = True

    def add_text(self, text: str, style: str = "", target: str = "") -> None:
        text = _WHITE_SPACE.sub(" ", text)
        if self._ends_with_space:
            text = text.lstrip(" ")
        if text:
            self._ends_with_space = text[-1] == " "
            self._add(text, "text", style, target)

    def add_piece(self, piece: Piece) -> None:
        self._ends_with_space = False
        self._add(piece.text, piece.kind, piece.style, piece.target)

    def add_break(self) -> None:
        """Add a line end."""
        if self._pieces:
            self._trim_end()
            self._add("\n", "text", "", "")
            self._ends_with_space = True

    def _add(self, text: str, kind: PieceKind, style: str, target: str) -> None:
        if kind == "text" and self._pieces and self._pieces[-1][1:] == ("text", style, target):
            text = self._pieces.pop()[0] + text
        self._pieces.append((text, kind, style, target))

    def _trim_end(self) -> None:
        while self._pieces and self._pieces[-1][1] == "text":
            text, kind, style, target = self._pieces.pop()
            if text := text.rstrip(" "):
                self._pieces.append((text, kind, style, target))
                return

    def take(self) -> Text:
        """Return the pieces, without white space at both ends, and start again."""
        while self._pieces and self._pieces[-1][1] == "text" and not self._pieces[-1][0].strip():
            self._pieces.pop()
        if self._pieces and self._pieces[-1][1] == "text":
            text, kind, style, target = self._pieces[-1]
            self._pieces[-1] = (text.rstrip(), kind, style, target)
        taken = tuple(Piece(*piece) for piece in self._pieces)
        self._pieces = []
        self._ends_with_space = True
        return taken

    def is_empty(self) -> bool:
        return not self._pieces


def join_texts(texts: Iterable[Text], separator: str = " ") -> Text:
    """Return texts as one, with `separator` between them."""
    joined = InlineText()
    for index, text in enumerate(texts):
        if index and separator == "\n":
            joined.add_break()
        elif index:
            joined.add_text(separator)
        for piece in text:
            if piece.kind == "text" and "\n" not in piece.text:
                joined.add_text(piece.text, piece.style, piece.target)
            else:
                joined.add_piece(piece)
    return joined.take()


def strip_start(text: Text, characters: str) -> Text:
    """Return a text without these characters at its beginning."""
    pieces = list(text)
    while pieces and pieces[0].kind == "text":
        rest = pieces[0].text.lstrip(characters)
        if rest:
            pieces[0] = Piece(rest, "text", pieces[0].style, pieces[0].target)
            break
        pieces.pop(0)
    return tuple(pieces)
