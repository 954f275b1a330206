"""Marks: bookmark, read and tags of the current paper or of all that are selected, with undo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from paperreader.errors import PaperreaderError
from paperreader.library import Update
from paperreader.models import MarkChange
from paperreader.text.counts import format_count
from paperreader.text.tex_display import tex_to_unicode
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.controllers.results import ResultsController
from paperreader.tui.model.mark_changes import changes_for
from paperreader.tui.model.undo_history import (
    UndoableAction,
    UndoableChange,
    UndoHistory,
    UndoStep,
    is_effective,
)
from paperreader.tui.runtime.threads import run_in_thread
from paperreader.tui.widgets.text_line import TextSpan

MAX_INLINE_MARKS = 100
"""Papers that are marked in the same frame. More are looked up in a thread, because each is a line to be parsed."""

MAX_TITLE_LENGTH = 400
"""Characters of a title that are converted for the status bar."""
_READ, _READ_LATER = MarkChange("", read=True), MarkChange("", bookmark=True, read=True)

UNDO_HINT = (TextSpan("  u", "key"), TextSpan(" undoes", "muted"))


class MarksController:
    """Shows every change at once and saves it in the background. A change that cannot be saved is rolled back."""

    def __init__(self, ctx: ReaderContext, results: ResultsController) -> None:
        self._ctx, self._results = ctx, results
        self.failed_saves = 0
        """How many changes could not be saved since the start."""
        self.history = UndoHistory(
            ctx.library,
            start=lambda work: ctx.tasks.start(work, group="saving"),
            marks_changed=ctx.signals.marks_changed.emit,
            apply_update=self._apply_saved,
        )
        ctx.signals.marks_changed.connect(self._repaint_list)

    # Commands

    def toggle_bookmark(self) -> None:
        """Bookmark the papers, or remove the bookmarks if all have one."""
        rows = self.target_rows
        on = not all(self._ctx.library.mark(row).bookmarked for row in rows)
        message = "Bookmarked: " if on else "Bookmark removed: "
        self.apply(rows, MarkChange("", bookmark=on), "bookmark", message)

    def toggle_read(self) -> None:
        """Mark the papers read, or unread if all are read."""
        rows = self.target_rows
        read = not all(self._ctx.library.mark(row).is_read for row in rows)
        if read:
            self.mark_as_read(rows)
        else:
            self.apply(rows, MarkChange("", read=False), "mark as unread", "Marked as unread: ")

    def read_and_next(self) -> None:
        """Mark the papers read and go to the next unread one."""
        self.mark_as_read(self.target_rows, then=self._next_unread)

    def bookmark_and_next(self) -> None:
        """Bookmark the papers and mark them read, and go to the next unread one."""
        self.apply(self.target_rows, _READ_LATER, "bookmark", "Bookmarked: ", then=self._next_unread)

    def page_or_next_unread(self) -> None:
        """Scroll the detail a page down; at the end of the abstract mark the paper read and go to the next unread."""
        row, detail = self._ctx.current_row, self._ctx.widgets.detail
        if row is None:
            return
        if not detail.display or not detail.size.height:
            self._ctx.ui.focus_detail(in_place_of_list=True)
        elif not detail.page_down():
            self.mark_as_read([row], then=self._next_unread)

    def mark_all_read(self) -> None:
        """Mark all papers of the list as read, after a confirmation."""
        from paperreader.tui.dialogs.choice import Choice, ChoiceDialog

        rows = self._results.result.rows if self._results.result is not None else ()
        unread = [row for row in rows if not self._ctx.library.mark(row).is_read]
        if not unread:
            self._ctx.ui.inform("Nothing unread here")
            return
        choices = [
            Choice("yes", "all are read; u undoes it", True, key="y"),
            Choice("no", "", False, key="n"),
        ]
        self._ctx.ui.push_dialog(
            ChoiceDialog(f"Mark {paper_count(len(unread))} as read?", choices, self._ctx.glyphs),
            lambda confirmed: self.mark_as_read(unread) if confirmed else None,
        )

    def select(self) -> None:
        """Begin to select, fix the selected range, or deselect the current paper."""
        self._ctx.widgets.paper_list.toggle_selection()
        self._ctx.ui.clear_message()  # the status bar shows how many are selected
        self._ctx.signals.mode_changed.emit(None)

    def undo(self) -> None:
        """Undo the last change."""
        self._revert(self.history.next_undo, self.history.undo, "undo")

    def redo(self) -> None:
        """Make the change again that was undone last."""
        self._revert(self.history.next_redo, self.history.redo, "redo")

    def _revert(
        self, change: UndoStep | None, revert: Callable[[], object], name: Literal["undo", "redo"]
    ) -> None:
        if self.history.many.locked():
            self._ctx.tasks.start(self._after_many(self.undo if name == "undo" else self.redo))
        elif change is None:
            self._ctx.ui.inform(f"Nothing to {name}")
        elif isinstance(change, UndoableAction):
            revert()
        elif reason := self._why_ineffective(change):
            self.history.drop(change)
            self._ctx.ui.inform(f"Cannot {name} {change.name}: {reason}")
        elif len(change.changes) > MAX_INLINE_MARKS:
            self._ctx.tasks.start(self._revert_many(change, name), group="marking")
        else:
            revert()
            self._report_reverted(change, "Undone: " if name == "undo" else "Redone: ")

    async def _revert_many(self, change: UndoableChange, name: Literal["undo", "redo"]) -> None:
        async with self.history.many:
            await (self.history.undo_many() if name == "undo" else self.history.redo_many())
        self._report_reverted(change, "Undone: " if name == "undo" else "Redone: ")

    async def _after_many(self, command: Callable[[], None]) -> None:
        async with self.history.many:
            pass
        command()

    def _why_ineffective(self, change: UndoableChange) -> str:
        """Return why reverting a change would change nothing; empty if it would.

        Something else, such as another reader or a command, may have changed or removed the papers meanwhile.
        """
        library, row_of = self._ctx.library, self._ctx.library.table.row_of
        reason = "the paper is not in the library any more"
        for each in change.inverse:
            if (row := row_of(each.id)) is not None:
                if is_effective(library.mark(row), each):
                    return ""
                reason = "something else has changed the paper"
        return reason

    # For other controllers

    @property
    def target_rows(self) -> list[int]:
        """The rows that a command is about: the selection, else the current paper; none in an empty list."""
        papers = self._ctx.widgets.paper_list
        if papers.is_selecting:
            return papers.selected_rows
        row = self._ctx.current_row
        return [] if row is None else [row]

    def mark_as_read(self, rows: Sequence[int], *, then: Callable[[], Sequence[TextSpan]] = tuple) -> None:
        """Mark papers as read; `then` as for `apply`."""
        self.apply(rows, _READ, "mark as read", "Marked as read: ", then=then)

    def apply(
        self,
        rows: Sequence[int],
        change: MarkChange,
        undo_name: str,
        message: str,
        *,
        then: Callable[[], Sequence[TextSpan]] = tuple,
    ) -> None:
        """Change the marks of those papers that have other ones: one undoable change, saved once.

        Args:
            rows: which papers.
            change: what to change; id and title are filled in for each paper.
            undo_name: what undo calls it, such as `bookmark`.
            message: what the status bar shows before the title, such as `Marked as read: `.
            then: called afterwards, even if nothing changed; returns what is shown at the end of the message.
        """
        if len(rows) <= MAX_INLINE_MARKS:
            library = self._ctx.library
            self._apply(*changes_for(library.table, library.marks, rows, change), undo_name, message, then)
        else:
            self._ctx.ui.inform(f"Marking {paper_count(len(rows))} {self._ctx.glyphs.ellipsis}")
            work = self._apply_many(rows, change, undo_name, message, then)
            self._ctx.tasks.start(work, group="marking")

    def count_failed_save(self) -> None:
        """Record that a change could not be saved."""
        self.failed_saves += 1

    def report_save_error(self, error: PaperreaderError) -> None:
        """Report that a change was rolled back, and why."""
        self.count_failed_save()
        self._ctx.ui.clear_message()
        self._ctx.ui.fail(f"Not saved: {error}")

    async def _apply_many(
        self,
        rows: Sequence[int],
        change: MarkChange,
        undo_name: str,
        message: str,
        then: Callable[[], Sequence[TextSpan]],
    ) -> None:
        from paperreader.system.pacing import paced

        async with self.history.many:
            table, marks = self._ctx.library.table, self._ctx.library.marks
            changes, error = await run_in_thread(lambda: changes_for(table, marks, paced(rows), change))
            if changes:
                title, failed = _title_of(changes), self.report_save_error
                await self.history.apply_many(undo_name, title, changes, on_failed=failed)
        self._report(changes, error, message, then)

    def _apply(
        self,
        changes: Sequence[MarkChange],
        error: PaperreaderError | None,
        undo_name: str,
        message: str,
        then: Callable[[], Sequence[TextSpan]],
    ) -> None:
        if changes:
            failed = self.report_save_error
            self.history.apply(undo_name, _title_of(changes), changes, on_failed=failed)
        self._report(changes, error, message, then)

    def _report(
        self,
        changes: Sequence[MarkChange],
        error: PaperreaderError | None,
        message: str,
        then: Callable[[], Sequence[TextSpan]],
    ) -> None:
        if error is not None:
            self._ctx.ui.fail(error)
        title = TextSpan(short_title(_title_of(changes)), "text")
        parts, tail = (message, title) if changes else (), then()
        if changes or tail:
            self._ctx.ui.inform(*parts, *tail, *(UNDO_HINT if changes else ()))

    def _next_unread(self) -> Sequence[TextSpan]:
        """Go to the next unread paper; return what to report where there is none."""
        self._results.clear_selection()
        if self._ctx.widgets.paper_list.jump_unread(1):
            return ()
        return (TextSpan("  Nothing unread below", "muted"),)

    def _report_reverted(self, change: UndoableChange, message: str) -> None:
        if len(change.changes) == 1:
            row = self._ctx.library.table.row_of(change.changes[0].id)
            if row is not None:
                self._ctx.widgets.paper_list.go_to_row(row)
        self._ctx.ui.inform(message, f"{change.name}, ", TextSpan(short_title(change.title), "text"))

    # What changed

    def _repaint_list(self, changes: Sequence[MarkChange] | None) -> None:
        rows = None
        if changes is not None and len(changes) <= MAX_INLINE_MARKS:
            row_of = self._ctx.library.table.row_of
            rows = {row for change in changes if (row := row_of(change.id)) is not None}
        self._ctx.widgets.paper_list.refresh_marks(self._ctx.library.marks, rows)

    def _apply_saved(self, update: Update) -> None:
        """Use what was saved: our changes, and what another process had written before."""
        self._ctx.library.apply_update(update)
        self._ctx.signals.marks_changed.emit(None)
        if update.note_conflicts:
            self._ctx.ui.warn(f"The {update.edited_text} was also changed elsewhere. Both texts were kept.")


def paper_count(count: int) -> str:
    """Return `1 paper`, `2 papers`."""
    return format_count(count, "paper")


def short_title(title: str) -> str:
    """Return a title for the status bar, which truncates it to the width there is."""
    return " ".join(tex_to_unicode(title[:MAX_TITLE_LENGTH]).split())


def _title_of(changes: Sequence[MarkChange]) -> str:
    """Return what undo calls the papers of changes."""
    return changes[0].title if len(changes) == 1 else paper_count(len(changes))
