"""Help, palette, sample library, and saving everything before the application quits."""

from __future__ import annotations

from collections.abc import Callable

from paperreader.errors import PaperreaderError
from paperreader.library import Library
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.controllers.library.fetch import FetchController
from paperreader.tui.controllers.library.indexing import IndexingController
from paperreader.tui.controllers.library.sync import SyncController
from paperreader.tui.controllers.papers.downloads import DownloadsController
from paperreader.tui.controllers.papers.export import ExportController
from paperreader.tui.controllers.papers.external_editing import ExternalEditingController
from paperreader.tui.controllers.papers.marks import MarksController
from paperreader.tui.controllers.papers.notes import NotesController
from paperreader.tui.controllers.session import SessionController
from paperreader.tui.runtime.threads import run_in_thread


class ApplicationController:
    """What concerns the application as a whole."""

    def __init__(
        self,
        ctx: ReaderContext,
        marks: MarksController,
        notes: NotesController,
        external_editing: ExternalEditingController,
        export: ExportController,
        downloads: DownloadsController,
        indexing: IndexingController,
        fetch: FetchController,
        sync: SyncController,
        session: SessionController,
        *,
        open_library: Callable[[Library], object],
    ) -> None:
        """`open_library` shows another library instead of this one."""
        self._ctx, self._marks, self._notes, self._external_editing = ctx, marks, notes, external_editing
        self._export, self._downloads = export, downloads
        self._indexing, self._fetch, self._sync, self._session = indexing, fetch, sync, session
        self._open_library = open_library

    def show_help(self) -> None:
        """Show all keys and the query syntax."""
        from paperreader.tui.dialogs.help import HelpDialog

        self._ctx.ui.push_dialog(HelpDialog())

    def open_palette(self) -> None:
        """Show all commands by name."""
        self._ctx.ui.open_palette()

    async def quit(self) -> None:
        """Quit when everything is saved."""
        await self._ctx.ui.quit()

    def open_sample_library(self) -> None:
        """Show the sample library in front of this one."""
        self._ctx.tasks.start(self._open_sample_library(), group="opening")

    def leave_sample_library(self) -> None:
        """Save everything, and show the library of the user instead of the sample papers."""
        self._ctx.tasks.start(self._leave_sample_library(), group="opening")

    async def save_before_quit(self) -> bool:
        """Save everything; return False if something could not be saved, which is reported, or if an export runs."""
        if self._export.is_running:
            self._ask_to_stop_export()
            return False
        failed_saves = self._marks.failed_saves
        await self._notes.save_draft_now()
        await self._external_editing.save_watched()
        await self._marks.history.wait_until_saved()
        if self._marks.failed_saves != failed_saves:
            return False
        self._downloads.stop()
        self._indexing.stop()
        self._fetch.stop()
        await self._session.save_at_end()
        return True

    async def save_before_termination(self) -> None:
        """Save everything that can be saved without a question, the draft first."""
        await self._notes.save_draft_now()
        await self._external_editing.save_watched()
        self._export.stop()
        self._downloads.stop()
        self._indexing.stop()
        self._fetch.stop()
        await self._marks.history.wait_until_saved()
        await self._session.save_at_end()

    def _ask_to_stop_export(self) -> None:
        from paperreader.tui.dialogs.choice import Choice, ChoiceDialog

        choices = [
            Choice("wait", "the export goes on", False, key="w"),
            Choice("stop it", "and quit; no file is written or changed", True, key="s"),
        ]
        self._ctx.ui.push_dialog(
            ChoiceDialog("The export has not finished", choices, self._ctx.glyphs), self._stop_export_and_quit
        )

    def _stop_export_and_quit(self, confirmed: bool | None) -> None:
        if confirmed:
            self._export.stop()
            self._ctx.tasks.start(self._ctx.ui.quit(), group="quitting")

    async def _open_sample_library(self) -> None:
        try:
            library = await run_in_thread(lambda: Library.open(sample=True))
        except PaperreaderError as error:
            self._ctx.ui.fail(error)
            return
        self._open_library(library)

    async def _leave_sample_library(self) -> None:
        if not await self.save_before_quit():
            return
        rules = self._ctx.settings.inbox.hide
        try:
            library = await run_in_thread(lambda: Library.open(hide_rules=lambda: rules))
        except PaperreaderError as error:
            self._ctx.ui.fail(error)
            return
        self._open_library(library)
