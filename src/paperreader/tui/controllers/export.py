"""Exporting from inside the reader: what, in which form, and where to."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from paperreader import paths
from paperreader.errors import PaperreaderError
from paperreader.storage import os_error_message
from paperreader.tui.controllers.copy_open import Taking
from paperreader.tui.controllers.marks import Marking
from paperreader.tui.runtime.tasks import run_in_thread
from paperreader.tui.widgets.text_line import TextSpan

if TYPE_CHECKING:
    from paperreader.library import ExportFormat

MAX_INLINE_EXPORT = 200
"""Papers that a thread writes; for more there is a process of its own, so that keys echo meanwhile."""

_FOLDER_KEY = "export_folder"
"""The key of the state under which the folder of the last export is remembered."""


class ExportScope(NamedTuple):
    """Papers that could be meant."""

    name: str
    """As in "Export …"."""
    rows: Sequence[int]
    key: str
    """That chooses it, where another one was offered first."""


class ExportRequest(NamedTuple):
    """What is to be written."""

    scope: ExportScope
    form: ExportFormat


class Exporting(Taking, Marking):
    """A file is written in whole or not at all, and never in the place of another without a question."""

    def action_export(self) -> None:
        """Choose a format for what is selected, else for what is shown, or for the paper at hand."""
        scopes = self._scopes()
        if scopes:
            self._choose_format(scopes)
        else:
            self.say("There is no paper to export")

    def _scopes(self) -> list[ExportScope]:
        """What could be meant, the likeliest first."""
        if self.row is None or self.answer is None:
            return []
        one = ExportScope("this paper", (self.row,), "p")
        shown = self.answer.rows[: self.answer.full_matches] or self.answer.rows
        every = ExportScope(f"the {len(shown):,} papers shown", shown, "a")
        scopes = [one, every] if self.mode == "detail" else [every, one]
        if len(shown) < 2:
            scopes.remove(every)
        if selected := self.papers.selected_rows:
            scopes.insert(0, ExportScope(f"the {len(selected):,} selected", selected, "s"))
        return scopes

    def _choose_format(self, scopes: list[ExportScope]) -> None:
        from paperreader.library import FORMATS
        from paperreader.tui.dialogs.choice import Choice, ChoiceDialog

        scope, *others = scopes
        choices = [
            Choice(form.label, form.description, form.name, key=form.shortcut) for form in FORMATS.values()
        ]
        choices += [Choice("instead", other.name, other.key, key=other.key) for other in others]

        def chosen(taken: str | None) -> None:
            if taken is not None and taken in FORMATS:
                self._choose_target(ExportRequest(scope, FORMATS[taken]))
            elif taken is not None:
                meant = next(other for other in others if other.key == taken)
                self._choose_format([meant, *(each for each in scopes if each is not meant)])

        self.app.push_screen(ChoiceDialog(f"Export {scope.name}", choices, self.glyphs), chosen)

    def _choose_target(self, order: ExportRequest) -> None:
        from paperreader.tui.dialogs.choice import Choice, ChoiceDialog

        choices = [
            Choice("file", f"papers{order.form.suffix}, or any other", "file", key="f"),
            Choice("clipboard", "", "clipboard", key="c"),
        ]

        def chosen(taken: str | None) -> None:
            if taken == "clipboard":
                self.beside(self._export_to_clipboard(order), group="exporting")
            elif taken == "file":
                self._ask_path(order, _display_path(self._folder() / f"papers{order.form.suffix}"))

        title = f"Export {order.scope.name} as {order.form.label}"
        self.app.push_screen(ChoiceDialog(title, choices, self.glyphs), chosen)

    def _ask_path(self, order: ExportRequest, value: str) -> None:
        from paperreader.tui.dialogs.path_prompt import PathPrompt

        def typed(path: str | None) -> None:
            if path is not None:
                self.beside(self._export_to(order, path), group="exporting")

        title = f"Export {order.scope.name} as {order.form.label}"
        prompt = PathPrompt(
            title, "to the file", defer_keys=self.holding_keys, value=value, validate=_path_error
        )
        self.app.push_screen(prompt, typed)

    async def _export_to(self, order: ExportRequest, typed: str) -> None:
        """Write to the path that was typed; one that is a folder gets a file in it. Asks before it overwrites."""
        path = paths.expand_path(typed)
        if await run_in_thread(path.is_dir):
            path /= f"papers{order.form.suffix}"
        if await run_in_thread(path.exists):
            self._ask_to_overwrite(order, path)
        else:
            await self._write(order, path)

    def _ask_to_overwrite(self, order: ExportRequest, path: Path) -> None:
        from paperreader.tui.dialogs.choice import Choice, ChoiceDialog

        choices = [
            Choice("overwrite", _display_path(path), "overwrite", key="o"),
            Choice("another", "name for what is exported", "another", key="n"),
        ]

        def chosen(taken: str | None) -> None:
            if taken == "overwrite":
                self.beside(self._write(order, path), group="exporting")
            elif taken == "another":
                self._ask_path(order, _display_path(path))

        self.app.push_screen(ChoiceDialog(f"There is a {path.name} already", choices, self.glyphs), chosen)

    async def _write(self, order: ExportRequest, path: Path) -> None:
        count = len(order.scope.rows)
        try:
            await self._export(order, path)
        except PaperreaderError as error:
            self.complain(error)
            return
        folder = str(path.parent)
        self.beside(run_in_thread(lambda: self.library.state.set(_FOLDER_KEY, folder)), group="state")
        papers = f"{count:,} paper{'s' * (count != 1)}"
        self.say(TextSpan(f"{self.glyphs.selected} ", "good"), f"{papers} written to {_display_path(path)}")

    async def _export(self, order: ExportRequest, path: Path) -> None:
        """Write the file, here or in a process of its own.

        Raises:
            PaperreaderError: it cannot be written, or a paper cannot be read.
        """
        from paperreader.library import write_lines

        rows, form = order.scope.rows, order.form.name
        if len(rows) <= MAX_INLINE_EXPORT:
            await run_in_thread(lambda: write_lines(path, self.library.exports.lines(rows, form)))
            return
        from paperreader.jobs.client import export_in_job

        await self.ledger.wait_until_saved()  # the other process reads what is saved
        self.say(f"Exporting {len(rows):,} papers {self.glyphs.ellipsis}")
        folder, generation = self.library.folder, self.library.table.generation
        await run_in_thread(lambda: export_in_job(folder, form, path, generation, rows))

    async def _export_to_clipboard(self, order: ExportRequest) -> None:
        from paperreader.system import clipboard

        rows, form = order.scope.rows, order.form.name
        if len(rows) > MAX_INLINE_EXPORT:
            self.complain(f"{len(rows):,} papers are too many for a clipboard; write them to a file.")
            return
        try:
            text = await run_in_thread(lambda: "\n".join(self.library.exports.lines(rows, form)) + "\n")
        except PaperreaderError as error:
            self.complain(error)
            return
        way = self.settings.clipboard.way
        copied = await run_in_thread(partial(clipboard.copy_text, text, osc52=self._to_terminal, method=way))
        if copied.outcome == "failed":
            self.complain(f"{copied.error} A file takes it in any case.")
            return
        done = "Copied  " if copied.outcome == "copied" else "Sent to terminal  "
        self.say(
            TextSpan(f"{self.glyphs.selected} ", "good"), f"{done}{order.scope.name} as {order.form.label}"
        )

    def _folder(self) -> Path:
        """The folder of the last export, else the home folder."""
        kept = self.library.state.get(_FOLDER_KEY)
        return Path(kept) if isinstance(kept, str) and kept else Path.home()


def _path_error(typed: str) -> str:
    """Why nothing can be written to a path that was typed; nothing where it looks as if it could. For a thread."""
    path = paths.expand_path(typed)
    try:
        folder = path if path.is_dir() else path.parent
        if not folder.is_dir():
            return f"There is no folder {_display_path(folder)}."
        if not os.access(folder, os.W_OK | os.X_OK) and not path.exists():
            return f"Nothing can be written into {_display_path(folder)}."
        if path.exists() and not path.is_dir() and not os.access(path, os.W_OK):
            return f"{_display_path(path)} cannot be written."
    except (OSError, ValueError) as error:  # too long a name, say, or a sign that no path holds
        return f"That is no path: {os_error_message(error) if isinstance(error, OSError) else error}."
    return ""


def _display_path(path: Path) -> str:
    """A path as people write it, with `~` for their home."""
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)
