"""Opens full texts: from this machine, else fetched in a job."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from paperreader.errors import PaperreaderError
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.context.job_status import JobStatus
from paperreader.tui.controllers.library.fetch import FetchController
from paperreader.tui.controllers.papers.marks import MarksController
from paperreader.tui.controllers.results import ResultsController
from paperreader.tui.controllers.search import SearchController
from paperreader.tui.model.position import ListPosition
from paperreader.tui.runtime.threads import run_in_thread
from paperreader.tui.widgets.text_line import TextSpan

if TYPE_CHECKING:
    from paperreader.fulltext import Document, Place
    from paperreader.jobs.client import Job
    from paperreader.library import Library
    from paperreader.models import FindMatches, Paper, TextMatches
    from paperreader.tui.full_text.context import OpenText
    from paperreader.tui.full_text.documents import EarlierPlace


class FullTextsController:
    """The user goes on working while a full text is fetched. It is shown if the paper is still the current one."""

    def __init__(
        self,
        ctx: ReaderContext,
        jobs: JobStatus,
        results: ResultsController,
        search: SearchController,
        marks: MarksController,
        fetch: FetchController,
    ) -> None:
        self._ctx, self._jobs, self._results, self._search = ctx, jobs, results, search
        self._marks, self._fetcher = marks, fetch
        self._trail: Sequence[EarlierPlace] = ()
        """The places in full texts to which the user can go back, the last one first opened."""
        self._job: Job | None = None
        self._was_stopped = False
        self._is_opening = False

    @property
    def is_running(self) -> bool:
        """Whether a full text is being fetched."""
        return self._job is not None

    def open_from_detail(self) -> bool:
        """Show the full text if the detail has the focus, or if words of the query were found in the full text.

        Return False otherwise.
        """
        if self._ctx.ui.mode != "detail" and self._found_in_text is None:
            return False
        self.open()
        return True

    def open(self) -> None:
        """Show the full text of the current paper, which is fetched first if necessary."""
        paper = self._ctx.current_paper
        if paper is None or self._is_opening:
            return
        if self._job is not None:
            self._ctx.ui.inform("Already fetching  ", TextSpan("escape", "key"), " cancels it")
        else:
            self._is_opening = True
            self._ctx.tasks.start(self._open(paper), group="full-text")

    def stop(self) -> None:
        """Cancel fetching."""
        if self._job is not None:
            self._was_stopped = True
            self._job.stop()

    @property
    def _found_in_text(self) -> _FoundInText | None:
        """The full text of the current paper, if words of the query were searched there."""
        result, row = self._results.result, self._ctx.current_row
        if result is None or result.hits.texts is None or row is None or row not in result.hits.texts.rows:
            return None
        return _FoundInText(result.hits.texts, row)

    async def _open(self, paper: Paper) -> None:
        found = self._found_in_text
        try:
            _, (document, place) = await asyncio.gather(
                run_in_thread(_import_screen), run_in_thread(lambda: _load(self._ctx.library, paper, found))
            )
        finally:
            self._is_opening = False
        texts = self._ctx.library.full_texts
        if document is not None:
            find = found.texts.find_matches if found is not None and place is not None else None
            self._show(paper, document, place or await self._place_of_citation(paper, document), find)
        elif reason := texts.unavailable.reason(paper.id):
            self._report_remembered(reason, texts.unavailable.since(paper.id))
        else:
            await self._fetch(paper)

    def fetch_again(self) -> None:
        """Ask for the full text of the current paper although it is stored, or known to be missing, and show it."""
        paper = self._ctx.current_paper
        if paper is not None and not self._is_opening and self._job is None:
            self._ctx.tasks.start(self._fetch(paper, "refresh"), group="full-text")

    async def _fetch(self, paper: Paper, *options: str) -> None:
        from paperreader.jobs.client import Job

        job = self._job = Job(self._ctx.library.folder, "full-text", [paper.id, *options])
        self._was_stopped = False
        is_known = not options and self._ctx.library.full_texts.unavailable.asked(paper.id)
        what = "arXiv has no HTML, asking the other sources" if is_known else "Fetching the full text"
        self._ctx.ui.inform(f"{what}  ", TextSpan("escape", "key"), " cancels")
        try:
            with self._jobs.running("text", "fetching the full text"):
                result = await run_in_thread(lambda: self._jobs.run(job, "text"))
        except PaperreaderError as error:
            self._ctx.ui.clear_message()
            if self._was_stopped:
                self._ctx.ui.inform("Fetching cancelled")
            else:
                self._ctx.ui.fail(error)
            return
        finally:
            self._job = None
        await run_in_thread(self._ctx.library.state.reload)
        self._ctx.ui.clear_message()
        if warning := result.get("warning"):
            self._ctx.ui.warn(warning)
        if reason := result.get("missing"):
            self._report_missing(reason)
            return
        self._ctx.signals.full_text_stored.emit(None)
        document = await run_in_thread(lambda: self._ctx.library.full_texts.load(paper.id))
        if document is None:
            self._ctx.ui.fail(
                "The full text was fetched, but cannot be read. Check the free space on the disk."
            )
        elif self._is_current(paper):
            self._show(paper, document)
        else:
            self._ctx.ui.inform("Fetched the full text of ", TextSpan(_title(paper), "text"))

    def _is_current(self, paper: Paper) -> bool:
        current = self._ctx.current_paper
        return self._ctx.ui.is_in_front and current is not None and current.id == paper.id

    async def _place_of_citation(self, paper: Paper, document: Document) -> Place | None:
        """Return the place of the reference if the paper was opened because it cites another one."""
        from paperreader.fulltext import Place

        query, library = self._results.query, self._ctx.library
        cited = library.table.row_of(query.related_to) if query.relation == "cited-by" else None
        if cited is None:
            return None
        row = library.table.row_of(paper.id)
        citations = await run_in_thread(lambda: library.full_texts.citations.cited_by(cited))
        found = (each for each in citations if each.row == row and each.version == document.version)
        citation = next(found, None)
        return Place(citation.block, 0) if citation is not None else None

    def _show(
        self, paper: Paper, document: Document, place: Place | None = None, find: FindMatches | None = None
    ) -> None:
        from paperreader.tui.full_text.context import OpenText

        self._push(OpenText(paper.id, _title(paper), document, find), place, self._trail)

    def _push(self, text: OpenText, place: Place | None, earlier: Sequence[EarlierPlace]) -> None:
        from paperreader.tui.full_text.reader_access import ReaderAccess
        from paperreader.tui.full_text.screen import FullTextScreen

        self._trail = ()
        signals, fetch = self._ctx.signals, self._fetcher
        access = ReaderAccess(
            self._marks.history,
            signals.marks_changed,
            signals.library_changed,
            self._show_reference,
            self._show_similar,
            fetch.add,
            fetch.why_not,
        )
        library, settings = self._ctx.library, self._ctx.settings
        screen = FullTextScreen(text, library, settings, access, place=place, earlier=earlier)
        self._ctx.ui.push_screen(screen)

    # From a full text to a paper without one, and back

    def _show_reference(self, id: str, trail: Sequence[EarlierPlace]) -> None:
        """Show a paper in the list of the references of the full text from which the user comes."""
        self._trail = trail
        library = self._ctx.library
        row, citing = library.table.row_of(id), library.table.row_of(trail[-1].text.paper)
        if row is None:
            self._ctx.ui.inform("The paper is not in the library any more")
        elif row in library.unlisted or citing is None:
            self._search.show_in_all_papers(row)
        else:
            position = ListPosition.from_rows(library.table, row, None)
            self._search.open_related(library.paper(citing), "references", position)
        self._ctx.ui.focus_detail(in_place_of_list=True)
        self._ctx.ui.inform(
            TextSpan("enter", "key"),
            " fetches the full text  ",
            TextSpan("backspace", "key"),
            " goes back to where you were",
        )

    def _show_similar(self, query: str, trail: Sequence[EarlierPlace]) -> None:
        """Show the papers that are near to a passage of a full text."""
        self._trail = trail
        self._search.open_search(query)
        self._ctx.ui.focus_list()
        self._ctx.ui.inform(TextSpan("backspace", "key"), " goes back to where you were")

    def return_to_text(self) -> None:
        """Go back to the full text from which the user came."""
        if not self._trail:
            self._ctx.ui.inform("No full text to go back to")
            return
        *earlier, (text, place) = self._trail
        query = self._results.query
        if (query.related_to, query.relation) == (text.paper, "references"):
            self._search.close_related()
        self._push(text, place, earlier)

    def _report_remembered(self, reason: str, since: datetime | None) -> None:
        """Say why there is no full text, since when that is known, and how to ask again."""
        when = f", asked {since:%H:%M}" if since is not None else ""
        keys = (TextSpan("p", "key"), " PDF  ", TextSpan("F", "key"), " again")
        self._ctx.ui.inform(f"{reason.rstrip('.')}{when}  ", *keys)

    def _report_missing(self, reason: str) -> None:
        """Say why there is no full text, and what to do instead."""
        self._ctx.ui.inform(f"{reason} Press ", TextSpan("p", "key"), " for the PDF")


class _FoundInText(NamedTuple):
    """A result of a query that searches in full texts."""

    texts: TextMatches
    row: int


def _import_screen() -> None:
    """Import what shows a full text: the first time, in a thread, while the text is loaded."""
    import paperreader.tui.full_text.screen  # noqa: F401


def _load(library: Library, paper: Paper, found: _FoundInText | None) -> tuple[Document | None, Place | None]:
    """Return the stored full text of a paper, and the place of the sentence that matches the query, if there is one."""
    from paperreader.library import matching_sentence

    document = library.full_texts.load(paper.id) or library.full_texts.load_from_page(paper.id)
    sentence = matching_sentence(*found) if document is not None and found is not None else None
    # The text may have been converted again since it was indexed.
    is_there = sentence is not None and document is not None and sentence.place.block < len(document.blocks)
    return document, sentence.place if sentence is not None and is_there else None


def _title(paper: Paper) -> str:
    from paperreader.text.tex_display import readable_text

    return " ".join(readable_text(paper.title).split())
