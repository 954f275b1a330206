"""Export: which papers, in which format, and where to."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from paperreader import paths
from paperreader.errors import PaperreaderError, UsageError
from paperreader.storage import os_error_message
from paperreader.system.file_status import path_exists
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.context.job_status import JobStatus
from paperreader.tui.controllers.papers.copy_open import CopyOpenController
from paperreader.tui.controllers.papers.marks import MarksController, paper_count
from paperreader.tui.controllers.papers.zotero import ZoteroController
from paperreader.tui.controllers.results import ResultsController
from paperreader.tui.runtime.threads import run_in_thread
from paperreader.tui.widgets.text_line import TextSpan

if TYPE_CHECKING:
    from paperreader.jobs.client import Job
    from paperreader.library import ExportFormat

MAX_INLINE_EXPORT = 200
"""Papers that are written in a thread. For more a job is started, so that keys stay responsive."""

_ZOTERO = "zotero"
"""The value of the choice that writes no file."""

_FOLDER_KEY = "export_folder"
"""The key of the local state for the folder of the last export."""


class ExportScope(NamedTuple):
    """Papers that can be exported."""

    name: str
    """As in "Export …"."""
    rows: Sequence[int]
    key: str
    """Chooses it where another one was offered first, with these texts:"""
    label: str
    size: str = ""


class ExportRequest(NamedTuple):
    """What is to be written."""

    scope: ExportScope
    format: ExportFormat

    @property
    def title(self) -> str:
        return f"Export {self.scope.name} as {self.format.label}"


class ExportController:
    """A file is written completely or not at all, and replaces an existing one only after a confirmation."""

    def __init__(
        self,
        ctx: ReaderContext,
        results: ResultsController,
        marks: MarksController,
        copy_open: CopyOpenController,
        jobs: JobStatus,
    ) -> None:
        self._zotero = ZoteroController(ctx, marks, jobs)
        self._ctx, self._results, self._marks, self._copy_open = ctx, results, marks, copy_open
        self._jobs = jobs
        self._job: Job | None = None
        self._was_stopped = False

    @property
    def is_running(self) -> bool:
        """Whether a file is being written by another process that was not told to stop."""
        return self._job is not None and not self._was_stopped

    def stop(self) -> None:
        """Stop a running export. Its file stays as it was before."""
        if self._job is not None:
            self._was_stopped = True
            self._job.stop()

    def choose(self) -> None:
        """Choose a format for the selection, else for the current paper, or for all papers of the list."""
        scopes = self._scopes()
        if scopes:
            self._choose_format(scopes)
        else:
            self._ctx.ui.inform("No papers to export")

    def _scopes(self) -> list[ExportScope]:
        """Return what can be exported, what the user has pointed to first."""
        row, result = self._ctx.current_row, self._results.result
        if row is None or result is None:
            return []
        current = ExportScope("this paper", (row,), "p", "This paper")
        rows = result.rows[: result.full_matches] or result.rows
        listed = ExportScope(
            f"the {len(rows):,} papers shown", rows, "a", "All shown", paper_count(len(rows))
        )
        scopes = [current, listed] if len(rows) > 1 else [current]
        if selected := self._ctx.widgets.paper_list.selected_rows:
            scopes.insert(
                0,
                ExportScope(
                    f"the {len(selected):,} selected",
                    selected,
                    "s",
                    "All selected",
                    paper_count(len(selected)),
                ),
            )
        return scopes

    def _choose_format(self, scopes: list[ExportScope]) -> None:
        from paperreader.library import FORMATS
        from paperreader.tui.dialogs.choice import Choice, ChoiceDialog

        scope, *others = scopes
        choices = [
            Choice(format.label, format.description, format.name, key=format.shortcut)
            for format in FORMATS.values()
        ]
        choices.append(Choice("Zotero", "into the running Zotero, with tags and notes", _ZOTERO, key="t"))
        choices += [Choice(other.label, other.size, other.key, key=other.key) for other in others]

        def chosen(value: str | None) -> None:
            if value == _ZOTERO:
                self._ctx.tasks.start(self._zotero.send(scope.rows), group="zotero")
            elif value is not None and value in FORMATS:
                self._choose_target(ExportRequest(scope, FORMATS[value]))
            elif value is not None:
                first = next(other for other in others if other.key == value)
                self._choose_format([first, *(each for each in scopes if each is not first)])

        self._ctx.ui.push_dialog(ChoiceDialog(f"Export {scope.name}", choices, self._ctx.glyphs), chosen)

    def _choose_target(self, request: ExportRequest) -> None:
        from paperreader.tui.dialogs.choice import Choice, ChoiceDialog

        name = f"papers{request.format.suffix}"
        choices = [
            Choice("file", f"{name}, or any other", "file", key="f"),
            Choice("clipboard", "", "clipboard", key="c"),
        ]

        def chosen(value: str | None) -> None:
            if value == "clipboard":
                self._ctx.tasks.start(self._export_to_clipboard(request), group="exporting")
            elif value == "file":
                self._ask_path(request, paths.display_path(self._last_folder() / name))

        self._ctx.ui.push_dialog(ChoiceDialog(request.title, choices, self._ctx.glyphs), chosen)

    def _ask_path(self, request: ExportRequest, initial: str) -> None:
        from paperreader.tui.dialogs.path_prompt import PathPrompt

        def accepted(path: str | None) -> None:
            if path is not None:
                self._ctx.tasks.start(self._export_to_path(request, path), group="exporting")

        prompt = PathPrompt(
            request.title,
            "to the file",
            defer_keys=self._ctx.commands.defer_keys,
            value=initial,
            validate=lambda typed: self._path_error(request, typed),
        )
        self._ctx.ui.push_dialog(prompt, accepted)

    async def _export_to_path(self, request: ExportRequest, typed: str) -> None:
        """Write to a path; to a new file in it if it is a folder. Asks before it overwrites."""
        path = await run_in_thread(lambda: _output_path(request, typed))
        if await run_in_thread(path.exists):
            self._ask_to_overwrite(request, path)
        else:
            await self._write(request, path)

    def _path_error(self, request: ExportRequest, typed: str) -> str:
        """Return why a file cannot be written to a path; empty if it looks as if it could. For a thread."""
        if error := _path_error(typed):
            return error
        try:
            self._ctx.library.exports.check_destination(path := _output_path(request, typed))
        except UsageError:
            return f"A file of paperreader itself: {paths.display_path(path)}."
        return ""

    def _ask_to_overwrite(self, request: ExportRequest, path: Path) -> None:
        from paperreader.tui.dialogs.choice import Choice, ChoiceDialog

        choices = [
            Choice("overwrite", paths.display_path(path), "overwrite", key="o"),
            Choice("rename", "choose another file name", "rename", key="n"),
        ]

        def chosen(value: str | None) -> None:
            if value == "overwrite":
                self._ctx.tasks.start(self._write(request, path), group="exporting")
            elif value == "rename":
                self._ask_path(request, paths.display_path(path))

        self._ctx.ui.push_dialog(ChoiceDialog(f"{path.name} exists", choices, self._ctx.glyphs), chosen)

    async def _write(self, request: ExportRequest, path: Path) -> None:
        try:
            await self._export(request, path)
        except PaperreaderError as error:
            if not self._was_stopped:
                self._ctx.ui.fail(error)
            return
        state, folder = self._ctx.library.state, str(path.parent)
        self._ctx.tasks.start_in_thread(lambda: state.set(_FOLDER_KEY, folder), group="state")
        check_mark = TextSpan(f"{self._ctx.glyphs.selected} ", "good")
        written = f"{paper_count(len(request.scope.rows))} written to "
        self._ctx.ui.inform(check_mark, written, TextSpan(paths.display_path(path), "text"))

    async def _export(self, request: ExportRequest, path: Path) -> None:
        """Write the file, in a thread or in a job.

        Raises:
            PaperreaderError: it cannot be written, or a paper cannot be read.
        """
        library, rows, name = self._ctx.library, request.scope.rows, request.format.name
        if len(rows) <= MAX_INLINE_EXPORT:
            await run_in_thread(lambda: library.exports.write(path, library.exports.lines(rows, name)))
            return
        from paperreader.jobs.client import export_job

        if self._job is not None:
            raise PaperreaderError("Another export is running. Export again when it has ended.")
        job = self._job = export_job(library.folder, name, path, library.table.generation, rows)
        self._was_stopped = False
        try:
            with self._jobs.running("export", "exporting"):
                await self._marks.history.wait_until_saved()  # the other process reads what is saved
                await run_in_thread(lambda: self._jobs.run(job, "export"))
        finally:
            self._job = None

    async def _export_to_clipboard(self, request: ExportRequest) -> None:
        rows, name = request.scope.rows, request.format.name
        if len(rows) > MAX_INLINE_EXPORT:
            self._ctx.ui.fail(f"Too many papers for the clipboard ({len(rows):,}). Export to a file instead.")
            return
        library = self._ctx.library
        try:
            text = await run_in_thread(lambda: "\n".join(library.exports.lines(rows, name)) + "\n")
        except PaperreaderError as error:
            self._ctx.ui.fail(error)
            return
        result = await self._copy_open.to_clipboard(text)
        if result.outcome == "failed":
            self._ctx.ui.fail(f"{result.error} Export to a file instead.")
        else:
            self._copy_open.report_copied(result, f"{request.scope.name} as {request.format.label}")

    def _last_folder(self) -> Path:
        """Return the folder of the last export, else the home folder."""
        folder = self._ctx.library.state.get(_FOLDER_KEY)
        return Path(folder) if isinstance(folder, str) and folder else Path.home()


def _output_path(request: ExportRequest, typed: str) -> Path:
    """Return the file to write: the path, or a new file in it if it is a folder."""
    path = paths.expand_path(typed).absolute()
    return path / f"papers{request.format.suffix}" if path.is_dir() else path


def _path_error(typed: str) -> str:
    """Return why the file system does not accept a file at a path; empty if it seems to."""
    try:
        path = paths.expand_path(typed).absolute()
        path_exists(path)  # raises what the methods of a path hide from Python 3.14 on
        folder = path if path.is_dir() else path.parent
        if not folder.is_dir():
            return f"No such folder: {paths.display_path(folder)}."
        if not os.access(folder, os.W_OK | os.X_OK) and not path.exists():
            return f"Folder is not writable: {paths.display_path(folder)}."
        if path.exists() and not path.is_dir() and not os.access(path, os.W_OK):
            return f"File is not writable: {paths.display_path(path)}."
    except (OSError, ValueError) as error:  # the name is too long, or has a character that no path contains
        return f"Not a valid path: {os_error_message(error) if isinstance(error, OSError) else error}."
    return ""
