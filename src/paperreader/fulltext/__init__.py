"""Full texts of papers: pages and PDFs become documents of blocks, which are stored, laid out and searched.

What the packages above may use is imported from here; files are accessed through the facade of the library.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from paperreader.fulltext.conversion import MAX_PAGE_BYTES, Page, PageKind, available_sources
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
    Text,
)
from paperreader.fulltext.errors import ConversionFailed, NotAFullText
from paperreader.fulltext.text_file import StoredText

if TYPE_CHECKING:
    from paperreader.fulltext.block_texts import BlockTexts
    from paperreader.fulltext.copying import equation_source, table_csv
    from paperreader.fulltext.layout.block_text import block_text
    from paperreader.fulltext.layout.contents import ContentsEntry, document_contents, section_at
    from paperreader.fulltext.layout.head import SOURCE_LABELS, head_text
    from paperreader.fulltext.layout.layout import TextLayout, layout_around, layout_document
    from paperreader.fulltext.layout.lines import (
        ASCII_GLYPHS,
        HEAD,
        UNICODE_GLYPHS,
        LayoutOptions,
        Line,
        PictureRow,
        Place,
        Span,
        SpanRole,
    )
    from paperreader.fulltext.layout.notes import Notes, with_notes
    from paperreader.fulltext.layout.paging import page_above, page_below
    from paperreader.fulltext.layout.targets import (
        find_anchor,
        float_start,
        references_to,
        target_blocks,
        target_kind,
    )
    from paperreader.fulltext.passages import Passage, find_passage, passage_text, to_highlight
    from paperreader.fulltext.pictures import (
        INSTALL_COMMAND,
        MAX_PICTURE_BYTES,
        MAX_SHOWN_PIXELS,
        NotAPicture,
        Picture,
        can_scale_pictures,
        decompressed_picture,
        scale_picture,
    )
    from paperreader.fulltext.render.json_blocks import document_to_json
    from paperreader.fulltext.render.markdown import render_markdown
    from paperreader.fulltext.render.plain import render_plain
    from paperreader.fulltext.selection_units import line_ranges, sentence_ranges, word_range
    from paperreader.fulltext.text_search import Match, Matches, TextSearch, matches_in, search_document
else:
    _NAMES = {
        "block_texts": "BlockTexts",
        "copying": "equation_source table_csv",
        "layout.block_text": "block_text",
        "layout.contents": "ContentsEntry document_contents section_at",
        "layout.head": "SOURCE_LABELS head_text",
        "layout.layout": "TextLayout layout_around layout_document",
        "layout.lines": "ASCII_GLYPHS HEAD UNICODE_GLYPHS LayoutOptions Line PictureRow Place Span SpanRole",
        "layout.notes": "Notes with_notes",
        "layout.paging": "page_above page_below",
        "layout.targets": "find_anchor float_start references_to target_blocks target_kind",
        "passages": "Passage find_passage passage_text to_highlight",
        "pictures": "INSTALL_COMMAND MAX_PICTURE_BYTES MAX_SHOWN_PIXELS NotAPicture Picture "
        "can_scale_pictures decompressed_picture scale_picture",
        "render.json_blocks": "document_to_json",
        "render.markdown": "render_markdown",
        "render.plain": "render_plain",
        "selection_units": "line_ranges sentence_ranges word_range",
        "text_search": "Match Matches TextSearch matches_in search_document",
    }
    """What is imported when it is used: the process that converts a page needs none of it."""

    _MODULES = {name: module for module, names in _NAMES.items() for name in names.split()}

    def __getattr__(name: str) -> object:
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"paperreader.fulltext.{_MODULES[name]}"), name)


__all__ = [
    "ASCII_GLYPHS",
    "HEAD",
    "INSTALL_COMMAND",
    "MAX_PAGE_BYTES",
    "MAX_PICTURE_BYTES",
    "MAX_SHOWN_PIXELS",
    "SOURCE_LABELS",
    "UNICODE_GLYPHS",
    "Block",
    "BlockTexts",
    "Caption",
    "Cell",
    "Code",
    "CodeLine",
    "Container",
    "ContentsEntry",
    "ConversionFailed",
    "Document",
    "Equation",
    "EquationRow",
    "Figure",
    "Footnote",
    "Heading",
    "Image",
    "LayoutOptions",
    "Line",
    "Match",
    "Matches",
    "NotAFullText",
    "NotAPicture",
    "Notes",
    "Page",
    "PageKind",
    "Paragraph",
    "Passage",
    "Picture",
    "PictureRow",
    "Piece",
    "Place",
    "Reference",
    "Row",
    "SourceName",
    "Span",
    "SpanRole",
    "StoredText",
    "Table",
    "Text",
    "TextLayout",
    "TextSearch",
    "available_sources",
    "block_text",
    "can_scale_pictures",
    "decompressed_picture",
    "document_contents",
    "document_to_json",
    "equation_source",
    "find_anchor",
    "find_passage",
    "float_start",
    "head_text",
    "layout_around",
    "layout_document",
    "line_ranges",
    "matches_in",
    "page_above",
    "page_below",
    "passage_text",
    "references_to",
    "render_markdown",
    "render_plain",
    "scale_picture",
    "search_document",
    "section_at",
    "sentence_ranges",
    "table_csv",
    "target_blocks",
    "target_kind",
    "to_highlight",
    "with_notes",
    "word_range",
]
