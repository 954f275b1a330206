"""What the status bar and the footer of a full text show."""

from __future__ import annotations

from paperreader.tui.commands.command import Mode
from paperreader.tui.full_text.context import FullTextContext, section_label
from paperreader.tui.full_text.documents import DocumentController
from paperreader.tui.full_text.editing import EditingController
from paperreader.tui.full_text.links import LinkController
from paperreader.tui.full_text.panes import FullTextPanes

LABEL_HINT = "Type the letter on a link to see where it leads"

_CHIPS: dict[Mode, str] = {"contents": "CONTENTS", "text-links": "LINKS", "text-pin": "PINNED"}


class StatusController:
    """Shows the section that is read and how far the user is."""

    def __init__(
        self,
        ctx: FullTextContext,
        documents: DocumentController,
        links: LinkController,
        editing: EditingController,
        panes: FullTextPanes,
    ) -> None:
        self._ctx, self._documents, self._links, self._panes = ctx, documents, links, panes
        self._editing = editing
        self._mode_shown: Mode = "text"
        for signal in (ctx.signals.lines_changed, ctx.signals.scrolled):
            signal.connect(lambda _: self._show_position())
        ctx.signals.mode_changed.connect(lambda _: self._show_mode())

    def _show_position(self) -> None:
        status, view = self._ctx.widgets.status, self._ctx.widgets.view
        if not view.size.height:  # the contents cover the text
            return
        if not self._documents.is_complete:
            shown = status.info.section
            status.info = status.info._replace(section="" if shown == LABEL_HINT else shown, percent=None)
            return
        section = self._documents.text.section_at(view.reading_place)
        last = view.last_top
        percent = 100 * min(view.scroll_offset.y, last) // last if last else 100
        status.info = status.info._replace(section=section_label(section), percent=percent)

    def _show_mode(self) -> None:
        mode: Mode = "text-links" if self._links.is_labelling else self._panes.mode
        self._ctx.widgets.footer.mode = mode
        status = self._ctx.widgets.status
        status.chip = self._editing.label.upper() if mode == "note" else _CHIPS.get(mode, "TEXT")
        if mode != self._mode_shown and (mode in _CHIPS or mode == "note"):
            self._ctx.ui.clear_message()  # about what the user did before
        self._mode_shown = mode
        if mode == "text-links":
            status.info = status.info._replace(section=LABEL_HINT)
        else:
            self._show_position()
