"""A full text as JSON: one object with its blocks, whose texts are plain."""

from __future__ import annotations

from typing import Any

from paperreader.fulltext.document import (
    AnyBlock,
    Caption,
    Code,
    Document,
    Equation,
    Figure,
    Footnote,
    Heading,
    Paragraph,
    Reference,
    Table,
    Text,
)
from paperreader.json_codec import JsonObject


def document_to_json(document: Document) -> JsonObject:
    """Return a document as an object. Unknown is null, lists are never null."""
    return {
        "arxiv": document.arxiv or None,
        "version": document.version or None,
        "title": _plain(document.title),
        "authors": [_plain(author) for author in document.authors],
        "source": document.source,
        "url": document.url or None,
        "date": document.date or None,
        "license": document.license or None,
        "blocks": [_block(block) for block in document.blocks],
    }


def _plain(text: Text) -> str:
    """Return a text without styles. Formulas are TeX between dollar signs."""
    shown = "".join(f"${piece.text}$" if piece.kind == "math" else piece.text for piece in text)
    return " ".join(shown.split())


def _block(block: AnyBlock) -> JsonObject:
    fields: JsonObject = {
        "kind": block.__struct_config__.tag,
        "anchors": list(block.anchors),
        "inside": [container.kind for container in block.inside],
        **_content(block),
    }
    return fields


def _content(block: AnyBlock) -> dict[str, Any]:
    fields: dict[str, Any]
    match block:
        case Heading():
            fields = {"text": _plain(block.content), "level": block.level, "number": block.number or None}
        case Paragraph():
            fields = {"text": _plain(block.content), "links": _links(block.content)}
        case Equation():
            fields = {"rows": [{"tex": list(row.cells), "number": row.number or None} for row in block.rows]}
        case Code():
            lines = [_line(line.content, is_code=not block.is_algorithm) for line in block.lines]
            fields = {"lines": lines, "algorithm": block.is_algorithm, "language": block.language or None}
        case Table():
            rows = [[_cell_text(cell.content) for cell in row.cells] for row in block.rows]
            fields = {
                "rows": rows,
                "spans": [[[cell.columns, cell.rows] for cell in row.cells] for row in block.rows],
            }
        case Figure():
            fields = {"images": [image.address for image in block.images]}
        case Caption():
            fields = {"text": _plain(block.content), "label": block.label or None, "of": block.of}
        case Footnote():
            fields = {"text": _plain(block.content), "mark": block.mark}
        case Reference():
            fields = {"text": _plain(block.content), "label": block.label or None, "ids": list(block.ids)}
    return fields


def _line(content: Text, *, is_code: bool) -> str:
    return "".join(piece.text for piece in content) if is_code else _plain(content)


def _cell_text(content: tuple[Text, ...]) -> str:
    return "\n".join(map(_plain, content))


def _links(content: Text) -> list[JsonObject]:
    return [{"text": piece.text, "target": piece.target} for piece in content if piece.target]
