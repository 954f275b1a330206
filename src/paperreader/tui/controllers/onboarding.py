"""The first session with papers: where to find everything, until one has found it."""

from __future__ import annotations

from functools import partial

from paperreader.tui.commands.keymap import keymap_of
from paperreader.tui.controllers.context import Desk
from paperreader.tui.runtime.tasks import in_thread
from paperreader.tui.widgets.text_line import Piece

KEYS = 12
"""After so many keys the hint has been seen."""

_STATE = "greeted"


class Greeting(Desk):
    """A hint in the status line: in the first session with papers only, however that ends."""

    _keys_left = 0
    """Keys until the hint goes; 0 when there is none."""

    def greet(self) -> None:
        """Show the hint, unless it was shown before."""
        if self._keys_left or self.library.state.get(_STATE) is True or not len(self.library.table):
            return
        self.beside(in_thread(partial(self.library.state.set, _STATE, True)), group="state")
        label = keymap_of(self.app).label
        self._keys_left = KEYS
        self.status.hint = (
            Piece("New here?  ", "strong"),
            Piece(label("help"), "key", "help"),
            Piece(" shows every key, ", "muted"),
            Piece(label("palette"), "key", "app.command_palette"),
            Piece(" every command", "muted"),
        )

    def key_pressed(self) -> None:
        """Count a key; the hint goes with the last of them, or when what it tells of was found."""
        super().key_pressed()
        if self._keys_left:
            self._keys_left -= 1
            if not self._keys_left or self.app.screen is not self:
                self._keys_left = 0
                self.status.hint = ()
