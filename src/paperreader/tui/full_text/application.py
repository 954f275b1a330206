"""Help, palette, and the way back to the list."""

from __future__ import annotations

from paperreader.tui.commands.full_text_marks import SELECTION_HEADING
from paperreader.tui.full_text.contents import ContentsController
from paperreader.tui.full_text.context import FullTextContext
from paperreader.tui.full_text.documents import DocumentController
from paperreader.tui.full_text.figures.pins import PinController
from paperreader.tui.full_text.links import LinkController
from paperreader.tui.full_text.panes import FullTextPanes
from paperreader.tui.full_text.passages.finding import FindController

_HELP_HEADING = "In a full text"


class ApplicationController:
    """What concerns the screen as a whole."""

    def __init__(
        self,
        ctx: FullTextContext,
        documents: DocumentController,
        links: LinkController,
        finding: FindController,
        contents: ContentsController,
        pins: PinController,
        panes: FullTextPanes,
    ) -> None:
        self._ctx, self._documents, self._links, self._panes = ctx, documents, links, panes
        self._finding, self._contents, self._pins = finding, contents, pins

    def show_help(self) -> None:
        """Show all keys, those of a full text or of a selected passage first, and the query syntax."""
        from paperreader.tui.dialogs.help import HelpDialog

        first = SELECTION_HEADING if self._panes.mode == "text-select" else _HELP_HEADING
        self._ctx.ui.push_dialog(HelpDialog(first=first))

    def open_palette(self) -> None:
        """Show all commands by name."""
        self._ctx.ui.open_palette()

    def switch_pane(self) -> None:
        """Go to what is pinned, or to the contents."""
        if self._pins.is_open:
            self._pins.switch()
        else:
            self._contents.open()

    def go_back(self) -> None:
        """Remove the labels of links or the marks of matches, or close the pin, or the full text.

        Contents that are open beside the text are closed where they have the focus, and are there the next time.
        """
        if self._links.is_labelling:
            self._links.hide_labels()
            return
        if self._finding.is_active:
            self._finding.clear()
            return
        if self._pins.is_open:
            self._pins.remove()
            return
        self._documents.save_place()
        self._panes.close()
