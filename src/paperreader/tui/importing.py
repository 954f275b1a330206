"""Bringing files in from inside the reader, in a process of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from paperreader.errors import PaperreaderError
from paperreader.tui.background import in_thread
from paperreader.tui.indexing import Indexing

TOLD_PROBLEMS = 3
"""Problems of an import that are told one by one; the command line tells them all."""


class Importing(Indexing):
    """The papers appear as every other program's do: in their chunks, without moving the cursor."""

    def action_import(self) -> None:
        from paperreader.tui.path_prompt import PathPrompt

        if self.library.is_sample:
            self.say("The samples stay as they are; papers go into a library of your own")
            return
        self.app.push_screen(
            PathPrompt(
                "Import", "a page saved as text, or a folder of them", placeholder="~/papers/2025-10-03.txt"
            ),
            self._import,
        )

    def _import(self, path: str | None) -> None:
        if path is not None:
            self.beside(self._bring_in(str(Path(path).expanduser())), group="importing")

    async def _bring_in(self, path: str) -> None:
        from paperreader.library.child import Child

        child = Child(self.library.folder, "import", [path])
        self.bringing_in = True
        try:
            report = await in_thread(lambda: self.follow_child(child, "import"))
        except PaperreaderError as error:
            self.complain(error)
            return
        finally:
            self.bringing_in = False
            self.busy("", "import")
            self.poll()
            self.beside(self.keep_index(), group="indexing")
        self._tell_import(report)
        self.index_renewed()

    def _tell_import(self, report: dict[str, Any]) -> None:
        self.say(
            f"{report['read']:,} read, {report['new']:,} new, {report['merged']:,} merged, "
            f"{report['unchanged']:,} unchanged"
        )
        problems = report["problems"]
        for problem in problems[:TOLD_PROBLEMS]:
            self.warn(problem)
        if len(problems) > TOLD_PROBLEMS:
            self.warn(
                f"{len(problems) - TOLD_PROBLEMS:,} more problems; `paperreader import` tells them all."
            )

    def poll(self) -> None:
        """Look for changes now."""
        raise NotImplementedError
