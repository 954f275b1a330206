"""Comments that were not saved: which passages they are on, so that the user can go on with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from paperreader.fulltext import Passage, find_passage
from paperreader.mark_codec import highlight_to_json, parse_highlight
from paperreader.models import Highlight
from paperreader.text.counts import format_count
from paperreader.tui.full_text.context import FullTextContext, OpenText
from paperreader.tui.full_text.documents import DocumentController
from paperreader.tui.full_text.passages.highlights import HighlightsController
from paperreader.tui.runtime.threads import run_in_thread
from paperreader.tui.widgets.text_line import TextSpan

_STATE_KEY = "comment_passages"
"""The passages of drafts: `{DRAFT: HIGHLIGHT}`, as the notebook stores highlights."""


class DraftedComment(NamedTuple):
    """A comment that was not saved."""

    highlight: Highlight
    passage: Passage | None
    """None if the text that is open does not contain it."""
    text: str


class CommentDraftsController:
    """Says that there are drafts when a text is opened. The list of highlights has them."""

    def __init__(
        self, ctx: FullTextContext, documents: DocumentController, highlights: HighlightsController
    ) -> None:
        self._ctx, self._documents, self._highlights = ctx, documents, highlights
        ctx.signals.text_shown.connect(lambda text: documents.when_complete(partial(self._look, text)))

    def remember(self, draft: str, highlight: Highlight) -> None:
        """Store on which passage a comment is being written, and forget those without a draft."""
        state = self._ctx.library.state

        def change(old: Any) -> dict[str, Any]:
            known = old if isinstance(old, dict) else {}
            kept = {id: value for id, value in known.items() if state.draft(id)}
            return {**kept, draft: highlight_to_json(highlight)}

        self._ctx.tasks.start_in_thread(lambda: state.update(_STATE_KEY, change), group="state")

    def drafts(self) -> Sequence[DraftedComment]:
        """Return the drafts of the paper whose text is open, in the order of the text. Takes milliseconds for each."""
        texts = self._highlights.texts
        found = [
            DraftedComment(highlight, find_passage(texts, highlight), text)
            for highlight, text in self._unsaved(self._documents.text.paper)
        ]
        return sorted(
            found, key=lambda each: (each.passage is None, each.passage or (), each.highlight.order)
        )

    def _unsaved(self, paper: str) -> list[tuple[Highlight, str]]:
        from paperreader.tui.model.note_drafts import COMMENT_SEPARATOR, normalize_note

        state = self._ctx.library.state
        stored = state.get(_STATE_KEY)
        passages: Mapping[str, Any] = stored if isinstance(stored, dict) else {}
        found = []
        for id, text in state.drafts.items():
            owner, _, name = id.partition(COMMENT_SEPARATOR)
            if owner != paper or not name or state.is_being_written(id, elsewhere=True):
                continue
            highlight = self._highlights.saved(name) or parse_highlight(passages.get(id))
            if highlight is not None and normalize_note(text) != normalize_note(highlight.comment):
                found.append((highlight, text))
        return found

    def _look(self, text: OpenText) -> None:
        if any(self._unsaved(text.paper)):
            self._ctx.tasks.start(self._report(text), group="drafts")

    async def _report(self, text: OpenText) -> None:
        drafts = await run_in_thread(self.drafts)
        if drafts and text is self._documents.text:
            count = format_count(len(drafts), "unsaved comment")
            self._ctx.ui.inform(f"{count}. Press ", TextSpan("H", "key"), " to continue")
