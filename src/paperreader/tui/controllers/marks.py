"""Bookmark, read and unread, undo: the acts on the paper at hand, or on all that are selected."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from msgspec.structs import replace

from paperreader.errors import PaperreaderError
from paperreader.library import QueryViewCount, Update, View, ViewCounts, query_of_view
from paperreader.models import EMPTY_MARK, Mark, MarkChange, PaperTable
from paperreader.text.tex_display import tex_to_unicode
from paperreader.tui.controllers.context import Desk
from paperreader.tui.controllers.navigation import Moving
from paperreader.tui.model.undo_history import UndoableChange, UndoHistory
from paperreader.tui.runtime.tasks import run_in_thread
from paperreader.tui.widgets.text_line import TextSpan

MAX_INLINE_MARKS = 100
"""Papers that are marked in the same frame; more are looked up behind first, as each is a line to be parsed."""

_READ, _READ_LATER = MarkChange("", read=True), MarkChange("", bookmark=True, read=True)

UNDO_HINT = (TextSpan("  u", "key"), TextSpan(" undoes", "muted"))


class Marking(Moving, Desk):
    """Every act is on the screen at once and saved behind; when that fails, it is taken back and said why."""

    counts: ViewCounts | None = None
    """The size of every view; None while it is not known."""
    _counted: Mapping[int, Mark] = MappingProxyType({})
    """The marks that are in the counts."""

    def open_ledger(self) -> None:
        """Start with nothing to undo."""
        self.ledger = UndoHistory(
            self.library,
            start=lambda work: self.beside(work, group="saving"),
            marks_changed=self.marks_changed,
            apply_update=self.adopt_saved,
        )

    # The acts

    def action_bookmark(self) -> None:
        rows = self.chosen
        on = not all(self.library.mark(row).bookmarked for row in rows)
        self.mark_all(
            rows, MarkChange("", bookmark=on), "bookmark", "Bookmarked " if on else "Bookmark gone from "
        )

    def action_toggle_read(self) -> None:
        rows = self.chosen
        read = not all(self.library.mark(row).is_read for row in rows)
        self.mark_all(rows, MarkChange("", read=read), "read mark", "Read: " if read else "Unread again: ")

    def action_read_next(self) -> None:
        """Done with it: read, and on to the next unread paper."""
        self.mark_all(self.chosen, _READ, "read mark", "Read: ", then=self._next_unread)

    def action_bookmark_next(self) -> None:
        """To be read later: bookmarked and off the pile of unread ones, and on to the next."""
        self.mark_all(self.chosen, _READ_LATER, "bookmark", "Bookmarked ", then=self._next_unread)

    def action_read_on(self) -> None:
        """A page on; at the end of the abstract mark it read and go to the next unread paper."""
        if self.row is None:
            return
        if not self.detail.display or not self.detail.size.height:
            self.action_into()
        elif not self.detail.page_down():
            self.mark_all([self.row], _READ, "read mark", "Read: ", then=self._next_unread)

    def action_all_read(self) -> None:
        """Mark everything that the list shows as read, after a question."""
        from paperreader.tui.dialogs.choice import Choice, ChoiceDialog

        rows = self.answer.rows if self.answer is not None else ()
        unread = [row for row in rows if not self.library.mark(row).is_read]
        if not unread:
            self.say("Nothing unread here")
            return
        choices = [
            Choice("yes", "all are read; u undoes it", True, key="y"),
            Choice("no", "", False, key="n"),
        ]
        self.app.push_screen(
            ChoiceDialog(f"Mark {paper_count(len(unread))} read?", choices, self.glyphs),
            lambda sure: self.mark_all(unread, _READ, "read mark", "Read: ") if sure else None,
        )

    def action_select(self) -> None:
        """Begin to select, hold what is selected, or let go of the paper at hand."""
        self.papers.toggle_selection()
        self.status.clear_message()  # how many are selected is told there
        self.tell_mode()
        self.counted()

    def action_undo(self) -> None:
        self._say_reversed(self.ledger.undo(), "Undone: ", "Nothing to undo")

    def action_redo(self) -> None:
        self._say_reversed(self.ledger.redo(), "Done again: ", "Nothing to redo")

    @property
    def chosen(self) -> list[int]:
        """The rows that an act is about: those selected, else the paper at hand; none in an empty list."""
        if self.papers.is_selecting:
            return self.papers.selected_rows
        return [] if self.row is None else [self.row]

    def mark_all(
        self,
        rows: Sequence[int],
        change: MarkChange,
        what: str,
        done: str,
        *,
        then: Callable[[], Sequence[TextSpan]] = tuple,
    ) -> None:
        """Make one change to the papers at `rows` that it is a change to: one act, one save.

        Args:
            rows: which papers.
            change: what to do to each of them; its id and title are filled in.
            what: what undoing it says, such as `bookmark`.
            done: what is said before the paper's title, such as `Bookmarked `.
            then: called afterwards, even where there was nothing to change; gives what is said at the end.
        """
        changed = [row for row in rows if is_effective(self.library.mark(row), change)]
        if len(changed) <= MAX_INLINE_MARKS:
            self._marked(*_changes_for(self.library.table, changed, change), what, done, then)
        else:
            self.say(f"Marking {paper_count(len(changed))} {self.glyphs.ellipsis}")
            self.beside(self._mark_many(changed, change, what, done, then), group="marking")

    async def _mark_many(
        self,
        rows: Sequence[int],
        change: MarkChange,
        what: str,
        done: str,
        then: Callable[[], Sequence[TextSpan]],
    ) -> None:
        """Look the papers up behind; the keys that come meanwhile wait."""
        table = self.library.table
        with self.holding_keys():
            self._marked(*await run_in_thread(lambda: _changes_for(table, rows, change)), what, done, then)

    def _marked(
        self,
        made: Sequence[MarkChange],
        damaged: PaperreaderError | None,
        what: str,
        done: str,
        then: Callable[[], Sequence[TextSpan]],
    ) -> None:
        if damaged is not None:
            self.complain(damaged)
        about = made[0].title if len(made) == 1 else paper_count(len(made))
        if made:
            self.ledger.apply(what, about, made, on_failed=self.complain_unsaved)
        said: list[str | TextSpan] = [done, TextSpan(short_title(about), "text")] if made else []
        tail = then()
        if made or tail:
            self.say(*said, *tail, *(UNDO_HINT if made else ()))

    def _next_unread(self) -> Sequence[TextSpan]:
        """On to the next unread paper; what to say where there is none."""
        self.deselect()
        return () if self.papers.jump_unread(1) else (TextSpan("  Nothing unread below", "muted"),)

    def complain_unsaved(self, error: PaperreaderError) -> None:
        """Say that an act was taken back, and why."""
        self.unsaved += 1
        self.status.clear_message()
        self.complain(f"Not saved: {error}")

    # What the ledger tells

    def marks_changed(self, changed: Sequence[MarkChange]) -> None:
        """Paint the marks that changed, and count them."""
        row_of = self.library.table.row_of
        few = len(changed) <= MAX_INLINE_MARKS
        rows = {row for change in changed if (row := row_of(change.id)) is not None} if few else None
        self.papers.refresh_marks(self.library.marks, rows)
        self.show_paper()
        self._recount()

    def adopt_saved(self, update: Update) -> None:
        """Put what a save found in force: our marks, and whatever another program had written."""
        self.library.adopt(update)
        self.papers.refresh_marks(self.library.marks)
        self.show_paper()
        self._recount()
        if update.note_conflicts:
            self.warn("The note was changed elsewhere meanwhile; both texts were kept.")

    # Counting

    async def count(self) -> None:
        """Count every view, beside the user interface."""
        table, marks = self.library.table, self.library.marks
        queries = [shelf.id for shelf in self.shelves if query_of_view(shelf.id) is not None]
        found = await run_in_thread(lambda: self.library.view_counts(queries, marks=marks))
        if self.library.table is table:  # else the papers that came in are being counted
            self.counts, self._counted = found, marks
            self._recount()

    def _recount(self) -> None:
        """Bring the counts up to the marks in force: at the cost of those that changed, so fit for every key."""
        if self.counts is None:
            return
        table, before, now = self.library.table, self._counted, self.library.marks
        bookmarks = 0
        read: dict[int, int] = {}
        for row in before.keys() | now.keys():
            old, new = before.get(row, EMPTY_MARK), now.get(row, EMPTY_MARK)
            if old is not new and table.is_live(row):
                bookmarks += new.bookmarked - old.bookmarked
                if new.is_read != old.is_read:
                    read[row] = new.is_read - old.is_read
        self._counted = now
        self.counts = replace(
            self.counts,
            unread=self.counts.unread - sum(read.values()),
            bookmarks=self.counts.bookmarks + bookmarks,
            queries=self._recounted(self.counts.queries, read),
        )
        self.counted()

    def _recounted(
        self, queries: Mapping[View, QueryViewCount], read: Mapping[int, int]
    ) -> Mapping[View, QueryViewCount]:
        """What the queries' views hold after 1 or -1 paper at those rows was read."""
        if not read or not queries:
            return queries
        if len(read) > MAX_INLINE_MARKS:
            self.beside(self.count(), group="counting")
            return queries
        return {
            view: replace(
                found, unread=found.unread - sum(n for row, n in read.items() if found.contains(row))
            )
            for view, found in queries.items()
        }

    def show_paper(self) -> None:
        """Show the paper under the cursor in the detail."""
        raise NotImplementedError

    def _say_reversed(self, act: UndoableChange | None, done: str, nothing: str) -> None:
        if act is None:
            self.say(nothing)
        else:
            if len(act.changes) == 1 and (row := self.library.table.row_of(act.changes[0].id)) is not None:
                self.papers.go_to_row(row)
            self.say(done, f"{act.name}, ", TextSpan(short_title(act.title), "text"))


def is_effective(mark: Mark, change: MarkChange) -> bool:
    """Whether a change of bookmark, read mark or tags leaves the mark another one."""
    return (
        change.bookmark not in (None, mark.bookmarked)
        or change.read not in (None, mark.is_read)
        or any((name in mark.tag_names) != on for name, on in change.tags.items())
    )


def paper_count(count: int) -> str:
    """So many papers, for people."""
    return f"{count:,} paper{'' if count == 1 else 's'}"


def _changes_for(
    table: PaperTable, rows: Sequence[int], change: MarkChange
) -> tuple[list[MarkChange], PaperreaderError | None]:
    """The change made to each paper, and what was wrong with the last one whose line is damaged."""
    made: list[MarkChange] = []
    damaged = None
    for row in rows:
        try:
            paper = table.paper(row)
        except PaperreaderError as error:
            damaged = error
        else:
            made.append(replace(change, id=paper.id, title=paper.title))
    return made, damaged


def short_title(title: str) -> str:
    """A title for the status line, which cuts it to the room there is."""
    return " ".join(tex_to_unicode(title[:400]).split())
