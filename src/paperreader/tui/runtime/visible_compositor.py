"""Render only what is seen of what has changed."""

from __future__ import annotations

from itertools import groupby, pairwise
from operator import itemgetter

from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

_Pieces = dict[int, Strip | None]
"""What is known of the changed parts of a line, by their first column."""


class VisibleCompositor(Compositor):
    """Renders the widgets that are seen in the regions that have changed.

    NOTE: Textual renders every widget in the rectangle around all changes, also those behind others, and divides each
    of their lines: a fifth of a frame.
    """

    def render_partial_update(self) -> ChopsUpdate | None:
        """Render what has changed; None if nothing has."""
        changed = self._dirty_regions.copy()
        self._dirty_regions.clear()
        if not changed:
            return None
        spans = list(self._regions_to_spans(changed))
        pieces: list[_Pieces] = [{} for _ in self.cuts]
        ends: list[list[int]] = [[] for _ in self.cuts]
        line_before: tuple[list[int], list[tuple[int, int]]] | None = None
        parts: list[tuple[int, int]] = []
        for y, group in groupby(spans, key=itemgetter(0)):
            line = self.cuts[y], [(x1, x2) for _, x1, x2 in group]
            if line != line_before:  # most lines are divided like the line above
                line_before, (cuts, changes) = line, line
                parts = [part for part in pairwise(cuts) if _overlaps(part, changes)]
            pieces[y], ends[y] = dict.fromkeys([x for x, _ in parts]), [end for _, end in parts]
        for widget, (region, clip) in self.visible_widgets.items():  # those in front of others come first
            area = region.intersection(clip)
            if any(area.overlaps(each) for each in changed):
                self._add_widget(pieces, widget, area, area.translate(-region.offset))
        return ChopsUpdate(pieces, spans, ends)

    def _add_widget(self, pieces: list[_Pieces], widget: Widget, area: Region, own_area: Region) -> None:
        """Add what is seen of a widget in the parts that have changed.

        Args:
            pieces: for each line of the screen the parts that have changed.
            widget: the widget.
            area: where it is on the screen.
            own_area: the same, relative to the widget.
        """
        first, end = area.column_span
        all_cuts, cuts_before = self.cuts, None
        starts: list[int] = []
        ends: list[int] = []
        missing: list[tuple[int, list[int], list[int]]] = []
        for y in area.line_range:
            found = pieces[y]
            if not found:
                continue
            if (cuts := all_cuts[y]) != cuts_before:
                cuts_before, own = cuts, [cut for cut in cuts if first <= cut <= end]
                starts, ends = own[:-1], [cut - first for cut in own[1:]]
            for x in starts:
                if x in found and found[x] is None:
                    missing.append((y, starts, ends))
                    break
        if not missing:
            return  # it is behind others
        top, bottom = missing[0][0], missing[-1][0] + 1
        strips = widget.render_lines(
            Region(own_area.x, own_area.y + top - area.y, own_area.width, bottom - top)
        )
        for y, starts, ends in missing:
            if y - top >= len(strips):
                break
            found = pieces[y]
            for x, piece in zip(starts, strips[y - top].divide(ends), strict=False):
                if x in found and found[x] is None:
                    found[x] = piece


def _overlaps(part: tuple[int, int], changes: list[tuple[int, int]]) -> bool:
    return any(x1 < part[1] and part[0] < x2 for x1, x2 in changes)
