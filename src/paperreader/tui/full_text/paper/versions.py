"""Asks for a newer version of the text that is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from paperreader.errors import PaperreaderError
from paperreader.tui.full_text.context import FullTextContext, OpenText
from paperreader.tui.full_text.documents import DocumentController
from paperreader.tui.runtime.threads import run_in_thread
from paperreader.tui.widgets.text_line import TextSpan

if TYPE_CHECKING:
    from paperreader.jobs.client import Job
    from paperreader.library import Library


class _Newest(NamedTuple):
    """The newest versions of a paper; 0 if none is known."""

    stored: int = 0
    """On this machine."""
    stated: int = 0
    """At arXiv, as sources of the paper state."""


class VersionController:
    """A newer version is offered, and never replaces the open one."""

    def __init__(self, ctx: FullTextContext, documents: DocumentController) -> None:
        self._ctx, self._documents = ctx, documents
        self._job: Job | None = None
        self._newest = _Newest()
        self._offered: set[tuple[str, int]] = set()
        """What the status bar offered already: papers and versions."""
        ctx.signals.text_shown.connect(lambda _: documents.when_complete(self._look_for_newer))

    def fetch_newer(self) -> None:
        """Open a newer version that is stored, else ask for one."""
        text = self._documents.text
        if self._newest.stored > text.document.version:
            self._open(text, self._newest.stored)
        elif self._job is not None:
            self._ctx.ui.inform("Already asking for a newer version")
        else:
            self._ctx.tasks.start(self._fetch(text), group="full-text")

    def stop(self) -> None:
        """Stop asking, because the screen is closed."""
        if self._job is not None:
            self._job.stop()

    def _look_for_newer(self) -> None:
        """Say that there is a newer version, as far as that is known without a request."""
        self._newest = _Newest()
        self._ctx.tasks.start(self._find_newest(self._documents.text), group="versions")

    async def _find_newest(self, text: OpenText) -> None:
        newest = await run_in_thread(lambda: _newest(self._ctx.library, text.paper))
        version = max(newest)
        if text is not self._documents.text or not text.document.version:
            return
        self._newest = newest
        if version <= text.document.version:
            return
        self._ctx.widgets.title.facts = f"{text.facts}  v{version} available: press r"
        if (text.paper, version) not in self._offered:
            self._offered.add((text.paper, version))
            self._ctx.ui.inform(
                f"Version {version} is available. Press ", TextSpan("r", "key"), " to read it"
            )

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
        elif version > text.document.version and text is self._documents.text:
            self._offered.add((text.paper, version))
            self._look_for_newer()
            self._offer(text, version)
        elif text is self._documents.text and version < self._newest.stated:
            self._ctx.ui.inform(f"arXiv has no HTML for version {self._newest.stated} yet")
        else:
            self._ctx.ui.inform("This is the newest version")

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
            self._ctx.ui.inform(
                TextSpan("backspace", "key"), f" goes back to version {text.document.version}"
            )

    def _show_activity(self, activity: str) -> None:
        self._ctx.widgets.status.show_activity(activity, "version")


def _newest(library: Library, id: str) -> _Newest:
    """Return the newest versions of a paper. Reads files: for a thread."""
    stored = max((each.version for each in library.full_texts.stored(id)), default=0)
    row = library.table.row_of(id)
    return _Newest(stored, library.paper(row).arxiv_version if row is not None else 0)
