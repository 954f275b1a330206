"""Tables as text: what their header says, and cells that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import re

_DELIMITERS = ",;\t"
_TELLING = frozenset(("authors", "author", "abstract", "abstract note", "doi", "arxiv", "id", "url", "links"))
"""Columns of which a table of papers has at least one, beside the title."""

_SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20"
"""What a formula begins with, in both widths."""

_PLACE = r"((?:^|[;\t\r\n])[^\S\t\r\n]*)"
"""Where a cell could begin, and blanks."""

_BEGINNING = re.compile(rf"{_PLACE}('*)(?=[{_SIGNS}])")
_GUARDED = re.compile(rf"{_PLACE}'('*)(?=[{_SIGNS}])")


def escape_formula(cell: str) -> str:
    """`cell` with an apostrophe wherever a formula could begin: at its beginning and behind what may part cells."""
    return _BEGINNING.sub(r"\1'\2", cell)


def unescape_formula(cell: str) -> str:
    """What `guarded` was made from."""
    return _GUARDED.sub(r"\1\2", cell)


def header_delimiter(line: str) -> str:
    """What parts the columns of a line that is the header of a table of papers; empty where it is none."""
    for delimiter in _DELIMITERS:
        names = header_columns(line, delimiter)
        if "title" in names and len(names) > 2 and not _TELLING.isdisjoint(names):
            return delimiter
    return ""


def header_columns(line: str, delimiter: str) -> list[str]:
    """The names of the columns in a header, in lower case."""
    try:
        return [name.strip().lower() for name in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:
        return []
