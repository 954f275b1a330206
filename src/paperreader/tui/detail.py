"""The detail: one paper with its facts, links, abstract and note."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from paperreader.models import NO_MARK, Mark, Paper

Find = Callable[[str], list[tuple[int, int]]]


class Detail(ScrollView, can_focus=True):
    """Everything known about one paper, laid out for the width at hand."""

    @dataclass
    class LinkClicked(Message):
        """A link was clicked."""

        url: str

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._paper: Paper | None = None
        self._mark = NO_MARK

    def show(self, paper: Paper | None, mark: Mark = NO_MARK, *, find: Find | None = None) -> None:
        """Show a paper from its top, or nothing."""
        self._paper, self._mark = paper, mark
        self.refresh()

    @property
    def paper(self) -> Paper | None:
        """The paper on show."""
        return self._paper

    def refresh_mark(self, mark: Mark) -> None:
        """Show another mark of the same paper; the scroll position stays."""
        self._mark = mark
        self.refresh()

    def set_raw(self, raw: bool) -> None:
        """Show the text as it was read (`raw`), or with readable math."""
        self.refresh()

    def page_down(self) -> bool:
        """Scroll a page on; False when the end was already on screen."""
        return False

    def page_up(self) -> bool:
        """Scroll a page back; False at the top."""
        return False

    def next_match(self, direction: int) -> tuple[int, int] | None:
        """Go to the next (1) or previous (-1) match: its number from 1 and how many there are."""
        return None

    def render_line(self, y: int) -> Strip:
        return Strip.blank(self.size.width, self.rich_style)
