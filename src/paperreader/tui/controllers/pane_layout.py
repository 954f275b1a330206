"""How list and detail share the screen."""

from __future__ import annotations

from functools import partial

from textual.geometry import clamp

from paperreader.checked_values import checked_item
from paperreader.config.settings import Layout
from paperreader.tui.context.context import ReaderContext

MIN_COLUMNS, MIN_ROWS = 24, 3
"""The smallest size of either pane."""
STEP_COLUMNS, STEP_ROWS = 4, 1
"""How far one key moves the splitter."""

_STATE_KEY = "list_share"


def breakpoints(layout: Layout) -> list[tuple[int, str]]:
    """Return the style class for each range of screen widths, by its first column.

    By default: the list alone, from 60 columns list over detail, from 100 side by side, from 180 with the views.
    """
    if layout == "stacked":
        return [(0, "-tiny"), (60, "-narrow")]
    if layout == "side":
        return [(0, "-tiny"), (60, "-wide"), (180, "-huge")]
    return [(0, "-tiny"), (60, "-narrow"), (100, "-wide"), (180, "-huge")]


class PaneLayoutController:
    """Moves the splitter. Its position is saved for each arrangement of the panes separately."""

    def __init__(self, ctx: ReaderContext) -> None:
        self._ctx = ctx
        self._shares: dict[str, float] | None = None
        """Percentage of the list, by arrangement; None until it is read."""

    def apply_split(self) -> None:
        """Give the list the size that the user chose for this arrangement, if any."""
        if self._shares is None:
            self._shares = self._ctx.library.state.parse(_STATE_KEY, _parse_shares)
        styles = self._ctx.widgets.list_pane.styles
        styles.width = styles.height = None
        share = self._shares.get(self._ctx.ui.arrangement)
        if share is None:
            return
        if self._ctx.ui.arrangement == "stacked":
            styles.height = f"{share}%"
        else:
            styles.width = f"{share}%"

    def resize_list(self, direction: int) -> None:
        """Make the list smaller (-1) or larger (1)."""
        if self._shares is None or not self._can_resize():
            return
        panes, pane = self._ctx.widgets.panes.size, self._ctx.widgets.list_pane.outer_size
        stacked = self._ctx.ui.arrangement == "stacked"
        total, current = (panes.height, pane.height) if stacked else (panes.width, pane.width)
        if share := self._shares.get(self._ctx.ui.arrangement):
            current = int(share * total / 100)  # the pane may not be laid out again since the last key
        self._set_size(current + direction * (STEP_ROWS if stacked else STEP_COLUMNS))
        self._save()

    def reset(self) -> None:
        """Give list and detail their default sizes."""
        if self._shares is None or not self._can_resize():
            return
        self._shares.pop(self._ctx.ui.arrangement, None)
        self._ctx.ui.inform("Pane sizes reset")
        self.apply_split()
        self._save()

    def drag(self, x: int, y: int, *, released: bool) -> None:
        """Move the splitter to a place on the screen, and save it when the mouse button is released."""
        start = self._ctx.widgets.list_pane.region.offset
        self._set_size(y - start.y if self._ctx.ui.arrangement == "stacked" else x - start.x)
        if released:
            self._save()

    def _can_resize(self) -> bool:
        if self._ctx.ui.arrangement == "single" or not self._ctx.widgets.list_pane.outer_size.area:
            self._ctx.ui.inform("Only one pane is visible")
            return False
        return True

    def _set_size(self, wanted: int) -> None:
        """Give the list this many rows or columns, or as many as leave space for the detail."""
        if self._shares is None:
            return
        stacked, panes = self._ctx.ui.arrangement == "stacked", self._ctx.widgets.panes.size
        total, minimum = (panes.height, MIN_ROWS) if stacked else (panes.width, MIN_COLUMNS)
        others = self._ctx.widgets.sidebar.outer_size.width + 1 if self._ctx.ui.has_sidebar else 0
        size = clamp(wanted, minimum, max(minimum, total - others - minimum - 1))
        self._shares[self._ctx.ui.arrangement] = 100 * (size + 0.1) / max(1, total)  # fractions are cut off
        self._ctx.ui.inform(f"List: {size} {'rows' if stacked else 'columns'}")
        self.apply_split()

    def _save(self) -> None:
        shares = dict(self._shares or {}) or None
        self._ctx.tasks.start_in_thread(
            partial(self._ctx.library.state.set, _STATE_KEY, shares), group="state"
        )


def _parse_shares(value: object) -> dict[str, float]:
    """Return the percentages from the local state, which may contain anything."""
    if not isinstance(value, dict):
        return {}
    shares = {name: checked_item(value, name, _parse_share) for name in ("side", "stacked")}
    return {name: share for name, share in shares.items() if share is not None}


def _parse_share(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and 5 <= value <= 95 else None
