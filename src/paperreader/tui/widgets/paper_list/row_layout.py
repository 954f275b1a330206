"""Layout of one row of the paper list: texts, their cells and their roles. No colors, no widgets.

A row has one line, or two where a pane is too narrow for titles (their median is 75 cells). It starts with a gutter of
four cells (cursor, unread, bookmark or how well it fits, space) and ends with marks in fixed columns counted from the
right edge.
"""

from __future__ import annotations

from msgspec import Struct

from paperreader.text.cell_width import cell_width, truncate_cells, wrap_cells
from paperreader.tui.terminal.glyphs import UNICODE, Glyphs
from paperreader.tui.widgets.paper_list.match_reason import MatchReason, snippet
from paperreader.tui.widgets.paper_list.row_labels import (
    author_label,
    number_label,
    tags_label,
    watched_label,
)
from paperreader.tui.widgets.paper_list.row_text import RowText
from paperreader.tui.widgets.text_line import (
    MatchRanges,
    Role,
    StyledLine,
    TextSpan,
    highlight,
    padding,
    span_width,
)

GUTTER_WIDTH = 4
"""Cells before the title: cursor bar, selected or unread, bookmark, space."""
INDENT_WIDTH = GUTTER_WIDTH + 2
"""Cells before the text of the second line."""

_VOTES_WIDTH, _CODE_WIDTH, _NOTE_WIDTH, _WATCHED_WIDTH, _DATE_WIDTH = 4, 3, 1, 1, 7
_GAP_WIDTH = 2
"""Cells between the text of a line and its right part."""
_MIN_TITLE_WIDTH = 30
_MIN_SECOND_LINE_WIDTH = 14
_MIN_TAGS_WIDTH = 8
_MIN_AUTHOR_WIDTH = 12
_MIN_SNIPPET_WIDTH = 24


class RowState(Struct, frozen=True):
    """What can change in a row while the paper stays the same."""

    unread: bool = False
    bookmarked: bool = False
    has_note: bool = False
    tags: tuple[str, ...] = ()
    dimmed: bool = False
    cursor: bool = False
    date: str = ""
    """The formatted day, or ""."""
    reason: MatchReason | None = None
    list_has_votes: bool = True
    """Whether papers of the list have votes or citations. Only then a paper without any keeps that column empty."""
    selected: bool = False
    level: int = 0
    """How well the paper fits the user, from 0 to 3."""
    disliked: bool = False
    newer: str = ""
    """A newer version than the user has seen, and since when."""
    watched: tuple[str, ...] = ()
    """What of the watch list the paper has."""
    list_has_watched: bool = False
    """Whether papers may have something of the watch list. Only then there is a column for its mark."""
    citations: int | None = None
    """How often the paper is cited, if that was looked up. Shown in place of the votes."""


class RowColumns(Struct, frozen=True):
    """Which columns fit at the right of a row."""

    note: bool
    votes: bool
    date: bool
    code: bool


def visible_columns(width: int, lines: int, day: int = _DATE_WIDTH) -> RowColumns:
    """Return the columns that fit into `width` cells. Code is dropped first, then date (`day` cells), votes, note."""
    if lines == 1:
        room = width - GUTTER_WIDTH - _MIN_TITLE_WIDTH - _GAP_WIDTH
        note = room >= _NOTE_WIDTH
        votes = room >= _NOTE_WIDTH + 1 + _VOTES_WIDTH
        date = room >= _NOTE_WIDTH + 1 + _VOTES_WIDTH + _GAP_WIDTH + day
        code = room >= _NOTE_WIDTH + 1 + _VOTES_WIDTH + _GAP_WIDTH + day + 1 + _CODE_WIDTH
        return RowColumns(note, votes, date, code)
    room = width - INDENT_WIDTH - _MIN_SECOND_LINE_WIDTH - _GAP_WIDTH
    note = room >= _NOTE_WIDTH
    votes = room >= _NOTE_WIDTH + 1 + _VOTES_WIDTH
    date = votes and width >= GUTTER_WIDTH + _MIN_SECOND_LINE_WIDTH + _GAP_WIDTH + day
    return RowColumns(note, votes, date, date and room >= _NOTE_WIDTH + 1 + _VOTES_WIDTH + 1 + _CODE_WIDTH)


def layout_row(
    text: RowText,
    state: RowState,
    *,
    width: int,
    lines: int = 1,
    ranges: MatchRanges = (),
    glyphs: Glyphs = UNICODE,
) -> tuple[StyledLine, ...]:
    """Return the row as `lines` lines of exactly `width` cells, but at least as wide as the gutter.

    `ranges` are those of the title that match the query.
    """
    reserved = (_WATCHED_WIDTH + 1) * state.list_has_watched
    shown = visible_columns(width - reserved, lines, max(_DATE_WIDTH, cell_width(state.date)))
    role: Role = "dim" if state.dimmed else "unread" if state.unread else "text"
    marks = _mark_spans(text, state, shown, glyphs)
    date = [TextSpan(state.date, "muted")] if state.date and shown.date else []
    if lines == 1:
        voted = shown.votes and (
            state.list_has_votes or bool(number_label(text.votes, state.citations, glyphs))
        )
        right = _date_and_marks(date, marks, shown, voted, reserved)
        room = width - GUTTER_WIDTH - _width_with_gap(right)
        title = _truncate_highlighted(text.title, ranges, room, role, glyphs)
        left = room - span_width(title) - _GAP_WIDTH - 1
        if state.reason and left >= _MIN_SNIPPET_WIDTH:
            title = _join(title, _reason_spans(state.reason, left, glyphs))
        elif below := _facts_and_tags(state, left, glyphs):
            title = _join(title, below)
        return (_compose_line(_gutter_spans(state, glyphs), title, right, width),)
    room = width - GUTTER_WIDTH - _width_with_gap(date)
    room_below = width - INDENT_WIDTH - _width_with_gap(marks)
    first, below = _two_lines(text, state, ranges, role, (room, room_below), glyphs)
    indent = [TextSpan(glyphs.cursor if state.cursor else " ", "bar"), *padding(INDENT_WIDTH - 1)]
    return (
        _compose_line(_gutter_spans(state, glyphs), first, date, width),
        _compose_line(indent, below, marks, width),
    )


def separator_line(label: str, width: int, glyphs: Glyphs = UNICODE) -> StyledLine:
    """Return a horizontal line with a label."""
    head = truncate_cells(
        f"{' ' * GUTTER_WIDTH}{glyphs.horizontal_line * 2} {label} ", width, glyphs.ellipsis
    )
    return (TextSpan(head + glyphs.horizontal_line * (width - cell_width(head)), "muted"),)


def _gutter_spans(state: RowState, glyphs: Glyphs) -> list[TextSpan]:
    return [
        TextSpan(glyphs.cursor if state.cursor else " ", "bar"),
        TextSpan(glyphs.selected, "yours")
        if state.selected
        else TextSpan(glyphs.unread if state.unread else " ", "new"),
        _fit_span(state, glyphs),
        *padding(1),
    ]


def _fit_span(state: RowState, glyphs: Glyphs) -> TextSpan:
    """Return the bookmark, else what is known of how well the paper fits the user."""
    if state.bookmarked:
        return TextSpan(glyphs.bookmark, "yours")
    if state.disliked:
        return TextSpan(glyphs.less, "muted")
    return TextSpan(glyphs.levels[state.level - 1] if state.level else " ", "fit")


def _mark_spans(text: RowText, state: RowState, shown: RowColumns, glyphs: Glyphs) -> list[TextSpan]:
    """Return watched, note, code and votes in their columns. Empty columns at the left take no cells."""
    slots: list[tuple[str, Role, int]] = []
    if shown.note and state.list_has_watched:
        slots.append((glyphs.watched if state.watched else "", "yours", _WATCHED_WIDTH))
    if shown.note:
        slots.append((glyphs.note if state.has_note else "", "yours", _NOTE_WIDTH))
    if shown.code:
        slots.append((glyphs.code if text.code else "", "muted", _CODE_WIDTH))
    votes = number_label(text.votes, state.citations, glyphs)
    if shown.votes and (votes or state.list_has_votes):
        slots.append((votes, "muted", _VOTES_WIDTH))
    while slots and not slots[0][0]:
        slots.pop(0)
    spans: list[TextSpan] = []
    for index, (mark, role, room) in enumerate(slots):
        # The first one has no padding: the title may come closer.
        spans += padding(room - cell_width(mark) + 1) if index else []
        spans += [TextSpan(mark, role)] if mark else []
    return spans


def _date_and_marks(
    date: list[TextSpan], marks: list[TextSpan], shown: RowColumns, votes: bool, watched: int
) -> list[TextSpan]:
    """Return the date, right-aligned in its own column, and the marks, of which `watched` cells are for the first."""
    if not date:
        return marks
    full = (
        (_NOTE_WIDTH + 1 + watched) * shown.note + (_CODE_WIDTH + 1) * shown.code + (_VOTES_WIDTH + 1) * votes
    )
    return [*date, *padding(full - span_width(marks)), *marks]


def _width_with_gap(right: list[TextSpan]) -> int:
    return span_width(right) + _GAP_WIDTH if right else 0


def _compose_line(
    left: list[TextSpan], middle: list[TextSpan], right: list[TextSpan], width: int
) -> StyledLine:
    gap = width - span_width(left) - span_width(middle) - span_width(right)
    return (*left, *middle, *padding(gap), *right)


def _truncate_highlighted(
    text: str, ranges: MatchRanges, room: int, role: Role, glyphs: Glyphs
) -> list[TextSpan]:
    """Truncate a text to `room` cells and highlight the matches in it, but not the ellipsis."""
    if room <= 0:
        return []
    shown = truncate_cells(text, room, glyphs.ellipsis)
    if shown == text:
        return highlight(text, ranges, role)
    visible = shown.removesuffix(glyphs.ellipsis)
    return [*highlight(visible, ranges, role), TextSpan(shown[len(visible) :], role)]


def _two_lines(
    text: RowText, state: RowState, ranges: MatchRanges, role: Role, room: tuple[int, int], glyphs: Glyphs
) -> tuple[list[TextSpan], list[TextSpan]]:
    """Return the title, and for the second line its rest with the match reason, else tags, else its author or
    the beginning of its abstract.
    """
    first = wrap_cells(text.title, room[0])[0] if room[0] > 0 and text.title else ""
    rest = text.title[len(first) :].lstrip(" ")
    start = len(text.title) - len(rest)
    continuation = _continuation(rest, [(a - start, b - start) for a, b in ranges], room[1], role, glyphs)
    left = room[1] - span_width(continuation) - (_GAP_WIDTH + 1 if rest else 0)
    if state.reason:
        if rest and left < _MIN_SNIPPET_WIDTH:
            return _truncate_highlighted(text.title, ranges, room[0], role, glyphs), _reason_spans(
                state.reason, room[1], glyphs
            )
        return highlight(first, ranges, role), _join(continuation, _reason_spans(state.reason, left, glyphs))
    about_user = _facts_and_tags(state, left, glyphs)
    if not rest and not state.tags and left >= _MIN_AUTHOR_WIDTH and (text.author or not about_user):
        label = author_label(text.author, left, glyphs) or truncate_cells(
            text.beginning, left, glyphs.ellipsis
        )
        beside = _facts_and_tags(state, left - cell_width(label) - _GAP_WIDTH - 1, glyphs)
        if label and (beside or not about_user):
            return highlight(first, ranges, role), _join([TextSpan(label, "muted")], beside)
    if about_user:
        return highlight(first, ranges, role), _join(continuation, about_user)
    return highlight(first, ranges, role), continuation


def _continuation(rest: str, ranges: MatchRanges, room: int, role: Role, glyphs: Glyphs) -> list[TextSpan]:
    """Return the rest of the title, or a snippet around its only match where truncation would hide that match."""
    line = _truncate_highlighted(rest, ranges, room, role, glyphs)
    within = [number for number, (_, end) in enumerate(ranges) if end > 0]
    if (
        room < _MIN_SECOND_LINE_WIDTH
        or len(within) < len(ranges)
        or not within
        or any(span.role == "hit" for span in line)
    ):
        return line
    shown, inside = snippet(rest, ranges, within[0], room, glyphs.ellipsis)
    return highlight(shown, inside, role)


def _join(continuation: list[TextSpan], more: list[TextSpan]) -> list[TextSpan]:
    return [*continuation, *padding(_GAP_WIDTH + 1), *more] if continuation and more else continuation or more


def _reason_spans(reason: MatchReason, room: int, glyphs: Glyphs) -> list[TextSpan]:
    heads = {"note": TextSpan(f"{glyphs.note} ", "yours"), "generated": TextSpan("generated: ", "muted")}
    head = [heads[reason.label]] if reason.label else []
    room -= span_width(head)
    if room <= 0:
        return []
    shown, ranges = snippet(reason.text, reason.ranges, reason.focus, room, glyphs.ellipsis)
    return [*head, *highlight(shown, ranges, "muted")]


def _facts_and_tags(state: RowState, room: int, glyphs: Glyphs) -> list[TextSpan]:
    """Return the newer version, what is watched, and the tags, as far as there is room."""
    newer = state.newer if cell_width(state.newer) <= room else ""
    room -= (cell_width(newer) + _GAP_WIDTH) * bool(newer)
    if watched := watched_label(state.watched, room, glyphs):
        room -= cell_width(watched) + _GAP_WIDTH
    tags = tags_label(state.tags, room) if room >= _MIN_TAGS_WIDTH else ""
    line = "  ".join(filter(None, (newer, watched, tags)))
    return [TextSpan(line, "muted")] if line else []
