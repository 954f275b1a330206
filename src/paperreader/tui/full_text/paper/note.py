"""The note of the paper whose text is open."""

from __future__ import annotations

from functools import partial

from paperreader.errors import PaperreaderError
from paperreader.models import MarkChange
from paperreader.tui.full_text.context import FullTextContext
from paperreader.tui.full_text.documents import DocumentController
from paperreader.tui.full_text.editing import EditingController, Writing
from paperreader.tui.full_text.references.known_papers import KnownPaper, mark_of
from paperreader.tui.widgets.text_line import TextSpan


class PaperNoteController:
    """Writes the same note, with the same draft, as the main screen."""

    def __init__(
        self, ctx: FullTextContext, documents: DocumentController, editing: EditingController
    ) -> None:
        self._ctx, self._documents, self._editing = ctx, documents, editing

    def edit(self) -> None:
        """Edit the note of the paper, or go on with its draft."""
        from paperreader.tui.model.note_drafts import NoteDraft

        text = self._documents.text
        mark = mark_of(self._ctx.library, KnownPaper(text.paper, text.title))
        if mark is None:
            self._ctx.ui.inform("Only papers of the library can have a note")
            return
        note = NoteDraft(text.paper, text.title, mark.note_text)
        self._editing.open(Writing(note, "Note", partial(self._save, note.id, note.title, note.saved_text)))

    def _save(self, id: str, title: str, before: str, text: str) -> None:
        from paperreader.tui.model.note_drafts import normalize_note

        change = MarkChange(id, title, note=normalize_note(text), note_base=before)
        self._ctx.reader.history.apply(
            "note",
            title,
            [change],
            on_saved=partial(self._report_saved, id),
            on_failed=partial(self._keep_draft, id, text),
        )

    def _report_saved(self, id: str) -> None:
        self._editing.set_draft(id, "")
        self._ctx.ui.inform("Note saved")

    def _keep_draft(self, id: str, text: str, error: PaperreaderError) -> None:
        self._editing.set_draft(id, text)
        self._ctx.ui.fail(error)
        self._ctx.ui.inform("The note is kept as a draft. ", TextSpan("n", "key"), " restores it")
