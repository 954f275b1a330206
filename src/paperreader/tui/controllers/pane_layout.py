"""List and detail: side by side or stacked, and how the room is parted between them."""

from __future__ import annotations

from functools import partial

from textual import on
from textual.geometry import clamp

from paperreader.config.settings import Layout
from paperreader.tui.controllers.context import Desk
from paperreader.tui.runtime.tasks import run_in_thread
from paperreader.tui.widgets.splitter import Splitter

MIN_COLUMNS, MIN_ROWS = 24, 3
"""What either pane keeps."""
STEP_COLUMNS, STEP_ROWS = 4, 1
"""What one key moves the rule by."""

_STATE_KEY = "list_share"


def breakpoints(layout: Layout) -> list[tuple[int, str]]:
    """Classes of the screen by its columns: under 60 the list alone, then stacked, from 100 on side by side."""
    if layout == "stacked":
        return [(0, "-tiny"), (60, "-narrow")]
    if layout == "side":
        return [(0, "-tiny"), (60, "-wide"), (180, "-huge")]
    return [(0, "-tiny"), (60, "-narrow"), (100, "-wide"), (180, "-huge")]


class Panes(Desk):
    """The rule between list and detail can be moved, and stays where it was put, for either arrangement by itself."""

    _shares: dict[str, float] | None = None
    """Hundredths of the room that the list has, by arrangement; None while they were not read."""

    def part_room(self) -> None:
        """Give the list the share of the room that it was given last, where it was ever given one."""
        if self._shares is None:
            self._shares = _validated(self.library.state.get(_STATE_KEY))
        styles = self.query_one("#list-pane").styles
        styles.width = styles.height = None
        share = self._shares.get(self._arrangement)
        if share is None or self.has_class("-tiny"):
            return
        if self._arrangement == "stacked":
            styles.height = f"{share}%"
        else:
            styles.width = f"{share}%"

    def action_resize_list(self, direction: int) -> None:
        """Smaller (-1), larger (1), or as at first (0)."""
        whole, pane = self.query_one("#panes").size, self.query_one("#list-pane").outer_size
        if self.has_class("-tiny") or not pane.area or self._shares is None:
            self.say("There are no two panes to part the room between")
            return
        if direction:
            stacked = self._arrangement == "stacked"
            room, now = (whole.height, pane.height) if stacked else (whole.width, pane.width)
            if share := self._shares.get(self._arrangement):
                now = int(share * room / 100)  # the pane itself may not be laid out again since the last key
            self._give_list(now + direction * (STEP_ROWS if stacked else STEP_COLUMNS))
        else:
            self._shares.pop(self._arrangement, None)
            self.say("List and detail as at first")
            self.part_room()
        self._keep_shares()

    @on(Splitter.Dragged)
    def _rule_dragged(self, event: Splitter.Dragged) -> None:
        if event.splitter.id != "rule" or self._shares is None:
            return
        start = self.query_one("#list-pane").region.offset
        self._give_list(event.y - start.y if self._arrangement == "stacked" else event.x - start.x)
        if event.released:
            self._keep_shares()

    def _give_list(self, wanted: int) -> None:
        """Give the list so many rows or columns, or as many as leave something for the detail."""
        if self._shares is None:
            return
        stacked, whole = self._arrangement == "stacked", self.query_one("#panes").size
        room, least = (whole.height, MIN_ROWS) if stacked else (whole.width, MIN_COLUMNS)
        others = self.views.outer_size.width + 1 if self.has_class("-huge") else 0
        then = clamp(wanted, least, max(least, room - others - least - 1))
        self._shares[self._arrangement] = 100 * (then + 0.1) / max(1, room)  # what is left over is cut off
        self.say(f"List: {then} {'rows' if stacked else 'columns'}")
        self.part_room()

    def _keep_shares(self) -> None:
        kept = dict(self._shares or {}) or None
        self.beside(run_in_thread(partial(self.library.state.set, _STATE_KEY, kept)), group="state")

    @property
    def _arrangement(self) -> str:
        return "stacked" if self.has_class("-narrow") else "side"


def _validated(kept: object) -> dict[str, float]:
    """The shares out of the state, which may hold anything."""
    if not isinstance(kept, dict):
        return {}
    return {
        name: float(share)
        for name, share in kept.items()
        if name in ("side", "stacked") and isinstance(share, int | float) and 5 <= share <= 95
    }
