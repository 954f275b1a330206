"""Which function converts which kind of element."""

from __future__ import annotations

from paperreader.fulltext.html import (
    bibliography,
    equations,
    front_matter,
    listings,
    notes,
    structure,
    tables,
)
from paperreader.fulltext.html.flow import Handler
from paperreader.fulltext.html.shapes import Kind

HANDLERS: dict[Kind, Handler] = {
    "math": equations.convert_formula,
    "equation": equations.convert_equation,
    "table": tables.convert_table,
    "listing": listings.convert_listing,
    "verbatim": listings.convert_verbatim,
    "figure": structure.convert_figure,
    "image": structure.convert_image,
    "picture": structure.convert_picture,
    "caption": structure.convert_caption,
    "list": structure.convert_list,
    "item": structure.convert_item,
    "tag": structure.convert_tag,
    "inline-block": structure.convert_inline_block,
    "heading": structure.convert_heading,
    "document-title": structure.convert_document_title,
    **dict.fromkeys(
        ("quote", "theorem", "proof", "box", "abstract", "appendix"),
        structure.convert_container,
    ),
    "authors": front_matter.convert_authors,
    "note": notes.convert_note,
    "reference": bibliography.convert_reference,
    "link": bibliography.convert_link,
    "error": bibliography.convert_error,
}
