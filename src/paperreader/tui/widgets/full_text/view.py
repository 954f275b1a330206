"""The full text of a paper: lines in the middle of the pane, of which wide ones are scrolled sideways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, get_args

from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip

from paperreader.fulltext import Line, Place, SpanRole, TextLayout
from paperreader.tui.terminal.glyphs import ASCII, get_glyphs
from paperreader.tui.widgets.full_text.geometry import LineGeometry
from paperreader.tui.widgets.full_text.line_painter import (
    LinePainter,
    LinkLabel,
    MarkedRange,
    cell_of,
    max_sideways_offset,
    next_sideways_offset,
    offset_at,
    offset_revealing,
    ranges_in,
    span_at,
    whole_line,
)
from paperreader.tui.widgets.full_text.pictures import Pictures, paint_picture
from paperreader.tui.widgets.full_text.role_styles import MARK_ROLES, OVERLAYS, role_style
from paperreader.tui.widgets.line_view import LineView

MAX_PAINTED_LINES = 300
"""Lines that are kept as they are painted: some screens. Those of a whole paper would take 10 MB."""

SIDEWAYS_CELLS = 8
"""How far one key scrolls a wide line without columns."""


class FullTextView(LineView, can_focus=True, inherit_bindings=False):
    """Shows a layout. Keys are bound by the screen."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"full-text--{role}" for role in (*get_args(SpanRole), *MARK_ROLES)
    }

    ALLOW_SELECT = False

    @dataclass
    class LinkClicked(Message):
        """A link was clicked."""

        target: str

    @dataclass
    class BlockClicked(Message):
        """A line was clicked where there is no link."""

        block: int

    @dataclass
    class Dragged(Message):
        """The mouse was dragged with its button from one place to another one."""

        start: Place
        end: Place
        released: bool

    class Scrolled(Message):
        """Other lines are visible now."""

    class Resized(Message):
        """There is room for lines of another width."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._layout = TextLayout([], -1, -1)
        self._measure = 80
        self._sideways = 0
        self._marked: dict[str, Mapping[int, Sequence[MarkedRange]]] = {}
        self._labels: Mapping[int, Sequence[LinkLabel]] = {}
        self._signs: Mapping[int, str] = {}
        self._pictures: Pictures = {}
        self._drag_start = Place()
        self._is_dragging = False
        self._strips: dict[int, Strip] = {}
        self._styles_by_role: dict[str, Style] = {}

    @property
    def layout_shown(self) -> TextLayout:
        """The lines."""
        return self._layout

    def show(self, layout: TextLayout, measure: int, top: Place) -> None:
        """Show a layout whose lines of running text have `measure` cells, with the line of `top` at the top."""
        self._layout, self._measure = layout, measure
        self._labels = {}
        self._strips.clear()
        self.set_content_height(len(layout.lines))
        self.go_to(top)
        self.refresh()

    def mark(self, layer: str, ranges: Mapping[int, Sequence[MarkedRange]]) -> None:
        """Paint ranges of the texts of blocks in other styles. Each layer has its own ones; later layers are on top."""
        self._marked[layer] = ranges
        self._repaint()

    def show_labels(self, labels: Mapping[int, Sequence[LinkLabel]]) -> None:
        """Show letters over links, by the index of their line. `cell` counts from the start of the line."""
        self._labels = labels
        self._repaint()

    def show_margin(self, signs: Mapping[int, str]) -> None:
        """Show a sign of one cell left of lines, by the indexes of the lines."""
        if signs != self._signs:
            self._signs = signs
            self._repaint()

    def show_pictures(self, pictures: Pictures) -> None:
        """Show pictures, or why there is none, in the lines that are reserved for them."""
        if pictures != self._pictures:
            self._pictures = pictures
            self._repaint()

    def _repaint(self) -> None:
        self._strips.clear()
        self.refresh()

    @property
    def top(self) -> Place:
        """The place of the first visible line."""
        return self._layout.place_at(self.scroll_offset.y)

    @property
    def reading_place(self) -> Place:
        """The place that is read: the first visible line, or the last one when the end is visible."""
        top = self.scroll_offset.y
        is_at_end = top and top >= self.last_top
        return self._layout.place_at(len(self._layout.lines) - 1 if is_at_end else top)

    @property
    def visible_lines(self) -> range:
        """The indexes of the visible lines."""
        top = self.scroll_offset.y
        return range(top, min(len(self._layout.lines), top + self.size.height))

    @property
    def last_top(self) -> int:
        """The index of the line at the top when the end is visible."""
        return max(0, len(self._layout.lines) - self.size.height)

    def go_to(self, place: Place, *, above: int = 0) -> None:
        """Scroll to a place, with that many lines above it."""
        self.scroll_to_line(self._layout.line_at(place) - above)

    def reveal(self, place: Place) -> None:
        """Scroll to the line that shows a place, unless it is visible; a wide line also sideways."""
        number = self._layout.line_showing(place)
        top, height = self.scroll_offset.y, max(1, self.size.height)
        if not top <= number < top + height:
            self.scroll_to_line(number - height // 3)
        line = self._layout.lines[number] if self._layout.lines else Line((), 0, 0)
        if line.width:
            cell, room = cell_of(line, place.offset), self._geometry.room(line)
            self._sideways = offset_revealing(line, cell, room, self._sideways, SIDEWAYS_CELLS)
            self._repaint()

    def scroll_into_view(self, place: Place) -> None:
        """Scroll by as little as makes the line that shows a place visible."""
        number = self._layout.line_showing(place)
        top, height = self.scroll_offset.y, max(1, self.size.height)
        self.scroll_to_line(max(number - height + 1, min(top, number)))

    def scroll_to_line(self, line: int) -> None:
        """Make a line the first one, or as near to it as the end of the text allows."""
        self.scroll_to(y=max(0, min(line, self.last_top)), animate=False, immediate=True)

    def scroll_lines(self, count: int) -> None:
        """Scroll by `count` lines."""
        self.scroll_to_line(self.scroll_offset.y + count)

    def scroll_sideways(self, direction: int) -> bool:
        """Scroll the visible wide lines to the right (1) or left (-1). Return False if nothing moves."""
        visible = (self._layout.lines[number] for number in self.visible_lines)
        lines = [(line, self._geometry.room(line)) for line in visible]
        before = min(self._sideways, max((max_sideways_offset(*each) for each in lines), default=0))
        self._sideways = next_sideways_offset(lines, before, direction, SIDEWAYS_CELLS)
        self._repaint()
        return self._sideways != before

    # NOTE: Textual calls these for a wheel that is moved sideways, or with shift, if `allow_horizontal_scroll` says so.

    allow_horizontal_scroll = True

    def _scroll_right_for_pointer(self, **_: object) -> bool:
        return self.scroll_sideways(1)

    def _scroll_left_for_pointer(self, **_: object) -> bool:
        return self.scroll_sideways(-1)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value):
            self.post_message(self.Scrolled())

    # Painting

    def render_line(self, y: int) -> Strip:
        number = self.scroll_offset.y + y
        if number >= len(self._layout.lines):
            return whole_line((), 0, "", self.text_width, self._style_of)
        strip = self._strips.get(number)
        if strip is None:
            if len(self._strips) >= MAX_PAINTED_LINES:
                self._strips.clear()
            strip = self._strips[number] = self._paint(number)
        return strip

    def _paint(self, number: int) -> Strip:
        line, geometry = self._layout.lines[number], self._geometry
        room = geometry.room(line)
        if (strip := paint_picture(line, room, self._pictures, self._style_of)) is None:
            strip = self._painter.paint(
                line,
                room,
                offset=self._sideways,
                marked=ranges_in(line, self._marked.values()),
                labels=self._labels.get(number, ()),
            )
        sign = self._signs.get(number, "")
        return whole_line(strip, geometry.left(line), sign, self.text_width, self._style_of)

    @cached_property
    def _painter(self) -> LinePainter:
        arrows = ("<", ">") if get_glyphs(self.app) is ASCII else ("‹", "›")
        return LinePainter(self._style_of, more_left=arrows[0], more_right=arrows[1])

    @property
    def _geometry(self) -> LineGeometry:
        return LineGeometry(self.text_width, self._measure, self._sideways)

    def _style_of(self, role: str) -> Style:
        style = self._styles_by_role.get(role)
        if style is None:
            style = role_style(self, f"full-text--{role}", is_overlay=role in OVERLAYS)
            self._styles_by_role[role] = style
        return style

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._styles_by_role.clear()
        self._strips.clear()

    # Events

    def on_resize(self) -> None:
        self._strips.clear()
        self.post_message(self.Resized())

    def on_mouse_down(self, event: events.MouseDown) -> None:
        if event.button == 1:
            self._drag_start, self._is_dragging = self.place_at_cell(event.x, event.y), False
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        self._drag_to(event, released=False)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        self._drag_to(event, released=True)

    def _drag_to(self, event: events.MouseEvent, *, released: bool) -> None:
        if self.app.mouse_captured is not self:
            return
        if released:
            self.release_mouse()
        elif not 0 <= event.y < self.size.height:
            self.scroll_lines(-1 if event.y < 0 else 1)
        place = self.place_at_cell(event.x, event.y)
        self._is_dragging = self._is_dragging or place != self._drag_start
        if self._is_dragging:
            self.post_message(self.Dragged(self._drag_start, place, released))

    def on_click(self, event: events.Click) -> None:
        if self._is_dragging:
            return
        number = self.scroll_offset.y + event.y
        if number < len(self._layout.lines):
            line = self._layout.lines[number]
            span = span_at(line, self._geometry.cell_at(line, event.x))
            target = span.target if span is not None else ""
            self.post_message(self.LinkClicked(target) if target else self.BlockClicked(line.block))

    def place_at_cell(self, x: int, y: int) -> Place:
        """Return the place in the text at a cell of the view; the nearest one if there is no text."""
        if not self._layout.lines:
            return Place()
        line = self._layout.lines[max(0, min(self.scroll_offset.y + y, len(self._layout.lines) - 1))]
        return Place(line.block, offset_at(line, self._geometry.cell_at(line, x)))
