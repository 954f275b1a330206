"""Split Markdown into the parts that may describe one paper: headings, list items, paragraphs and rows of tables.

CommonMark 0.31, 4 and 5.2; tables as in GitHub Flavored Markdown 4.10. Code and comments are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Literal

from msgspec import Struct, field

Kind = Literal["heading", "item", "paragraph"]

MAX_ROW_LINES = 100
"""Lines of one row of a table, whose cells may contain line ends."""

_FENCE = re.compile(r"\s{0,8}(```|~~~)")
_HEADING = re.compile(r" {0,3}#{1,6}[ \t]+(\S.*)")
_ITEM = re.compile(r"[ \t>]*(?:[-*+•]|\(?[0-9]{1,4}[.)])[ \t]+(?=\S)")
_LABELS = (
    *(
        "title",
        "authors?",
        "subjects?",
        "links?",
        "url",
        "abs",
        "abstract",
        "pdf",
        "summary",
        "date",
        "published",
    ),
    *(
        "publish date",
        "comments?",
        "categories",
        "doi",
        "id",
        "code",
        "venue",
        "journal",
        "keywords?",
        "tags?",
    ),
)
_LABEL = re.compile(
    r"[ \t>]*(?:[-*+•][ \t]+)?[*_]{0,3}(?:(?:arxiv|pdf|paper|project|code)[ -]?)?"
    rf"(?:{'|'.join(_LABELS)})\b[ \t]{{0,9}}[*_]{{0,3}}[ \t]{{0,9}}[:：]?[*_]{{0,3}}(?:\s|\Z)",
    re.IGNORECASE,
)
_SEPARATOR_ROW = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-*:?[ \t]*)+$")
_CELL = re.compile(r"(?:\\.|\[[^\[\]\n]{0,2000}\]|[^|\\\[]|\[)*", re.DOTALL)


class Chunk(Struct):
    """A part of a document."""

    kind: Kind
    line: int
    """The line it begins on, from 1."""
    lines: list[str] = field(default_factory=list)
    """Its lines without the mark of a heading or an item."""


class Row(Struct, frozen=True):
    """A row of a table."""

    line: int
    header: tuple[str, ...]
    cells: tuple[str, ...]


def split_chunks(text: str) -> Iterator[Chunk | Row]:
    """Yield the parts of a document, in their order. A line with the label of a field (`Authors: …`) belongs to the
    heading or item before it.
    """
    lines = _join_rows(_text_lines(text))
    chunk: Chunk | None = None
    header: tuple[str, ...] = ()
    for (number, line), (_, following) in pairwise([*lines, (0, "")]):
        if "|" in line and (header or _is_header(line, following)):
            if chunk:
                yield chunk
            chunk = None
            if not header:
                header = _cells(line)
            elif not _SEPARATOR_ROW.fullmatch(line):
                yield Row(number, header, _cells(line))
            continue
        header = ()
        is_field = chunk is not None and _LABEL.match(line) is not None
        if not is_field and (made := _new_chunk(line, number, chunk)):
            if chunk:
                yield chunk
            chunk = made
        elif chunk is not None and line.strip():
            chunk.lines.append(line.strip())
        elif chunk is not None and chunk.kind != "heading" and not _continues(following):
            yield chunk
            chunk = None
    if chunk:
        yield chunk


def _text_lines(text: str) -> list[tuple[int, str]]:
    """Return the lines of a document with their numbers, without code and comments."""
    found: list[tuple[int, str]] = []
    fence = ""
    in_comment = False
    for number, line in enumerate(text.split("\n"), 1):
        if opening := _FENCE.match(line):
            fence = "" if fence == opening[1] else fence or opening[1]
        elif in_comment or line.lstrip().startswith("<!--"):
            in_comment = "-->" not in line
        elif not fence:
            found.append((number, line))
    return found


def _join_rows(lines: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """Return the lines with each row of a table on one: some scripts write texts with line ends into a cell."""
    found: list[tuple[int, str]] = []
    in_table = False
    open_rows = 0
    for number, line in lines:
        is_row = line.lstrip().startswith("|")
        if open_rows and line.strip() and open_rows < MAX_ROW_LINES:
            found[-1] = (found[-1][0], f"{found[-1][1]} {line.strip()}")
            open_rows = 0 if line.rstrip().endswith("|") else open_rows + 1
            continue
        found.append((number, line))
        in_table = is_row and (in_table or _SEPARATOR_ROW.fullmatch(line) is not None)
        open_rows = int(in_table and not line.rstrip().endswith("|"))
    return found


def _new_chunk(line: str, number: int, before: Chunk | None) -> Chunk | None:
    """Return the part that a line begins, or None if it continues the one before."""
    if heading := _HEADING.match(line):
        return Chunk("heading", number, [heading[1].rstrip(" \t#")])
    if item := _ITEM.match(line):
        return Chunk("item", number, [line[item.end() :].strip()])
    return Chunk("paragraph", number, [line.strip()]) if before is None and line.strip() else None


def _continues(following: str) -> bool:
    """Whether the line after a blank one still belongs to the part before: it is indented, or the label of a field."""
    return following[:2] in ("  ", "\t") or _LABEL.match(following) is not None


def _is_header(line: str, following: str) -> bool:
    return bool(_SEPARATOR_ROW.fullmatch(following)) and line.strip("| \t") != ""


def _cells(row: str) -> tuple[str, ...]:
    """Return the cells of a row; a bar in the text of a link does not separate cells."""
    row = row.strip()
    row = row[1:] if row.startswith("|") else row
    row = row[:-1] if row.endswith("|") and not row.endswith("\\|") else row
    cells: list[str] = []
    at = 0
    while at <= len(row):
        found = _CELL.match(row, at)
        end = found.end() if found else len(row)
        cells.append(row[at:end].replace("\\|", "|").strip())
        at = end + 1
    return tuple(cells)


def is_field(line: str) -> bool:
    """Whether a line begins with the label of a field of a paper (`- **Authors:** …`)."""
    return _LABEL.match(line) is not None


def row_values(row: Row, names: Sequence[str]) -> list[str]:
    """Return the cells of the columns with one of the names, in the order of the names."""
    keys = [" ".join(re.findall(r"[\w]+", name.lower())) for name in row.header]
    return [
        row.cells[keys.index(name)] for name in names if name in keys and keys.index(name) < len(row.cells)
    ]
