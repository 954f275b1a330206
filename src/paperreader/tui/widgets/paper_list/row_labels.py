"""Short texts in rows of the paper list: votes, tags, authors, and what is watched."""

from __future__ import annotations

from collections.abc import Sequence

from paperreader.text.cell_width import cell_width, truncate_cells
from paperreader.text.sanitize import single_line
from paperreader.tui.terminal.glyphs import Glyphs

_WATCHED = "watched: "
_MIN_WATCHED_WIDTH = 18


def number_label(votes: int | None, citations: int | None, glyphs: Glyphs) -> str:
    """Return `”43` for citations, if they are known, else `▲43` for votes; nothing without a number.

    Thousands are rounded down to fit the column.
    """
    if citations is not None:
        return glyphs.citations + _short_count(citations)
    return glyphs.votes + _short_count(votes) if votes and votes > 0 else ""


def _short_count(count: int) -> str:
    return str(count) if count < 1000 else f"{min(count // 1000, 99)}k"


def tags_label(tags: Sequence[str], room: int) -> str:
    """Return as many complete tags as fit."""
    line = ""
    for tag in tags:
        longer = f"{line} #{single_line(tag)}".lstrip()
        if cell_width(longer) > room:
            break
        line = longer
    return line


def author_label(author: str, room: int, glyphs: Glyphs) -> str:
    """Truncate the author to `room` cells, but keep the number of others."""
    if cell_width(author) <= room:
        return author
    name, plus, more = author.rpartition(" +")
    if not plus:
        return truncate_cells(author, room, glyphs.ellipsis)
    return truncate_cells(name, room - cell_width(more) - 2, glyphs.ellipsis) + plus + more


def watched_label(names: Sequence[str], room: int, glyphs: Glyphs) -> str:
    """Return as many names as fit, the first one truncated if necessary; "" if there is little room."""
    if not names or room < _MIN_WATCHED_WIDTH:
        return ""
    first, *others = map(single_line, names)
    line = truncate_cells(f"{_WATCHED}{first}", room, glyphs.ellipsis)
    for name in others:
        longer = f"{line}, {name}"
        if cell_width(longer) > room:
            break
        line = longer
    return line
