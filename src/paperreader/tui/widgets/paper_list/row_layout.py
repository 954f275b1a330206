"""The layout of one row of the paper list: which text stands where, in which role. No colours, no widgets.

A row is one line, or two where a pane is too narrow for titles (their median is 75 cells). It begins with a gutter of
four cells (cursor, unread, bookmark, space) and ends with marks in fixed columns counted from the right edge.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from paperreader.models import Paper
from paperreader.text.cell_width import cells, cut, wrap
from paperreader.text.clean import printable
from paperreader.text.tex_display import readable
from paperreader.tui.terminal.glyphs import UNICODE, Glyphs
from paperreader.tui.widgets.paper_list.match_reason import Reason, snippet
from paperreader.tui.widgets.pieces import Find, Line, Piece, Role, Spans, blanks, lit, width_of

GUTTER = 4
"""Cells before the title: cursor bar, selected or unread, bookmark, a blank."""
INDENT = GUTTER + 2
"""Where the second line begins."""

_VOTES, _CODE, _NOTE, _DATE = 4, 3, 1, 7
_GAP = 2
"""Blanks between the text of a line and what stands at its right."""
_TITLE_LIMIT = 600
"""Characters of a title that are looked at: more than any row can show."""
_LEAST_TITLE = 30
_LEAST_SECOND = 14
_LEAST_TAGS = 8
_LEAST_AUTHOR = 12
_LEAST_SNIPPET = 24


class RowText(Struct, frozen=True):
    """What a row says of a paper: single lines, readable, without control characters."""

    title: str
    author: str = ""
    """The first author and how many more, such as `Justin Cui +8`."""
    votes: int | None = None
    code: bool = False


class RowState(Struct, frozen=True):
    """What changes about a row while the paper stays the same."""

    unread: bool = False
    bookmarked: bool = False
    noted: bool = False
    tags: tuple[str, ...] = ()
    dimmed: bool = False
    cursor: bool = False
    date: str = ""
    """The day to show, or nothing."""
    reason: Reason | None = None
    voted: bool = True
    """Whether papers around it have votes: only then their column is kept where a paper has none."""
    selected: bool = False


class Columns(Struct, frozen=True):
    """What there is room for at the right of a row."""

    note: bool
    votes: bool
    date: bool
    code: bool


def row_text(paper: Paper) -> RowText:
    """What the row of a paper says."""
    title = printable(readable(paper.title[:_TITLE_LIMIT])) or paper.id
    author = printable(paper.authors[0][:100]) if paper.authors else ""
    if len(paper.authors) > 1:
        author += f" +{len(paper.authors) - 1:,}"
    return RowText(title, author, paper.votes, paper.has("code"))


def columns(width: int, lines: int, day: int = _DATE) -> Columns:
    """What a pane of `width` cells has room for: code goes first, then the date (`day` cells), the votes, the note."""
    if lines == 1:
        room = width - GUTTER - _LEAST_TITLE - _GAP
        note = room >= _NOTE
        votes = room >= _NOTE + 1 + _VOTES
        date = room >= _NOTE + 1 + _VOTES + _GAP + day
        code = room >= _NOTE + 1 + _VOTES + _GAP + day + 1 + _CODE
        return Columns(note, votes, date, code)
    room = width - INDENT - _LEAST_SECOND - _GAP
    note = room >= _NOTE
    votes = room >= _NOTE + 1 + _VOTES
    date = votes and width >= GUTTER + _LEAST_SECOND + _GAP + day
    return Columns(note, votes, date, date and room >= _NOTE + 1 + _VOTES + 1 + _CODE)


def lay_out(
    text: RowText,
    state: RowState,
    *,
    width: int,
    lines: int = 1,
    find: Find | None = None,
    glyphs: Glyphs = UNICODE,
) -> tuple[Line, ...]:
    """The row as `lines` lines of exactly `width` cells (narrower than the gutter: of the gutter's width)."""
    shown = columns(width, lines, max(_DATE, cells(state.date)))
    role: Role = "dim" if state.dimmed else "unread" if state.unread else "text"
    spans = find(text.title) if find else []
    marks = _marks(text, state, shown, glyphs)
    date = [Piece(state.date, "muted")] if state.date and shown.date else []
    if lines == 1:
        voted = shown.votes and (state.voted or bool(_votes(text.votes, glyphs)))
        right = _beside(date, marks, shown, voted)
        room = width - GUTTER - _taken(right)
        title = _cut(text.title, spans, room, role, glyphs)
        left = room - width_of(title) - _GAP - 1
        if left >= _LEAST_TAGS and (tags := _tags(state.tags, left)):
            title = _joined(title, [Piece(tags, "muted")])
        return (_line(_gutter(state, glyphs), title, right, width),)
    room = width - GUTTER - _taken(date)
    room_below = width - INDENT - _taken(marks)
    first, below = _two_lines(text, state, spans, role, (room, room_below), glyphs)
    indent = [Piece(glyphs.cursor if state.cursor else " ", "bar"), *blanks(INDENT - 1)]
    return (
        _line(_gutter(state, glyphs), first, date, width),
        _line(indent, below, marks, width),
    )


def rule(label: str, width: int, glyphs: Glyphs = UNICODE) -> Line:
    """A line across the list with a label in it."""
    head = cut(f"{' ' * GUTTER}{glyphs.rule * 2} {label} ", width, glyphs.cut)
    return (Piece(head + glyphs.rule * (width - cells(head)), "muted"),)


def _gutter(state: RowState, glyphs: Glyphs) -> list[Piece]:
    return [
        Piece(glyphs.cursor if state.cursor else " ", "bar"),
        Piece(glyphs.selected, "yours")
        if state.selected
        else Piece(glyphs.unread if state.unread else " ", "new"),
        Piece(glyphs.bookmark if state.bookmarked else " ", "yours"),
        *blanks(1),
    ]


def _marks(text: RowText, state: RowState, shown: Columns, glyphs: Glyphs) -> list[Piece]:
    """Note, code and votes in their columns; what is empty at the left takes no room."""
    slots: list[tuple[str, Role, int]] = []
    if shown.note:
        slots.append((glyphs.note if state.noted else "", "yours", _NOTE))
    if shown.code:
        slots.append((glyphs.code if text.code else "", "muted", _CODE))
    votes = _votes(text.votes, glyphs)
    if shown.votes and (votes or state.voted):
        slots.append((votes, "muted", _VOTES))
    while slots and not slots[0][0]:
        slots.pop(0)
    pieces: list[Piece] = []
    for place, (mark, role, room) in enumerate(slots):
        # The first one stands where its text begins: the title may come closer.
        pieces += blanks(room - cells(mark) + 1) if place else []
        pieces += [Piece(mark, role)] if mark else []
    return pieces


def _votes(votes: int | None, glyphs: Glyphs) -> str:
    """`▲43`; thousands are rounded down to fit the column. A paper nobody voted for shows nothing."""
    if not votes or votes < 0:
        return ""
    return glyphs.votes + (str(votes) if votes < 1000 else f"{min(votes // 1000, 99)}k")


def _beside(date: list[Piece], marks: list[Piece], shown: Columns, votes: bool) -> list[Piece]:
    """The date left of the marks, its end in a column of its own."""
    if not date:
        return marks
    full = (_NOTE + 1) * shown.note + (_CODE + 1) * shown.code + (_VOTES + 1) * votes
    return [*date, *blanks(full - width_of(marks)), *marks]


def _taken(right: list[Piece]) -> int:
    return width_of(right) + _GAP if right else 0


def _line(left: list[Piece], middle: list[Piece], right: list[Piece], width: int) -> Line:
    gap = width - width_of(left) - width_of(middle) - width_of(right)
    return (*left, *middle, *blanks(gap), *right)


def _cut(text: str, spans: Spans, room: int, role: Role, glyphs: Glyphs) -> list[Piece]:
    """The text cut to `room` cells, the hits in it lit (but not the ellipsis)."""
    if room <= 0:
        return []
    shown = cut(text, room, glyphs.cut)
    if shown == text:
        return lit(text, spans, role)
    kept = shown.removesuffix(glyphs.cut)
    return [*lit(kept, spans, role), Piece(shown[len(kept) :], role)]


def _two_lines(
    text: RowText, state: RowState, spans: Spans, role: Role, room: tuple[int, int], glyphs: Glyphs
) -> tuple[list[Piece], list[Piece]]:
    """The title on the first line; on the second the rest of it, and why it was found, or tags, or the author."""
    first = wrap(text.title, room[0])[0] if room[0] > 0 and text.title else ""
    rest = text.title[len(first) :].lstrip(" ")
    start = len(text.title) - len(rest)
    continued = _continued(rest, [(a - start, b - start) for a, b in spans], room[1], role, glyphs)
    left = room[1] - width_of(continued) - (_GAP + 1 if rest else 0)
    if state.reason:
        if rest and left < _LEAST_SNIPPET:
            return _cut(text.title, spans, room[0], role, glyphs), _why(state.reason, room[1], glyphs)
        return lit(first, spans, role), _joined(continued, _why(state.reason, left, glyphs))
    tags = _tags(state.tags, left) if left >= _LEAST_TAGS else ""
    if tags:
        return lit(first, spans, role), _joined(continued, [Piece(tags, "muted")])
    if not rest and text.author and left >= _LEAST_AUTHOR:
        return lit(first, spans, role), [Piece(_author(text.author, left, glyphs), "muted")]
    return lit(first, spans, role), continued


def _continued(rest: str, spans: Spans, room: int, role: Role, glyphs: Glyphs) -> list[Piece]:
    """The rest of the title; where its only hit would be cut off, the place of the hit."""
    line = _cut(rest, spans, room, role, glyphs)
    within = [number for number, (_, end) in enumerate(spans) if end > 0]
    if (
        room < _LEAST_SECOND
        or len(within) < len(spans)
        or not within
        or any(piece.role == "hit" for piece in line)
    ):
        return line
    shown, inside = snippet(rest, spans, within[0], room, glyphs.cut)
    return lit(shown, inside, role)


def _joined(continued: list[Piece], more: list[Piece]) -> list[Piece]:
    return [*continued, *blanks(_GAP + 1), *more] if continued else more


def _why(reason: Reason, room: int, glyphs: Glyphs) -> list[Piece]:
    head = [Piece(f"{glyphs.note} ", "yours")] if reason.from_note else []
    room -= width_of(head)
    if room <= 0:
        return []
    shown, spans = snippet(reason.text, reason.spans, reason.at, room, glyphs.cut)
    return [*head, *lit(shown, spans, "muted")]


def _tags(tags: Sequence[str], room: int) -> str:
    """As many whole tags as fit."""
    line = ""
    for tag in tags:
        longer = f"{line} #{printable(tag)}".lstrip()
        if cells(longer) > room:
            break
        line = longer
    return line


def _author(author: str, room: int, glyphs: Glyphs) -> str:
    """The author cut to `room` cells, but for how many more there are."""
    if cells(author) <= room:
        return author
    name, plus, more = author.rpartition(" +")
    if not plus:
        return cut(author, room, glyphs.cut)
    return cut(name, room - cells(more) - 2, glyphs.cut) + plus + more
