"""Tags: set on the paper at hand, or on all that are selected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from paperreader.models import Change
from paperreader.tui.desk import Desk, on_the_answer
from paperreader.tui.marking import Marking, papers, short_title

if TYPE_CHECKING:
    from paperreader.tui.tag_picker import Tagged


class Tagging(Marking, Desk):
    """The picker stands in front; what is ticked there is done at once, on the papers that were meant when it came."""

    @on_the_answer
    def action_tag(self) -> None:
        """Pick tags."""
        from paperreader.tui.tag_picker import TagPicker

        rows = self.chosen
        if not rows:
            return
        paper = self.paper_at(rows[0])
        if paper is None:
            return
        about = short_title(paper.title) if len(rows) == 1 else papers(len(rows))
        table = self.library.table

        def put(name: str, on: bool) -> None:
            if self.library.table.generation == table.generation:
                done = f"Tagged {name}: " if on else f"No longer {name}: "
                what = f"tag {name}{'' if on else ' taken away'}"
                self.mark_all(rows, Change("", tags={name: on}), what, done)

        self.app.push_screen(TagPicker(about, lambda: self._tagged(rows), put, self.glyphs))

    def _tagged(self, rows: Sequence[int]) -> Tagged:
        from paperreader.tui.tag_picker import Tagged

        marks, is_live = self.library.marks, self.library.table.is_live
        every = Counter[str]()
        for row, mark in marks.items():
            if mark.tags and is_live(row):
                every.update(mark.tag_names)
        own = Counter[str]()
        for row in rows:
            if row in marks:
                own.update(marks[row].tag_names)
        return Tagged(every, own, len(rows))
