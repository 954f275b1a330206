"""Less of a paper, more for a tag, and what was learned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from paperreader.library import for_you_of_tag
from paperreader.models import MarkChange
from paperreader.text.counts import format_count
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.controllers.fits import FitLoader
from paperreader.tui.controllers.papers.marks import MarksController, paper_count
from paperreader.tui.controllers.results import ResultsController
from paperreader.tui.controllers.search import SearchController
from paperreader.tui.model.list_query import in_view
from paperreader.tui.runtime.threads import run_in_thread

if TYPE_CHECKING:
    from paperreader.library import Learned
    from paperreader.tui.dialogs.choice import Choice

Action = Callable[[], None]
"""What a choice does."""

MAX_TAGS = 50
"""Tags that are offered, those with most papers."""


class ForYouController:
    """Commands for the personal order."""

    def __init__(
        self,
        ctx: ReaderContext,
        results: ResultsController,
        marks: MarksController,
        search: SearchController,
        fits: FitLoader,
    ) -> None:
        self._ctx, self._results, self._marks, self._search = ctx, results, marks, search
        self._fits = fits

    def less(self) -> None:
        """Say that less of the papers is wanted, or take that back if it was said of all."""
        rows = self._marks.target_rows
        on = not all(self._ctx.library.mark(row).is_disliked for row in rows)
        message = "Less of this: " if on else "Not less of this any more: "
        self._marks.apply(rows, MarkChange("", disliked=on), "less of this", message)

    def choose_tag(self) -> None:
        """Choose a tag, and show the unread papers that fit its papers."""
        from paperreader.tui.dialogs.choice import Choice, ChoiceDialog

        counts = Counter(name for mark in self._ctx.library.marks.values() for name in mark.tag_names)
        if not counts:
            self._ctx.ui.inform("No tags yet: press t on a paper to add one")
            return
        most = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MAX_TAGS]
        choices = [Choice(f"#{name}", paper_count(count), name) for name, count in most]
        self._ctx.ui.push_dialog(
            ChoiceDialog("More for a tag", choices, self._ctx.glyphs),
            lambda tag: self._show_for_tag(tag) if tag is not None else None,
        )

    def _show_for_tag(self, tag: str) -> None:
        self._search.clear()
        self._results.show(in_view(self._results.query, for_you_of_tag(tag)))

    def show_learned(self) -> None:
        """Show what was learned; forget it, or search for a word."""
        self._ctx.tasks.start(self._show_learned(), group="learned")

    async def _show_learned(self) -> None:
        from paperreader.tui.dialogs.choice import ChoiceDialog

        library = self._ctx.library
        with self._ctx.commands.defer_keys():
            learned = await run_in_thread(lambda: library.for_you.learned(library.table, library.marks))
        if not (learned.liked or learned.since):
            self._ctx.ui.inform("Nothing learned yet: bookmark papers")
            return
        title = f"For you: learned from {format_count(len(learned.liked), 'bookmark')}"
        choices = self._choices(learned)
        first = next((number for number, choice in enumerate(choices) if not choice.key), 0)
        dialog = ChoiceDialog(title, choices, self._ctx.glyphs, initial_index=first)
        self._ctx.ui.push_dialog(dialog, lambda action: action() if action is not None else None)

    def _choices(self, learned: Learned) -> list[Choice[Action]]:
        from paperreader.tui.dialogs.choice import Choice

        choices = []
        if learned.liked:
            choices.append(
                Choice("forget", "all of this; marks stay, and later ones count", self._forget, key="x")
            )
        if learned.since:
            choices.append(Choice("learn", "from all marks again", self._learn_from_all, key="a"))
        if learned.disliked:
            text = f"{paper_count(len(learned.disliked))}, hidden or with less of this"
            choices.append(Choice("less", text, self._search_for("is:disliked OR is:hidden"), key="l"))
        for label, words in (("more of", learned.words), ("less of", learned.unwanted)):
            choices += [Choice(label, word, self._search_for(word)) for word in words]
        return choices

    def _search_for(self, query: str) -> Action:
        return lambda: self._search.open_search(f"{query} ")

    def _forget(self) -> None:
        self._change(self._ctx.library.for_you.reset, "Forgotten: later marks count")

    def _learn_from_all(self) -> None:
        self._change(self._ctx.library.for_you.learn_from_all, "Learning from all marks again")

    def _change(self, change: Callable[[], None], message: str) -> None:
        self._ctx.tasks.start(self._change_and_inform(change, message), group="learned")

    async def _change_and_inform(self, change: Callable[[], None], message: str) -> None:
        await run_in_thread(change)
        self._fits.learn_soon()
        self._ctx.ui.inform(message)
