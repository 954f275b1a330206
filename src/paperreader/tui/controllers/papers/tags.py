"""Tags of the current paper, or of all that are selected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from paperreader.models import MarkChange
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.controllers.papers.marks import MarksController, paper_count, short_title

if TYPE_CHECKING:
    from paperreader.tui.dialogs.tag_picker import TagPicker, TagState


class TagsController:
    """Each tag that is toggled in the picker is changed at once, on the papers for which the picker was opened."""

    def __init__(self, ctx: ReaderContext, marks: MarksController) -> None:
        self._ctx, self._marks = ctx, marks
        self._picker: TagPicker | None = None
        # A tag that could not be saved is shown as it is again, and so is what another process changed.
        ctx.signals.marks_changed.connect(lambda _: self._reload_picker())

    def open_picker(self) -> None:
        """Show the tags of the library, with those of the papers toggled on."""
        from paperreader.tui.dialogs.tag_picker import TagPicker

        rows = self._marks.target_rows
        paper = self._ctx.paper_at(rows[0]) if rows else None
        if paper is None:
            return
        subject = short_title(paper.title) if len(rows) == 1 else paper_count(len(rows))
        generation = self._ctx.library.table.generation

        def set_tag(name: str, on: bool) -> None:
            if self._ctx.library.table.generation == generation:
                message = f"Tagged {name}: " if on else f"Tag {name} removed: "
                undo_name = f"tag {name}{'' if on else ' removed'}"
                self._marks.apply(rows, MarkChange("", tags={name: on}), undo_name, message)

        self._picker = TagPicker(subject, lambda: self._state(rows), set_tag, self._ctx.glyphs)
        self._ctx.ui.push_dialog(self._picker, self._closed)

    def _closed(self, _: None) -> None:
        self._picker = None

    def _reload_picker(self) -> None:
        if self._picker is not None:
            self._picker.reload()

    def _state(self, rows: Sequence[int]) -> TagState:
        from paperreader.tui.dialogs.tag_picker import TagState

        marks, is_live = self._ctx.library.marks, self._ctx.library.table.is_live
        library_counts = Counter[str]()
        for row, mark in marks.items():
            if mark.tags and is_live(row):
                library_counts.update(mark.tag_names)
        paper_counts = Counter[str]()
        for row in rows:
            if row in marks:
                paper_counts.update(marks[row].tag_names)
        return TagState(library_counts, paper_counts, len(rows))
