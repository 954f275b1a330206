"""Where links inside a document lead, and which blocks refer to a block."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from paperreader.fulltext.document import (
    AnyBlock,
    Caption,
    Code,
    Document,
    Equation,
    Figure,
    Footnote,
    Heading,
    Piece,
    Reference,
    Table,
)
from paperreader.fulltext.layout.blocks import equation_text
from paperreader.fulltext.layout.lines import Place

TargetKind = Literal[
    "reference",
    "footnote",
    "equation",
    "figure",
    "table",
    "algorithm",
    "listing",
    "section",
    "theorem",
    "text",
]

_KINDS: Mapping[TargetKind, type[AnyBlock]] = {
    "reference": Reference,
    "footnote": Footnote,
    "equation": Equation,
}


def find_anchor(document: Document, anchor: str) -> Place | None:
    """Return the place of an anchor, without `#`; None if there is none."""
    index = document.anchors.get(anchor)
    if index is None:
        return None
    block, offset = document.blocks[index], 0
    if isinstance(block, Equation):
        for row in block.rows:
            if anchor in row.anchors:
                return Place(index, offset)
            offset += len(equation_text(row.cells)) + 1
    return Place(index, 0)


def target_blocks(document: Document, place: Place) -> range:
    """Return the blocks that show what a link to a place means: a figure with its caption, a whole theorem."""
    blocks, index = document.blocks, place.block
    kinds = ("float", "theorem")
    numbers = [container.number for container in blocks[index].inside if container.kind in kinds]
    if not numbers:
        end = index + 2 if isinstance(blocks[index], Heading) else index + 1
        return range(index, min(end, len(blocks)))
    first, end = index, index + 1
    while first and _is_inside(blocks[first - 1], numbers[0]):
        first -= 1
    while end < len(blocks) and _is_inside(blocks[end], numbers[0]):
        end += 1
    return range(first, end)


def caption_label(document: Document, block: int) -> str:
    """Return the label of the caption of a figure, such as `Figure 1`; not that of a part of it; empty for none."""
    blocks = (document.blocks[index] for index in target_blocks(document, Place(block, 0)))
    return max((each.label for each in blocks if isinstance(each, Caption)), key=len, default="")


def float_start(document: Document, place: Place) -> Place:
    """Return where the figure or table of a caption begins: it may be above the caption; else `place` itself."""
    if isinstance(document.blocks[place.block], Caption):
        return Place(target_blocks(document, place).start, 0)
    return place


def target_kind(document: Document, place: Place) -> TargetKind:
    """Return what a link to a place leads to."""
    target = document.blocks[place.block]
    if isinstance(target, Heading):
        return "theorem" if target.level >= 6 else "section"
    for kind, types in _KINDS.items():
        if isinstance(target, types):
            return kind
    blocks = [document.blocks[index] for index in target_blocks(document, place)]
    if any(isinstance(block, Table) for block in blocks):
        return "table"
    if any(isinstance(block, Figure) for block in blocks):
        return "figure"
    listings = [block.is_algorithm for block in blocks if isinstance(block, Code)]
    if listings:
        return "algorithm" if any(listings) else "listing"
    return "figure" if any(isinstance(block, Caption) for block in blocks) else "text"


def references_to(document: Document, block: int) -> tuple[int, ...]:
    """Return the blocks that link to a block, in their order."""
    anchors = document.anchors
    return tuple(
        index
        for index, source in enumerate(document.blocks)
        if index != block
        and any(
            piece.target.startswith("#") and anchors.get(piece.target[1:]) == block
            for piece in block_pieces(source)
        )
    )


def block_pieces(block: AnyBlock) -> Iterator[Piece]:
    """Yield all pieces of a block."""
    match block:
        case Code():
            for line in block.lines:
                yield from line.content
        case Table():
            for row in block.rows:
                for cell in row.cells:
                    for text in cell.content:
                        yield from text
        case Equation() | Figure():
            return
        case _:
            yield from block.content


def _is_inside(block: AnyBlock, number: int) -> bool:
    return any(container.number == number for container in block.inside)
