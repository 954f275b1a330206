"""Notes in the user's own editor. What it saved becomes the note or a draft, however it ended."""

from __future__ import annotations

import asyncio
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from textual.timer import Timer

from paperreader.errors import PaperreaderError
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.context.screen_ui import TerminalUnavailable
from paperreader.tui.controllers.papers.notes import NotesController
from paperreader.tui.runtime.threads import run_in_thread

if TYPE_CHECKING:
    from paperreader.tui.model.note_drafts import NoteDraft
    from paperreader.tui.terminal.edit_folder import EditFolder
    from paperreader.tui.terminal.external_editor import EditorResult

WATCH_SECONDS = 1.0
"""How often the files of editors that returned at once are looked at."""


class _Edited(NamedTuple):
    """The outcome of an editor."""

    folder: EditFolder
    result: EditorResult
    text: str | None
    """The text, if it was changed."""


class ExternalEditingController:
    """Starts the editor, and watches the files of editors that returned at once and may still be open."""

    def __init__(self, ctx: ReaderContext, notes: NotesController) -> None:
        self._ctx, self._notes = ctx, notes
        self._watched: dict[str, tuple[NoteDraft, EditFolder]] = {}
        """By the id of the paper."""
        self._timer: Timer | None = None
        self._saving = asyncio.Lock()

    def edit(self) -> None:
        """Edit the note of the current paper, or its draft, and save it."""
        note = self._notes.current_note()
        if note is None:
            return
        draft = self._ctx.library.state.draft(note.id)
        is_draft = bool(draft) and note.differs_from(draft)
        edited = self._run(note.id, draft if is_draft else note.saved_text)
        if edited is None:
            return
        if edited.result.failure:
            self._report_failure(note, edited)
        elif edited.text is None:
            self._ctx.ui.inform("Draft unchanged, not saved" if is_draft else "Note unchanged")
            self._finish_unchanged(note, edited)
        elif note.differs_from(edited.text):
            self._notes.save_text(note, edited.text, on_saved=edited.folder.delete)
        else:
            self._notes.discard_draft(note.id)
            edited.folder.delete()
            self._ctx.ui.inform("Note unchanged")

    def continue_note(self) -> None:
        """Continue the open note in the editor, and put the result into the note editor."""
        editor = self._notes.editor
        edited = self._run(editor.draft.id, editor.value) if editor is not None else None
        if editor is None or edited is None:
            return
        if edited.text is not None:
            editor.replace_text(edited.text)
            self._notes.save_draft()
        if edited.result.failure:
            self._ctx.ui.fail(_failure_message(edited, "The note editor has what it saved."))
        if edited.text is not None:
            edited.folder.delete()
        else:
            self._finish_unchanged(editor.draft, edited)

    async def save_watched(self) -> None:
        """Save what editors that are still open have saved. Their files stay, for the next start of the reader."""
        await self._save_changes()
        for _, folder in self._watched.values():
            folder.release()

    # After the editor

    def _report_failure(self, note: NoteDraft, edited: _Edited) -> None:
        if edited.text is None or not edited.text.strip():
            self._ctx.ui.fail(_failure_message(edited, ""))
            self._finish_unchanged(note, edited)
            return
        self._ctx.tasks.start(self._store_draft(note.id, edited.text, edited), group="drafts")

    def _finish_unchanged(self, note: NoteDraft, edited: _Edited) -> None:
        """Watch the file if the editor may still be open, else delete it."""
        if not edited.result.may_be_open:
            edited.folder.delete()
            return
        self._watched[note.id] = (note, edited.folder)
        edited.folder.record_early_return()
        if self._timer is None:
            self._timer = self._ctx.tasks.every(WATCH_SECONDS, self._check_watched)
        if not edited.result.failure:
            name = Path(edited.result.program).name
            self._ctx.ui.warn(
                f"{name} returned at once. If it is still open, what it saves becomes the note until you quit. "
                f'To wait for it, add its option to EDITOR, such as "{name} --wait".'
            )

    async def _store_draft(self, id: str, text: str, edited: _Edited) -> None:
        """Store what a failed editor saved as a draft, and report that when it is on the disk."""
        from paperreader.tui.model.note_drafts import add_to_draft

        if await run_in_thread(partial(add_to_draft, self._ctx.library, id, text)):
            edited.folder.delete()
            outcome = "What it saved is a draft; press n to continue it."
        else:  # the next start finds it there
            outcome = f"What it saved is in {edited.folder.file}."
        self._ctx.ui.fail(_failure_message(edited, outcome))

    # Editors that returned at once

    def _check_watched(self) -> None:
        if not self._saving.locked():
            self._ctx.tasks.start(self._save_changes(), group="watching")

    async def _save_changes(self) -> None:
        async with self._saving:
            for note, folder in list(self._watched.values()):
                try:
                    text = await run_in_thread(folder.read_change)
                except PaperreaderError as error:
                    self._watched.pop(note.id, None)
                    self._ctx.ui.fail(error)
                    continue
                if text is not None and text.strip():
                    await run_in_thread(folder.accept_change)
                    self._save_change(note, text)

    def _save_change(self, note: NoteDraft, text: str) -> None:
        from paperreader.tui.model.note_drafts import normalize_note

        editor = self._notes.editor
        if editor is not None and editor.draft.id == note.id:
            editor.replace_text(text)  # what was typed here in the meantime can be restored by undo
            return
        if note.id in self._watched:  # not if it is being edited again
            folder = self._watched[note.id][1]
            self._watched[note.id] = (note._replace(saved_text=normalize_note(text)), folder)
        if note.differs_from(text):
            self._notes.save_text(note, text)

    # The editor

    def _run(self, id: str, text: str) -> _Edited | None:
        """Run the editor; None if it could not be started, or its file not be read, which is reported."""
        from paperreader.tui.model.note_drafts import normalize_note
        from paperreader.tui.terminal.external_editor import editor_command

        result, failure = None, None
        try:
            command = editor_command()
            folder = self._open_folder(id, normalize_note(text))
        except PaperreaderError as error:
            self._ctx.ui.fail(error)
            return None
        try:
            result = self._ctx.ui.run_in_terminal(partial(folder.edit, command))
        except TerminalUnavailable:
            failure = PaperreaderError(
                "This terminal cannot be suspended for an editor. Press n to write the note here."
            )
        except PaperreaderError as error:
            failure = error
        return self._read(folder, result, failure)

    def _open_folder(self, id: str, text: str) -> EditFolder:
        """Return a folder with the text for the editor: the one that is watched, as it may still be open, or a new one.

        Raises:
            PaperreaderError: it cannot be written.
        """
        from paperreader.tui.terminal.edit_folder import EditFolder

        if id in self._watched:
            folder = self._watched.pop(id)[1]
            folder.write(id, text)
            return folder
        return EditFolder.create(self._ctx.library.state.folder or Path(tempfile.gettempdir()), id, text)

    def _read(
        self, folder: EditFolder, result: EditorResult | None, failure: PaperreaderError | None
    ) -> _Edited | None:
        """Return the outcome; None if the editor did not run, or the text cannot be read, which is reported."""
        if result is None:
            folder.delete()
        else:
            try:
                return _Edited(folder, result, folder.read_change())
            except PaperreaderError as error:
                folder.release()
                failure = error
        if failure is not None:
            self._ctx.ui.fail(failure)
        return None


def _failure_message(edited: _Edited, outcome: str) -> str:
    program, failure = edited.result.program, edited.result.failure
    return f"{program} {failure}. {outcome or 'The note was not changed.'}"
