"""Tags of the current paper, or of all that are selected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from paperreader.models import MarkChange
from paperreader.text.sanitize import single_line
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.controllers.papers.marks import MarksController, paper_count, short_title
from paperreader.tui.widgets.text_line import TextSpan

if TYPE_CHECKING:
    from paperreader.tui.dialogs.tag_picker import TagPicker, TagState


class TagsController:
    """Each tag that is toggled in the picker is changed at once, on the papers for which the picker was opened."""

    def __init__(self, ctx: ReaderContext, marks: MarksController) -> None:
        self._ctx, self._marks = ctx, marks
        self._picker: TagPicker | None = None
        # A tag that could not be saved is shown as it is again, and so is what another process changed.
        ctx.signals.marks_changed.connect(lambda _: self._reload_picker())

    def open_picker(
        self, papers: Sequence[int] | None = None, on_closed: Callable[[], None] = lambda: None
    ) -> None:
        """Show the tags of the library, with those of the papers toggled on.

        Args:
            papers: their rows; None for the selection or the current paper.
            on_closed: called when the picker is closed.
        """
        from paperreader.tui.dialogs.tag_picker import TagPicker

        rows = self._marks.target_rows if papers is None else papers
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
        self._ctx.ui.push_dialog(self._picker, lambda _: self._closed(on_closed))

    def manage(self) -> None:
        """Choose a tag of the library, to rename or to delete it on all papers."""
        from paperreader.tui.dialogs.choice import Choice, ChoiceDialog

        counts = self._state(()).library_counts
        if not counts:
            self._ctx.ui.inform("No tags yet  ", TextSpan("t", "key"), " adds one")
            return
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        choices = [Choice(single_line(name), paper_count(count), name) for name, count in ordered]
        dialog = ChoiceDialog("Rename or delete a tag", choices, self._ctx.glyphs)
        self._ctx.ui.push_dialog(dialog, lambda name: self._choose_change(name) if name is not None else None)

    def _choose_change(self, name: str) -> None:
        from paperreader.tui.dialogs.choice import Choice, ChoiceDialog
        from paperreader.tui.dialogs.text_prompt import TextPrompt

        def chosen(change: str | None) -> None:
            if change == "rename":
                prompt = TextPrompt("Rename the tag", single_line(name), value=name)
                self._ctx.ui.push_dialog(prompt, lambda new: self._rename(name, new) if new else None)
            elif change == "delete":
                self._change_everywhere(
                    name, MarkChange("", tags={name: False}), "deleted", f"Tag {name} deleted: "
                )

        choices = [
            Choice("rename", "an existing name joins both tags", "rename", key="r"),
            Choice("delete", "from all papers; u undoes it", "delete", key="d"),
        ]
        self._ctx.ui.push_dialog(ChoiceDialog(f"Tag {single_line(name)}", choices, self._ctx.glyphs), chosen)

    def _rename(self, name: str, typed: str) -> None:
        new = typed.strip().removeprefix("#").strip()
        if new and new != name:
            change = MarkChange("", tags={name: False, new: True})
            self._change_everywhere(name, change, "renamed", f"Tag {name} renamed to {new}: ")

    def _change_everywhere(self, name: str, change: MarkChange, verb: str, message: str) -> None:
        is_live = self._ctx.library.table.is_live
        rows = [
            row for row, mark in self._ctx.library.marks.items() if name in mark.tag_names and is_live(row)
        ]
        self._marks.apply(rows, change, f"tag {name} {verb}", message)

    def _closed(self, on_closed: Callable[[], None]) -> None:
        self._picker = None
        on_closed()

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
