"""The first session with papers: where to find everything, until one has found it."""

from __future__ import annotations

from functools import partial

from paperreader.tui.commands.command import command_action
from paperreader.tui.commands.keymap import get_keymap
from paperreader.tui.controllers.context import Desk
from paperreader.tui.runtime.tasks import run_in_thread
from paperreader.tui.widgets.text_line import TextSpan

HINT_KEYS = 12
"""After so many keys the hint has been seen."""

_STATE_KEY = "greeted"


class Greeting(Desk):
    """A hint in the status line: in the first session with papers only, however that ends."""

    _keys_left = 0
    """Keys until the hint goes; 0 when there is none."""

    def greet(self) -> None:
        """Show the hint, unless it was shown before."""
        if self._keys_left or self.library.state.get(_STATE_KEY) is True or not len(self.library.table):
            return
        self.beside(run_in_thread(partial(self.library.state.set, _STATE_KEY, True)), group="state")
        label = get_keymap(self.app).label
        self._keys_left = HINT_KEYS
        self.status.hint = (
            TextSpan("New here?  ", "strong"),
            TextSpan(label("help"), "key", command_action("help")),
            TextSpan(" shows every key, ", "muted"),
            TextSpan(label("palette"), "key", command_action("palette")),
            TextSpan(" every command", "muted"),
        )

    def key_pressed(self) -> None:
        """Count a key; the hint goes with the last of them, or when what it tells of was found."""
        super().key_pressed()
        if self._keys_left:
            self._keys_left -= 1
            if not self._keys_left or self.app.screen is not self:
                self._keys_left = 0
                self.status.hint = ()
