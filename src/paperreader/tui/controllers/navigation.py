"""Moving about in list and detail, and reading on."""

from __future__ import annotations

from paperreader.tui.controllers.context import Desk
from paperreader.tui.widgets.text_line import TextSpan


class Moving(Desk):
    """Actions that change what is looked at, and nothing else."""

    def action_down(self) -> None:
        self._step(1)

    def action_up(self) -> None:
        self._step(-1)

    def action_next_unread(self, direction: int) -> None:
        if not self.papers.jump_unread(direction):
            self.say("Nothing unread below" if direction > 0 else "Nothing unread above")

    def action_next_day(self, direction: int) -> None:
        if self.question.is_search or self.question.sort != "date":
            self.say("Days can be jumped only while the newest come first")
        elif not self.papers.jump_day(direction):
            self.say("This is the earliest day" if direction > 0 else "This is the latest day")

    def action_top(self) -> None:
        if self.mode == "detail":
            self.detail.scroll_to_top()
        else:
            self.papers.go_to_first()

    def action_bottom(self) -> None:
        if self.mode == "detail":
            self.detail.scroll_to_end()
        else:
            self.papers.go_to_last()

    def action_half_page(self, direction: int) -> None:
        if self.mode == "detail":
            self.detail.half_page(direction)
        else:
            self.papers.move_half_page(direction)

    def action_page(self, direction: int) -> None:
        if self.mode != "detail":
            self.papers.move_page(direction)
        elif direction > 0:
            self.detail.page_down()
        else:
            self.detail.page_up()

    def action_page_back(self) -> None:
        self.detail.page_up()

    def action_next_match(self, direction: int) -> None:
        """To the next match in the detail, with its number."""
        if not self.question.is_search:
            self.say("No search is on: ", TextSpan("/", "key"), " starts one")
            return
        place = self.detail.go_to_match(direction)
        if place is None:
            self.say("No match in this paper's text")
        else:
            self.say("Match ", TextSpan(f"{place[0]}", "strong"), f" of {place[1]}")

    def action_math(self) -> None:
        """Raw or readable math."""
        self.detail.set_raw(not self.detail.is_raw)
        self.say("Text as it was written" if self.detail.is_raw else "Math made readable")

    # Which pane

    def action_into(self) -> None:
        """Into the detail; on a small screen it takes the list's room."""
        if self.row is not None:
            self.add_class("-reading")
            self.set_focus(self.detail)

    def action_swap(self) -> None:
        """To the other pane."""
        if self.mode in ("list", "select"):
            if self.row is not None:
                self.set_class(self.has_class("-tiny"), "-reading")
                self.set_focus(self.detail)
        else:
            self.to_list()

    def action_zoom(self) -> None:
        """The detail alone, and back."""
        if self.has_class("-zoomed"):
            self.to_list()
        elif self.row is not None:
            self.add_class("-zoomed")
            self.set_focus(self.detail)

    def to_list(self) -> None:
        """The list in sight, and the attention on it."""
        self.remove_class("-reading", "-zoomed")
        self.set_focus(self.papers)

    def _step(self, delta: int) -> None:
        if self.mode == "detail":
            self.detail.scroll_lines(delta)
        else:
            self.papers.move_by(delta)
