"""Convert displayed formulas: one row for each line, one cell for each column."""

from __future__ import annotations

import re

from paperreader.fulltext.document import Equation, EquationRow, Paragraph, Piece, Text
from paperreader.fulltext.html.display import label_text
from paperreader.fulltext.html.flow import Flow
from paperreader.fulltext.html.formulas import formula_tex, text_tex
from paperreader.fulltext.html.nodes import Node, attribute, classes, descendants, find

_PADDING = frozenset(("ltx_eqn_center_padleft", "ltx_eqn_center_padright", "ltx_eqn_left_padleft"))
_PADDING |= frozenset(("ltx_eqn_left_padright", "ltx_eqn_right_padleft", "ltx_eqn_right_padright"))
_FORMULA = frozenset(("math",))
_NUMBER_ALONE = re.compile(r"\\text\{\s*(\([0-9A-Za-z.]{1,8}\))\s*\}")
"""A cell that is a number, in pages that do not mark it."""

_NUMBER = "ltx_eqn_eqno"


def convert_formula(flow: Flow, node: Node, style: str, target: str) -> None:
    """Convert one formula: a piece of the line, or displayed."""
    tex = formula_tex(node)
    if not tex:
        return
    is_displayed = attribute(node, "display") == "block" or "ltx_DisplayMath" in classes(node)
    if is_displayed:
        flow.emit(Equation(rows=(EquationRow((tex,)),)))
    else:
        height = "".join(letter for letter in style if letter in "^_")
        flow.line.add_piece(Piece(tex, "math", height, target))


class _Rows:
    """The rows of one table, and the numbers that stand in other rows than they belong to."""

    def __init__(self) -> None:
        self.rows: list[EquationRow] = []
        self.numbers: dict[int, str] = {}
        """Numbers by row; one that spans rows belongs to the middle of them."""

    def numbered(self) -> tuple[EquationRow, ...]:
        last = len(self.rows) - 1
        for index, number in self.numbers.items():
            row = self.rows[min(index, last)]
            number = f"{row.number} {number}".strip()
            self.rows[min(index, last)] = EquationRow(row.cells, number, row.anchors)
        self.numbers = {}
        first = min((_first_column(row.cells) for row in self.rows), default=0)
        return tuple(EquationRow(row.cells[first:], row.number, row.anchors) for row in self.rows)


def _first_column(cells: tuple[str, ...]) -> int:
    """Return the first column that is not empty."""
    return next((index for index, cell in enumerate(cells) if cell), len(cells))


def convert_equation(flow: Flow, node: Node, style: str, target: str) -> None:
    """Convert a `table.ltx_equation` or `table.ltx_equationgroup`; lines of prose between rows become paragraphs."""
    found = _Rows()
    anchors: list[str] = []
    table_rows: list[Node] = [inner for inner in descendants(node, _FORMULA) if inner.tag == "tr"]
    if not table_rows:
        _convert_without_rows(flow, node)
        return
    for table_row in table_rows:
        parent = table_row.parent
        if parent is not None and parent.mem_id != node.mem_id and (name := attribute(parent, "id")):
            anchors += [] if name in anchors else [name]
        if name := attribute(table_row, "id"):
            anchors.append(name)
        cells, prose = _cells(flow, table_row, found)
        if prose and not any(cells):
            _emit(flow, found)
            found = _Rows()
            flow.emit(Paragraph(content=prose))
        elif any(cells):
            inner = [
                name for element in descendants(table_row, _FORMULA) for name in _wanted_ids(flow, element)
            ]
            found.rows.append(EquationRow(cells, "", tuple(dict.fromkeys((*anchors, *inner)))))
            anchors = []
    flow.anchors += anchors
    _emit(flow, found)


def _wanted_ids(flow: Flow, node: Node) -> list[str]:
    """Return the ids of an element, or in a formula, to which links lead."""
    if not node.tag or node.tag[0] == "-":
        return []
    name = attribute(node, "id")
    inside = flow.page.inner_ids.get(node.mem_id, []) if flow.page.inner_ids else []
    return [name, *inside] if name in flow.page.wanted else inside


def _emit(flow: Flow, found: _Rows) -> None:
    if found.rows:
        flow.emit(Equation(rows=found.numbered()))
    elif found.numbers:
        flow.emit(Equation(rows=(EquationRow(("",), " ".join(found.numbers.values())),)))


def _cells(flow: Flow, table_row: Node, found: _Rows) -> tuple[tuple[str, ...], Text]:
    """Return the TeX of the cells, and the text of the row if it has no formula."""
    cells: list[str] = []
    prose: list[Text] = []
    has_formula = False
    for cell in (inner for inner in descendants(table_row, _FORMULA) if inner.tag in ("td", "th")):
        names = classes(cell)
        number = find(cell, ".ltx_tag_equation, .ltx_tag_equationgroup")
        if _NUMBER in names or number is not None:
            span = attribute(cell, "rowspan")
            rows = min(int(span), 1000) if span.isascii() and span.isdecimal() else 1
            index = len(found.rows) + (max(rows, 1) - 1) // 2
            if label := label_text(flow.text_of(number or cell)):
                found.numbers[index] = f"{found.numbers.get(index, '')} {label}".strip()
            continue
        if names & _PADDING:
            continue
        tex, text, is_formula = _cell(flow, cell)
        if has_formula and not is_formula and (found_number := _NUMBER_ALONE.fullmatch(tex)):
            found.numbers[len(found.rows)] = found_number[1]
            continue
        has_formula = has_formula or is_formula
        cells.append(tex)
        prose.append(text)
    while cells and not cells[-1]:
        cells.pop()
    if has_formula:
        return tuple(cells), ()
    return (), tuple(piece for text in prose for piece in text)


def _cell(flow: Flow, cell: Node) -> tuple[str, Text, bool]:
    """Return the TeX of a cell, its text, and whether there is a formula in it."""
    text = flow.text_of(cell)
    return _tex(text), text, any(piece.kind == "math" for piece in text)


def _convert_without_rows(flow: Flow, node: Node) -> None:
    """Convert a displayed formula that is no table."""
    number = find(node, ".ltx_tag_equation, .ltx_tag_equationgroup")
    shown = label_text(flow.text_of(number)) if number is not None else ""
    if number is not None:
        flow.page.skipped.add(number.mem_id)
    text = flow.text_of(node)
    if any(piece.kind == "math" for piece in text):
        flow.emit(Equation(rows=(EquationRow((_tex(text),), shown),)))
    elif text:
        flow.emit(Paragraph(content=text))


def _tex(text: Text) -> str:
    """Return a text as TeX."""
    return "".join(piece.text if piece.kind == "math" else text_tex(piece.text) for piece in text)
