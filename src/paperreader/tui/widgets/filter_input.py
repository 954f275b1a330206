"""The filter of a dialog: it narrows down what the dialog shows, while keys of the dialog still move in it."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from textual.widgets import Input

from paperreader.tui.commands.command import bindings_with_inherited
from paperreader.tui.commands.dialogs import FILTER_KEYS
from paperreader.tui.widgets.text_input import TextInput


@runtime_checkable
class FilteredDialog(Protocol):
    """A dialog with a filter."""

    def action_scroll(self, direction: int) -> None:
        """Go to what is below (1) or above (-1)."""

    def action_page(self, direction: int) -> None:
        """Go one page down (1) or up (-1)."""

    def filter_closed(self) -> None:
        """Show the keys of the dialog again: the filter has lost the focus, and still applies."""


class FilterInput(TextInput):
    """Every key that is not in `FILTER_KEYS` types."""

    BINDINGS = bindings_with_inherited(Input.BINDINGS, FILTER_KEYS)

    def open(self) -> None:
        """Show the filter and move the focus to it at once: the next key may be there already."""
        self.display = True
        self.screen.set_focus(self)

    def close(self) -> None:
        """Move the focus back to the dialog, filtered as it is."""
        self.display = bool(self.value)
        self.screen.set_focus(None)
        self._dialog.filter_closed()

    def clear_and_close(self) -> None:
        """Show everything again."""
        self.value = ""
        self.close()

    def action_scroll(self, direction: int) -> None:
        self._dialog.action_scroll(direction)

    def action_page(self, direction: int) -> None:
        self._dialog.action_page(direction)

    def action_accept(self) -> None:
        self.close()

    def action_clear(self) -> None:
        self.clear_and_close()

    @property
    def _dialog(self) -> FilteredDialog:
        screen = self.screen
        assert isinstance(screen, FilteredDialog)
        return screen
