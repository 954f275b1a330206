"""Documents for tests."""

from __future__ import annotations

from typing import Any

from paperreader.fulltext import (
    Caption,
    Cell,
    Code,
    CodeLine,
    Container,
    Document,
    Equation,
    EquationRow,
    Figure,
    Footnote,
    Heading,
    Image,
    Paragraph,
    Piece,
    Reference,
    Row,
    Table,
)


def document(*blocks: Any, **more: Any) -> Document:
    """Return a document with a title and these blocks."""
    return Document(**{"title": (Piece("River Bends"),), "blocks": blocks, "source": "arxiv-html", **more})


def text(*pieces: str | Piece) -> tuple[Piece, ...]:
    """Return a text of pieces."""
    return tuple(Piece(piece) if isinstance(piece, str) else piece for piece in pieces)


def hostile_document(sign: str) -> Document:
    """A document with a hostile text in every place."""
    content = text(
        sign, Piece(sign, "math"), Piece(sign, style="c", target=sign), Piece(sign, "image", target=sign)
    )
    line = (CodeLine(content, sign),)
    blocks = (
        Heading(content=content, level=1, number=sign),
        Paragraph(content=content, inside=(Container("item", 1, sign),)),
        Equation(rows=(EquationRow((sign, sign), sign),)),
        Code(lines=line, language=sign),
        Code(lines=line, is_algorithm=True),
        Table(rows=(Row((Cell((content,)),)),)),
        Figure(images=(Image(sign, sign),)),
        Caption(label=sign, content=content),
        Footnote(mark=sign, content=content),
        Reference(label=sign, content=content),
    )
    fields = {"title": content, "authors": (content,), "license": sign, "date": sign, "arxiv": sign}
    return document(*blocks, **fields)
