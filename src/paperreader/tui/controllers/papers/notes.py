"""Notes: written in the reader."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from textual.timer import Timer

from paperreader.errors import PaperreaderError
from paperreader.models import MarkChange
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.controllers.papers.marks import MarksController, short_title
from paperreader.tui.runtime.threads import run_in_thread
from paperreader.tui.widgets.text_line import TextSpan

if TYPE_CHECKING:
    # A text area is the heaviest widget there is: it is imported and mounted when a note is written.
    from paperreader.tui.context.note_place import NotePlace
    from paperreader.tui.model.note_drafts import NoteDraft
    from paperreader.tui.widgets.note_editor import NoteEditor

MARKDOWN_PRELOAD_SECONDS = 1.0
"""After so long the Markdown parser is loaded if there are notes, mostly while the user looks at the list."""

DRAFT_SAVE_SECONDS = 1.0
"""A draft is never older than this, also while the user types without a pause."""

MAX_EDITED_CHARS = 200_000
"""Of a note that is edited in the reader: with more, opening it and each letter would be noticeable."""


class NotesController:
    """No text is ever lost: it stays in the editor until it is saved, and is saved as a draft while it is typed."""

    def __init__(self, ctx: ReaderContext, marks: MarksController) -> None:
        self._ctx, self._marks = ctx, marks
        self.editor: NoteEditor | None = None
        """The open editor."""
        self._place: NotePlace = ctx.ui
        self._on_saved: Callable[[], None] = lambda: None
        self._draft_timer: Timer | None = None

    # Commands

    def edit(
        self,
        row: int | None = None,
        *,
        place: NotePlace | None = None,
        on_saved: Callable[[], None] = lambda: None,
    ) -> None:
        """Edit the note of a paper, or go on with its draft. Nothing happens while another one is being written.

        Args:
            row: of the paper; None for the current one.
            place: shows the editor; None for the detail of the reader.
            on_saved: called when the note is on the disk.
        """
        note = self._note_of(row) if row is not None else self.current_note()
        if note is None or self.editor is not None:
            return
        draft = self._ctx.library.state.draft(note.id)
        if len(draft or note.saved_text) > MAX_EDITED_CHARS:
            key = TextSpan("e", "key")
            self._ctx.ui.inform("The note is too long to edit it here. Press ", key, " for your editor")
            return
        self._open_editor(note, draft or note.saved_text, place, on_saved)
        if draft and note.differs_from(draft):
            self._ctx.ui.inform("Restored an unsaved draft")

    # The open editor

    def save(self) -> None:
        """Save the note and close the editor."""
        editor = self.editor
        if editor is None:
            return
        note, text, has_changes = editor.draft, editor.value, editor.has_changes
        on_saved = self._on_saved
        self._close_editor()
        if has_changes:
            self.save_text(note, text, on_saved=on_saved)
        else:
            self.discard_draft(note.id)

    def close(self) -> None:
        """Close the editor, after a question if there are changes."""
        from paperreader.tui.dialogs.unsaved import unsaved_dialog

        if self.editor is None or not self.editor.has_changes:
            self._discard()
            return
        dialog = unsaved_dialog("The note is not saved", self._ctx.glyphs)
        actions = {"save": self.save, "discard": self._discard}
        self._ctx.ui.push_dialog(dialog, lambda chosen: actions.get(chosen or "", lambda: None)())

    def text_changed(self) -> None:
        """Save a draft soon."""
        if self._draft_timer is None:
            self._draft_timer = self._ctx.tasks.after(DRAFT_SAVE_SECONDS, self.save_draft)

    def save_draft(self) -> None:
        """Save the text as a draft, so that not even a crash loses it."""
        self._draft_timer = None
        if self.editor is not None and self.editor.has_changes:
            self._save_draft(self.editor.draft.id, self.editor.value)

    async def save_draft_now(self) -> None:
        """Save the text as a draft, and return when that is done."""
        editor = self.editor
        if editor is not None and editor.has_changes:
            id, text = editor.draft.id, editor.value
            await run_in_thread(lambda: self._ctx.library.state.save_draft(id, text))

    def discard_draft(self, id: str) -> None:
        """Forget the draft of a paper."""
        self._save_draft(id, "")

    def current_note(self) -> NoteDraft | None:
        """Return the note of the current paper; None if there is no paper."""
        row = self._ctx.current_row
        return self._note_of(row) if row is not None else None

    def _note_of(self, row: int) -> NoteDraft | None:
        from paperreader.tui.model.note_drafts import NoteDraft

        paper = self._ctx.paper_at(row)
        if paper is None:
            return None
        return NoteDraft(paper.id, paper.title, self._ctx.library.mark(row).note_text)

    # Preparation

    def preload_markdown(self) -> None:
        """Load the Markdown parser soon, if there are notes: otherwise the first note shown would wait for it."""
        start = partial(self._ctx.tasks.start_in_thread, self._load_markdown_if_used, group="notes")
        self._ctx.tasks.after(MARKDOWN_PRELOAD_SECONDS, start)

    def _load_markdown_if_used(self) -> None:
        if any(mark.note_text for mark in self._ctx.library.marks.values()):
            load_markdown()

    # Opening and closing

    def _open_editor(
        self,
        note: NoteDraft,
        text: str,
        place: NotePlace | None = None,
        on_saved: Callable[[], None] = lambda: None,
    ) -> None:
        """Open the editor before the keys that are pressed next are handled: they are typed into it."""
        self._ctx.tasks.after_messages(self._mount_editor, note, text, place or self._ctx.ui, on_saved)

    async def _mount_editor(
        self, note: NoteDraft, text: str, place: NotePlace, on_saved: Callable[[], None]
    ) -> None:
        from paperreader.tui.widgets.note_editor import NoteEditor

        if self.editor is not None:
            return
        self.editor = NoteEditor(note, text, self._ctx.glyphs)
        self._place, self._on_saved = place, on_saved
        await place.open_note_editor(self.editor)
        self._ctx.tasks.start_in_thread(load_markdown, group="notes")

    def _discard(self) -> None:
        """Close the editor and forget the changes."""
        if self.editor is not None:
            self.discard_draft(self.editor.draft.id)
            self._close_editor()

    def _close_editor(self) -> None:
        editor, self.editor = self.editor, None
        if self._draft_timer is not None:
            self._draft_timer.stop()
            self._draft_timer = None
        if editor is not None:
            self._place.close_note_editor(editor)

    # Saving

    def save_text(self, note: NoteDraft, text: str, *, on_saved: Callable[[], None] = lambda: None) -> None:
        """Save a text as the note. If that fails, it becomes a draft. `on_saved` is called when it is on the disk."""
        from paperreader.tui.model.note_drafts import normalize_note

        change = MarkChange(note.id, note.title, note=normalize_note(text), note_base=note.saved_text)
        self._marks.history.apply(
            "note",
            note.title,
            [change],
            on_saved=partial(self._report_saved, note, on_saved),
            on_failed=partial(self._restore_unsaved, note, text),
        )

    def _report_saved(self, note: NoteDraft, on_saved: Callable[[], None]) -> None:
        self.discard_draft(note.id)
        on_saved()
        self._ctx.ui.inform("Note saved on ", TextSpan(short_title(note.title), "text"))

    def _restore_unsaved(self, note: NoteDraft, text: str, error: PaperreaderError) -> None:
        """Open the editor with the text again; save it as a draft only if another note is being written."""
        self._marks.count_failed_save()
        if self.editor is None:
            self._save_draft(note.id, text)
            self._open_editor(note, text)
            self._ctx.ui.fail(f"Note not saved, and still in the editor: {error}")
        else:
            self._ctx.tasks.start(self._keep_as_draft(note, text, error), group="drafts")

    async def _keep_as_draft(self, note: NoteDraft, text: str, error: PaperreaderError) -> None:
        state = self._ctx.library.state
        await run_in_thread(partial(state.save_draft, note.id, text))
        outcome = "kept in memory until you quit" if state.write_failed else "saved as a draft only"
        self._ctx.ui.fail(f"Note on {short_title(note.title)} {outcome}: {error}")

    def _save_draft(self, id: str, text: str) -> None:
        state = self._ctx.library.state
        if text or state.draft(id):
            self._ctx.tasks.start_in_thread(partial(state.save_draft, id, text), group="drafts")


def load_markdown() -> None:
    """Import and create the Markdown parser, which is cached. For a worker thread."""
    from paperreader.text.markdown import note_parser

    note_parser()
