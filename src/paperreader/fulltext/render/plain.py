"""A full text as plain text: the lines of the reader, without styles."""

from __future__ import annotations

from collections.abc import Iterator

from paperreader.fulltext.document import Document
from paperreader.fulltext.layout.layout import layout_document
from paperreader.fulltext.layout.lines import LayoutOptions


def render_plain(document: Document, width: int) -> Iterator[str]:
    """Yield the lines of a document, `width` cells wide; tables may be wider."""
    layout = layout_document(document, LayoutOptions(width=width, max_width=width))
    for line in layout.lines:
        yield "".join(span.text for span in line.spans).rstrip()
