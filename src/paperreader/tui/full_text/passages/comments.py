"""Comments on passages, written in the editor for notes."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace
from textual.timer import Timer

from paperreader.errors import PaperreaderError
from paperreader.fulltext import Passage, to_highlight
from paperreader.models import Highlight
from paperreader.tui.full_text.context import FullTextContext
from paperreader.tui.full_text.documents import DocumentController
from paperreader.tui.full_text.panes import FullTextPanes
from paperreader.tui.full_text.passages.highlights import ChangeOutcome, HighlightsController
from paperreader.tui.widgets.text_line import TextSpan

if TYPE_CHECKING:
    from paperreader.tui.widgets.note_editor import NoteEditor

DRAFT_SAVE_SECONDS = 1.0
"""A draft is never older than this."""


class _Edited(NamedTuple):
    """What the editor is open for."""

    editor: NoteEditor
    id: str
    """Of the highlight."""
    highlight: Highlight
    passage: Passage
    is_new: bool
    then: Callable[[], None]


class CommentController:
    """No text is lost: it is saved as a draft while it is typed, which is there when the passage is commented again."""

    def __init__(
        self,
        ctx: FullTextContext,
        documents: DocumentController,
        highlights: HighlightsController,
        panes: FullTextPanes,
    ) -> None:
        self._ctx, self._documents = ctx, documents
        self._highlights, self._panes = highlights, panes
        self._edited: _Edited | None = None
        self._draft_timer: Timer | None = None

    def open(self, passage: Passage, *, then: Callable[[], None]) -> None:
        """Write a comment on a passage, or change that of the highlight that contains it; then call `then`."""
        found = self._highlights.covering(passage)
        if found is not None and found.passage is not None:
            self._open(found.id, found.highlight, found.passage, is_new=False, then=then)
            return
        version = self._documents.document.version
        highlight = to_highlight(self._highlights.texts, passage, version=version)
        if highlight is None:
            self._ctx.ui.inform("There is no text to comment on")
        else:
            self._open(highlight.id, highlight, passage, is_new=True, then=then)

    def save(self) -> None:
        """Save the comment and close the editor."""
        from paperreader.tui.model.note_drafts import normalize_note

        edited = self._edited
        if edited is None:
            return
        draft, text, has_changes = edited.editor.draft, edited.editor.value, edited.editor.has_changes
        self._close()
        if not has_changes:
            self._save_draft(draft.id, "")
            return
        comment = normalize_note(text)
        outcome = ChangeOutcome(
            saved=partial(self._save_draft, draft.id, ""),
            failed=partial(self._keep_draft, draft.id, text),
        )
        stored = self._highlights.comment_of(edited.id)
        if stored not in ("", edited.highlight.comment, comment):
            self._ctx.ui.warn("The comment was also changed elsewhere. Both texts were kept.")
            comment = comment if edited.is_new else f"{stored}\n\n{comment}".strip()
        if edited.is_new:  # added to the comment of a highlight that is there by now
            self._highlights.add(edited.passage, comment, "Comment saved", outcome)
        else:
            self._highlights.set_comment(edited.id, replace(edited.highlight, comment=comment), outcome)

    def close(self) -> None:
        """Close the editor, after a question if there are changes."""
        from paperreader.tui.dialogs.unsaved import unsaved_dialog

        if self._edited is None or not self._edited.editor.has_changes:
            self._discard()
            return
        dialog = unsaved_dialog("The comment is not saved", self._ctx.glyphs)
        actions = {"save": self.save, "discard": self._discard}
        self._ctx.ui.push_dialog(dialog, lambda chosen: actions.get(chosen or "", lambda: None)())

    def text_changed(self) -> None:
        """Save a draft soon."""
        if self._draft_timer is None and self._edited is not None:
            self._draft_timer = self._ctx.tasks.after(DRAFT_SAVE_SECONDS, self.save_draft)

    def continue_in_editor(self) -> None:
        """Continue the comment in the editor of the user."""
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

    # Opening and closing

    def _open(
        self, id: str, highlight: Highlight, passage: Passage, *, is_new: bool, then: Callable[[], None]
    ) -> None:
        from paperreader.tui.model.note_drafts import COMMENT_SEPARATOR, NoteDraft
        from paperreader.tui.widgets.note_editor import NoteEditor

        if self._edited is not None:
            return
        draft = NoteDraft(
            f"{self._documents.text.paper}{COMMENT_SEPARATOR}{id}", highlight.quote, highlight.comment
        )
        stored = self._ctx.library.state.draft(draft.id)
        restored = bool(stored) and draft.differs_from(stored)
        editor = NoteEditor(
            draft, stored if restored else highlight.comment, self._ctx.glyphs, label="Comment"
        )
        self._edited = _Edited(editor, id, highlight, passage, is_new, then)
        # Before the keys that are pressed next are handled: they are typed into it.
        self._ctx.tasks.after_messages(self._mount, self._edited)
        if restored:
            self._ctx.ui.inform("Restored an unsaved draft")

    async def _mount(self, edited: _Edited) -> None:
        if edited is self._edited:
            await self._panes.open_note_editor(edited.editor)
            self._ctx.tasks.after_refresh(partial(self._show_passage, edited.passage))

    def _show_passage(self, passage: Passage) -> None:
        """Scroll to a passage, of which the editor may cover a part."""
        view = self._ctx.widgets.view
        view.scroll_into_view(passage.end._replace(offset=passage.end.offset - 1))
        view.scroll_into_view(passage.start)

    def _discard(self) -> None:
        if self._edited is not None:
            self._save_draft(self._edited.editor.draft.id, "")
            self._close()

    def _close(self) -> None:
        edited, self._edited = self._edited, None
        if self._draft_timer is not None:
            self._draft_timer.stop()
            self._draft_timer = None
        if edited is not None:
            self._panes.close_note_editor(edited.editor)
            edited.then()

    # Drafts

    def save_draft(self) -> None:
        """Save the text as a draft, so that not even a crash loses it."""
        self._draft_timer = None
        if self._edited is not None and self._edited.editor.has_changes:
            self._save_draft(self._edited.editor.draft.id, self._edited.editor.value)

    def _keep_draft(self, id: str, text: str) -> None:
        self._save_draft(id, text)
        self._ctx.ui.inform(
            "The comment is kept as a draft. ", TextSpan("n", "key"), " on the passage restores it"
        )

    def _save_draft(self, id: str, text: str) -> None:
        state = self._ctx.library.state
        if text or state.draft(id):
            self._ctx.tasks.start_in_thread(partial(state.save_draft, id, text), group="drafts")
