"""References of a full text that become papers: their marks, opening, bookmarking and adding them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from paperreader.errors import PaperreaderError
from paperreader.fulltext import Reference, Span
from paperreader.text.cell_width import truncate_cells
from paperreader.tui.commands.command import Mode
from paperreader.tui.context.signals import Signal
from paperreader.tui.full_text.context import FullTextContext, OpenText
from paperreader.tui.full_text.documents import DocumentController
from paperreader.tui.full_text.panes import FullTextPanes
from paperreader.tui.full_text.paper.bookmarks import BookmarkController
from paperreader.tui.full_text.references.known_papers import (
    WITHOUT_ID,
    KnownPaper,
    arxiv_id_of,
    known_papers,
    link_of,
    missing_note,
    reference_notes,
    reference_title,
)
from paperreader.tui.runtime.threads import LatestOnly
from paperreader.tui.widgets.text_line import TextSpan

MAX_LISTED_TITLE = 60
"""Cells of a title in a question."""


class ReferenceController:
    """Matches the references to the library in a thread, when the text is laid out and when papers arrive."""

    def __init__(
        self,
        ctx: FullTextContext,
        documents: DocumentController,
        bookmarks: BookmarkController,
        panes: FullTextPanes,
    ) -> None:
        self._ctx, self._documents, self._panes = ctx, documents, panes
        self._bookmarks = bookmarks
        self._papers: Mapping[int, KnownPaper] = {}
        self.changed: Signal[None] = Signal()
        """What is known about the references has changed."""
        self._matching: LatestOnly[OpenText, Mapping[int, KnownPaper]] = LatestOnly(
            lambda text, cancelled: known_papers(ctx.library, text.document),
            self._show_matches,
            self._fail,
            lambda work: ctx.tasks.start(work, group="references"),
        )
        ctx.signals.text_shown.connect(lambda _: self._forget())

    def start(self) -> None:
        """Follow changes that are made elsewhere."""
        self._ctx.reader.marks_changed.connect(self._refresh)
        self._ctx.reader.library_changed.connect(self._match)

    def stop(self) -> None:
        """Do not follow changes any more, because the screen is closed."""
        self._ctx.reader.marks_changed.disconnect(self._refresh)
        self._ctx.reader.library_changed.disconnect(self._match)

    # What is known

    def paper(self, block: int) -> KnownPaper | None:
        """Return the paper of the reference in a block, if it is in the library."""
        return self._papers.get(block)

    @property
    def papers(self) -> Mapping[int, KnownPaper]:
        """The papers of references that are in the library, by the index of the block."""
        return self._papers

    def can_add(self, block: int) -> bool:
        """Return whether the paper of a reference is missing, and can be added."""
        return block not in self._papers and bool(arxiv_id_of(self._documents.document, block))

    def overview_mode(self, block: int) -> Mode:
        """Return which keys the overview of a block offers."""
        if block in self._papers:
            return "overview-paper"
        return "overview-missing" if self.can_add(block) else "overview"

    def note(self, block: int) -> Sequence[Span]:
        """Return what is known about the reference in a block; nothing for other blocks."""
        document = self._documents.document
        if not isinstance(document.blocks[block], Reference):
            return ()
        known = {block: self._papers[block]} if block in self._papers else {}
        notes = reference_notes(self._ctx.library, known, self._ctx.glyphs)
        return notes.get(block) or (missing_note(document, block),)

    def _forget(self) -> None:
        self._papers = {}
        self._documents.when_complete(self._match)

    def _match(self, _: object = None) -> None:
        self._matching.submit(self._documents.text)

    def _show_matches(self, text: OpenText, papers: Mapping[int, KnownPaper]) -> None:
        if text is self._documents.text and self._ctx.tasks.is_running:
            self._papers = papers
            self._refresh()

    def _refresh(self, _: object = None) -> None:
        self._documents.annotate(reference_notes(self._ctx.library, self._papers, self._ctx.glyphs))
        self.changed.emit(None)

    def _fail(self, _: OpenText, error: Exception) -> None:
        if not isinstance(error, PaperreaderError):
            raise error
        self._ctx.ui.fail(error)

    # What can be done

    def why_not_open(self, block: int) -> str:
        """Return why the paper of a reference can be neither opened nor added; empty if it can."""
        is_known = block in self._papers or self.can_add(block) or link_of(self._documents.document, block)
        return "" if is_known else WITHOUT_ID

    def open(self, block: int) -> None:
        """Open the paper of a reference: its full text, else the main screen.

        If it is missing, offer to add it or to open its link.
        """
        if paper := self._papers.get(block):
            self._ctx.tasks.start(self._open(paper), group="opening")
        elif not self.offer(block):
            self._ctx.ui.inform(WITHOUT_ID)

    def offer(self, block: int) -> bool:
        """Offer to add the missing paper of a reference, or to open its link; return False if that cannot be done."""
        if block in self._papers:
            return False
        link = link_of(self._documents.document, block)
        if self.can_add(block):
            self._offer_to_add(block)
        elif link:
            self._choose("Not in the library, and no arXiv id is known", link)
        else:
            return False
        return True

    def add(self, block: int) -> None:
        """Add the missing paper of a reference."""
        if reason := self._ctx.reader.why_not_add():
            self._ctx.ui.inform(*reason)
        else:
            self._add(arxiv_id_of(self._documents.document, block))

    async def _open(self, paper: KnownPaper) -> None:
        if await self._documents.open_stored(paper.id, paper.title):
            self._ctx.ui.inform(TextSpan("backspace", "key"), " goes back")
            return
        self._documents.save_place()
        trail = self._documents.trail
        self._panes.close()
        self._ctx.reader.show_paper(paper.id, trail)

    def toggle_bookmark(self, block: int) -> None:
        """Bookmark the paper of a reference, or remove the bookmark."""
        self._bookmarks.toggle(self._papers.get(block))

    def _offer_to_add(self, block: int) -> None:
        """Offer to add the paper of a reference."""
        document = self._documents.document
        reference, arxiv = document.blocks[block], arxiv_id_of(document, block)
        assert isinstance(reference, Reference)
        title = truncate_cells(reference_title(reference), MAX_LISTED_TITLE, self._ctx.glyphs.ellipsis)
        page = f"https://arxiv.org/abs/{arxiv}"
        self._choose("Add it to the library?", page, f"{arxiv}  {title}", lambda: self.add(block))

    def _choose(
        self, question: str, url: str, paper: str = "", add: Callable[[], None] | None = None
    ) -> None:
        """Offer to open a page, and to add a paper if `add` is given."""
        from paperreader.tui.dialogs.choice import Choice, ChoiceDialog

        actions = {"open": lambda: self._ctx.sharing.open_url(url)}
        choices = [Choice("open", url.partition("://")[2], "open", key="o")]
        if add is not None:
            actions["add"] = add
            choices.insert(0, Choice("add", paper, "add", key="a"))
        dialog = ChoiceDialog(question, choices, self._ctx.glyphs)
        self._ctx.ui.push_dialog(dialog, lambda action: actions[action]() if action else None)

    def _add(self, arxiv: str) -> None:
        self._show_activity(f"adding {arxiv}")
        self._ctx.reader.add_paper(arxiv, lambda is_added: self._report_added(arxiv, is_added))

    def _report_added(self, arxiv: str, is_added: bool) -> None:
        if not self._panes.is_open:
            return
        self._show_activity("")
        if is_added:
            is_known = self._ctx.library.table.row_of(arxiv) is not None
            self._ctx.ui.inform(f"Added {arxiv}" if is_known else f"arXiv has no paper {arxiv}")

    def _show_activity(self, activity: str) -> None:
        self._ctx.widgets.status.show_activity(activity, "adding")
