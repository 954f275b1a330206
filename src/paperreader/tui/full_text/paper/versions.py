"""Asks for a newer version of the text that is open, and for the rest of one that is cut off."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
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
        self._completed: set[str] = set()
        """Papers whose texts are cut off, and were asked for once more."""
        self._has_rest: OpenText | None = None
        """A text that is cut off, of which more is stored by now."""
        ctx.signals.text_shown.connect(lambda _: documents.when_complete(self._look_for_newer))

    def fetch_newer(self) -> None:
        """Open a newer version that is stored, or the rest of the text, else ask for one."""
        text = self._documents.text
        if text is self._has_rest:
            self._ctx.ui.clear_message()
            self._documents.open_paper(text.paper, text.title, self._documents.place)
        elif self._newest.stored > text.document.version:
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
        text = self._documents.text
        self._ctx.tasks.start(self._find_newest(text), group="versions")
        if _is_partial(text) and text.paper not in self._completed and self._job is None:
            self._completed.add(text.paper)
            self._ctx.tasks.start(self._complete(text), group="full-text")

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

    async def _complete(self, text: OpenText) -> None:
        """Ask for a text again of which only the beginning had arrived."""
        from paperreader.jobs.client import Job

        if await run_in_thread(lambda: _has_just_arrived(self._ctx.library, text)):
            return
        self._ctx.ui.inform("Only the beginning of this text had arrived, asking for the rest")
        result = await self._run(Job(self._ctx.library.folder, "full-text", [text.paper]), "the rest")
        if result is None or text is not self._documents.text:
            return
        if result.get("warning") or result.get("version") != text.document.version:
            self._ctx.ui.inform("The rest of this text is not there yet")
        else:
            self._has_rest = text
            self._ctx.ui.inform("The rest has arrived. Press ", TextSpan("r", "key"), " to read it")

    async def _fetch(self, text: OpenText) -> None:
        from paperreader.jobs.client import Job

        job = Job(self._ctx.library.folder, "full-text", [text.paper, "refresh"])
        result = await self._run(job, "a newer version")
        if result is not None:
            self._report(text, result)

    async def _run(self, job: Job, wanted: str) -> dict[str, Any] | None:
        """Run a job and return its result; None if it failed, which is reported."""
        self._job = job
        self._show_activity(f"asking for {wanted}")
        try:
            return await run_in_thread(lambda: job.run(lambda _: None))
        except PaperreaderError as error:
            if self._ctx.ui.is_in_front:
                self._ctx.ui.fail(error)
            return None
        finally:
            self._job = None
            self._show_activity("")

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


def _is_partial(text: OpenText) -> bool:
    """Whether only the beginning of a page has arrived."""
    return text.document.is_cut and text.document.source == "arxiv-html"


def _has_just_arrived(library: Library, text: OpenText) -> bool:
    """Whether a text was fetched within the last minute. Reads files: for a thread."""
    since = f"{datetime.now(UTC) - timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ}"
    return any(each.fetched >= since for each in library.full_texts.stored(text.paper))


def _newest(library: Library, id: str) -> _Newest:
    """Return the newest versions of a paper. Reads files: for a thread."""
    stored = max((each.version for each in library.full_texts.stored(id)), default=0)
    row = library.table.row_of(id)
    return _Newest(stored, library.paper(row).arxiv_version if row is not None else 0)
