"""Writing notes: in the reader, or in the user's own editor."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported
from textual.timer import Timer

from paperreader.errors import PaperreaderError
from paperreader.models import MarkChange
from paperreader.tui.controllers.context import Desk
from paperreader.tui.controllers.marks import Marking, short_title
from paperreader.tui.runtime.tasks import run_in_thread
from paperreader.tui.widgets.text_line import TextSpan

if TYPE_CHECKING:
    # A text area is the heaviest widget there is: imported and mounted when a note is written.
    from paperreader.tui.model.note_drafts import NoteDraft
    from paperreader.tui.widgets.note_editor import NoteEditor

MARKDOWN_PRELOAD_SECONDS = 1.0
"""So long after the start what shows notes is loaded, if there are any: while the list is looked at, mostly."""

_DISCARD = "throw away"
"""Chosen instead of the id of a paper, which holds no blank."""

DRAFT_SAVE_SECONDS = 1.0
"""A draft is no older than that, also while somebody types without a pause."""


class Noting(Marking, Desk):
    """What was typed is never lost: it stays in the editor until it is saved, and as a draft beside."""

    note: NoteEditor | None = None
    """The open editor."""
    _draft_timer: Timer | None = None

    def action_note(self) -> None:
        sheet = self._sheet()
        if sheet is None:
            return
        draft = self.library.state.draft(sheet.id)
        self.write_on(sheet, draft or sheet.saved_text)
        if draft and sheet.differs_from(draft):
            self.say("A draft that was not saved is back")

    def action_editor(self) -> None:
        """The note, or the draft of one, in the user's own editor, saved when that ends."""
        from paperreader.tui.model.note_drafts import normalize_note

        sheet = self._sheet()
        if sheet is None:
            return
        draft = self.library.state.draft(sheet.id)
        begun = draft if draft and sheet.differs_from(draft) else sheet.saved_text
        written = self._edit_elsewhere(sheet.id, begun)
        if written is None:
            return
        if written == normalize_note(begun):
            self.say(
                "The note is as it was" if begun == sheet.saved_text else "The draft is as it was, not saved"
            )
        elif sheet.differs_from(written):
            self._save(sheet, written)
        else:
            self._keep_draft(sheet.id, "")
            self.say("The note is as it was")

    def on_note_text_area_open_external_editor(self) -> None:
        """Go on in the user's own editor; what comes back stands in this one."""
        note = self.note
        written = self._edit_elsewhere(note.draft.id, note.value) if note is not None else None
        if note is not None and written is not None:
            note.text_area.load_text(written)
            note.text_area.move_cursor(note.text_area.document.end)

    def on_note_text_area_save(self) -> None:
        note = self.note
        if note is None:
            return
        sheet, written, changed = note.draft, note.value, note.has_changes
        self._put_away()
        if changed:
            self._save(sheet, written)
        else:
            self._keep_draft(sheet.id, "")

    def on_note_text_area_close(self) -> None:
        from paperreader.tui.dialogs.choice import Choice, ChoiceDialog

        if self.note is None or not self.note.has_changes:
            self._drop()
            return
        choices = [
            Choice("save", "and go back", "save", key="s"),
            Choice("drop", "what was written since", "drop", key="d"),
            Choice("stay", "and go on writing", "stay", key="w"),
        ]
        self.app.push_screen(ChoiceDialog("The note is not saved", choices, self.glyphs), self._left)

    def on_text_area_changed(self) -> None:
        if self._draft_timer is None:
            self._draft_timer = self.set_timer(DRAFT_SAVE_SECONDS, self.keep_draft)

    def keep_draft(self) -> None:
        """Put what is written aside, so that not even a crash loses it."""
        self._draft_timer = None
        if self.note is not None and self.note.has_changes:
            self._keep_draft(self.note.draft.id, self.note.value)

    def expect_notes(self) -> None:
        """Load what shows Markdown, behind and in a while: the first note on show would wait for it."""
        self.set_timer(
            MARKDOWN_PRELOAD_SECONDS, lambda: self.beside(run_in_thread(self._load_if_noted), group="notes")
        )

    def _load_if_noted(self) -> None:
        if any(mark.note_text for mark in self.library.marks.values()):
            load_markdown()

    def offer_drafts(self) -> None:
        """At the start: bring back what a reader that was ended could not save."""
        state = self.library.state
        if state.drafts or state.get("editing"):  # hardly ever, and looking closer takes the editor's modules
            self.beside(self._offer_drafts(), group="drafts")

    async def _offer_drafts(self) -> None:
        from paperreader.tui.dialogs.choice import Choice, ChoiceDialog
        from paperreader.tui.model.note_drafts import unsaved_drafts

        waiting = await run_in_thread(lambda: unsaved_drafts(self.library))
        if not waiting:
            return
        keys = ("w", *("" for _ in waiting[1:]))
        choices = [
            Choice("write on", short_title(title), id, key=key)
            for key, (id, title) in zip(keys, waiting, strict=True)
        ]
        choices.append(Choice("later", "n on the paper brings it back", "", key="l"))
        choices.append(Choice("throw away", "asks once more", _DISCARD, key="t"))
        title = "A note was not saved" if len(waiting) == 1 else f"{len(waiting)} notes were not saved"
        if self.key_came:  # somebody reads already, and the next key is meant for the list
            self.warn(f"{title}: {short_title(waiting[0][1])}. n on the paper brings it back.")
            return
        self.app.push_screen(
            ChoiceDialog(title, choices, self.glyphs), partial(self._draft_chosen, [id for id, _ in waiting])
        )

    def _draft_chosen(self, waiting: Sequence[str], chosen: str | None) -> None:
        from paperreader.tui.dialogs.choice import Choice, ChoiceDialog

        if chosen != _DISCARD:
            self._write_on_draft(chosen)
            return
        choices = [
            Choice("keep", "for another time", False, key="k"),
            Choice("throw away", "for good", True, key="t"),
        ]
        title = "Throw the draft away?" if len(waiting) == 1 else f"Throw {len(waiting)} drafts away?"
        self.app.push_screen(
            ChoiceDialog(title, choices, self.glyphs),
            lambda sure: self._throw_away(waiting) if sure else None,
        )

    def _throw_away(self, drafts: Sequence[str]) -> None:
        for id in drafts:
            self._keep_draft(id, "")
        self.say("The draft is gone" if len(drafts) == 1 else f"{len(drafts)} drafts are gone")

    def _write_on_draft(self, id: str | None) -> None:
        row = self.library.table.row_of(id) if id else None
        if row is None:
            return
        if not self.papers.go_to_row(row):
            self.show_everything_at(row)
        self.when_answered(self.action_note)

    def show_everything_at(self, row: int) -> None:
        """Show all papers, the cursor on that one."""
        raise NotImplementedError

    def write_on(self, sheet: NoteDraft, text: str) -> None:
        """Open the editor. The keys that come next are typed into it."""
        self.call_later(self._open_note, sheet, text)

    async def _open_note(self, sheet: NoteDraft, text: str) -> None:
        from paperreader.tui.widgets.note_editor import NoteEditor

        if self.note is not None:
            return
        note = self.note = NoteEditor(sheet, text, self.glyphs)
        self.remove_class("-zoomed")
        self.add_class("-noting")
        await self.query_one("#detail-pane").mount(note, before=0)
        self.set_focus(note.text_area)
        self.beside(run_in_thread(load_markdown), group="notes")

    def _left(self, wanted: str | None) -> None:
        if wanted == "save":
            self.on_note_text_area_save()
        elif wanted == "drop":
            self._drop()

    def _drop(self) -> None:
        """Leave without saving, for good."""
        if self.note is not None:
            self._keep_draft(self.note.draft.id, "")
            self._put_away()

    def _put_away(self) -> None:
        note, self.note = self.note, None
        if self._draft_timer is not None:
            self._draft_timer.stop()
            self._draft_timer = None
        self.remove_class("-noting")
        self.set_focus(self.detail if self.has_class("-reading") else self.papers)
        if note is not None:
            note.remove()

    # Saving

    def _sheet(self) -> NoteDraft | None:
        from paperreader.tui.model.note_drafts import NoteDraft

        paper, row = self.paper, self.row
        if paper is None or row is None:
            return None
        return NoteDraft(paper.id, paper.title, self.library.mark(row).note_text)

    def _save(self, sheet: NoteDraft, written: str) -> None:
        from paperreader.tui.model.note_drafts import normalize_note

        change = MarkChange(sheet.id, sheet.title, note=normalize_note(written), note_base=sheet.saved_text)
        saved, failed = partial(self._note_saved, sheet), partial(self._note_unsaved, sheet, written)
        self.ledger.apply("note", sheet.title, [change], on_saved=saved, on_failed=failed)

    def _note_saved(self, sheet: NoteDraft) -> None:
        self._keep_draft(sheet.id, "")
        self.say("Note saved on ", TextSpan(short_title(sheet.title), "text"))

    def _note_unsaved(self, sheet: NoteDraft, written: str, error: PaperreaderError) -> None:
        """The text comes back; as a draft only, where another note is being written by now."""
        self.unsaved += 1
        self._keep_draft(sheet.id, written)
        if self.note is None:
            self.write_on(sheet, written)
            self.complain(f"The note is not saved, and still here: {error}")
        else:
            self.complain(f"The note on {short_title(sheet.title)} is kept as a draft, not saved: {error}")

    def _keep_draft(self, id: str, text: str) -> None:
        state = self.library.state
        if text or state.draft(id):
            self.beside(run_in_thread(partial(state.save_draft, id, text)), group="drafts")

    def _edit_elsewhere(self, id: str, text: str) -> str | None:
        """What the user's own editor makes of `text`; None when it did not run or failed, which is said."""
        from paperreader.tui.model.note_drafts import (
            clear_external_edit,
            normalize_note,
            record_external_edit,
        )
        from paperreader.tui.terminal.external_editor import edit_text

        folder = record_external_edit(self.library, id)

        written, failure = "", None
        try:
            # NOTE: whatever is raised inside would leave the terminal to the editor for good.
            with self.app.suspend():
                try:
                    written = edit_text(normalize_note(text), folder)
                except PaperreaderError as error:
                    failure = error
        except SuspendNotSupported:
            failure = PaperreaderError(
                "This terminal cannot make room for an editor; n writes the note here."
            )
        clear_external_edit(self.library)
        self.refresh(layout=True)
        if failure is not None:
            self.complain(failure)
            return None
        return normalize_note(written)


def load_markdown() -> None:
    """Load and make the parser of notes. For a worker."""
    from paperreader.text.markdown import note_parser

    note_parser()
