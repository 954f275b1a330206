"""CSV tables of papers: recognise their header, and escape cells that a spreadsheet would run as a formula.

https://owasp.org/www-community/attacks/CSV_Injection
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence

from paperreader.text.field_names import FIELD_NAMES, name_key

_DELIMITERS = ",;\t|"
_TYPICAL_FIELDS = ("authors", "abstract", "doi", "arxiv", "url")
"""Fields of which a table of papers has at least one, in addition to the title."""

_PAPER_COLUMN = "paper"
"""Key of the column that has the titles if no other one has them."""

_COLUMN_NAME = re.compile(r"[\w\s().:/#?-]{1,60}")
"""Other texts, such as `title = {…}` in BibTeX, contain a name only as a part."""

_DELIMITER_LINE = re.compile(r"sep=(.)\r?\n")
"""A first line that tells spreadsheets the delimiter."""

_FORMULA_STARTS = "=+\\-@\uff1d\uff0b\uff0d\uff20"
"""What a formula begins with, in half and full width."""

_CELL_START = r"((?:^|[;\t\r\n])[^\S\t\r\n]*)"
"""Where a cell may begin, and blanks."""

_FORMULA = re.compile(rf"{_CELL_START}('*)(?=[{_FORMULA_STARTS}])")
_ESCAPED_FORMULA = re.compile(rf"{_CELL_START}'('*)(?=[{_FORMULA_STARTS}])")


def escape_formula(cell: str) -> str:
    """Return `cell` with an apostrophe wherever a formula could begin: at its start and after possible delimiters."""
    return _FORMULA.sub(r"\1'\2", cell)


def unescape_formula(cell: str) -> str:
    """Undo `escape_formula`."""
    return _ESCAPED_FORMULA.sub(r"\1\2", cell)


def skip_delimiter_line(text: str) -> str:
    """Return a table without the line `sep=;` before its header."""
    found = _DELIMITER_LINE.match(text)
    return text[found.end() :] if found else text


def header_delimiter(line: str) -> str:
    """Return the delimiter of a line that is the header of a table of papers; empty if it is none."""
    typical = {key for field in _TYPICAL_FIELDS for key in FIELD_NAMES[field]}
    for delimiter in _DELIMITERS:
        names = filter(_COLUMN_NAME.fullmatch, header_columns(line, delimiter))
        keys = [name_key(name) for name in names]
        if not typical.isdisjoint(keys) and title_column(keys):
            return delimiter
    return ""


def title_column(keys: Sequence[str]) -> str:
    """Return the key of the column with titles, of the keys of all; empty if there is none."""
    found = next((key for key in FIELD_NAMES["title"] if key in keys), "")
    return found or (_PAPER_COLUMN if _PAPER_COLUMN in keys else "")


def header_columns(line: str, delimiter: str) -> list[str]:
    """Return the names of the columns of a header, in lower case."""
    try:
        return [name.strip().lower() for name in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:
        return []
