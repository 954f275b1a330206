"""The list of the highlights of a paper, and copies of them."""

from __future__ import annotations

from collections.abc import Sequence

from paperreader.text.counts import format_count
from paperreader.text.sanitize import single_line
from paperreader.tui.full_text.context import FullTextContext
from paperreader.tui.full_text.documents import DocumentController
from paperreader.tui.full_text.passages.finding import section_span
from paperreader.tui.full_text.passages.highlights import HighlightsController, PlacedHighlight
from paperreader.tui.full_text.passages.quoting import quotation
from paperreader.tui.widgets.text_line import TextSpan

LINES_ABOVE = 3
"""Lines above a highlight to which the user goes."""

QUOTE_CELLS = 40
"""Characters of a quote before its comment in the list."""


class HighlightListController:
    """Lists the highlights in the order of the text; those that it does not contain any more are the last."""

    def __init__(
        self, ctx: FullTextContext, documents: DocumentController, highlights: HighlightsController
    ) -> None:
        self._ctx, self._documents, self._highlights = ctx, documents, highlights
        self._view = ctx.widgets.view

    def show(self) -> None:
        """Show all highlights of the paper, and go to the chosen one."""
        from paperreader.tui.dialogs.passage_list import PassageChoice, PassageListDialog

        placed, text = self._highlights.placed, self._documents.text
        if not placed:
            self._ctx.ui.inform("No highlights. Press ", TextSpan("v", "key"), " to select a sentence")
            return

        def finish(choice: PassageChoice | None) -> None:
            if choice is None or text is not self._documents.text:
                return
            chosen = placed[choice.number]
            if choice.action == "copy":
                self._ctx.sharing.copy(self.quotation(chosen))
            elif chosen.passage is None:
                self._ctx.ui.inform("This text does not contain the passage any more")
            else:
                self._documents.jump(chosen.passage.start, above=LINES_ABOVE)

        missing = sum(each.passage is None for each in placed)
        title = format_count(len(placed), "highlight") + (f", {missing} not in this text" if missing else "")
        top = self._view.top
        below = (number for number, each in enumerate(placed) if each.passage and each.passage.start >= top)
        dialog = PassageListDialog(
            title, len(placed), lambda number: self._list_line(placed[number]), next(below, 0)
        )
        self._ctx.ui.push_dialog(dialog, finish)

    def quotation(self, placed: PlacedHighlight) -> str:
        """Return a highlight with its source."""
        place = placed.passage.start if placed.passage else None
        return quotation(self._documents.text, placed.highlight.quote, place)

    def _list_line(self, placed: PlacedHighlight) -> Sequence[TextSpan]:
        quote, comment = single_line(placed.highlight.quote), single_line(placed.highlight.comment)
        sign = TextSpan(f"{self._ctx.glyphs.note if comment else ' '} ", "yours")
        if comment and len(quote) > QUOTE_CELLS:
            quote = quote[:QUOTE_CELLS].rstrip() + self._ctx.glyphs.ellipsis
        line = [sign, TextSpan(quote), TextSpan(f"  {comment}" if comment else "", "muted")]
        if placed.passage is None:
            return [TextSpan("not in this text  ", "muted"), *line]
        return [section_span(self._documents.text, placed.passage.start.block), *line]
