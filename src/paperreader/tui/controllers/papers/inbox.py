"""Emptying New, hiding and deleting papers, and what the rules of the settings hide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from paperreader.models import EMPTY_MARK, Mark, MarkChange
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.controllers.papers.marks import MAX_INLINE_MARKS, MarksController
from paperreader.tui.controllers.results import ResultsController
from paperreader.tui.controllers.search import SearchController
from paperreader.tui.runtime.threads import run_in_thread


class InboxController:
    """Papers that leave the list disappear at once, and the cursor goes to the next paper that stays."""

    def __init__(
        self, ctx: ReaderContext, results: ResultsController, search: SearchController, marks: MarksController
    ) -> None:
        self._ctx, self._results, self._search, self._marks = ctx, results, search, marks
        self._before = ctx.library.table.generation, ctx.library.unlisted, ctx.library.marks
        """The generation, unlisted rows and marks that the list was last compared with."""
        ctx.signals.marks_changed.connect(self._update_list)

    # Commands

    def hide(self) -> None:
        """Hide the papers, or show them again if all are hidden."""
        rows = self._marks.target_rows
        on = not all(self._ctx.library.mark(row).is_hidden for row in rows)
        self._apply(rows, MarkChange("", hidden=on), "hide", "Hidden: " if on else "Not hidden any more: ")

    def delete(self) -> None:
        """Delete the papers, or restore them if all are deleted."""
        rows = self._marks.target_rows
        on = not all(self._ctx.library.mark(row).is_deleted for row in rows)
        self._apply(rows, MarkChange("", deleted=on), "delete", "Deleted: " if on else "Restored: ")

    def catch_up(self) -> None:
        """Dismiss the selected papers, or else all that are new."""
        if self._ctx.widgets.paper_list.is_selecting:
            self._dismiss(self._marks.target_rows, "Dismissed: ")
        else:
            self._ctx.tasks.start(self._dismiss_all(), group="marking")

    def show_rules(self) -> None:
        """List the rules of the settings with how many papers they hide; a choice shows their papers."""
        self._ctx.tasks.start(self._choose_rule(), group="rules")

    def _dismiss(self, rows: Sequence[int], message: str) -> None:
        new = [row for row in rows if not self._ctx.library.mark(row).is_dismissed]
        self._apply(new, MarkChange("", dismissed=True), "dismiss", message)

    async def _dismiss_all(self) -> None:
        with self._ctx.commands.defer_keys():
            rows = await run_in_thread(lambda: self._ctx.library.view("new"))
            if self._results.query.view == "new" and not self._results.query.is_search:
                self._results.keep_only(set(rows))  # those that were read leave it too
            if rows:
                self._dismiss(rows, "Caught up, dismissed: ")
            else:
                self._ctx.ui.inform("Nothing new")

    def _apply(self, rows: Sequence[int], change: MarkChange, undo_name: str, message: str) -> None:
        self._marks.apply(rows, change, undo_name, message)
        self._results.clear_selection()

    async def _choose_rule(self) -> None:
        from paperreader.tui.dialogs.choice import Choice, ChoiceDialog

        counts = await run_in_thread(self._ctx.library.inbox.count_hidden_by_rules)
        if not counts:
            self._ctx.ui.inform("No rules yet: the setting inbox.hide lists queries to keep out of New")
            return
        choices = [Choice(query, f"hides {count:,}", query) for query, count in counts.items()]
        self._ctx.ui.push_dialog(
            ChoiceDialog("Rules: kept out of New", choices, self._ctx.glyphs),
            lambda query: self._search.search_for(f"{query} ") if query is not None else None,
        )

    # The list

    def _update_list(self, changes: Sequence[MarkChange] | None) -> None:
        """Remove papers that the list does not contain any more, or add those that it contains again."""
        library, (generation, unlisted, marks) = self._ctx.library, self._before
        self._before = library.table.generation, library.unlisted, library.marks
        is_new, is_same_table = self._results.query.view == "new", generation == library.table.generation
        changed = set(unlisted ^ library.unlisted) if is_same_table else set()
        if (
            is_same_table and len(changes or ()) > MAX_INLINE_MARKS
        ):  # all marks, faster than by the ids of papers
            changed |= _moved_rows(marks, library.marks, is_new=is_new)
            changes = ()
        for change in changes or ():
            is_listed_otherwise = change.hidden is not None or change.deleted is not None
            if is_listed_otherwise or (is_new and change.dismissed is not None):
                row = library.table.row_of(change.id)
                changed |= set() if row is None else {row}
        if changed:
            self._results.update_rows(changed)


def _moved_rows(before: Mapping[int, Mark], now: Mapping[int, Mark], *, is_new: bool) -> set[int]:
    """Return the rows whose marks move them into lists or out of them: in `is_new`, those that were dismissed too."""

    def place(mark: Mark) -> tuple[bool, ...]:
        return mark.hidden[0], mark.deleted[0], is_new and mark.dismissed[0]

    rows = (row for row in (*before, *now) if before.get(row) is not now.get(row))
    return {row for row in rows if place(before.get(row, EMPTY_MARK)) != place(now.get(row, EMPTY_MARK))}
