"""What stands left of a block and above it: markers of list items, bars of theorems, blank lines."""

from __future__ import annotations

from collections.abc import Sequence

from paperreader.fulltext.document import AnyBlock, Caption, Container, Figure, Footnote, Heading, Reference
from paperreader.fulltext.layout.lines import LayoutGlyphs, Span
from paperreader.text.cell_width import cell_width, truncate_cells
from paperreader.text.sanitize import single_line

MAX_MARKER_WIDTH = 12

Margin = tuple[Span, ...]


def container_margins(
    blocks: Sequence[AnyBlock], index: int, glyphs: LayoutGlyphs, max_width: int
) -> tuple[Margin, Margin]:
    """Return the margins of the first line of a block and of its other lines, of equal width up to `max_width`."""
    before = _numbers(blocks[index - 1]) if index else frozenset()
    first: list[Span] = []
    others: list[Span] = []
    width = 0
    for container in blocks[index].inside:
        own_first, own_others = _margin(container, glyphs, is_first=container.number not in before)
        width += cell_width(own_first.text)
        if width > max_width:
            break
        if own_first.text:
            first.append(own_first)
            others.append(own_others)
    return tuple(first), tuple(others)


def _margin(container: Container, glyphs: LayoutGlyphs, *, is_first: bool) -> tuple[Span, Span]:
    if container.kind == "item":
        marker = single_line(container.marker)
        if marker in ("", "•", "-", "–", "∙"):
            marker = glyphs.bullet
        marker = f"  {truncate_cells(marker, MAX_MARKER_WIDTH)} "
        blank = Span(" " * cell_width(marker))
        return (Span(marker, "muted") if is_first else blank), blank
    if container.kind in ("theorem", "box"):
        bar = Span(f"{glyphs.vertical} ", "rule")
        return bar, bar
    blank = Span("    " if container.kind == "quote" else "")
    return blank, blank


def blank_lines_before(blocks: Sequence[AnyBlock], index: int) -> int:
    """Return how many blank lines are above a block."""
    if not index:
        return 0
    block, above = blocks[index], blocks[index - 1]
    if isinstance(block, Heading) and block.level <= 1:
        return 2
    if isinstance(above, Heading) and above.level >= 5:
        return 0
    if isinstance(block, Footnote | Reference) and type(block) is type(above):
        return 0
    same_float = _float(block) is not None and _float(block) == _float(above)
    if same_float and (isinstance(block, Caption | Figure) or isinstance(above, Caption)):
        return 0
    return 0 if _are_items_of_a_list(above, block) else 1


def blank_line_margin(blocks: Sequence[AnyBlock], index: int, glyphs: LayoutGlyphs, max_width: int) -> Margin:
    """Return the margin of a blank line above a block: the bars of what both blocks are inside of."""
    if not index or not any(container.kind in ("theorem", "box") for container in blocks[index].inside):
        return ()
    before = _numbers(blocks[index - 1])
    spans: list[Span] = []
    width = 0
    for container in blocks[index].inside:
        margin = _margin(container, glyphs, is_first=False)[1]
        width += cell_width(margin.text)
        if container.number not in before or width > max_width:
            break
        spans.append(margin)
    return tuple(spans) if any(span.text.strip() for span in spans) else ()


def _are_items_of_a_list(above: AnyBlock, block: AnyBlock) -> bool:
    """Whether a block begins an item of a list directly after another item of it."""
    items = [container for container in block.inside if container.kind == "item"]
    before = [container for container in above.inside if container.kind == "item"]
    numbers = _numbers(above)
    return bool(items and before and any(container.number not in numbers for container in items))


def _float(block: AnyBlock) -> int | None:
    numbers = [container.number for container in block.inside if container.kind == "float"]
    return numbers[0] if numbers else None


def _numbers(block: AnyBlock) -> frozenset[int]:
    return frozenset(container.number for container in block.inside)
