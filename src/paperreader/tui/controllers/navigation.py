"""Moving in list and detail, and the detail that follows the cursor."""

from __future__ import annotations

from paperreader.models import EMPTY_MARK, Mark, Paper
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.controllers.fits import FitLoader
from paperreader.tui.controllers.papers.local_facts import LocalFacts
from paperreader.tui.controllers.results import ResultsController
from paperreader.tui.widgets.detail.fit import Fit
from paperreader.tui.widgets.text_line import TextSpan


class NavigationController:
    """Moves the cursor, scrolls, and changes the focused pane. `move`, `top`, `page` act on the pane with the focus."""

    def __init__(self, ctx: ReaderContext, results: ResultsController, fits: FitLoader) -> None:
        self._ctx, self._results, self._fits = ctx, results, fits
        self._facts = LocalFacts(ctx, self.refresh_detail)
        self._shown: tuple[Paper | None, Mark, Fit | None, str, bool, tuple[str, ...]]
        self._shown = (None, EMPTY_MARK, None, "", False, ())
        """What the detail shows: paper, mark, how well the paper fits, the query whose matches are highlighted, whether
        a sentence of the full text is shown, and what this machine knows about the paper."""
        ctx.signals.results_shown.connect(lambda _: self.refresh_detail())
        ctx.signals.cursor_moved.connect(lambda _: self.refresh_detail())
        ctx.signals.marks_changed.connect(lambda _: self.refresh_detail())
        ctx.signals.sentences_found.connect(lambda _: self.refresh_detail())
        ctx.signals.fits_changed.connect(lambda _: self.refresh_detail())

    # The paper under the cursor

    def refresh_detail(self) -> None:
        """Show the paper under the cursor, with its marks as they are now."""
        row, paper = self._ctx.current_row, self._ctx.current_paper
        mark = self._ctx.library.mark(row) if row is not None else EMPTY_MARK
        result = self._results.result
        text = result.query.text if result else ""
        found = self._results.reasons.sentences.get(row) if row is not None else None
        sentence = found.text if found is not None else ""
        facts = self._facts.of(row)
        fit = self._fits.get(row) if row is not None else None
        before, self._shown = self._shown, (paper, mark, fit, text, bool(sentence), facts)
        if before == self._shown:
            return
        if (before[0], *before[3:]) == (paper, text, bool(sentence), facts):
            self._ctx.widgets.detail.refresh_mark(mark, fit)
        else:
            find_matches = result.find_matches if result else None
            self._ctx.widgets.detail.show(
                paper, mark, find_matches=find_matches, sentence=sentence, facts=facts, fit=fit
            )

    def next_match(self, direction: int) -> None:
        """Go to the next (1) or previous (-1) match in the detail, and show its number."""
        if not self._results.query.is_search:
            self._ctx.ui.inform("No active search. Press ", TextSpan("/", "key"), " to search")
            return
        match = self._ctx.widgets.detail.go_to_match(direction)
        if match is None:
            self._ctx.ui.inform("No match in this paper's text")
        else:
            self._ctx.ui.inform("Match ", TextSpan(f"{match[0]}", "strong"), f" of {match[1]}")

    def toggle_math(self) -> None:
        """Show formulas as TeX, or as readable text again."""
        detail = self._ctx.widgets.detail
        detail.set_raw(not detail.is_raw)
        self._ctx.ui.inform("Math shown as LaTeX" if detail.is_raw else "Math shown as Unicode")

    # Moving and scrolling

    def move(self, delta: int) -> None:
        """Move the cursor by `delta` papers, or scroll the detail by as many lines."""
        if self._reads:
            self._ctx.widgets.detail.scroll_lines(delta)
        else:
            self._ctx.widgets.paper_list.move_by(delta)

    def next_unread(self, direction: int) -> None:
        """Go to the next (1) or previous (-1) unread paper."""
        if not self._ctx.widgets.paper_list.jump_unread(direction):
            self._ctx.ui.inform("Nothing unread below" if direction > 0 else "Nothing unread above")

    def next_day(self, direction: int) -> None:
        """Go to the next day in the list (1), or to the previous one (-1)."""
        query = self._results.query
        if query.is_search or query.sort != "date":
            self._ctx.ui.inform("Jumping by day needs the list sorted by date")
        elif not self._ctx.widgets.paper_list.jump_day(direction):
            self._ctx.ui.inform("This is the earliest day" if direction > 0 else "This is the latest day")

    def top(self) -> None:
        """Go to the first paper, or to the top of the detail."""
        if self._reads:
            self._ctx.widgets.detail.scroll_to_top()
        else:
            self._ctx.widgets.paper_list.go_to_first()

    def bottom(self) -> None:
        """Go to the last paper, or to the end of the detail."""
        if self._reads:
            self._ctx.widgets.detail.scroll_to_end()
        else:
            self._ctx.widgets.paper_list.go_to_last()

    def half_page(self, direction: int) -> None:
        """Go half a page down (1) or up (-1)."""
        if self._reads:
            self._ctx.widgets.detail.half_page(direction)
        else:
            self._ctx.widgets.paper_list.move_half_page(direction)

    def page(self, direction: int) -> None:
        """Go a page down (1) or up (-1)."""
        if not self._reads:
            self._ctx.widgets.paper_list.move_page(direction)
        elif direction > 0:
            self._ctx.widgets.detail.page_down()
        else:
            self._ctx.widgets.detail.page_up()

    def detail_page_up(self) -> None:
        """Scroll the detail a page up, whatever has the focus."""
        self._ctx.widgets.detail.page_up()

    @property
    def _reads(self) -> bool:
        return self._ctx.ui.mode == "detail"

    # Panes

    def open_detail(self) -> bool:
        """Go to the detail, which replaces the list on a small screen; False if there is no paper."""
        if self._ctx.current_row is None:
            return False
        self._ctx.ui.focus_detail(in_place_of_list=True)
        return True

    def switch_pane(self) -> None:
        """Go from list to detail, or back."""
        with self._ctx.ui.single_frame():
            if self._ctx.ui.mode not in ("list", "select"):
                self._ctx.ui.focus_list()
            elif self._ctx.current_row is not None:
                self._ctx.ui.focus_detail(in_place_of_list=self._ctx.ui.arrangement == "single")

    def toggle_zoom(self) -> None:
        """Show the detail alone, or go back to the list."""
        if self._ctx.ui.is_zoomed:
            self._ctx.ui.focus_list()
        elif self._ctx.current_row is not None:
            self._ctx.ui.zoom_detail()
