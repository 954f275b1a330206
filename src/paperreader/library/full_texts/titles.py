"""The titles of full texts that do not say them, as the texts of PDFs."""

from __future__ import annotations

from msgspec.structs import replace

from paperreader.catalog import CatalogTable
from paperreader.errors import StorageError
from paperreader.fulltext import Document, Piece
from paperreader.text.sanitize import single_line
from paperreader.text.tex_display import readable_text


def with_title(table: CatalogTable, id: str, document: Document) -> Document:
    """Return the full text of a paper with a title: its own, else that of the paper."""
    row = None if document.title else table.row_of(id)
    try:
        title = table.paper(row).title if row is not None else ""
    except StorageError:  # the line is damaged, which `check` reports
        return document
    return replace(document, title=(Piece(single_line(readable_text(title))),)) if title else document
