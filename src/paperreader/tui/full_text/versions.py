"""Asks for a newer version of the text that is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from paperreader.errors import PaperreaderError
from paperreader.tui.full_text.context import FullTextContext, OpenText
from paperreader.tui.full_text.documents import DocumentController
from paperreader.tui.runtime.threads import run_in_thread

if TYPE_CHECKING:
    from paperreader.jobs.client import Job


class VersionController:
    """A newer version is offered, and never replaces the open one."""

    def __init__(self, ctx: FullTextContext, documents: DocumentController) -> None:
        self._ctx, self._documents = ctx, documents
        self._job: Job | None = None

    def fetch_newer(self) -> None:
        """Ask for a newer version."""
        if self._job is not None:
            self._ctx.ui.inform("Already asking for a newer version")
            return
        self._ctx.tasks.start(self._fetch(self._documents.text), group="full-text")

    def stop(self) -> None:
        """Stop asking, because the screen is closed."""
        if self._job is not None:
            self._job.stop()

    async def _fetch(self, text: OpenText) -> None:
        from paperreader.jobs.client import Job

        job = self._job = Job(self._ctx.library.folder, "full-text", [text.paper, "refresh"])
        self._show_activity("asking for a newer version")
        try:
            result = await run_in_thread(lambda: job.run(lambda _: None))
        except PaperreaderError as error:
            if self._ctx.ui.is_in_front:
                self._ctx.ui.fail(error)
            return
        finally:
            self._job = None
            self._show_activity("")
        self._report(text, result)

    def _report(self, text: OpenText, result: dict[str, Any]) -> None:
        from paperreader.tui.dialogs.choice import Choice, ChoiceDialog

        if warning := result.get("warning"):
            self._ctx.ui.warn(warning)
        version = result.get("version", 0)
        if reason := result.get("missing"):
            self._ctx.ui.inform(reason.rstrip("."))
        elif version <= text.document.version or text is not self._documents.text:
            self._ctx.ui.inform("This is the newest version")
        else:
            choices = [
                Choice(f"open version {version}", "backspace returns to this one", version, key="o"),
                Choice("read on", f"in version {text.document.version}", 0, key="r"),
            ]
            dialog = ChoiceDialog(f"Version {version} is there", choices, self._ctx.glyphs)
            self._ctx.ui.push_dialog(dialog, lambda chosen: self._open(text, chosen))

    def _open(self, text: OpenText, version: int | None) -> None:
        if version:
            self._documents.open_paper(text.paper, text.title, version=version)

    def _show_activity(self, activity: str) -> None:
        status = self._ctx.widgets.status
        status.info = status.info._replace(activity=activity)
