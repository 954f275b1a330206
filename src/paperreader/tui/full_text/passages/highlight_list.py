"""The list of the highlights of a paper, and copies of them."""

from __future__ import annotations

from collections.abc import Sequence

from paperreader.text.counts import format_count
from paperreader.text.sanitize import single_line
from paperreader.tui.full_text.context import FullTextContext
from paperreader.tui.full_text.documents import DocumentController
from paperreader.tui.full_text.passages.comment_drafts import CommentDraftsController, DraftedComment
from paperreader.tui.full_text.passages.comments import CommentController
from paperreader.tui.full_text.passages.highlights import HighlightsController, PlacedHighlight
from paperreader.tui.full_text.passages.match_lines import section_span
from paperreader.tui.full_text.passages.quoting import quotation
from paperreader.tui.widgets.text_line import TextSpan

LINES_ABOVE = 3
"""Lines above a highlight to which the user goes."""

_NOT_CONTAINED = "This text does not contain the passage any more"

QUOTE_CELLS = 40
"""Characters of a quote before its comment in the list."""


class HighlightListController:
    """Lists the highlights in the order of the text; those that it does not contain any more are the last."""

    def __init__(
        self,
        ctx: FullTextContext,
        documents: DocumentController,
        highlights: HighlightsController,
        drafts: CommentDraftsController,
        comments: CommentController,
    ) -> None:
        self._ctx, self._documents, self._highlights = ctx, documents, highlights
        self._drafts, self._comments = drafts, comments
        self._view = ctx.widgets.view

    def show(self) -> None:
        """Show all highlights of the paper, and go to the chosen one."""
        from paperreader.tui.dialogs.passage_list import PassageChoice, PassageListDialog

        placed, text = self._highlights.placed, self._documents.text
        drafts = self._drafts.drafts()
        if not placed and not drafts:
            self._ctx.ui.inform("No highlights. Press ", TextSpan("v", "key"), " to select a sentence")
            return

        def finish(choice: PassageChoice | None) -> None:
            if choice is None or text is not self._documents.text:
                return
            if choice.number < len(drafts):
                self._continue(drafts[choice.number], copies=choice.action == "copy")
                return
            chosen = placed[choice.number - len(drafts)]
            if choice.action == "copy":
                self._ctx.sharing.copy(self.quotation(chosen))
            elif chosen.passage is None:
                self._ctx.ui.inform(_NOT_CONTAINED)
            else:
                self._documents.jump(chosen.passage.start, above=LINES_ABOVE)

        missing = sum(each.passage is None for each in placed)
        title = format_count(len(placed), "highlight") + (f", {missing} not in this text" if missing else "")
        title += f", {format_count(len(drafts), 'unsaved comment')}" if drafts else ""
        top = self._view.top
        below = (number for number, each in enumerate(placed) if each.passage and each.passage.start >= top)
        lines = [*map(self._draft_line, drafts), *map(self._list_line, placed)]
        selected = 0 if drafts else next(below, 0)
        dialog = PassageListDialog(title, len(lines), lambda number: lines[number], selected)
        self._ctx.ui.push_dialog(dialog, finish)

    def _continue(self, draft: DraftedComment, *, copies: bool) -> None:
        """Go on with a comment that was not saved, or copy it."""
        if copies:
            self._ctx.sharing.copy(draft.text)
        elif draft.passage is None:
            self._ctx.ui.inform(f"{_NOT_CONTAINED}. ", TextSpan("y", "key"), " copies the comment")
        else:
            self._documents.jump(draft.passage.start, above=LINES_ABOVE)
            self._comments.open(draft.passage, then=lambda: None)

    def _draft_line(self, draft: DraftedComment) -> Sequence[TextSpan]:
        sign = TextSpan(f"{self._ctx.glyphs.note} ", "yours")
        return [TextSpan("unsaved ", "muted"), sign, TextSpan(single_line(draft.text))]

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
