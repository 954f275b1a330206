"""Writing notes: in the reader, or in the user's own editor."""

from __future__ import annotations

from functools import partial

from textual import on
from textual.app import SuspendNotSupported
from textual.timer import Timer
from textual.widgets import TextArea

from paperreader.errors import PaperreaderError
from paperreader.models import Change, Paper
from paperreader.text.clean import clean
from paperreader.tui.background import in_thread
from paperreader.tui.chooser import Choice, Chooser
from paperreader.tui.desk import Desk, on_the_answer
from paperreader.tui.marking import Marking, short_title
from paperreader.tui.note_editor import NoteEditor, NoteText, Sheet
from paperreader.tui.one_line import Piece
from paperreader.tui.own_editor import edit

DRAFT_SECONDS = 1.0
"""After so long without a key, what is written is kept as a draft."""


class Noting(Marking, Desk):
    """What was typed is never lost: it stays in the editor until it is saved, and as a draft beside."""

    _draft_timer: Timer | None = None

    def open_noting(self) -> None:
        """Start with the editor closed."""
        self.note = NoteEditor(id="note")

    @on_the_answer
    def action_note(self) -> None:
        paper, row = self.paper, self.row
        if paper is None or row is None:
            return
        base = self.library.mark(row).note_text
        draft = self.library.state.draft(paper.id)
        self._write_on(paper, base, draft or base)
        if draft and draft != base:
            self.say("A draft that was not saved is back")

    @on_the_answer
    def action_editor(self) -> None:
        """The note in the user's own editor, saved when that ends."""
        paper, row = self.paper, self.row
        if paper is None or row is None:
            return
        base = self.library.mark(row).note_text
        written = self._edit_elsewhere(base, paper.title)
        if written is None:
            return
        if written == clean(base).rstrip():
            self.say("The note is as it was")
        else:
            self._write_on(paper, base, written)
            self._save_note()

    @on(NoteText.Elsewhere)
    def _go_on_elsewhere(self) -> None:
        sheet = self.note.sheet
        if sheet is not None:
            written = self._edit_elsewhere(self.note.text.text, sheet.title)
            if written is not None:
                self.note.open(sheet, written)

    @on(NoteText.Save)
    def _save_note(self) -> None:
        sheet, written = self.note.sheet, self.note.written
        if sheet is None:
            return
        if not self.note.changed:
            self._close_note()
            return
        change = Change(sheet.id, sheet.title, note=written, note_base=sheet.base)
        self._put_away()
        self.ledger.do(
            "note",
            sheet.title,
            [change],
            saved=partial(self._note_saved, sheet),
            failed=partial(self._note_unsaved, sheet, written),
        )

    @on(NoteText.Leave)
    def _leave_note(self) -> None:
        if not self.note.changed:
            self._close_note()
            return
        choices = [
            Choice("save", "and go back to the list", "save", key="s"),
            Choice("drop", "what was written since", "drop", key="d"),
            Choice("stay", "and go on writing", "stay", key="w"),
        ]
        self.app.push_screen(Chooser("The note is not saved", choices, self.glyphs), self._left)

    def _left(self, wanted: str | None) -> None:
        if wanted == "save":
            self._save_note()
        elif wanted == "drop":
            self._close_note()

    @on(TextArea.Changed, "#note-text")
    def _keep_draft_soon(self) -> None:
        if self._draft_timer is not None:
            self._draft_timer.stop()
        self._draft_timer = self.set_timer(DRAFT_SECONDS, self.keep_draft)

    def keep_draft(self) -> None:
        """Put what is written aside, so that not even a crash loses it."""
        sheet = self.note.sheet
        if sheet is not None and self.note.changed:
            self._set_draft(sheet.id, self.note.text.text)

    # Opening and closing

    def _write_on(self, paper: Paper, base: str, text: str) -> None:
        self._open(Sheet(paper.id, paper.title, base), text)

    def _open(self, sheet: Sheet, text: str) -> None:
        self.remove_class("-zoomed")
        self.add_class("-noting")
        self.note.open(sheet, text)

    def _note_saved(self, sheet: Sheet) -> None:
        self._forget_draft(sheet.id)
        self.say("Note saved on ", Piece(short_title(sheet.title), "text"))

    def _note_unsaved(self, sheet: Sheet, written: str, error: PaperreaderError) -> None:
        """The text comes back; as a draft only, where another note is being written by now."""
        self.unsaved += 1
        self._set_draft(sheet.id, written)
        if self.note.sheet is None:
            self._open(sheet, written)
            self.complain(f"The note is not saved, and still here: {error}")
        else:
            self.complain(f"The note on {short_title(sheet.title)} is kept as a draft, not saved: {error}")

    def _close_note(self) -> None:
        """Leave without saving, for good."""
        sheet = self.note.sheet
        if sheet is not None:
            self._forget_draft(sheet.id)
        self._put_away()

    def _put_away(self) -> None:
        if self._draft_timer is not None:
            self._draft_timer.stop()
        self.note.close()
        reading = self.has_class("-reading")
        self.remove_class("-noting")
        self.set_focus(self.detail if reading else self.papers)

    def _forget_draft(self, id: str) -> None:
        if self.library.state.draft(id):
            self._set_draft(id, "")

    def _set_draft(self, id: str, text: str) -> None:
        self.beside(in_thread(partial(self.library.state.keep_draft, id, text)), group="drafts")

    def _edit_elsewhere(self, text: str, title: str) -> str | None:
        """What the user's own editor makes of `text`; None when it did not run or failed, which is said."""
        try:
            with self.app.suspend():
                written = edit(clean(text), title)
        except SuspendNotSupported:
            self.complain("This terminal cannot make room for an editor; n writes the note here.")
            return None
        except PaperreaderError as error:
            self.complain(error)
            return None
        finally:
            self.refresh(layout=True)
        return clean(written).rstrip()
