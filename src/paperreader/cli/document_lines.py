"""Markdown documents of this program as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from paperreader.text.cell_width import cell_width, wrap_cells

if TYPE_CHECKING:
    from markdown_it.token import Token

_COLUMN_GAP = 2
_MIN_LAST_COLUMN = 24
"""Cells of the last column of a table; with fewer, the cells of a row are below each other."""


class DocumentLine(NamedTuple):
    """One line of text."""

    text: str
    style: Literal["", "bold", "muted"] = ""


def document_lines(markdown: str, width: int) -> Iterator[DocumentLine]:
    """Yield the lines of a document: wrapped to `width` cells, with aligned tables, and code as it is."""
    from markdown_it import MarkdownIt  # 30 ms

    blocks = list(_blocks(MarkdownIt("commonmark").enable("table").parse(markdown), width))
    for number, block in enumerate(blocks):
        if number and not (block.is_item and blocks[number - 1].is_item):
            yield DocumentLine("")
        yield from block.lines


class _Block(NamedTuple):
    lines: Sequence[DocumentLine]
    is_item: bool = False


def _blocks(tokens: Sequence[Token], width: int) -> Iterator[_Block]:
    markers: list[str] = []  # one for each list that is open
    rows: list[list[str]] = []
    is_new_item = False
    for previous, token in zip([None, *tokens], tokens, strict=False):
        if token.type == "bullet_list_open":
            markers.append("- ")
        elif token.type == "ordered_list_open":
            markers.append("1. ")
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            markers.pop()
        elif token.type == "list_item_open":
            is_new_item = True
            if markers[-1] != "- ":
                markers[-1] = f"{token.info}. "
        elif token.type == "tr_open":
            rows.append([])
        elif token.type == "table_close":
            yield _Block(_table_lines(rows, width))
            rows = []
        elif token.type in ("fence", "code_block"):
            margin = "    " + "  " * len(markers)
            yield _Block([DocumentLine(margin + line) for line in token.content.rstrip("\n").split("\n")])
        elif token.type == "inline" and rows:
            rows[-1].append(_plain_text(token))
        elif token.type == "inline":
            style: Literal["", "bold"] = "bold" if previous and previous.type == "heading_open" else ""
            first = "".join(" " * len(marker) for marker in markers[:-1]) + (markers[-1] if markers else "")
            rest = " " * len(first)
            lines = wrap_cells(_plain_text(token), width - len(first))
            heads = [first if is_new_item else rest, *[rest] * len(lines)]
            yield _Block(
                [DocumentLine(head + line, style) for head, line in zip(heads, lines, strict=False)],
                is_new_item,
            )
            is_new_item = False


def _plain_text(token: Token) -> str:
    """Return the text of inline content: links and code without their markup."""
    parts = []
    for child in token.children or ():
        if child.type in ("text", "code_inline", "image"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
    return "".join(parts)


def _table_lines(rows: Sequence[Sequence[str]], width: int) -> list[DocumentLine]:
    """Return the lines of a table, whose first row is its head. The last column is wrapped."""
    sizes = [max(map(cell_width, column)) for column in zip(*rows, strict=True)]
    before = sum(sizes[:-1]) + _COLUMN_GAP * (len(sizes) - 1)
    room = width - before
    lines = []
    for number, cells in enumerate(rows):
        style: Literal["", "bold"] = "" if number else "bold"
        if not any(cells):
            continue
        if room < min(_MIN_LAST_COLUMN, sizes[-1]):
            named = [cell for cell in cells if cell]
            blocks = named if number else [", ".join(named)]  # the head needs no line for each column
            stacked = [line for block in blocks for line in wrap_cells(block, width - 2)]
            lines += [
                DocumentLine(("  " if place else "") + line, style) for place, line in enumerate(stacked)
            ]
            continue
        padded = zip(cells[:-1], sizes[:-1], strict=True)
        head = "".join(cell + " " * (size - cell_width(cell) + _COLUMN_GAP) for cell, size in padded)
        for place, line in enumerate(wrap_cells(cells[-1], room)):
            lines.append(DocumentLine(((" " * before if place else head) + line).rstrip(), style))
    return lines
