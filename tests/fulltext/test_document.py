"""Documents of full texts."""

import msgspec

from paperreader.fulltext import (
    Cell,
    Code,
    CodeLine,
    Container,
    Document,
    Equation,
    EquationRow,
    Heading,
    Paragraph,
    Piece,
    Reference,
    Row,
    Table,
)

DOCUMENT = Document(
    title=(Piece("A Small "), Piece("x^2", "math")),
    source="arxiv-html",
    blocks=(
        Heading(content=(Piece("Idea"),), level=1, number="1", anchors=("S1",)),
        Paragraph(
            content=(Piece("See "), Piece("[1]", target="#bib.bib1")), inside=(Container("item", 1, "•"),)
        ),
        Equation(rows=(EquationRow(("x", "=y"), "(1)", ("S1.E1",)),), anchors=("S1.EGx1",)),
        Code(lines=(CodeLine((Piece("return x"),), "1", 1),), is_algorithm=True),
        Table(rows=(Row((Cell(((Piece("BLEU"),),), align="r", is_header=True),)),)),
        Reference(
            label="[1]",
            content=(Piece("Writer, 2025"),),
            ids=("arxiv:2501.01234",),
            anchors=("bib.bib1", "S1"),
        ),
    ),
)


def test_documents_are_equal_after_encoding():
    data = msgspec.msgpack.encode(DOCUMENT)
    assert msgspec.msgpack.decode(data, type=Document) == DOCUMENT


def test_anchors_lead_to_their_blocks():
    assert DOCUMENT.anchors == {"S1": 0, "S1.EGx1": 2, "S1.E1": 2, "bib.bib1": 5}
