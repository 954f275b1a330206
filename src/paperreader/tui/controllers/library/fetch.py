"""Fetching papers in a job, and adding those that pasted text names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

from paperreader.errors import PaperreaderError
from paperreader.text.sanitize import single_line
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.context.job_status import JobStatus
from paperreader.tui.controllers.library.imports import warn_problems
from paperreader.tui.controllers.library.sync import SyncController
from paperreader.tui.controllers.results import ResultsController
from paperreader.tui.controllers.search import SearchController
from paperreader.tui.runtime.threads import run_in_thread
from paperreader.tui.widgets.sample_banner import SAMPLE_IS_FIXED
from paperreader.tui.widgets.text_line import TextSpan

if TYPE_CHECKING:
    from paperreader.fetch.paper_refs import PaperRef
    from paperreader.jobs.client import Job

MAX_ADDED = 100
"""Papers of one paste."""

MAX_PASTED_QUERY = 500
"""Characters of a pasted text that are searched."""

MAX_LISTED = 4
"""At most this many of them are named in the question whether to add them."""


class FetchController:
    """Papers appear as they arrive; the user reads on meanwhile."""

    def __init__(
        self,
        ctx: ReaderContext,
        results: ResultsController,
        search: SearchController,
        sync: SyncController,
        jobs: JobStatus,
    ) -> None:
        self._ctx, self._results, self._search = ctx, results, search
        self._sync, self._jobs = sync, jobs
        self._job: Job | None = None
        self._was_stopped = False

    def start(self) -> None:
        """Fetch the papers of today, and of every day since the last fetch."""
        if self.can_fetch():
            self._ctx.tasks.start(self._run("fetch", ()), group="fetching")

    def can_fetch(self) -> bool:
        """Return whether papers can be fetched now; if not, report why."""
        reason = self.why_not()
        if reason:
            self._ctx.ui.inform(*reason)
        return not reason

    def why_not(self) -> Sequence[str | TextSpan]:
        """Return why no papers can be fetched now; nothing if they can."""
        if self._ctx.library.is_sample:
            return SAMPLE_IS_FIXED
        if self._job is not None:
            return ("Already fetching  ", TextSpan("escape", "key"), " stops it")
        return ()

    def add(self, arxiv: str, done: Callable[[bool], None]) -> None:
        """Add the paper with an arXiv id, then call `done` with whether the service answered."""
        self._ctx.tasks.start(self._add(arxiv, done), group="fetching")

    async def _add(self, arxiv: str, done: Callable[[bool], None]) -> None:
        is_done = False
        try:
            is_done = await self._run("add", [arxiv])
        finally:
            done(is_done)

    def stop(self) -> None:
        """Stop a running fetch. What has arrived stays, and the next fetch continues from there."""
        if self._job is not None:
            self._was_stopped = True
            self._job.stop()

    def offer_pasted(self, text: str) -> None:
        """Offer to add the papers that a pasted text names, or search for what cannot be fetched: a DOI, other URLs."""
        from paperreader.fetch.paper_refs import find_refs
        from paperreader.text.query.references import find_references

        refs = list(islice(find_refs(text), MAX_ADDED))
        query = single_line(text).strip()[:MAX_PASTED_QUERY]
        if not refs and find_references(query):
            self._search.open_search(query)
        elif not refs:
            self._ctx.ui.inform("Nothing to add: no arXiv id, DOI or URL of a paper in the text")
        elif all(self._row_of(ref) is not None for ref in refs) or self.can_fetch():
            self._offer(refs)

    def offer_missing(self) -> None:
        """Offer to add the papers that the query names and that are not in the library."""
        from paperreader.fetch.paper_refs import parse_ref

        result = self._results.result
        if result is not None and result.addable and result.query.is_search and self.can_fetch():
            self._offer([ref for name in result.addable if (ref := parse_ref(name)) is not None])

    def _offer(self, refs: Sequence[PaperRef]) -> None:
        """Offer to add the papers that are missing, or go to the first one if none is."""
        from paperreader.tui.dialogs.choice import Choice, ChoiceDialog

        rows = [self._row_of(ref) for ref in refs]
        known = [row for row in rows if row is not None]
        missing = [ref for ref, row in zip(refs, rows, strict=True) if row is None]
        if not missing:
            self._go_to(known[0])
            is_hidden = known[0] in self._ctx.library.unlisted
            self._ctx.ui.inform("In the library, but hidden" if is_hidden else "Already in the library")
            return
        listed = ", ".join(map(str, missing[:MAX_LISTED]))
        if len(missing) > MAX_LISTED:
            listed += f" +{len(missing) - MAX_LISTED}"
        choices = [Choice("add", listed, "add", key="a")]
        if known:
            choices.append(Choice("go to it", f"{len(known)} already in the library", "go", key="g"))

        def chosen(value: str | None) -> None:
            if value == "go":
                self._go_to(known[0])
            elif value == "add":
                arguments = [_ref_argument(ref) for ref in missing]
                self._ctx.tasks.start(self._run("add", arguments), group="fetching")

        title = "Add it to the library?" if len(missing) == 1 else "Add them to the library?"
        self._ctx.ui.push_dialog(ChoiceDialog(title, choices, self._ctx.glyphs), chosen)

    def _row_of(self, ref: PaperRef) -> int | None:
        """Return the row of a paper that is in the library, and was not deleted."""
        row = self._ctx.library.table.row_of(ref.value) if ref.kind == "paper" else None
        return row if row is not None and not self._ctx.library.mark(row).is_deleted else None

    def _go_to(self, row: int) -> None:
        self._search.show_in_all_papers(row)
        self._ctx.ui.focus_list()

    async def _run(self, task: Literal["fetch", "add"], arguments: Sequence[str]) -> bool:
        """Run a job and report what it did. Return whether it came to its end."""
        from paperreader.jobs.client import Job

        job = self._job = Job(self._ctx.library.folder, task, arguments)
        self._was_stopped = False
        table = self._ctx.library.table
        self._ctx.ui.show_status_bar()
        try:
            with self._jobs.running("fetch", "fetching"):
                report = await run_in_thread(lambda: self._jobs.run(job, "fetch"))
                await self._sync.refresh()
                is_same = self._ctx.library.table.generation == table.generation
                first_row = table.size if is_same else 0
                new = await run_in_thread(lambda: self._ctx.library.inbox.count_from(first_row))
        except PaperreaderError as error:
            if self._was_stopped:
                self._ctx.ui.inform("Fetch stopped  ", TextSpan("r", "key"), " continues it")
            else:
                self._ctx.ui.fail(error)
            return False
        finally:
            self._job = None
        self._report(report, new)
        return True

    def _report(self, report: dict[str, Any], new: int) -> None:
        """Report what was fetched. Of the first fetch, which covers several days, only the last day is new."""
        count = report["new_versions"]
        versions = f", {count:,} newer version{'s' * (count != 1)} (is:updated)" if count else ""
        if report["new"]:
            added = f"{report['new']:,} added, " if report["new"] > new else ""
            self._results.inform_new_papers(f"{added}{new:,} new{versions}  ")
        elif not report["problems"] or count:
            others = report["merged"] - count
            updated = f", {others:,} updated" if others > 0 else ""
            self._ctx.ui.inform(f"Nothing new{updated}{versions}")
        for warning in report["warnings"]:
            self._ctx.ui.warn(warning)
        warn_problems(self._ctx.ui, report["problems"], "paperreader fetch")


def _ref_argument(ref: PaperRef) -> str:
    """Return a command line argument that names the same paper or page."""
    name = f"{ref.kind}/{ref.value}" if ref.value else ref.kind
    return ref.value if ref.kind == "paper" else f"https://huggingface.co/papers/{name}"
