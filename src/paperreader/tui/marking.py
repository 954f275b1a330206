"""Bookmark, read and unread, undo: the acts on the paper at hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from paperreader.errors import PaperreaderError
from paperreader.library import Counts, Update, query_of
from paperreader.models import NO_MARK, Change, Mark, Paper
from paperreader.text.latex import readable
from paperreader.tui.background import in_thread
from paperreader.tui.desk import Desk, on_the_answer
from paperreader.tui.ledger import Act, Ledger
from paperreader.tui.moving import Moving
from paperreader.tui.one_line import Piece

UNDO_HINT = (Piece("  u", "key"), Piece(" undoes", "muted"))


class Marking(Moving, Desk):
    """Every act is on the screen at once and saved behind; when that fails, it is taken back and said why."""

    counts: Counts | None = None
    """The size of every view; None while it is not known."""
    _counted: Mapping[int, Mark] = MappingProxyType({})
    """The marks that are in the counts."""

    def open_ledger(self) -> None:
        """Start with nothing to undo."""
        self.ledger = Ledger(
            self.library,
            start=lambda work: self.beside(work, group="saving"),
            changed=self.marks_changed,
            adopt=self.adopt_saved,
        )

    @on_the_answer
    def action_bookmark(self) -> None:
        paper = self.paper
        if paper is None or self.row is None:
            return
        on = not self.library.mark(self.row).bookmarked
        self.act("bookmark", paper, Change(paper.id, paper.title, bookmark=on))
        self.say("Bookmarked " if on else "Bookmark gone from ", _title(paper), *UNDO_HINT)

    @on_the_answer
    def action_toggle_read(self) -> None:
        paper = self.paper
        if paper is None or self.row is None:
            return
        read = not self.library.mark(self.row).is_read
        self.act("read mark", paper, Change(paper.id, paper.title, read=read))
        self.say("Read: " if read else "Unread again: ", _title(paper), *UNDO_HINT)

    @on_the_answer
    def action_read_on(self) -> None:
        """A page on; at the end of the abstract mark it read and go to the next unread paper."""
        if self.row is None:
            return
        if not self.detail.display or not self.detail.size.height:
            self.action_into()
            return
        if self.detail.page_down():
            return
        paper = self.paper
        if paper is not None and not self.library.mark(self.row).is_read:
            self.act("read mark", paper, Change(paper.id, paper.title, read=True))
        if not self.papers.next_unread(1):
            self.say("Read. Nothing unread below", *UNDO_HINT)

    def action_undo(self) -> None:
        self._say_reversed(self.ledger.undo(), "Undone: ", "Nothing to undo")

    def action_redo(self) -> None:
        self._say_reversed(self.ledger.redo(), "Done again: ", "Nothing to redo")

    def act(self, what: str, paper: Paper, change: Change) -> None:
        """Do one change to one paper."""
        self.ledger.do(what, paper.title, [change], failed=self.complain_unsaved)

    def complain_unsaved(self, error: PaperreaderError) -> None:
        """Say that an act was taken back, and why."""
        self.unsaved += 1
        self.status.hush()
        self.complain(f"Not saved: {error}")

    # What the ledger tells

    def marks_changed(self, changes: Sequence[Change]) -> None:
        """Paint the marks that changed, and count them."""
        rows = {row for change in changes if (row := self.library.table.row_of(change.id)) is not None}
        self.papers.refresh_marks(self.library.marks, rows)
        self.show_paper()
        self._recount()

    def adopt_saved(self, update: Update) -> None:
        """Put what a save found in force: our marks, and whatever another program had written."""
        self.library.adopt(update)
        self.papers.refresh_marks(self.library.marks)
        self.show_paper()
        self._recount()
        if update.conflicts:
            self.warn("The note was changed elsewhere meanwhile; both texts were kept.")

    # Counting

    async def count(self) -> None:
        """Count every view, beside the user interface."""
        queries = [shelf.view for shelf in self.shelves if query_of(shelf.view) is not None]
        self.counts = await in_thread(lambda: self.library.counts(queries))
        self._counted = {}
        total = len(self.library.table)
        self.counts = replace(self.counts, all=total, unread=total, bookmarks=0)
        self._recount()

    def _recount(self) -> None:
        """Bring the counts up to the marks in force: at the cost of those that changed, so fit for every key."""
        if self.counts is None:
            return
        table, before, now = self.library.table, self._counted, self.library.marks
        read = bookmarks = 0
        for row in before.keys() | now.keys():
            old, new = before.get(row, NO_MARK), now.get(row, NO_MARK)
            if old is not new and table.is_live(row):
                read += new.is_read - old.is_read
                bookmarks += new.bookmarked - old.bookmarked
        self._counted = now
        self.counts = replace(
            self.counts, unread=self.counts.unread - read, bookmarks=self.counts.bookmarks + bookmarks
        )
        self.counted()

    def show_paper(self) -> None:
        """Show the paper under the cursor in the detail."""
        raise NotImplementedError

    def counted(self) -> None:
        """Show the counts."""
        raise NotImplementedError

    def _say_reversed(self, act: Act | None, done: str, nothing: str) -> None:
        if act is None:
            self.say(nothing)
        else:
            self.say(done, f"{act.what}, ", Piece(short_title(act.title), "text"))


def _title(paper: Paper) -> Piece:
    return Piece(short_title(paper.title), "text")


def short_title(title: str) -> str:
    """A title for the status line, which cuts it to the room there is."""
    return " ".join(readable(title[:400]).split())
