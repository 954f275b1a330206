"""The list of all references of a full text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from paperreader.fulltext import (
    LayoutOptions,
    Line,
    Place,
    Reference,
    TextLayout,
    block_text,
    layout_document,
    with_notes,
)
from paperreader.text.sanitize import fold_for_search
from paperreader.tui.full_text.context import FullTextContext
from paperreader.tui.full_text.documents import DocumentController
from paperreader.tui.full_text.links import LINES_ABOVE_TARGET, LinkController
from paperreader.tui.full_text.references.references import ReferenceController
from paperreader.tui.widgets.text_line import TextSpan

if TYPE_CHECKING:
    from paperreader.tui.dialogs.references import ReferenceChoice, ReferencesDialog


class ReferenceListController:
    """Shows the references with what is known about them, and does what the user chooses."""

    def __init__(
        self,
        ctx: FullTextContext,
        documents: DocumentController,
        links: LinkController,
        references: ReferenceController,
    ) -> None:
        self._ctx, self._documents, self._links, self._references = ctx, documents, links, references
        self._selected = -1
        self._folded: dict[int, str] = {}
        """The texts of references, as a filter compares them."""
        self._laid_out: tuple[LayoutOptions | None, dict[int, Sequence[Line]]] = (None, {})
        """Their lines, and the options for these."""
        self._dialog: ReferencesDialog | None = None
        """The list, while it is open."""
        ctx.signals.text_shown.connect(lambda _: self._forget())
        references.changed.connect(lambda _: self._show_again())

    def show(self) -> None:
        """List all references."""
        self._documents.when_complete(self._show)

    def _forget(self) -> None:
        self._selected = -1
        self._folded, self._laid_out = {}, (None, {})

    def _show(self) -> None:
        from paperreader.tui.dialogs.references import ReferencesDialog

        if not self._blocks(only_known=False):
            self._ctx.ui.inform("This text has no list of references")
            return
        dialog = ReferencesDialog(
            self._title,
            self._layout,
            self._documents.options.width,
            self._references.toggle_bookmark,
            self._references.why_not_open,
            self._references.offer,
        )
        dialog.selected = self._first_selected()
        self._dialog = dialog
        self._ctx.ui.push_dialog(dialog, self._finish)

    def _show_again(self) -> None:
        if self._dialog is not None:
            self._dialog.show_again()

    def _blocks(self, *, only_known: bool) -> Sequence[int]:
        """Return the indexes of the references; `only_known`: of those that are in the library."""
        blocks = enumerate(self._documents.document.blocks)
        found = [index for index, block in blocks if isinstance(block, Reference)]
        return [index for index in found if index in self._references.papers] if only_known else found

    def _first_selected(self) -> int:
        """Return the reference that was chosen last, else the first visible one, else the first one."""
        if self._selected >= 0:
            return self._selected
        view, blocks = self._ctx.widgets.view, self._blocks(only_known=False)
        visible = {view.layout_shown.lines[number].block for number in view.visible_lines}
        return next((block for block in blocks if block in visible), blocks[0])

    def _title(self) -> Sequence[TextSpan]:
        known, total = len(self._references.papers), len(self._blocks(only_known=False))
        return [
            TextSpan("References", "strong"),
            TextSpan(f"  {known:,} of {total:,} in the library", "muted"),
        ]

    def _layout(self, only_known: bool, words: str) -> TextLayout:
        """Return the lines of the references that contain some words, with notes."""
        wanted = fold_for_search(words).split()
        blocks = [
            block
            for block in self._blocks(only_known=only_known)
            if all(word in self._folded_text(block) for word in wanted)
        ]
        lines = [line for block in blocks for line in self._lines(block)]
        while lines and not lines[0].spans:
            del lines[0]
        first, end = (blocks[0], blocks[-1] + 1) if blocks else (0, 0)
        notes = {block: self._references.note(block) for block in blocks if self._references.paper(block)}
        return with_notes(TextLayout(lines, first, end), notes)

    def _folded_text(self, block: int) -> str:
        if block not in self._folded:
            self._folded[block] = fold_for_search(block_text(self._documents.document.blocks[block]))
        return self._folded[block]

    def _lines(self, block: int) -> Sequence[Line]:
        options = self._documents.options
        options = replace(options, max_width=options.width)
        if self._laid_out[0] != options:
            self._laid_out = (options, {})
        known = self._laid_out[1]
        if block not in known:
            known[block] = layout_document(self._documents.document, options, block, block + 1).lines
        return known[block]

    def _finish(self, choice: ReferenceChoice | None) -> None:
        self._dialog = None
        if choice is None:
            return
        action, self._selected = choice
        if action == "paper":
            self._references.open(self._selected)
        elif action == "jump":
            self._documents.jump(Place(self._selected, 0), above=LINES_ABOVE_TARGET)
        elif action == "copy":
            self._ctx.sharing.copy(block_text(self._documents.document.blocks[self._selected]))
        else:
            self._links.open_link_in(Place(self._selected, 0))
