"""A hint in the first session with papers: where to find all keys and commands."""

from __future__ import annotations

from functools import partial

from paperreader.tui.context.context import ReaderContext
from paperreader.tui.widgets.text_line import TextSpan

HINT_KEYS = 12
"""After this many keys the hint disappears."""

_STATE_KEY = "greeted"


class OnboardingController:
    """The hint is shown in one session only, however that ends."""

    def __init__(self, ctx: ReaderContext) -> None:
        self._ctx = ctx
        self._keys_left = 0
        """Keys until the hint disappears; 0 when there is none."""
        ctx.signals.key_pressed.connect(lambda _: self._count_key())
        ctx.signals.library_changed.connect(lambda _: self.show_hint())

    def show_hint(self) -> None:
        """Show the hint if there are papers and it was never shown before."""
        library = self._ctx.library
        if self._keys_left or library.state.get(_STATE_KEY) is True or not len(library.table):
            return
        self._ctx.tasks.start_in_thread(partial(library.state.set, _STATE_KEY, True), group="state")
        label = self._ctx.ui.keymap.label
        self._keys_left = HINT_KEYS
        self._ctx.widgets.status_bar.hint = (
            TextSpan("New here?  ", "strong"),
            TextSpan(label("help"), "key", "screen.command('help')"),
            TextSpan(" shows every key, ", "muted"),
            TextSpan(label("palette"), "key", "app.command_palette"),
            TextSpan(" every command", "muted"),
        )

    def _count_key(self) -> None:
        """Remove the hint after the last key, or when the user opens what it describes."""
        if self._keys_left:
            self._keys_left -= 1
            if not self._keys_left or not self._ctx.ui.is_in_front:
                self._keys_left = 0
                self._ctx.widgets.status_bar.hint = ()
