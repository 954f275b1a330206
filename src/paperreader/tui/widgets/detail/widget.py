"""The detail pane: one paper with its metadata, links, abstract and note."""

from __future__ import annotations

from bisect import bisect_right
from typing import ClassVar

from msgspec.structs import replace
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from paperreader.models import EMPTY_MARK, FindMatches, Mark, Paper
from paperreader.text.cell_width import cell_width
from paperreader.tui.terminal.colors import with_readable_contrast
from paperreader.tui.terminal.glyphs import ASCII, UNICODE, Glyphs
from paperreader.tui.widgets.detail.fit import Fit
from paperreader.tui.widgets.detail.layout import DetailLayout, DetailOptions, layout_detail
from paperreader.tui.widgets.line_view import AcyclicStrip, LineView

FULL_LAYOUT_MIN_HEIGHT = 32
"""Screens with fewer rows use the compact layout, with one line for links."""


class Detail(LineView, can_focus=True, inherit_bindings=False):
    """Everything known about one paper, laid out for the width of the pane. Keys are bound by the screen."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "detail--text",
        "detail--title",
        "detail--muted",
        "detail--yours",
        "detail--fit",
        "detail--key",
        "detail--link",
        "detail--hit",
        "detail--match",
        "detail--strong",
        "detail--emph",
        "detail--code",
    }

    ALLOW_SELECT = False

    glyphs: reactive[Glyphs] = reactive(UNICODE, layout=False)
    """The symbols to paint with."""

    class LinkClicked(Message):
        """A link was clicked."""

        def __init__(self, url: str) -> None:
            super().__init__()
            self.url = url

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._paper: Paper | None = None
        self._mark = EMPTY_MARK
        self._options = DetailOptions(width=0)
        self._detail_layout = DetailLayout()
        self._strips: dict[int, Strip] = {}
        self._strip_width = 0
        # Valid while the lines of one repaint are rendered.
        self._first_line = 0
        self._role_styles: dict[str, Style] = {}

    @property
    def paper(self) -> Paper | None:
        """The current paper."""
        return self._paper

    @property
    def is_raw(self) -> bool:
        """Whether the text is shown as it was imported, with its TeX."""
        return self._options.raw

    def show(
        self,
        paper: Paper | None,
        mark: Mark = EMPTY_MARK,
        *,
        find_matches: FindMatches | None = None,
        sentence: str = "",
        facts: tuple[str, ...] = (),
        fit: Fit | None = None,
    ) -> None:
        """Show a paper from its top, or nothing.

        The current paper keeps its scroll position. `find_matches` returns the ranges of a text to highlight;
        `sentence` is one of the full text that matches; `facts`: what this machine knows about the paper; `fit`: how
        well it fits the user.
        """
        options = self._options
        shown = (self._paper, self._mark, options.find_matches, options.sentence, options.facts, options.fit)
        if (paper, mark, find_matches, sentence, facts, fit) == shown:
            return
        is_other_paper = paper is None or self._paper is None or paper.id != self._paper.id
        self._paper, self._mark = paper, mark
        self._options = replace(
            options, find_matches=find_matches, current_match=-1, sentence=sentence, facts=facts, fit=fit
        )
        self._rebuild_layout()
        if is_other_paper:
            self._scroll_to_line(0)

    def refresh_mark(self, mark: Mark, fit: Fit | None = None) -> None:
        """Show a changed mark of the current paper, and how well it fits. The scroll position stays."""
        self._mark, self._options = mark, replace(self._options, fit=fit)
        self._rebuild_layout()

    def set_raw(self, raw: bool) -> None:
        """Show the text as it was imported (`raw`), or with TeX converted to Unicode."""
        if raw != self._options.raw:
            self._change_options(raw=raw)

    def page_down(self) -> bool:
        """Scroll a page down. Return False when the end of abstract and note is already visible."""
        if self.scroll_offset.y + self.size.height >= self._detail_layout.reading_end:
            return False
        self.scroll_lines(max(1, self.size.height - 1))
        return True

    def page_up(self) -> bool:
        """Scroll a page up. Return False at the top."""
        if self.scroll_offset.y == 0:
            return False
        self.scroll_lines(-max(1, self.size.height - 1))
        return True

    def half_page(self, direction: int) -> None:
        """Scroll half a page down (1) or up (-1)."""
        self.scroll_lines(direction * max(1, self.size.height // 2))

    def scroll_lines(self, count: int) -> None:
        """Scroll by `count` lines."""
        self._scroll_to_line(self.scroll_offset.y + count)

    def scroll_to_top(self) -> None:
        """Scroll to the title."""
        self._scroll_to_line(0)

    def scroll_to_end(self) -> None:
        """Scroll to the last line."""
        self._scroll_to_line(len(self._detail_layout.lines))

    def go_to_match(self, direction: int) -> tuple[int, int] | None:
        """Go to the next (1) or previous (-1) match, wrapping around.

        Return its number, from 1, and the number of matches; None when there are none.
        """
        matches = self._detail_layout.match_lines
        if not matches:
            return None
        match = self._options.current_match
        # The first step goes to the first visible match, not to one that is scrolled out of view.
        if match < 0:
            match = bisect_right(matches, self.scroll_offset.y - 1) - (direction > 0)
        match = (match + direction) % len(matches)
        self._options = replace(self._options, current_match=match)
        self._rebuild_layout()
        line, top, height = matches[match], self.scroll_offset.y, self.size.height
        if not top <= line < top + height:
            self._scroll_to_line(line - height // 3)
        return match + 1, len(matches)

    def render_lines(self, crop: Region) -> list[Strip]:
        # Once a repaint instead of once a line: these are expensive.
        self._first_line, width = self.scroll_offset.y, self.text_width
        if width != self._strip_width:
            self._strips.clear()
            self._strip_width = width
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        number, lines = self._first_line + y, self._detail_layout.lines
        number = min(number, len(lines))  # all lines below the text are the same
        strip = self._strips.get(number)
        if strip is None:
            spans = lines[number] if number < len(lines) else ()
            segments = [Segment(text, self._style(role)) for text, role, _ in spans]
            used = sum(cell_width(text) for text, _, _ in spans)
            if used < self._strip_width:
                segments.append(Segment(" " * (self._strip_width - used), self._style("text")))
            strip = self._strips[number] = AcyclicStrip(segments, max(used, self._strip_width))
        return strip

    def fit_to_size(self) -> None:
        """Rebuild the layout and keep the text at the top of the pane."""
        compact = self.app.size.height < FULL_LAYOUT_MIN_HEIGHT
        if (self.text_width, compact) != (self._options.width, self._options.compact):
            self._change_options(width=self.text_width, compact=compact)

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None:
            return
        line = self.scroll_offset.y + offset.y
        for target in self._detail_layout.link_regions:
            if target.line == line and target.start <= offset.x < target.end:
                self.post_message(self.LinkClicked(target.url))
                return

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._role_styles.clear()
        self._strips.clear()

    def configure(self, *, date_format: str, copy_key: str) -> None:
        """Apply settings: the date format, and the key that copies the repository URL."""
        self._options = replace(self._options, date_format=date_format, copy_key=copy_key)
        self._rebuild_layout()

    def watch_glyphs(self, glyphs: Glyphs) -> None:
        # Without raised and lowered letters, `10⁶` would be `106`.
        self._options = replace(self._options, glyphs=glyphs, raw=glyphs is ASCII)
        self._rebuild_layout()

    def _rebuild_layout(self) -> None:
        paper = self._paper
        empty = paper is None or self._options.width <= 0
        layout = DetailLayout() if empty or paper is None else layout_detail(paper, self._mark, self._options)
        if layout == self._detail_layout:
            return  # as for most letters of a word that is typed: the same words are highlighted
        self._detail_layout = layout
        self._strips.clear()
        self.set_content_height(len(self._detail_layout.lines))
        self.refresh_text()

    def _change_options(
        self, *, width: int | None = None, compact: bool | None = None, raw: bool | None = None
    ) -> None:
        """Rebuild the layout with other options, and keep the text at the top of the pane."""
        view, before = self._options, self._detail_layout
        self._options = replace(
            view,
            width=view.width if width is None else width,
            compact=view.compact if compact is None else compact,
            raw=view.raw if raw is None else raw,
        )
        top = self.scroll_offset.y
        self._rebuild_layout()
        if 0 < top < len(before.text_positions):
            self._scroll_to_line(
                bisect_right(self._detail_layout.text_positions, before.text_positions[top]) - 1
            )

    def _scroll_to_line(self, line: int) -> None:
        self.scroll_to(y=max(0, line), animate=False, immediate=True)

    def _style(self, role: str) -> Style:
        style = self._role_styles.get(role)
        if style is None:
            style = with_readable_contrast(self.get_visual_style(f"detail--{role}").rich_style)
            self._role_styles[role] = style
        return style
