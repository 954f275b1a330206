"""Full texts of papers: pages and PDFs become documents of blocks, which are stored, laid out and searched.

What the packages above may use is imported from here; files are accessed through the facade of the library.
"""

from paperreader.fulltext.conversion import Page, PageKind, available_sources
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
    SourceName,
    Table,
)
from paperreader.fulltext.errors import ConversionFailed, NotAFullText
from paperreader.fulltext.text_file import StoredText

__all__ = [
    "Block",
    "Caption",
    "Cell",
    "Code",
    "CodeLine",
    "Container",
    "ConversionFailed",
    "Document",
    "Equation",
    "EquationRow",
    "Figure",
    "Footnote",
    "Heading",
    "Image",
    "NotAFullText",
    "Page",
    "PageKind",
    "Paragraph",
    "Piece",
    "Reference",
    "Row",
    "SourceName",
    "StoredText",
    "Table",
    "available_sources",
]
