"""Comments on passages, written in the editor for notes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from msgspec.structs import replace

from paperreader.fulltext import Passage, to_highlight
from paperreader.models import Highlight
from paperreader.tui.full_text.context import FullTextContext
from paperreader.tui.full_text.documents import DocumentController
from paperreader.tui.full_text.editing import EditingController, Writing
from paperreader.tui.full_text.passages.comment_drafts import CommentDraftsController
from paperreader.tui.full_text.passages.highlights import ChangeOutcome, HighlightsController
from paperreader.tui.widgets.text_line import TextSpan


class _Commented(NamedTuple):
    """What a comment is written on."""

    id: str
    """Of the highlight."""
    highlight: Highlight
    passage: Passage
    is_new: bool


class CommentController:
    """A draft is there when the passage is commented again."""

    def __init__(
        self,
        ctx: FullTextContext,
        documents: DocumentController,
        highlights: HighlightsController,
        editing: EditingController,
        drafts: CommentDraftsController,
    ) -> None:
        self._ctx, self._documents, self._drafts = ctx, documents, drafts
        self._highlights, self._editing = highlights, editing

    def open(self, passage: Passage, *, then: Callable[[], None]) -> None:
        """Write a comment on a passage, or change that of the highlight that contains it; then call `then`."""
        found = self._highlights.covering(passage)
        if found is not None and found.passage is not None:
            self._open(_Commented(found.id, found.highlight, found.passage, is_new=False), then)
            return
        version = self._documents.document.version
        highlight = to_highlight(self._highlights.texts, passage, version=version)
        if highlight is None:
            self._ctx.ui.inform("There is no text to comment on")
        else:
            self._open(_Commented(highlight.id, highlight, passage, is_new=True), then)

    def _open(self, commented: _Commented, then: Callable[[], None]) -> None:
        from paperreader.tui.model.note_drafts import COMMENT_SEPARATOR, NoteDraft

        highlight = commented.highlight
        id = f"{self._documents.text.paper}{COMMENT_SEPARATOR}{commented.id}"
        draft = NoteDraft(id, highlight.quote, highlight.comment)
        self._drafts.remember(id, highlight)
        self._editing.open(
            Writing(
                draft,
                "Comment",
                partial(self._save, commented, id),
                opened=partial(self._show_passage, commented.passage),
                closed=then,
            )
        )

    def _save(self, commented: _Commented, draft: str, text: str) -> None:
        from paperreader.tui.model.note_drafts import normalize_note

        comment = normalize_note(text)
        outcome = ChangeOutcome(
            saved=partial(self._editing.set_draft, draft, ""),
            failed=partial(self._keep_draft, draft, text),
        )
        if commented.is_new:
            self._highlights.add(commented.passage, comment, "Comment saved", outcome)
        else:
            changed, base = replace(commented.highlight, comment=comment), commented.highlight.comment
            self._highlights.set_comment(commented.id, changed, base, outcome)

    def _show_passage(self, passage: Passage) -> None:
        """Scroll to a passage, of which the editor may cover a part."""
        view = self._ctx.widgets.view
        view.scroll_into_view(passage.end._replace(offset=passage.end.offset - 1))
        view.scroll_into_view(passage.start)

    def _keep_draft(self, id: str, text: str) -> None:
        self._editing.set_draft(id, text)
        self._ctx.ui.inform(
            "The comment is kept as a draft. ", TextSpan("n", "key"), " on the passage restores it"
        )
