"""Layout of one block: its lines without margins."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from paperreader.fulltext.document import (
    AnyBlock,
    Caption,
    Code,
    Equation,
    Figure,
    Footnote,
    Heading,
    Image,
    Paragraph,
    Reference,
    Table,
    Text,
)
from paperreader.fulltext.layout.flow import Flow, IsTarget, offset_within
from paperreader.fulltext.layout.formulas import display_math, inline_math, is_too_long, source_box
from paperreader.fulltext.layout.lines import LayoutOptions, Line, PictureRow, Span
from paperreader.fulltext.layout.tables import layout_table
from paperreader.text.cell_width import cell_width
from paperreader.text.sanitize import sanitize, single_line
from paperreader.text.urls import safe_url

EQUATION_INDENT = 4
MAX_HANGING_LABEL = 7
"""Cells of the longest label of a reference that stands left of it; longer ones are on a line of their own."""
REFERENCE_INDENT = 4
ALGORITHM_INDENT = 2
"""Cells of a level of an algorithm."""


MIN_PLAIN_LENGTH = 200
"""Characters of a paragraph that is not shown in bold type throughout."""

UNKNOWN_PICTURE_ROWS = 20
"""Lines of a picture whose shape the page does not state."""

MESSAGE_ROWS = 3
"""Lines of the message in place of a picture that cannot be shown."""

UNNAMED_PICTURE = "Picture"

MAX_ALTERNATIVE = 60
"""Characters of the alternative text of a picture."""


@dataclass(frozen=True)
class BlockContext:
    """What the layout of a block depends on, in addition to the block."""

    index: int
    options: LayoutOptions
    width: int
    """Cells that the margins leave."""
    max_width: int
    """Cells that they leave for a table."""
    is_target: IsTarget
    label: str = ""
    """That of the caption of a figure."""

    def flow(self, start: int = 0) -> Flow:
        """Return an empty text."""
        return Flow(raw=self.options.raw, is_target=self.is_target, start=start)

    def wrapped(
        self, flow: Flow, first: Sequence[Span] = (), others: Sequence[Span] = (), *, width: int = 0
    ) -> Iterator[Line]:
        """Yield the lines of a text behind a margin."""
        margin = sum(cell_width(span.text) for span in others)
        for start, spans in flow.placed_lines((width or self.width) - margin):
            yield Line((*first, *spans), self.index, start)
            first = others


def block_lines(block: AnyBlock, context: BlockContext) -> Iterable[Line]:
    """Return the lines of a block, without margins and blank lines."""
    if isinstance(block, Table):
        options = context.options
        return layout_table(block, context.index, options, context.max_width, context.is_target)
    layout = _LAYOUTS.get(type(block))
    if layout is not None:
        return layout(block, context)
    assert isinstance(block, Caption | Paragraph)
    return context.wrapped(text_flow(block, context.flow()))


def text_flow(block: Paragraph | Caption | Heading | Footnote, flow: Flow) -> Flow:
    """Add the text of a block without structure to an empty text, and return it."""
    match block:
        case Heading():
            is_inline = block.level >= 5
            if block.number:
                number = single_line(block.number)
                flow.add(number, "label" if is_inline else "heading", "b")
                if block.content:
                    flow.add(" ", "text", shown=" " if is_inline else "  ", is_unbroken=True)
            style = "bi" if block.level in (3, 4) else "b"
            flow.add_pieces(block.content, "text" if is_inline else "heading", style)
        case Caption():
            if block.label:
                flow.add(f"{single_line(block.label)}:", "label", "b")
                flow.add(" ", "note")
            flow.add_pieces(block.content, "note")
        case Footnote():
            flow.add_pieces(block.content, "note")
        case Paragraph():
            flow.add_pieces(_without_overall_style(block.content))
    return flow


def _without_overall_style(content: Text) -> Text:
    """Return a long paragraph without bold type if all of it is bold, as the abstracts of some journals."""
    plain = [piece.text for piece in content if piece.kind == "text" and "b" not in piece.style]
    if "".join(plain).strip() or sum(len(piece.text) for piece in content) < MIN_PLAIN_LENGTH:
        return content
    return tuple(replace(piece, style=piece.style.replace("b", "")) for piece in content)


def _heading(block: Heading, context: BlockContext) -> Iterator[Line]:
    number = single_line(block.number)
    hang = cell_width(number) + 2 if number and block.level < 5 else 0
    hang = hang if hang <= context.width // 3 else 0
    return context.wrapped(text_flow(block, context.flow()), (), (Span(" " * hang),) if hang else ())


def _equation(block: Equation, context: BlockContext) -> Iterator[Line]:
    """Yield the lines of a displayed formula, the numbers at the right edge."""
    indent = min(EQUATION_INDENT, context.width // 10)
    numbers = [single_line(row.number) for row in block.rows]
    room = context.width - indent - max((cell_width(number) + 2 for number in numbers if number), default=0)
    rows = [row.cells for row in block.rows]
    is_whole = context.options.raw  # the user asked for it
    is_raw = is_whole or is_too_long(rows)
    width = max(20, room)
    source = [source_box(row, width, is_whole=is_whole) for row in rows] if is_raw else []
    shown = source or display_math(rows, width)
    start, lines, is_tall = 0, list[Line](), False
    for row, number, box in zip(block.rows, numbers, shown, strict=True):
        end = start + len(equation_text(row.cells))
        if lines and not is_raw and (is_tall or not box.is_line):
            lines.append(Line((), context.index, lines[-1].offset))
        is_tall = not box.is_line
        for at, text in enumerate(map(str.rstrip, box.lines)):
            spans = [Span(" " * indent), Span(text, "math", "", start, end)]
            offset = offset_within(start, end, at, box.height) if is_raw else start
            size = indent + cell_width(text)
            if number and at == box.baseline and box.width <= room:
                spans += [Span(" " * (context.width - size - cell_width(number))), Span(number, "muted")]
            lines.append(Line(tuple(spans), context.index, offset))
        if number and box.width > room:
            spans = [Span(" " * max(0, context.width - cell_width(number))), Span(number, "muted")]
            lines.append(Line(tuple(spans), context.index, lines[-1].offset))
        start = end + 1
    yield from _scrolled_together(lines, context)


def _scrolled_together(lines: Sequence[Line], context: BlockContext, fixed: int = 0) -> Iterator[Line]:
    """Yield lines that are scrolled sideways together, if one of them is too long."""
    longest = max((sum(cell_width(span.text) for span in line.spans) for line in lines), default=0)
    for line in lines:
        yield line._replace(width=longest, fixed=fixed) if longest > context.width else line


def equation_text(cells: Iterable[str]) -> str:
    """Return a row of a displayed formula as text: what is searched and quoted."""
    return inline_math(" ".join(cells))


def _code(block: Code, context: BlockContext) -> Iterator[Line]:
    """Yield the lines of a listing, which are not wrapped, or of an algorithm."""
    numbers = [single_line(line.number) for line in block.lines]
    column = max(map(cell_width, numbers), default=0)
    start, lines = 0, list[Line]()
    for number, line in zip(numbers, block.lines, strict=True):
        gutter = f"{number:>{column}}  " if column else "  "
        if block.is_algorithm:
            flow = context.flow(start)
            flow.add_pieces(line.content)
            indent = min(ALGORITHM_INDENT * line.indent, context.width // 3)
            first = (Span(gutter, "muted"), Span(" " * indent))
            others = (Span(" " * (len(gutter) + indent + ALGORITHM_INDENT)),)
            yield from context.wrapped(flow, first, others)
            start = flow.end + 1
            continue
        spans, end = [Span(gutter, "muted")], start
        for piece in line.content:
            text = code_text(piece.text)
            style = "".join(letter for letter in "bi" if letter in piece.style)
            spans.append(Span(text, "code", style, end, end + len(text)))
            end += len(text)
        lines.append(Line(tuple(spans), context.index, start))
        start = end + 1
    yield from _scrolled_together(lines, context, column + 2)


def code_text(text: str) -> str:
    """Return text of a listing, in which blanks count, on one line."""
    return sanitize(text.expandtabs(4)).replace("\n", " ")


def _figure(block: Figure, context: BlockContext) -> Iterator[Line]:
    """Yield one line for each picture, a link to it."""
    start = 0
    for image in block.images:
        text = image_text(image.alternative)
        url = safe_url(image.address) or ""
        name = single_line(url.rpartition("/")[2])
        is_drawing = url.lower().partition("?")[0].endswith(".svg")
        reason = context.options.why_no_pictures
        if is_drawing and context.options.picture_rows:
            reason = "SVG, opens in the browser"
        flow = context.flow(start)
        shown = context.label if reason and text == UNNAMED_PICTURE else ""
        flow.add(text, "link" if url else "muted", "", url, shown=single_line(shown) or None)
        start = flow.end + 1
        notes = filter(None, (name, f"(picture not shown: {reason})" if reason else ""))
        others = [Span(f"  {note}", "muted") for note in notes]
        for line in context.wrapped(flow):
            yield line._replace(spans=(*line.spans, *others)) if others else line
            others = []
        if context.options.picture_rows and url and not is_drawing:
            yield from _picture_lines(image, url, context, start - 1)


def _picture_lines(image: Image, url: str, context: BlockContext, offset: int) -> Iterator[Line]:
    """Yield the lines of a picture: as many as its shape needs, if that is known."""
    columns, rows = context.width, context.options.picture_rows
    if image.width > 0 and image.height > 0:
        rows = max(1, min(rows, -(-columns * image.height // (2 * image.width))))
    else:
        rows = min(rows, UNKNOWN_PICTURE_ROWS)
    if url in context.options.failed_pictures:
        rows = min(rows, MESSAGE_ROWS)
    for row in range(rows):
        span = Span("", "picture", picture=PictureRow(url, columns, rows, row))
        yield Line((span,), context.index, offset)


def image_text(alternative: str) -> str:
    """Return the alternative text of a picture; `Picture` if it says nothing, or is long: then it is the caption."""
    known = single_line(alternative)
    says_something = known.casefold() not in ("", "refer to caption") and len(known) <= MAX_ALTERNATIVE
    return known if says_something else UNNAMED_PICTURE


def _footnote(block: Footnote, context: BlockContext) -> Iterator[Line]:
    mark = single_line(block.mark)
    first: tuple[Span, ...] = (Span("  "), Span(f"{mark} " if mark else "", "label"))
    blank = (Span(" " * (2 + cell_width(first[1].text))),)
    return context.wrapped(text_flow(block, context.flow()), first, blank)


def _reference(block: Reference, context: BlockContext) -> Iterator[Line]:
    """Yield a reference behind its label, or below it if it is long."""
    label = single_line(block.label)
    size = cell_width(label)
    flow = context.flow(len(label) + 1 if label else 0)
    flow.add_pieces(block.content)
    label_span = Span(label, "label", "", 0, len(label))
    if 0 < size <= MAX_HANGING_LABEL:
        column = max(size + 1, 6)
        first = (label_span, Span(" " * (column - size)))
        lines = list(context.wrapped(flow, first, (Span(" " * column),)))
        yield lines[0]._replace(offset=0)
        yield from lines[1:]
        return
    if label:
        heading = context.flow()
        heading.add(label, "label")
        yield from context.wrapped(heading)
    blank = (Span(" " * REFERENCE_INDENT),)
    yield from context.wrapped(flow, blank if label else (), blank)


_LAYOUTS: Mapping[type[AnyBlock], Callable[[Any, BlockContext], Iterable[Line]]] = {
    Heading: _heading,
    Equation: _equation,
    Code: _code,
    Figure: _figure,
    Footnote: _footnote,
    Reference: _reference,
}
