"""Selecting a passage of a full text with keys or the mouse: to highlight, comment on, copy, or look for its like."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from paperreader.fulltext import (
    HEAD,
    Paragraph,
    Passage,
    Place,
    line_ranges,
    passage_text,
    sentence_ranges,
    word_range,
)
from paperreader.text.counts import format_count
from paperreader.text.query import passage_query
from paperreader.tui.full_text.context import FullTextContext
from paperreader.tui.full_text.documents import DocumentController
from paperreader.tui.full_text.panes import FullTextPanes
from paperreader.tui.full_text.passages.comments import CommentController
from paperreader.tui.full_text.passages.highlights import HighlightsController, passage_ranges
from paperreader.tui.full_text.passages.quoting import quotation

UnitKind = Literal["sentence", "line"]


class SelectionController:
    """The selection reaches from the unit with which it began to the current one. A unit is a sentence or a line."""

    def __init__(
        self,
        ctx: FullTextContext,
        documents: DocumentController,
        highlights: HighlightsController,
        comments: CommentController,
        panes: FullTextPanes,
    ) -> None:
        self._ctx, self._documents, self._panes = ctx, documents, panes
        self._highlights, self._comments = highlights, comments
        self._view, self._bar = ctx.widgets.view, ctx.widgets.selection_bar
        self._bar.handle = self._handle
        self._kind: UnitKind = "sentence"
        self._anchor: Passage | None = None
        self._cursor: Passage | None = None
        self._view.mark("selection", {})
        ctx.signals.text_shown.connect(lambda _: self._forget())
        ctx.signals.mode_changed.connect(lambda _: self._end_if_left())

    @property
    def passage(self) -> Passage | None:
        """What is selected."""
        one, other = self._anchor, self._cursor
        return Passage(min(one.start, other.start), max(one.end, other.end)) if one and other else None

    def start(self) -> None:
        """Select the sentence that was selected last if it is visible, else the first one that begins on the screen.

        Where title and authors fill the screen, that is the first one below.
        """
        known = self._cursor
        first = known if known is not None and self._is_visible(known.start) else self._first_visible()
        units = self._units_from(0, 1)
        first = (
            first or next(filter(self._is_in_paragraph, units), None) or next(self._units_from(0, 1), None)
        )
        if first is None:
            self._ctx.ui.inform("This text has no sentences")
            return
        self._select(first, first)

    def drag(self, start: Place, end: Place, *, released: bool) -> None:
        """Select the words between two places. When the mouse is released, keys say what to do with them."""
        if min(start, end).block == HEAD:
            if released:
                self._ctx.ui.inform("Title and authors cannot be highlighted. Press y to copy from the text")
            return
        first, last = self._word(min(start, end)), self._word(max(start, end))
        self._anchor, self._cursor = first, last
        self._show()
        if released:
            self._panes.open_selection()

    def end(self) -> None:
        """Select nothing."""
        self._anchor = None
        self._view.mark("selection", {})
        self._panes.close_selection()

    # Keys

    def _handle(self, action: str, amount: int) -> None:
        passage = self.passage
        if passage is None or self._anchor is None or self._cursor is None:
            return
        if action in ("extend", "move"):
            unit = self._next_unit(self._cursor, amount)
            if unit is not None:
                self._select(unit if action == "move" else self._anchor, unit)
        elif action == "switch":
            self._kind = "line" if self._kind == "sentence" else "sentence"
            anchor, cursor = self._unit_at(self._anchor.start), self._unit_at(self._cursor.start)
            self._select(anchor or self._anchor, cursor or self._cursor)
        elif action == "comment":
            self._comments.open(passage, then=self.end)
        else:
            self.end()
            if action == "highlight":
                self._highlights.toggle(passage)
            elif action == "copy":
                quote = passage_text(self._highlights.texts, passage)
                self._ctx.sharing.copy(quotation(self._documents.text, quote, passage.start))
            elif action == "similar":
                self._show_similar(passage)

    def _show_similar(self, passage: Passage) -> None:
        """Show the papers of the library that are near to a passage, on the main screen."""
        query = passage_query(passage_text(self._highlights.texts, passage))
        if not query:
            self._ctx.ui.inform("The selection has no words")
            return
        self._documents.save_place()
        trail = self._documents.trail
        self._panes.close()
        self._ctx.reader.show_similar(query, trail)

    # Units

    def _units(self, block: int) -> list[Passage]:
        text = self._highlights.texts[block]
        if self._kind == "sentence":
            ranges = sentence_ranges(self._documents.document.blocks[block], text)
        else:
            layout = self._view.layout_shown
            ranges = line_ranges((layout.lines[number] for number in layout.lines_of(block)), text)
        return [Passage(Place(block, start), Place(block, end)) for start, end in ranges]

    def _next_unit(self, unit: Passage, direction: int) -> Passage | None:
        """Return the unit after (1) or before (-1) another one; None at the end of the text."""
        place = unit.start
        if direction > 0:
            after = (each for each in self._units_from(place.block, 1) if each.start > place)
        else:
            after = (each for each in self._units_from(place.block, -1) if each.start < place)
        return next(after, None)

    def _units_from(self, block: int, direction: int) -> Iterator[Passage]:
        last = len(self._documents.document.blocks) if direction > 0 else HEAD
        for number in range(max(0, block), last, direction):
            yield from self._units(number)[::direction]

    def _unit_at(self, place: Place) -> Passage | None:
        units = self._units(place.block)
        before = [each for each in units if each.start <= place]
        return before[-1] if before else next(iter(units), None)

    def _first_visible(self) -> Passage | None:
        """Return the first visible sentence; a heading, a caption and so on only if there is none."""
        blocks = dict.fromkeys(
            line.block
            for number in self._view.visible_lines
            if (line := self._view.layout_shown.lines[number]).spans and line.block != HEAD
        )
        units = [unit for block in blocks for unit in self._units(block)]
        visible = [unit for unit in units if self._is_visible(unit.start)] or units[:1]
        return next(filter(self._is_in_paragraph, visible), visible[0] if visible else None)

    def _is_in_paragraph(self, unit: Passage) -> bool:
        return isinstance(self._documents.document.blocks[unit.start.block], Paragraph)

    def _is_visible(self, place: Place) -> bool:
        layout = self._view.layout_shown
        return layout.contains(place) and layout.line_showing(place) in self._view.visible_lines

    def _word(self, place: Place) -> Passage:
        text = self._highlights.texts[place.block]
        start, end = word_range(text, place.offset)
        return Passage(Place(place.block, start), Place(place.block, end))

    # Showing

    def _select(self, anchor: Passage, cursor: Passage) -> None:
        self._anchor, self._cursor = anchor, cursor
        self._show()
        self._panes.open_selection()
        last = cursor.end._replace(offset=max(cursor.start.offset, cursor.end.offset - 1))
        self._view.scroll_into_view(last)
        self._view.scroll_into_view(cursor.start)

    def _show(self) -> None:
        passage = self.passage
        if passage is None:
            return
        self._view.mark(
            "selection",
            {block: [found] for block, found in passage_ranges(self._highlights.texts, passage, "selected")},
        )
        words = format_count(len(passage_text(self._highlights.texts, passage).split()), "word")
        found = self._highlights.covering(passage)
        known = "" if found is None else ", commented" if found.highlight.comment else ", highlighted"
        self._bar.text = f"{words}{known}"
        self._bar.units = "by sentence" if self._kind == "sentence" else "by line"

    def _end_if_left(self) -> None:
        """End the selection when a click moves the focus to the text."""
        if self._anchor is not None and self._view.screen.focused is self._view:
            self.end()

    def _forget(self) -> None:
        if self._anchor is not None:
            self.end()
        self._cursor = None
