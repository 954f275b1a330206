"""Blocks as text for other programs: TeX of equations, tables as CSV."""

from __future__ import annotations

from paperreader.fulltext.document import Equation, Table
from paperreader.fulltext.layout.table_grid import row_texts
from paperreader.text.csv_cells import escape_formula


def equation_source(block: Equation) -> str:
    """Return the TeX of a displayed formula, without delimiters; rows are separated as in `aligned`."""
    return " \\\\\n".join(" & ".join(cell.strip() for cell in row.cells) for row in block.rows)


def table_csv(block: Table) -> str:
    """Return a table as CSV (RFC 4180)."""
    import csv
    import io

    output = io.StringIO()
    csv.writer(output, lineterminator="\n").writerows(
        [text if _is_number(text) else escape_formula(text) for text in row] for row in row_texts(block)
    )
    return output.getvalue()


def _is_number(text: str) -> bool:
    try:
        float(text.replace("−", "-"))
    except ValueError:
        return False
    return True
