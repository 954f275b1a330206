"""All references of a full text, of which one is selected."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen

from paperreader.fulltext import Place, TextLayout
from paperreader.tui.commands.command import action_names, bindings
from paperreader.tui.commands.full_text import REFERENCES_KEYS
from paperreader.tui.dialogs.overview import OverviewTitle
from paperreader.tui.widgets.filter_input import FilterInput
from paperreader.tui.widgets.full_text.line_painter import WHOLE_BLOCK, MarkedRange
from paperreader.tui.widgets.full_text.view import FullTextView
from paperreader.tui.widgets.key_footer import KeyFooter
from paperreader.tui.widgets.text_line import TextSpan

ReferenceAction = Literal["paper", "jump", "copy", "open"]


class ReferenceChoice(NamedTuple):
    """What to do with a reference."""

    action: ReferenceAction
    block: int


class ReferencesDialog(ModalScreen[ReferenceChoice | None]):
    """Returns what to do with the selected reference, or None. Bookmarking and adding leave it open."""

    BINDINGS = bindings(REFERENCES_KEYS)
    AUTO_FOCUS = ""
    CSS_PATH = "../styles/full_text.tcss"

    def __init__(
        self,
        title: Callable[[], Sequence[TextSpan]],
        layout: Callable[[bool, str], TextLayout],
        measure: int,
        bookmark: Callable[[int], object],
        why_not_open: Callable[[int], str],
        offer: Callable[[int], bool],
    ) -> None:
        """
        Args:
            title: returns the heading.
            layout: returns the lines of all references, or (True) of those that are in the library, which contain the
                words of a filter.
            measure: the width for which they are laid out.
            bookmark: bookmarks the paper of a reference, or removes the bookmark.
            why_not_open: returns why the paper of a reference can be neither opened nor added; empty if it can.
            offer: offers to add a paper that is missing, or to open its link, above this dialog. Returns False for a
                paper that can be opened.
        """
        super().__init__()
        self._title, self._layout_of, self._measure, self._bookmark = title, layout, measure, bookmark
        self._why_not_open, self._offer = why_not_open, offer
        self._only_known, self._filter = False, ""
        self.selected = 0
        """The index of the block of the selected reference."""

    def compose(self) -> ComposeResult:
        with Vertical(id="references"):
            yield OverviewTitle(self._title())
            line = FilterInput(placeholder="filter references", compact=True, id="references-filter")
            line.display = False
            yield line
            view = FullTextView(id="references-text")
            view.can_focus = False
            yield view
            footer = KeyFooter(classes="footer")
            footer.mode = "references"
            yield footer

    def on_mount(self) -> None:
        self._show()

    def on_full_text_view_resized(self) -> None:
        self._select(self.selected)

    @property
    def _view(self) -> FullTextView:
        return self.query_one(FullTextView)

    @property
    def _blocks(self) -> list[int]:
        return list(dict.fromkeys(line.block for line in self._view.layout_shown.lines))

    def _show(self) -> None:
        view = self._view
        top = view.scroll_offset.y
        view.show(self._layout_of(self._only_known, self._filter), self._measure, Place(self.selected, 0))
        view.scroll_to_line(top)
        self._select(self.selected)
        if not self._blocks:
            self._say("No reference contains these words")

    def show_again(self) -> None:
        """Show what is known about the references now."""
        if self.is_attached:
            self._show()

    def _select(self, block: int) -> None:
        """Select a reference, else the next one that is shown, and make all of it visible."""
        self.query_one(OverviewTitle).show(self._title())
        blocks = self._blocks
        if not blocks:
            return
        self.selected = next((each for each in blocks if each >= block), blocks[-1])
        view = self._view
        view.mark("selected", {self.selected: [MarkedRange(0, WHOLE_BLOCK, "target")]})
        lines, top, height = view.layout_shown.lines_of(self.selected), view.scroll_offset.y, view.size.height
        if lines.start < top or lines.stop - lines.start > height:
            view.scroll_to_line(lines.start)
        elif lines.stop > top + height:
            view.scroll_to_line(lines.stop - height)

    def action_move(self, delta: int) -> None:
        blocks = self._blocks
        if blocks:
            at = blocks.index(self.selected) + delta
            self._select(blocks[max(0, min(at, len(blocks) - 1))])

    def action_page(self, direction: int) -> None:
        """Select what is a page further."""
        view = self._view
        line = view.layout_shown.lines_of(self.selected).start + direction * max(1, view.size.height - 2)
        self._select(view.layout_shown.place_at(line).block)

    def action_edge(self, direction: int) -> None:
        """Select the last reference (1) or the first one (-1)."""
        self._select(self._blocks[-1 if direction > 0 else 0] if self._blocks else 0)

    def action_toggle_known(self) -> None:
        """Show only the references that are in the library, or all again."""
        if self._only_known or self._layout_of(True, self._filter).lines:
            self._only_known = not self._only_known
            self._show()
        else:
            self._say("None of them is in the library")

    # Filter

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Disable the keys of the list while the filter has the focus."""
        return self.focused is None or action not in _LIST_ACTIONS

    def action_filter(self) -> None:
        self.query_one(FilterInput).open()
        self.query_one(KeyFooter).mode = "filter"

    def filter_closed(self) -> None:
        self.query_one(KeyFooter).mode = "references"

    @on(FilterInput.Changed)
    def _filter_changed(self, event: FilterInput.Changed) -> None:
        if event.value != self._filter:
            self._filter = event.value
            self._show()

    def action_scroll(self, direction: int) -> None:
        """Select the next or the previous reference, while the filter has the focus."""
        self.action_move(direction)

    # Actions

    def action_bookmark(self) -> None:
        if self._blocks:
            self._bookmark(self.selected)
            self._show()

    def action_choose(self, action: ReferenceAction) -> None:
        if not self._blocks:
            return
        if action == "paper" and (reason := self._why_not_open(self.selected)):
            self._say(reason)
        elif action != "paper" or not self._offer(self.selected):
            self.dismiss(ReferenceChoice(action, self.selected))

    def _say(self, text: str) -> None:
        """Show a message in place of the title, until another reference is selected."""
        self.query_one(OverviewTitle).show([TextSpan(text, "strong")])

    def action_close(self) -> None:
        self.dismiss(None)

    def on_full_text_view_block_clicked(self, event: FullTextView.BlockClicked) -> None:
        self._select(event.block)


_LIST_ACTIONS = action_names(REFERENCES_KEYS)
