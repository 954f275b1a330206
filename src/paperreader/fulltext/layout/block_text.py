"""The text of a block: what is searched, quoted and highlighted. Offsets of lines and spans count in it.

It is the same whatever the width and whether formulas are shown as TeX.
"""

from __future__ import annotations

from paperreader.fulltext.document import AnyBlock, Code, Document, Equation, Figure, Reference, Table, Text
from paperreader.fulltext.layout.blocks import code_text, equation_text, image_text, text_flow
from paperreader.fulltext.layout.flow import Flow
from paperreader.fulltext.layout.table_grid import place_cells
from paperreader.text.sanitize import single_line


def block_text(block: AnyBlock) -> str:
    """Return the text of a block.

    Lines of code, equations and pictures are separated by newlines, cells of a table by tabs and rows by newlines; the
    label of a reference is on a line of its own.
    """
    match block:
        case Equation():
            return "\n".join(equation_text(row.cells) for row in block.rows)
        case Code():
            return "\n".join(_code_line(line.content, block.is_algorithm) for line in block.lines)
        case Table():
            return "\n".join(
                "\t".join(cell.flow.text for cell in row)
                for row in place_cells(block, lambda offset: Flow(start=offset))
            )
        case Figure():
            return "\n".join(image_text(image.alternative) for image in block.images)
        case Reference():
            flow = Flow()
            flow.add_pieces(block.content)
            label = single_line(block.label)
            return f"{label}\n{flow.text}" if label else flow.text
        case _:
            return text_flow(block, Flow()).text


def _code_line(content: Text, is_algorithm: bool) -> str:
    if not is_algorithm:
        return "".join(code_text(piece.text) for piece in content)
    flow = Flow()
    flow.add_pieces(content)
    return flow.text


def document_texts(document: Document) -> list[str]:
    """Return the text of each block."""
    return [block_text(block) for block in document.blocks]
