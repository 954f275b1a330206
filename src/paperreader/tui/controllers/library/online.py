"""Search online, look up citations online, and add what is found there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from paperreader.errors import PaperreaderError
from paperreader.models import Mark, MarkChange, Paper
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.controllers.library.fetch import FetchController
from paperreader.tui.controllers.library.sync import SyncController
from paperreader.tui.controllers.papers.copy_open import CopyOpenController
from paperreader.tui.controllers.papers.external_editing import ExternalEditingController
from paperreader.tui.controllers.papers.marks import MarksController, short_title
from paperreader.tui.controllers.papers.notes import NotesController
from paperreader.tui.controllers.papers.tags import TagsController
from paperreader.tui.controllers.search import SearchController
from paperreader.tui.model.online_source import Action, NoteCommand, OnlineLibrary, OnlineSource
from paperreader.tui.runtime.threads import run_in_thread
from paperreader.tui.widgets.text_line import TextSpan

if TYPE_CHECKING:
    from paperreader.fetch.citations.keys import ServiceName
    from paperreader.jobs.client import Job
    from paperreader.jobs.online import OnlineReply
    from paperreader.library import OnlinePaper
    from paperreader.tui.dialogs.online import OnlineDialog
    from paperreader.tui.model.relations import OnlineRelation

_SERVICES = {"huggingface": "Hugging Face", "arxiv": "arXiv", "semanticscholar": "Semantic Scholar"}
"""The services that are searched, in their order."""

_RELATIONS: tuple[tuple[OnlineRelation, str, str], ...] = (
    ("references", "References", "references"),
    ("citations", "Cited by", "cited by"),
)
"""The lists of citations: their titles, and what the footer calls them."""


class OnlineController:
    """Requests are made in jobs, only while the results are open.

    Args:
        ctx: of the reader.
        search: shows a paper that was added.
        marks: bookmarks it.
        copy_open: copies and opens links.
        sync: shows what was added.
        fetch: says why nothing can be added.
        notes: writes notes.
        external_editing: continues them in the editor of the user.
        tags: edits tags.
    """

    def __init__(
        self,
        ctx: ReaderContext,
        search: SearchController,
        marks: MarksController,
        copy_open: CopyOpenController,
        sync: SyncController,
        fetch: FetchController,
        *,
        notes: NotesController,
        external_editing: ExternalEditingController,
        tags: TagsController,
    ) -> None:
        self._ctx, self._search, self._marks, self._copy_open = ctx, search, marks, copy_open
        self._sync, self._fetch = sync, fetch
        self._notes, self._tags = notes, tags
        self._note_commands: Mapping[NoteCommand, Callable[[], object]] = {
            "save": notes.save,
            "close": notes.close,
            "continue": external_editing.continue_note,
            "changed": notes.text_changed,
        }
        self._dialog: OnlineDialog | None = None
        self._job: Job | None = None
        self._next: Paper | None = None
        """The paper to go to when the results are closed."""

    def open(self) -> None:
        """Show the results of the query in the search bar at the first service."""
        query = self._ctx.widgets.search_bar.input.value
        if query.strip():
            self._search_online(query)
        elif self._ctx.library.paper_count:
            self._ctx.ui.inform("Type what to search for, then press ", TextSpan("ctrl+o", "key"))
            self._ctx.ui.focus_search()
        else:
            self._ask()

    def _ask(self) -> None:
        """Ask what to search for: an empty library has no search bar."""
        from paperreader.tui.dialogs.text_prompt import TextPrompt

        prompt = TextPrompt("Search online", "", placeholder="words, author:NAME or cat:cs.CL")
        self._ctx.ui.push_dialog(prompt, lambda text: self._search_online(text) if text else None)

    def _search_online(self, query: str) -> None:
        sources = [
            OnlineSource(label, label, label, partial(self._search_service, query, name))
            for name, label in _SERVICES.items()
        ]
        self._search.remember(query)
        self._show(query, sources)

    def open_citations(self, paper: Paper, relation: OnlineRelation, service: ServiceName) -> None:
        """Request the references of a paper, or the papers that cite it, and show them. `tab` requests the others."""
        from paperreader.fetch.citations.keys import SERVICE_LABELS

        label = SERVICE_LABELS[service]
        sources = [
            OnlineSource(
                f"{title} ({label})", hint, label, partial(self._request_citations, paper.id, name, service)
            )
            for name, title, hint in _RELATIONS
        ]
        initial = [name for name, *_ in _RELATIONS].index(relation)
        self._show(short_title(paper.title), sources, initial_source=initial)

    def _show(self, subject: str, sources: Sequence[OnlineSource], *, initial_source: int = 0) -> None:
        from paperreader.tui.dialogs.online import OnlineDialog

        library = OnlineLibrary(
            self._mark_of,
            self._take,
            lambda command: self._note_commands[command](),
            self._copy,
            self._open_page,
        )
        dialog = OnlineDialog(subject, sources, library, self._ctx.glyphs, initial_source=initial_source)
        self._dialog = dialog
        self._ctx.ui.push_dialog(dialog, lambda _: self._closed())

    def _closed(self) -> None:
        """Stop a request whose results are not shown any more, and go to the paper that was chosen."""
        self._stop_request()
        self._dialog = None
        if self._next is not None:
            chosen, self._next = self._next, None
            self._go_to(chosen)

    def _stop_request(self) -> None:
        if self._job is not None:
            self._job.stop()

    async def _search_service(self, query: str, service: str, start: int) -> OnlineReply:
        from paperreader.jobs.client import Job

        return await self._run(
            Job(self._ctx.library.folder, "find", [service, str(start)], data=query.encode())
        )

    async def _request_citations(
        self, id: str, relation: OnlineRelation, service: ServiceName, start: int
    ) -> OnlineReply:
        from paperreader.jobs.client import Job

        arguments = [relation, id, str(start), service]
        return await self._run(Job(self._ctx.library.folder, "citations", arguments))

    async def _run(self, job: Job) -> OnlineReply:
        """Run a request, in place of one that is running."""
        from paperreader.jobs.online import read_reply

        self._stop_request()
        self._job = job
        try:
            return read_reply(await run_in_thread(lambda: job.run(lambda _: None)))
        finally:
            if self._job is job:
                self._job = None

    def _row_of(self, paper: Paper) -> int | None:
        from paperreader.library import row_in_library

        row = row_in_library(self._ctx.library.table, paper)
        return row if row is not None and not self._ctx.library.mark(row).is_deleted else None

    def _mark_of(self, paper: Paper) -> Mark | None:
        row = self._row_of(paper)
        return self._ctx.library.mark(row) if row is not None else None

    async def _take(self, found: OnlinePaper, action: Action) -> bool:
        """Add a paper, unless it is in the library, and do something with it. Return whether to close the results.

        Raises:
            PaperreaderError: it cannot be added.
        """
        row = self._row_of(found.paper)
        if row is None:
            await self._add(found)
            row = self._row_of(found.paper)
        if row is None:
            raise PaperreaderError("The paper was added, but cannot be found. Search for it in the library.")
        if action == "open":
            self._next = found.paper
            return True
        if action == "bookmark":
            self._marks.apply([row], MarkChange("", bookmark=True), "bookmark", "Bookmarked: ")
        elif action == "tag":
            self._tags.open_picker([row], on_closed=self._show_marks)
        elif self._dialog is not None:
            self._notes.edit(row, place=self._dialog, on_saved=partial(self._show_marks, "Note saved"))
        return False

    def _show_marks(self, message: str = "") -> None:
        if self._dialog is not None:
            self._dialog.show_marks(message)

    async def _copy(self, paper: Paper) -> str:
        from paperreader.text.paper_urls import landing_page, safe_code_link
        from paperreader.text.urls import clone_url

        repository = safe_code_link(paper)
        link = clone_url(repository) if repository is not None else landing_page(paper)
        if not link:
            return "No link of this paper is known"
        result = await self._copy_open.to_clipboard(link)
        return result.error if result.outcome == "failed" else f"Copied  {link}"

    def _open_page(self, paper: Paper) -> str:
        from paperreader.text.paper_urls import landing_page

        if not (url := landing_page(paper)):
            return "No page of this paper is known"
        self._copy_open.open_url(url)
        return f"Opening  {url}"

    async def _add(self, found: OnlinePaper) -> None:
        from paperreader.jobs.client import Job
        from paperreader.jobs.online import write_papers

        if reason := self._fetch.why_not():
            raise PaperreaderError("".join(part if isinstance(part, str) else part.text for part in reason))
        job = Job(self._ctx.library.folder, "add-records", data=write_papers([found]))
        await run_in_thread(lambda: job.run(lambda _: None))
        await self._sync.refresh()

    def _go_to(self, paper: Paper) -> None:
        row = self._row_of(paper)
        if row is not None:
            self._search.show_in_all_papers(row)
            self._ctx.ui.focus_list()
