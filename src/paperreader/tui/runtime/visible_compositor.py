"""Render only what is seen of what has changed."""

from __future__ import annotations

from collections.abc import Container

from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget


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
        lines = {y for y, _, _ in spans}
        pieces: list[dict[int, Strip | None]] = [dict.fromkeys(cuts[:-1]) for cuts in self.cuts]
        for widget, (region, clip) in self.visible_widgets.items():  # those in front of others come first
            area = region.intersection(clip)
            if any(area.overlaps(each) for each in changed):
                self._add_widget(pieces, widget, area, area.translate(-region.offset), lines)
        ends = [cuts[1:] for cuts in self.cuts]
        return ChopsUpdate(pieces, spans, ends)  # pieces outside of the spans stay None

    def _add_widget(
        self,
        pieces: list[dict[int, Strip | None]],
        widget: Widget,
        area: Region,
        own_area: Region,
        lines: Container[int],
    ) -> None:
        """Add what is seen of a widget in some lines.

        Args:
            pieces: for each line of the screen what is known of it, by its column.
            widget: the widget.
            area: where it is on the screen.
            own_area: the same, relative to the widget.
            lines: the lines to render.
        """
        first, end = area.column_span
        all_cuts, cuts_before = self.cuts, None
        starts: list[int] = []
        ends: list[int] = []
        missing: list[tuple[int, list[int], list[int]]] = []
        for y in area.line_range:
            if y not in lines:
                continue
            if (cuts := all_cuts[y]) != cuts_before:  # most lines have those of the line above
                cuts_before, own = cuts, [cut for cut in cuts if first <= cut <= end]
                starts, ends = own[:-1], [cut - first for cut in own[1:]]
            found = pieces[y]
            for x in starts:
                if found[x] is None:
                    missing.append((y, starts, ends))
                    break
        if not missing:
            return  # it is behind others
        strips = widget.render_lines(own_area)
        for y, starts, ends in missing:
            if y - area.y >= len(strips):
                break
            found = pieces[y]
            for x, piece in zip(starts, strips[y - area.y].divide(ends), strict=False):
                if found[x] is None:
                    found[x] = piece
