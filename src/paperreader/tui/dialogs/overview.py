"""The overview of what a link in a full text leads to, at the bottom of the screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen

from paperreader.fulltext import Place, TextLayout
from paperreader.tui.commands.command import Mode, bindings
from paperreader.tui.commands.full_text import OVERVIEW_KEYS
from paperreader.tui.widgets.full_text.view import FullTextView
from paperreader.tui.widgets.key_footer import KeyFooter
from paperreader.tui.widgets.text_line import TextLine, TextSpan

OverviewOutcome = Literal["jump", "copy", "open", "paper", "bookmark", "pin"]
"""What to do with the target."""

MAX_LINES_SHARE = 0.6
"""Share of the screen that the lines may take."""


class OverviewTitle(TextLine):
    """What the target is, and where it is referred to."""

    def __init__(self, spans: Sequence[TextSpan]) -> None:
        super().__init__(id="overview-title")
        self._spans = spans

    def show(self, spans: Sequence[TextSpan]) -> None:
        """Show something else."""
        if spans != self._spans:
            self._spans = spans
            self.refresh()

    def spans(self, width: int) -> Sequence[TextSpan]:
        return self._spans


class OverviewDialog(ModalScreen[OverviewOutcome | str | None]):
    """Shows some blocks of a document. Returns what to do with them, the target of a link that was clicked, or None."""

    BINDINGS = bindings(OVERVIEW_KEYS)
    AUTO_FOCUS = ""
    CSS_PATH = "../styles/full_text.tcss"

    def __init__(
        self,
        title: Sequence[TextSpan],
        layout: TextLayout,
        measure: int,
        mode: Mode = "overview",
        *,
        has_link: bool = True,
        can_be_pinned: bool = False,
        on_scrolled: Callable[[], None] = lambda: None,
    ) -> None:
        """
        Args:
            title: the heading.
            layout: the lines.
            measure: the width for which they are laid out.
            mode: `overview-paper` for a reference that is in the library, `overview-missing` for one that can be added.
            has_link: whether the target contains a link to a page, so that the footer offers to open it.
            can_be_pinned: whether the target may stay next to the text.
            on_scrolled: called when other lines are visible.
        """
        super().__init__()
        self.view = FullTextView(id="overview-text")
        self.view.can_focus = False
        self._mode, self._has_link, self._on_scrolled = mode, has_link, on_scrolled
        self._can_be_pinned = can_be_pinned
        self._title, self._text_layout, self._measure = title, layout, measure

    def compose(self) -> ComposeResult:
        with Vertical(id="overview"):
            yield OverviewTitle(self._title)
            yield self.view
            footer = KeyFooter(classes="footer")
            footer.mode = self._mode
            offered = {"overview-open": self._has_link, "overview-pin": self._can_be_pinned}
            footer.omitted = frozenset(id for id, is_offered in offered.items() if not is_offered)
            yield footer

    def on_mount(self) -> None:
        lines = len(self._text_layout.lines)
        self.view.styles.height = max(1, min(lines, int(self.app.size.height * MAX_LINES_SHARE)))
        self.view.show(self._text_layout, self._measure, Place(self._text_layout.first, 0))

    def action_scroll(self, direction: int) -> None:
        self.view.scroll_lines(direction)

    def action_accept(self) -> None:
        """Open or add the paper of a reference; go to any other target."""
        self.dismiss("jump" if self._mode == "overview" else "paper")

    def action_jump(self) -> None:
        self.dismiss("jump")

    def action_bookmark(self) -> None:
        if self._mode == "overview-paper":
            self.dismiss("bookmark")

    def action_pin(self) -> None:
        if self._can_be_pinned:
            self.dismiss("pin")

    def action_copy(self) -> None:
        self.dismiss("copy")

    def action_open(self) -> None:
        if self._has_link:
            self.dismiss("open")

    def action_close(self) -> None:
        self.dismiss(None)

    def on_click(self, event: events.Click) -> None:
        """Close the overview after a click on the text above it."""
        if not self.query_one("#overview").region.contains(event.screen_x, event.screen_y):
            self.dismiss(None)

    def on_full_text_view_scrolled(self) -> None:
        self._on_scrolled()

    def on_full_text_view_link_clicked(self, event: FullTextView.LinkClicked) -> None:
        self.dismiss(event.target)
