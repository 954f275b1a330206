"""Highlights of the text that is open: shown, made, removed, undone, and listed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from paperreader.errors import PaperreaderError
from paperreader.fulltext import BlockTexts, Passage, Place, find_passage, to_highlight
from paperreader.models import EMPTY_MARK, Highlight, Mark, MarkChange
from paperreader.tui.full_text.context import FullTextContext, OpenText
from paperreader.tui.full_text.documents import DocumentController
from paperreader.tui.model.undo_history import UndoableAction, UndoStep, is_effective
from paperreader.tui.runtime.threads import run_in_thread
from paperreader.tui.terminal.glyphs import ASCII
from paperreader.tui.widgets.full_text.line_painter import MarkedRange
from paperreader.tui.widgets.text_line import TextSpan


class PlacedHighlight(NamedTuple):
    """A highlight, and where it is in the text that is open; None if that does not contain it."""

    id: str
    highlight: Highlight
    passage: Passage | None


class ChangeOutcome(NamedTuple):
    """What to do when a change is on the disk, or when it could not be saved and was rolled back."""

    saved: Callable[[], None]
    failed: Callable[[], None]


NO_OUTCOME = ChangeOutcome(lambda: None, lambda: None)
"""Nothing is to be done."""


class HighlightsController:
    """Saves highlights as every other mark, and shows those that others make as well."""

    def __init__(self, ctx: FullTextContext, documents: DocumentController) -> None:
        self._ctx, self._documents = ctx, documents
        self._view = ctx.widgets.view
        self._mark: Mark = EMPTY_MARK
        self._texts: tuple[OpenText, BlockTexts] | None = None
        self._passages: dict[str, Passage | None] = {}
        """Where the highlights are, by their ids."""
        self._view.mark("highlights", {})
        ctx.signals.text_shown.connect(lambda _: self._start())
        ctx.signals.lines_changed.connect(lambda _: self._show_margin())

    def connect(self) -> None:
        """Show what changes from now on."""
        self._ctx.reader.marks_changed.connect(self._update)

    def disconnect(self) -> None:
        """Show no changes any more, because the screen is closed."""
        self._ctx.reader.marks_changed.disconnect(self._update)

    # What there is

    @property
    def texts(self) -> BlockTexts:
        """The texts of the blocks of the document."""
        text = self._documents.text
        if self._texts is None or self._texts[0] is not text:
            self._texts = (text, BlockTexts(text.document))
        return self._texts[1]

    @property
    def placed(self) -> list[PlacedHighlight]:
        """The highlights in the order of the text; those that it does not contain are the last."""
        found = [
            PlacedHighlight(id, highlight, self._passages.get(id))
            for id, (highlight, _) in self._mark.highlights.items()
            if highlight is not None
        ]
        return sorted(
            found, key=lambda each: (each.passage is None, each.passage or (), each.highlight.order)
        )

    def covering(self, passage: Passage) -> PlacedHighlight | None:
        """Return the shortest highlight that contains a passage."""
        around = [
            each
            for each in self.placed
            if each.passage and each.passage.start <= passage.start and passage.end <= each.passage.end
        ]
        return max(around, key=lambda each: (each.passage or passage).start, default=None)

    def saved(self, id: str) -> Highlight | None:
        """Return a highlight as it is saved now; None if there is none."""
        return self._current_mark().highlights.get(id, (None, 0))[0]

    # Changes

    def toggle(self, passage: Passage) -> None:
        """Highlight a passage, or remove the highlight that contains it."""
        if found := self.covering(passage):
            base = {found.id: found.highlight.comment}
            self._change("remove the highlight", {found.id: None}, base, "Highlight removed")
        else:
            self.add(passage, "", "Highlighted")

    def add(self, passage: Passage, comment: str, message: str, outcome: ChangeOutcome = NO_OUTCOME) -> None:
        """Highlight a passage. It replaces highlights inside of it, whose comments it keeps."""
        version = self._documents.document.version
        highlight = to_highlight(self.texts, passage, version=version)
        if highlight is None:
            self._ctx.ui.inform("There is no text to highlight")
            return
        inside = {
            each.id: each.highlight.comment
            for each in self.placed
            if each.passage and passage.start <= each.passage.start and each.passage.end <= passage.end
        }
        # If the same passage was highlighted elsewhere, its comment is added when this one is saved.
        inside.pop(highlight.id, None)
        comment = "\n\n".join(filter(None, (*inside.values(), comment)))
        self._passages[highlight.id] = find_passage(self.texts, highlight) or passage
        changes: dict[str, Highlight | None] = dict.fromkeys(inside)
        changes[highlight.id] = replace(highlight, comment=comment)
        self._change("highlight", changes, {**inside, highlight.id: ""}, message, outcome)

    def set_comment(self, id: str, highlight: Highlight, base: str, outcome: ChangeOutcome) -> None:
        """Save a highlight with another comment in the place of `base`."""
        self._change("comment", {id: highlight}, {id: base}, "Comment saved", outcome)

    def undo(self) -> None:
        """Undo the last change, if it concerns this paper."""
        history = self._ctx.reader.history
        self._revert(history.next_undo, history.undo, "undo")

    def redo(self) -> None:
        """Make the change again that was undone last, if it concerns this paper."""
        history = self._ctx.reader.history
        self._revert(history.next_redo, history.redo, "redo")

    def _revert(self, change: UndoStep | None, revert: Callable[[], object], name: str) -> None:
        paper = self._documents.text.paper
        if change is None:
            self._ctx.ui.inform(f"Nothing to {name}")
        elif isinstance(change, UndoableAction) or any(each.id != paper for each in change.changes):
            self._ctx.ui.inform(f"The last change ({change.name}) is not of this paper")
        elif not any(is_effective(self._current_mark(), each) for each in change.inverse):
            self._ctx.reader.history.drop(change)
            self._ctx.ui.inform(f"Cannot {name} {change.name}: something else has changed it")
        else:
            revert()
            self._ctx.ui.inform(f"{'Undone' if name == 'undo' else 'Redone'}: {change.name}")

    def _change(
        self,
        name: str,
        highlights: Mapping[str, Highlight | None],
        comment_bases: Mapping[str, str],
        message: str,
        outcome: ChangeOutcome = NO_OUTCOME,
    ) -> None:
        paper = self._documents.text.paper
        row = self._ctx.library.table.row_of(paper)
        if row is None:
            self._ctx.ui.fail("The paper is not in the library any more. Import it again to highlight it.")
            return

        def failed(error: PaperreaderError) -> None:
            self._ctx.ui.clear_message()
            self._ctx.ui.fail(error)
            outcome.failed()

        title = self._ctx.library.paper(row).title
        change = MarkChange(paper, title, highlights=highlights, comment_bases=comment_bases)
        self._ctx.reader.history.apply(name, title, [change], on_saved=outcome.saved, on_failed=failed)
        self._ctx.ui.inform(message, TextSpan("  u", "key"), TextSpan(" undoes", "muted"))

    # Showing

    def _start(self) -> None:
        self._mark, self._passages = EMPTY_MARK, {}
        self._paint()
        self._update(None)

    def _current_mark(self) -> Mark:
        row = self._ctx.library.table.row_of(self._documents.text.paper)
        return EMPTY_MARK if row is None else self._ctx.library.mark(row)

    def _update(self, _: Sequence[MarkChange] | None) -> None:
        mark = self._current_mark()
        if mark.highlights == self._mark.highlights:
            return
        self._mark = mark
        missing = {
            id: highlight
            for id, (highlight, _) in mark.highlights.items()
            if highlight is not None and id not in self._passages
        }
        if missing:
            self._ctx.tasks.start(self._find(self._documents.text, missing), group="highlights")
        self._paint()

    async def _find(self, text: OpenText, highlights: Mapping[str, Highlight]) -> None:
        texts = self.texts
        found = await run_in_thread(
            lambda: {id: find_passage(texts, highlight) for id, highlight in highlights.items()}
        )
        if text is self._documents.text:
            self._passages.update(found)
            self._paint()

    def _paint(self) -> None:
        ranges: dict[int, list[MarkedRange]] = {}
        for each in self.placed:
            if each.passage is not None:
                for block, found in passage_ranges(self.texts, each.passage, "highlight"):
                    ranges.setdefault(block, []).append(found)
        self._view.mark("highlights", ranges)
        self._show_margin()

    def _show_margin(self) -> None:
        """Show the sign of comments beside their first lines; in ASCII, also a bar beside the others."""
        layout, glyphs = self._view.layout_shown, self._ctx.glyphs
        signs: dict[int, str] = {}
        for each in self.placed:
            if each.passage is None or not layout.contains(each.passage.start):
                continue
            first = layout.line_showing(each.passage.start)
            if glyphs is ASCII:
                last = layout.line_showing(each.passage.end._replace(offset=each.passage.end.offset - 1))
                signs |= {line: glyphs.vertical_line for line in range(first, last + 1) if line not in signs}
            if each.highlight.comment:
                signs[first] = glyphs.note
        self._view.show_margin(signs)

    @property
    def visible(self) -> list[PlacedHighlight]:
        """The highlights that are on the screen."""
        view = self._view
        lines = [view.layout_shown.lines[number] for number in view.visible_lines]
        shown = [span for line in lines for span in line.spans if span.start >= 0]
        if not shown:
            return []
        lines = [line for line in lines if any(span.start >= 0 for span in line.spans)]
        first = Place(lines[0].block, min(span.start for span in lines[0].spans if span.start >= 0))
        last = Place(lines[-1].block, max(span.end for span in lines[-1].spans))
        return [
            each
            for each in self.placed
            if each.passage and each.passage.start < last and each.passage.end > first
        ]


def passage_ranges(texts: Sequence[str], passage: Passage, role: str) -> list[tuple[int, MarkedRange]]:
    """Return what is painted of a passage, with the index of each block."""
    found = []
    for block in range(max(0, passage.start.block), min(passage.end.block + 1, len(texts))):
        start, end = passage.range_in(block, len(texts[block]))
        if start < end:
            found.append((block, MarkedRange(start, end, role)))
    return found
