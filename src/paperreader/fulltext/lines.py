"""The blocks of a document as lines of text, for places that cannot contain blocks."""

from __future__ import annotations

from collections.abc import Iterator

from paperreader.fulltext.document import (
    AnyBlock,
    Caption,
    Code,
    Equation,
    Figure,
    Footnote,
    Heading,
    Paragraph,
    Piece,
    Reference,
    Table,
    Text,
)


def block_lines(block: AnyBlock) -> Iterator[Text]:
    """Yield everything that a block shows: its text, numbers and labels; formulas stay TeX.

    A line may contain line ends.
    """
    match block:
        case Paragraph(content=content):
            yield content
        case Heading(content=content, number=label) | Caption(content=content, label=label):
            yield _labelled(label, content)
        case Footnote(content=content, mark=label) | Reference(content=content, label=label, cited_by=()):
            yield _labelled(label, content)
        case Reference(content=content, label=label, cited_by=cited_by):
            yield (*_labelled(label, content), Piece(" "), *cited_by)
        case Equation(rows=rows):
            for row in rows:
                formulas = tuple(Piece(tex, "math") for tex in row.cells if tex)
                yield (*formulas, Piece(f" {row.number}")) if row.number else formulas
        case Code(lines=lines):
            for line in lines:
                yield _labelled(line.number, line.content)
        case Table(rows=table_rows):
            for table_row in table_rows:
                yield _row(tuple(cell.content for cell in table_row.cells))
        case Figure(images=images):
            yield tuple(Piece(image.alternative, "image", "", image.address) for image in images)


def _labelled(label: str, content: Text) -> Text:
    return (Piece(f"{label} "), *content) if label else content


def _row(cells: tuple[tuple[Text, ...], ...]) -> Text:
    pieces: list[Piece] = []
    for text in (text for cell in cells for text in cell if text):
        if pieces:
            pieces.append(Piece(" "))
        pieces += text
    return tuple(pieces)
