"""Drafts of notes that an earlier session could not save."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from paperreader.tui.context.context import ReaderContext
from paperreader.tui.controllers.papers.marks import short_title
from paperreader.tui.controllers.papers.notes import NotesController
from paperreader.tui.controllers.results import ResultsController
from paperreader.tui.controllers.search import SearchController
from paperreader.tui.runtime.threads import run_in_thread

_DISCARD = "discard drafts"
"""Chosen instead of the id of a paper, which contains no space."""


class DraftsController:
    """Offers drafts at the start: to continue, to keep for later, or to discard."""

    def __init__(
        self,
        ctx: ReaderContext,
        results: ResultsController,
        search: SearchController,
        notes: NotesController,
    ) -> None:
        self._ctx, self._results, self._search, self._notes = ctx, results, search, notes
        self._key_was_pressed = False
        ctx.signals.key_pressed.connect(self._on_key)

    def offer(self) -> None:
        """Ask what to do with the drafts, if there are any."""
        state = self._ctx.library.state
        if state.drafts or _has_edits(state.folder):  # rarely; to look closer, the editor has to be imported
            self._ctx.tasks.start(self._offer(), group="drafts")

    def _on_key(self, _: None) -> None:
        self._key_was_pressed = True

    async def _offer(self) -> None:
        from paperreader.tui.dialogs.choice import Choice, ChoiceDialog
        from paperreader.tui.model.note_drafts import unsaved_drafts

        drafts = await run_in_thread(lambda: unsaved_drafts(self._ctx.library))
        if (editor := self._notes.editor) is not None:  # opened by a key that was pressed at once
            drafts = [(id, title) for id, title in drafts if id != editor.draft.id]
        if not drafts:
            return
        title = "A note was not saved" if len(drafts) == 1 else f"{len(drafts)} notes were not saved"
        if self._key_was_pressed:  # the next key is meant for the list
            self._ctx.ui.warn(f"{title}: {short_title(drafts[0][1])}. Press n on the paper to restore it.")
            return
        keys = ("w", *("" for _ in drafts[1:]))
        choices = [
            Choice("continue writing", short_title(title), id, key=key)
            for key, (id, title) in zip(keys, drafts, strict=True)
        ]
        choices.append(Choice("later", "n on the paper restores it", "", key="l"))
        choices.append(Choice("discard", "asks for confirmation", _DISCARD, key="d"))
        ids = [id for id, _ in drafts]
        self._ctx.ui.push_dialog(ChoiceDialog(title, choices, self._ctx.glyphs), partial(self._chosen, ids))

    def _chosen(self, ids: Sequence[str], chosen: str | None) -> None:
        from paperreader.tui.dialogs.choice import Choice, ChoiceDialog

        if chosen != _DISCARD:
            self._continue(chosen)
            return
        choices = [
            Choice("later", "keeps it", False, key="l"),
            Choice("discard", "cannot be undone", True, key="d"),
        ]
        title = "Discard the draft?" if len(ids) == 1 else f"Discard {len(ids)} drafts?"
        self._ctx.ui.push_dialog(
            ChoiceDialog(title, choices, self._ctx.glyphs),
            lambda confirmed: self._discard(ids) if confirmed else None,
        )

    def _discard(self, ids: Sequence[str]) -> None:
        for id in ids:
            self._notes.discard_draft(id)
        self._ctx.ui.inform("Draft discarded" if len(ids) == 1 else f"{len(ids)} drafts discarded")

    def _continue(self, id: str | None) -> None:
        row = self._ctx.library.table.row_of(id) if id else None
        if row is None:
            return
        if not self._ctx.widgets.paper_list.go_to_row(row):
            self._search.show_in_all_papers(row)
        self._results.when_ready(self._notes.edit)


def _has_edits(folder: Path | None) -> bool:
    """Return whether there is the folder of an external editor."""
    try:
        return folder is not None and any(path.name.startswith("editing-") for path in folder.iterdir())
    except OSError:
        return False  # there is no state yet; a disk that fails is reported when the state is read
