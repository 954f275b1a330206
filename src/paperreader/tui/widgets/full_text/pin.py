"""A figure or table that stays next to the text while it is scrolled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message

from paperreader.tui.commands.command import bindings, command_action
from paperreader.tui.commands.full_text_pin import PIN_KEYS
from paperreader.tui.commands.keymap import get_keymap
from paperreader.tui.widgets.full_text.view import FullTextView
from paperreader.tui.widgets.text_line import TextLine, TextSpan, align_both_ends

PinRequest = Literal["jump", "copy", "leave", "close"]
"""What the user wants to do with what is pinned."""

PIN_COMMAND = "text-pin"
"""The command that pins something, or removes what is pinned."""


class PinTitle(TextLine):
    """The key that removes what is pinned: what it is, its caption says."""

    def spans(self, width: int) -> Sequence[TextSpan]:
        key, action = get_keymap(self.app).label(PIN_COMMAND), command_action(PIN_COMMAND)
        left = [TextSpan("  Pinned", "muted")]
        right = [TextSpan(key, "key", action), TextSpan(" unpin ", "muted", action)] if key else []
        return align_both_ends(left, right, width, "")


class PinView(FullTextView, can_focus=True, inherit_bindings=False):
    """The lines of what is pinned."""

    BINDINGS = bindings(PIN_KEYS)

    class Requested(Message):
        """The user wants to do something with what is pinned."""

        def __init__(self, request: PinRequest) -> None:
            super().__init__()
            self.request = request

    def action_scroll(self, direction: int) -> None:
        self.scroll_lines(direction)

    def action_page(self, direction: int) -> None:
        self.scroll_lines(direction * max(1, self.size.height - 1))

    def action_scroll_wide(self, direction: int) -> None:
        self.scroll_sideways(direction)

    def action_jump(self) -> None:
        self.post_message(self.Requested("jump"))

    def action_copy(self) -> None:
        self.post_message(self.Requested("copy"))

    def action_leave(self) -> None:
        self.post_message(self.Requested("leave"))

    def action_close(self) -> None:
        self.post_message(self.Requested("close"))


class Pin(Vertical):
    """Title and lines. Only clicked links leave it as messages of a view."""

    class Changed(Message):
        """The view has another size, or shows other lines."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.title, self.view = PinTitle(id="pin-title"), PinView(id="pin-text")

    def compose(self) -> ComposeResult:
        yield self.title
        yield self.view

    def on_full_text_view_resized(self, event: FullTextView.Resized) -> None:
        event.stop()
        self.post_message(self.Changed())

    def on_full_text_view_scrolled(self, event: FullTextView.Scrolled) -> None:
        event.stop()
        self.post_message(self.Changed())

    def on_full_text_view_block_clicked(self, event: FullTextView.BlockClicked) -> None:
        event.stop()

    def on_full_text_view_dragged(self, event: FullTextView.Dragged) -> None:
        event.stop()
