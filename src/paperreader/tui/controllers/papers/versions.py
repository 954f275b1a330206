"""Newer versions of papers at arXiv: what changed, and marking them as seen."""

from __future__ import annotations

from functools import partial

from paperreader.models import REVISED_FLAG, MarkChange, VersionHistory
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.controllers.papers.marks import MarksController
from paperreader.tui.controllers.papers.version_history import use_history
from paperreader.tui.controllers.views import ViewsController
from paperreader.tui.model.views import UPDATED_VIEW


class VersionsController:
    """Shows what changed in the current paper. Closing the dialog marks the latest version as seen."""

    def __init__(self, ctx: ReaderContext, marks: MarksController, views: ViewsController) -> None:
        self._ctx, self._marks, self._views = ctx, marks, views

    def show_changes(self) -> None:
        """Show what changed in the latest version of the current paper."""
        row = self._ctx.current_row
        if row is None:
            return
        if not self._ctx.library.table.flags(row) & REVISED_FLAG:
            self._ctx.ui.inform("No earlier version of this paper is known")
            return
        id = self._ctx.library.table.id_of(row)
        self._ctx.tasks.start(use_history(self._ctx, row, partial(self._show, id)), group="versions")

    def show_updated(self) -> None:
        """Show the papers with a newer version than the user has seen."""
        self._views.show(UPDATED_VIEW.id)

    def _show(self, id: str, history: VersionHistory | None) -> None:
        from paperreader.tui.dialogs.changes import ChangesDialog

        if history is not None:
            dialog = ChangesDialog(history, self._ctx.settings.appearance.date_format)
            self._ctx.ui.push_dialog(dialog, lambda _: self._mark_as_seen(id, history))

    def _mark_as_seen(self, id: str, history: VersionHistory) -> None:
        from paperreader.library import is_unseen

        row = self._ctx.library.table.row_of(id)
        if row is not None and is_unseen(history, self._ctx.library.mark(row)):
            number = history.latest.number
            change = MarkChange("", seen_version=number)
            self._marks.apply([row], change, "mark as seen", f"v{number} seen: ")
