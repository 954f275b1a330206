"""Imports from inside the reader, in a job, and their undo."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from paperreader import paths
from paperreader.errors import PaperreaderError
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.context.job_status import JobStatus
from paperreader.tui.context.ui import ReaderUi
from paperreader.tui.controllers.library.indexing import IndexingController
from paperreader.tui.controllers.library.sync import SyncController
from paperreader.tui.runtime.threads import run_in_thread
from paperreader.tui.widgets.sample_banner import SAMPLE_IS_FIXED

if TYPE_CHECKING:
    from paperreader.jobs.client import TaskName


class ImportController:
    """Papers appear as they do when another program adds them: part by part, the cursor staying with its paper."""

    def __init__(
        self, ctx: ReaderContext, sync: SyncController, indexing: IndexingController, jobs: JobStatus
    ) -> None:
        self._ctx, self._sync, self._indexing, self._jobs = ctx, sync, indexing, jobs

    def choose_path(self) -> None:
        """Ask for a file or folder and import it."""
        from paperreader.tui.dialogs.path_prompt import PathPrompt

        if self._ctx.library.is_sample:
            self._ctx.ui.inform(*SAMPLE_IS_FIXED)
            return
        prompt = PathPrompt(
            "Import",
            "a file of papers, or a folder of them",
            defer_keys=self._ctx.commands.defer_keys,
            placeholder="type a path, such as ~/papers/2025-10-03.txt",
        )
        self._ctx.ui.push_dialog(prompt, self._start_import)

    def undo_last(self) -> None:
        """Undo the last import, after a confirmation."""
        from paperreader.tui.dialogs.choice import Choice, ChoiceDialog

        if self._ctx.library.is_sample:
            self._ctx.ui.inform(*SAMPLE_IS_FIXED)
            return
        choices = [
            Choice("undo", "removes its new papers and marks, restores changed ones", True, key="u"),
            Choice("cancel", "nothing changes", False, key="c"),
        ]
        self._ctx.ui.push_dialog(
            ChoiceDialog("Undo the last import?", choices, self._ctx.glyphs), self._start_undo
        )

    def _start_import(self, path: str | None) -> None:
        if path is not None:
            self._ctx.tasks.start(self._import(str(paths.expand_path(path))), group="importing")

    async def _import(self, path: str) -> None:
        report = await self._run("import", [path])
        if report is None:
            return
        if report["read"]:
            self._ctx.ui.inform(
                f"{report['read']:,} read, {report['new']:,} new, {report['merged']:,} merged, "
                f"{report['unchanged']:,} unchanged"
            )
        elif not report["problems"]:
            self._ctx.ui.inform("No papers to import were found")
        warn_problems(self._ctx.ui, report["problems"], "paperreader import")

    def _start_undo(self, confirmed: bool | None) -> None:
        if confirmed:
            self._ctx.tasks.start(self._undo(), group="importing")

    async def _undo(self) -> None:
        undone = await self._run("undo-import", [])
        if undone:
            removed, restored = undone["removed"], undone["restored"]
            self._ctx.ui.inform(f"Import undone: {removed:,} papers removed, {restored:,} restored")
        elif undone is not None:
            self._ctx.ui.inform("No import to undo")

    async def _run(self, task: TaskName, inputs: Sequence[str]) -> dict[str, Any] | None:
        """Return the report of a job; None if it failed, which is reported."""
        from paperreader.jobs.client import Job

        job = Job(self._ctx.library.folder, task, inputs)
        try:
            with self._jobs.running("import"):
                report = await run_in_thread(lambda: self._jobs.run(job, "import"))
                await self._sync.refresh()
                return report
        except PaperreaderError as error:
            self._ctx.ui.fail(error)
            return None
        finally:
            self._indexing.start_update()
            self._ctx.signals.index_updated.emit(None)


def warn_problems(ui: ReaderUi, problems: Sequence[str], command: str) -> None:
    """Show the first of several problems, and the command that lists them all."""
    distinct = list(dict.fromkeys(problems))
    if not distinct:
        return
    first = distinct[0] if distinct[0].endswith((".", "?")) else f"{distinct[0]}."
    others = len(distinct) - 1
    if others:
        first += f" {others:,} more problem{'s' * (others > 1)}. Run `{command}` to list them."
    ui.warn(first)
