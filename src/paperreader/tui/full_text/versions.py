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
        self._newest = 0
        """The newest version that is stored; 0 if that is not known yet."""
        ctx.signals.text_shown.connect(lambda _: documents.when_complete(self._look_for_newer))

    def fetch_newer(self) -> None:
        """Offer a newer version that is stored, else ask for one."""
        text = self._documents.text
        if self._newest > text.document.version:
            self._offer(text, self._newest)
        elif self._job is not None:
            self._ctx.ui.inform("Already asking for a newer version")
        else:
            self._ctx.tasks.start(self._fetch(text), group="full-text")

    def stop(self) -> None:
        """Stop asking, because the screen is closed."""
        if self._job is not None:
            self._job.stop()

    def _look_for_newer(self) -> None:
        """Say in the title that a newer version is stored."""
        self._newest = 0
        self._ctx.tasks.start(self._find_newest(self._documents.text), group="versions")

    async def _find_newest(self, text: OpenText) -> None:
        stored = await run_in_thread(lambda: self._ctx.library.full_texts.stored(text.paper))
        newest = max((each.version for each in stored), default=0)
        if text is self._documents.text and newest > text.document.version:
            self._newest = newest
            self._ctx.widgets.title.facts = f"{text.facts}  v{newest} is there: press r"

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
        if warning := result.get("warning"):
            self._ctx.ui.warn(warning)
        version = result.get("version", 0)
        if reason := result.get("missing"):
            self._ctx.ui.inform(reason.rstrip("."))
        elif version <= text.document.version or text is not self._documents.text:
            self._ctx.ui.inform("This is the newest version")
        else:
            self._look_for_newer()
            self._offer(text, version)

    def _offer(self, text: OpenText, version: int) -> None:
        from paperreader.tui.dialogs.choice import Choice, ChoiceDialog

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
