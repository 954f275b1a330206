"""The editor below a full text, in which comments and the note of the paper are written."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from textual.timer import Timer

from paperreader.errors import PaperreaderError
from paperreader.tui.full_text.context import FullTextContext
from paperreader.tui.full_text.panes import FullTextPanes

if TYPE_CHECKING:
    from paperreader.tui.model.note_drafts import NoteDraft
    from paperreader.tui.widgets.note_editor import NoteEditor

DRAFT_SAVE_SECONDS = 1.0
"""A draft is never older than this."""


class Writing(NamedTuple):
    """What is written."""

    draft: NoteDraft
    """The text as it is saved now, and the id of its draft."""
    label: str
    """`Comment` or `Note`."""
    save: Callable[[str], None]
    """Saves the text, when the user wants that and it has changed."""
    opened: Callable[[], None] = lambda: None
    closed: Callable[[], None] = lambda: None


class _Edited(NamedTuple):
    writing: Writing
    editor: NoteEditor
    is_restored: bool
    """Whether it began with a draft."""


class EditingController:
    """No text is lost: it is saved as a draft while it is typed, which is there when the same is written again."""

    def __init__(self, ctx: FullTextContext, panes: FullTextPanes) -> None:
        self._ctx, self._panes = ctx, panes
        self._edited: _Edited | None = None
        self._draft_timer: Timer | None = None

    @property
    def label(self) -> str:
        """What is being written; empty while nothing is."""
        return self._edited.writing.label if self._edited is not None else ""

    def open(self, writing: Writing) -> None:
        """Write a text, or go on with its draft. Nothing happens while another one is being written."""
        from paperreader.tui.widgets.note_editor import NoteEditor

        if self._edited is not None:
            return
        draft = writing.draft
        stored = self._ctx.library.state.draft(draft.id)
        is_restored = bool(stored) and draft.differs_from(stored)
        text = stored if is_restored else draft.saved_text
        editor = NoteEditor(draft, text, self._ctx.glyphs, label=writing.label)
        self._edited = _Edited(writing, editor, is_restored)
        # Before the keys that are pressed next are handled: they are typed into it.
        self._ctx.tasks.after_messages(self._mount, self._edited)

    async def _mount(self, edited: _Edited) -> None:
        if edited is self._edited:
            await self._panes.open_note_editor(edited.editor)
            self._ctx.tasks.after_refresh(partial(self._report_opened, edited))

    def _report_opened(self, edited: _Edited) -> None:
        edited.writing.opened()
        if edited.is_restored:
            self._ctx.ui.inform("Restored an unsaved draft")

    # The open editor

    def save(self) -> None:
        """Save the text and close the editor."""
        if self._edited is None:
            return
        writing, editor, _ = self._edited
        text, has_changes = editor.value, editor.has_changes
        self._close()
        if has_changes:
            writing.save(text)
        else:
            self.set_draft(writing.draft.id, "")

    def close(self) -> None:
        """Close the editor, after a question if there are changes."""
        from paperreader.tui.dialogs.unsaved import unsaved_dialog

        if self._edited is None or not self._edited.editor.has_changes:
            self._discard()
            return
        title = f"The {self._edited.writing.label.lower()} is not saved"
        actions = {"save": self.save, "discard": self._discard}
        self._ctx.ui.push_dialog(
            unsaved_dialog(title, self._ctx.glyphs),
            lambda chosen: actions.get(chosen or "", lambda: None)(),
        )

    def text_changed(self) -> None:
        """Save a draft soon."""
        if self._draft_timer is None and self._edited is not None:
            self._draft_timer = self._ctx.tasks.after(DRAFT_SAVE_SECONDS, self.save_draft)

    def continue_in_editor(self) -> None:
        """Continue the text in the editor of the user."""
        from paperreader.tui.terminal.edit_folder import EditFolder
        from paperreader.tui.terminal.external_editor import editor_command

        if self._edited is None:
            return
        editor, state = self._edited.editor, self._ctx.library.state
        try:
            command = editor_command()
            folder = EditFolder.create(
                state.folder or Path(tempfile.gettempdir()), editor.draft.id, editor.value
            )
            result = self._ctx.ui.run_in_terminal(partial(folder.edit, command))
            text = folder.read_change()
        except PaperreaderError as error:
            self._ctx.ui.fail(error)
            return
        if text is not None:
            editor.replace_text(text)
            self.save_draft()
        elif result.may_be_open:
            self._ctx.ui.warn('The editor returned at once. Add its option to EDITOR, such as "code --wait".')
        if result.failure:
            self._ctx.ui.fail(f"{Path(result.program).name} {result.failure}.")
        if text is None and result.may_be_open:
            folder.record_early_return()
            folder.release()  # what is saved there later becomes a draft at the next start
        else:
            folder.delete()

    def _discard(self) -> None:
        if self._edited is not None:
            self.set_draft(self._edited.writing.draft.id, "")
            self._close()

    def _close(self) -> None:
        edited, self._edited = self._edited, None
        if self._draft_timer is not None:
            self._draft_timer.stop()
            self._draft_timer = None
        if edited is not None:
            self._panes.close_note_editor(edited.editor)
            edited.writing.closed()

    # Drafts

    def save_draft(self) -> None:
        """Save the text as a draft, so that not even a crash loses it."""
        self._draft_timer = None
        if self._edited is not None and self._edited.editor.has_changes:
            self.set_draft(self._edited.writing.draft.id, self._edited.editor.value)

    def set_draft(self, id: str, text: str) -> None:
        """Store a draft; an empty one is removed."""
        state = self._ctx.library.state
        if text or state.draft(id):
            self._ctx.tasks.start_in_thread(partial(state.save_draft, id, text), group="drafts")
