"""Bookmark and read mark of the paper whose text is shown, and bookmarks of papers that it refers to."""

from __future__ import annotations

from paperreader.errors import PaperreaderError
from paperreader.models import MarkChange
from paperreader.text.sanitize import single_line
from paperreader.text.tex_display import readable_text
from paperreader.tui.full_text.context import FullTextContext
from paperreader.tui.full_text.documents import DocumentController
from paperreader.tui.full_text.references.known_papers import KnownPaper, mark_of
from paperreader.tui.widgets.text_line import TextSpan


class BookmarkController:
    """Sets and removes bookmarks as the main screen does, which can undo it, and shows that of the open paper."""

    def __init__(self, ctx: FullTextContext, documents: DocumentController) -> None:
        self._ctx, self._documents = ctx, documents
        ctx.signals.text_shown.connect(self._show)

    def start(self) -> None:
        """Follow changes that are made elsewhere."""
        self._ctx.reader.marks_changed.connect(self._show)

    def stop(self) -> None:
        """Do not follow changes any more, because the screen is closed."""
        self._ctx.reader.marks_changed.disconnect(self._show)

    def toggle_own(self) -> None:
        """Bookmark the paper whose text is shown, or remove the bookmark."""
        self.toggle(self._own)

    def toggle_own_read(self) -> None:
        """Mark the paper whose text is shown as read, or as unread."""
        paper = self._own
        mark = mark_of(self._ctx.library, paper)
        if mark is None:
            self._ctx.ui.inform("Only papers of the library can be marked as read")
            return
        name = "mark as unread" if mark.is_read else "mark as read"
        change = MarkChange(paper.id, title=paper.title, read=not mark.is_read)
        self._ctx.reader.history.apply(name, paper.title, [change], on_failed=self._report_unsaved)
        message = "Marked as unread: " if mark.is_read else "Marked as read: "
        self._ctx.ui.inform(message, TextSpan(paper.title, "text"))

    @property
    def _own(self) -> KnownPaper:
        text = self._documents.text
        return KnownPaper(text.paper, single_line(readable_text(text.title)))

    def toggle(self, paper: KnownPaper | None) -> None:
        """Bookmark a paper of the library, or remove the bookmark."""
        mark = mark_of(self._ctx.library, paper) if paper is not None else None
        if paper is None or mark is None:
            self._ctx.ui.inform("Only papers of the library can be bookmarked")
            return
        change = MarkChange(paper.id, title=paper.title, bookmark=not mark.bookmarked)
        self._ctx.reader.history.apply("bookmark", paper.title, [change], on_failed=self._report_unsaved)
        message = "Bookmark removed: " if mark.bookmarked else "Bookmarked: "
        self._ctx.ui.inform(message, TextSpan(paper.title, "text"))
        self._show()

    def _show(self, _: object = None) -> None:
        text = self._documents.text
        mark = mark_of(self._ctx.library, KnownPaper(text.paper, text.title))
        self._ctx.widgets.title.is_bookmarked = mark is not None and mark.bookmarked

    def _report_unsaved(self, error: PaperreaderError) -> None:
        self._ctx.ui.clear_message()
        self._ctx.ui.fail(f"Not saved: {error}")
        self._show()
