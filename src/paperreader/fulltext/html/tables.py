"""Convert tables: rows of cells with spans, rules and alignment."""

from __future__ import annotations

from collections.abc import Iterator

from paperreader.fulltext.document import Cell, Piece, Row, Table, Text
from paperreader.fulltext.html.flow import Flow
from paperreader.fulltext.html.inline import InlineText
from paperreader.fulltext.html.nodes import TEXT, Node, attribute, children, classes, find, is_shown_text

MAX_SPAN = 1_000
"""Columns or rows that one cell may span, as browsers limit them."""

_ALIGNMENTS = {"ltx_align_left": "l", "ltx_align_center": "c", "ltx_align_right": "r"}
_LAYOUT = "figure, .ltx_figure, .ltx_table, .ltx_caption, .ltx_listing, .ltx_equation, .ltx_equationgroup"
_SPECIAL = ".ltx_caption, .ltx_listing, .ltx_theorem"
_GROUP_TAGS = frozenset(("thead", "tbody", "tfoot"))
_GROUPS = frozenset(("ltx_thead", "ltx_tbody", "ltx_tfoot"))
_MAX_GROUPS = 3
"""Groups of rows inside each other; HTML knows one level."""

_HEADERS = frozenset(("ltx_th_column", "ltx_th_row"))


def convert_table(flow: Flow, node: Node, style: str, target: str) -> None:
    """Convert a `ltx_tabular`. A table that places figures or listings next to each other is not a table."""
    if find(node, _SPECIAL if "ltx_tabular" in classes(node) else _LAYOUT) is not None:
        for table_row, _ in _rows(node):
            for cell in _cells(table_row):
                if cell.tag == TEXT:
                    flow.line.add_text(cell.text_content or "", style, target)
                else:
                    flow.walk(cell, style, target)
                flow.flush()
        return
    rows: list[Row] = []
    for table_row, is_header in _rows(node):
        if table_row.tag != TEXT:
            _take_id(flow, table_row)
        rows.append(Row(tuple(_cell(flow, cell, style, target, is_header) for cell in _cells(table_row))))
    if any(cell.content for row in rows for cell in row.cells):
        if all(_is_picture(line) for row in rows for cell in row.cells for line in cell.content):
            for line in (line for row in rows for cell in row.cells for line in cell.content):
                for piece in line:
                    flow.line.add_piece(piece)
            flow.flush()
        else:
            flow.emit(Table(rows=tuple(rows)))


def _is_picture(line: Text) -> bool:
    return all(piece.kind == "image" for piece in line)


def _rows(node: Node, is_header: bool = False, depth: int = 0) -> Iterator[tuple[Node, bool]]:
    """Yield the rows and whether they are in the head of the table."""
    for child in children(node):
        tag = child.tag or "-"
        if tag[0] == "-":
            if is_shown_text(child):
                yield child, is_header
            continue
        names = classes(child)
        if tag == "tr" or "ltx_tr" in names:
            yield child, is_header
        elif depth < _MAX_GROUPS and (tag in _GROUP_TAGS or names & _GROUPS):
            yield from _rows(child, is_header or tag == "thead" or "ltx_thead" in names, depth + 1)
        elif tag in ("caption", "colgroup", "col"):
            continue
        else:
            yield child, is_header


def _cells(table_row: Node) -> Iterator[Node]:
    """Yield the cells of a row; the row itself if something else was put between the rows."""
    if is_shown_text(table_row) or (table_row.tag != "tr" and "ltx_tr" not in classes(table_row)):
        yield table_row
        return
    for child in children(table_row):
        if (child.tag or "-")[0] != "-" or is_shown_text(child):
            yield child


def _take_id(flow: Flow, node: Node) -> None:
    name = attribute(node, "id")
    if name and name in flow.page.wanted:
        flow.anchors.append(name)


def _cell(flow: Flow, node: Node, style: str, target: str, is_header: bool) -> Cell:
    if is_shown_text(node):
        line = InlineText()
        line.add_text(node.text_content or "", style, target)
        return Cell((line.take(),), is_header=is_header)
    _take_id(flow, node)
    names = classes(node)
    content = tuple(line for text in flow.lines_of(node, style, target) for line in split_lines(text))
    align = next((_ALIGNMENTS[name] for name in names if name in _ALIGNMENTS), "")
    rules = "".join(
        side for side in "tblr" if f"ltx_border_{side}" in names or f"ltx_border_{side}{side}" in names
    )
    return Cell(
        content,
        _span(attribute(node, "colspan")),
        _span(attribute(node, "rowspan")),
        align,
        is_header or bool(names & _HEADERS),
        rules,
    )


def split_lines(text: Text) -> list[Text]:
    """Split a text at its line ends."""
    if not any("\n" in piece.text for piece in text):
        return [text]
    lines: list[list[Piece]] = [[]]
    for piece in text:
        if piece.kind != "text":
            lines[-1].append(piece)
            continue
        first, *others = piece.text.split("\n")
        if first:
            lines[-1].append(Piece(first, "text", piece.style, piece.target))
        for other in others:
            lines.append([])
            if other:
                lines[-1].append(Piece(other, "text", piece.style, piece.target))
    return [tuple(line) for line in lines if line]


def _span(text: str) -> int:
    return max(1, min(int(text), MAX_SPAN)) if text.isascii() and text.isdecimal() and len(text) < 7 else 1
