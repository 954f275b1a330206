"""Bringing files in from inside the reader, in a process of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from paperreader import paths
from paperreader.errors import PaperreaderError
from paperreader.tui.controllers.indexing import Indexing
from paperreader.tui.runtime.tasks import run_in_thread

if TYPE_CHECKING:
    from paperreader.jobs.client import TaskName


class Importing(Indexing):
    """The papers appear as every other program's do: in their chunks, without moving the cursor from a paper that one
    went to.
    """

    def action_import(self) -> None:
        from paperreader.tui.dialogs.path_prompt import PathPrompt

        if self.library.is_sample:
            self.say("The samples stay as they are; papers go into a library of your own")
            return
        self.app.push_screen(
            PathPrompt(
                "Import",
                "a file of papers, or a folder of them",
                defer_keys=self.holding_keys,
                placeholder="type a path, such as ~/papers/2025-10-03.txt",
            ),
            self._import,
        )

    def _import(self, path: str | None) -> None:
        if path is not None:
            self.beside(self._bring_in(str(paths.expand_path(path))), group="importing")

    async def _bring_in(self, path: str) -> None:
        report = await self._in_child("import", [path])
        if report is not None:
            self._tell_import(report)

    def action_undo_import(self) -> None:
        """Ask whether the last import is to be taken back, and take it back."""
        from paperreader.tui.dialogs.choice import Choice, ChoiceDialog

        if self.library.is_sample:
            self.say("The samples stay as they are")
            return
        choices = [
            Choice("take back", "its new papers go, others are as before; your marks stay", True, key="t"),
            Choice("leave it", "nothing changes", False, key="l"),
        ]
        self.app.push_screen(ChoiceDialog("The last import", choices, self.glyphs), self._undo_import)

    def _undo_import(self, wanted: bool | None) -> None:
        if wanted:
            self.beside(self._take_back(), group="importing")

    async def _take_back(self) -> None:
        undone = await self._in_child("undo-import", [])
        if undone is None:
            return
        if undone:
            self.say(f"Import taken back: {undone['removed']:,} gone, {undone['restored']:,} as before")
        else:
            self.say("There is no import to take back")

    async def _in_child(self, task: TaskName, paths: Sequence[str]) -> dict[str, Any] | None:
        """What a piece of work in another process says at its end; None where it failed, which was said."""
        from paperreader.jobs.client import Job

        child = Job(self.library.folder, task, paths)
        self.bringing_in = True
        try:
            told = await run_in_thread(lambda: self.follow_child(child, "import"))
            await self.catch_up()
            return told
        except PaperreaderError as error:
            self.complain(error)
            return None
        finally:
            self.bringing_in = False
            self.busy("", "import")
            self.beside(self.keep_index(), group="indexing")
            self.index_renewed()

    def _tell_import(self, report: dict[str, Any]) -> None:
        if report["read"]:
            self.say(
                f"{report['read']:,} read, {report['new']:,} new, {report['merged']:,} merged, "
                f"{report['unchanged']:,} unchanged"
            )
        elif not report["problems"]:
            self.say("Nothing to import was found there")
        self.warn_of(report["problems"], "paperreader import")

    def warn_of(self, problems: Sequence[str], command: str) -> None:
        """Tell the first of several problems; `command` is what tells them all."""
        different = list(dict.fromkeys(problems))
        if not different:
            return
        first = different[0] if different[0].endswith((".", "?")) else f"{different[0]}."
        more = f"{len(different) - 1:,} more problem{'s' if len(different) > 2 else ''}"
        self.warn(f"{first} {more}: `{command}` tells all." if len(different) > 1 else first)

    async def catch_up(self) -> None:
        """Show what has come so far."""
        raise NotImplementedError
