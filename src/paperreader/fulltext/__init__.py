"""Full texts of papers: pages and PDFs become documents of blocks, which are stored, laid out and searched.

What the packages above may use is imported from here; files are accessed through the facade of the library.
"""

from paperreader.fulltext.document import (
    Block,
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

__all__ = [
    "Block",
    "Caption",
    "Cell",
    "Code",
    "CodeLine",
    "Container",
    "Document",
    "Equation",
    "EquationRow",
    "Figure",
    "Footnote",
    "Heading",
    "Image",
    "Paragraph",
    "Piece",
    "Reference",
    "Row",
    "Table",
]
