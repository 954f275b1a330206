"""Documents as text, one line for each block, so that tests can show what they expect."""

from __future__ import annotations

from paperreader.fulltext import (
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
)
from paperreader.fulltext.document import AnyBlock, Piece, Text


def outline(document: Document) -> list[str]:
    """Return what is inside of what, the kind of the block, its anchors, and its content."""
    return [f"{_inside(block)}{_shown(block)}" for block in document.blocks]


def show(text: Text) -> str:
    """Return a text: `$x$`, `!alternative text(address)`, `{b:bold}`, `[text](target)`."""
    return "".join(map(_piece, text)).replace("\n", "⏎")


def _piece(piece: Piece) -> str:
    if piece.kind == "image":
        return f"!{piece.text}({piece.target})"
    shown = f"${piece.text}$" if piece.kind == "math" else piece.text
    shown = f"{{{piece.style}:{shown}}}" if piece.style else shown
    return f"[{shown}]({piece.target})" if piece.target else shown


def _inside(block: AnyBlock) -> str:
    return "".join(
        f"{container.kind}{' ' + container.marker if container.marker else ''} > "
        for container in block.inside
    )


def _shown(block: AnyBlock) -> str:
    match block:
        case Heading():
            return f"{'#' * block.level} {block.number and block.number + ': '}{show(block.content)}"
        case Paragraph():
            return show(block.content)
        case Footnote():
            return f"note {block.mark}: {show(block.content)}"
        case Caption():
            return f"caption of {block.of} {block.label}: {show(block.content)}"
        case Equation():
            rows = (f"{' & '.join(row.cells)} {row.number}".strip() for row in block.rows)
            return "equation " + " ; ".join(rows)
        case Figure():
            return "figure " + " ".join(f"{image.alternative}({image.address})" for image in block.images)
        case Table():
            rows = (" | ".join("⏎".join(map(show, cell.content)) for cell in row.cells) for row in block.rows)
            return "table " + " ; ".join(rows)
        case Code():
            kind = "algorithm" if block.is_algorithm else f"code {block.language}".strip()
            lines = (
                f"{line.number}{'.' if line.number else ''}{'>' * line.indent}{show(line.content)}"
                for line in block.lines
            )
            return f"{kind} " + " / ".join(lines)
        case Reference():
            return f"reference {block.label}: {show(block.content)}"
