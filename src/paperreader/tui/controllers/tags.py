"""Tags: set on the paper at hand, or on all that are selected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from paperreader.models import MarkChange
from paperreader.tui.controllers.context import Desk
from paperreader.tui.controllers.marks import Marking, paper_count, short_title

if TYPE_CHECKING:
    from paperreader.library import Update
    from paperreader.tui.dialogs.tag_picker import TagPicker, TagState


class Tagging(Marking, Desk):
    """The picker stands in front; what is ticked there is done at once, on the papers that were meant when it came."""

    _picker: TagPicker | None = None
    """The picker that stands in front."""

    def action_tag(self) -> None:
        """Pick tags."""
        from paperreader.tui.dialogs.tag_picker import TagPicker

        rows = self.chosen
        if not rows:
            return
        paper = self.paper_at(rows[0])
        if paper is None:
            return
        about = short_title(paper.title) if len(rows) == 1 else paper_count(len(rows))
        table = self.library.table

        def put(name: str, on: bool) -> None:
            if self.library.table.generation == table.generation:
                done = f"Tagged {name}: " if on else f"No longer {name}: "
                what = f"tag {name}{'' if on else ' taken away'}"
                self.mark_all(rows, MarkChange("", tags={name: on}), what, done)

        self._picker = TagPicker(about, lambda: self._tagged(rows), put, self.glyphs)
        self.app.push_screen(self._picker, self._picked_tags)

    def _picked_tags(self, _: None) -> None:
        self._picker = None

    def marks_changed(self, changed: Sequence[MarkChange]) -> None:
        """Show it in the picker as well: a tick that could not be saved is taken back."""
        super().marks_changed(changed)
        self._look_again()

    def adopt_saved(self, update: Update) -> None:
        """Show in the picker as well what another program had written."""
        super().adopt_saved(update)
        self._look_again()

    def _look_again(self) -> None:
        if self._picker is not None:
            self._picker.reload()

    def _tagged(self, rows: Sequence[int]) -> TagState:
        from paperreader.tui.dialogs.tag_picker import TagState

        marks, is_live = self.library.marks, self.library.table.is_live
        every = Counter[str]()
        for row, mark in marks.items():
            if mark.tags and is_live(row):
                every.update(mark.tag_names)
        own = Counter[str]()
        for row in rows:
            if row in marks:
                own.update(marks[row].tag_names)
        return TagState(every, own, len(rows))
