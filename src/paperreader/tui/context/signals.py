"""Signals between controllers.

They are synchronous, because list, detail and counts have to change in the same frame, which Textual messages do not
guarantee.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Generic, TypeVar

from paperreader.errors import PaperreaderError
from paperreader.models import MarkChange

if TYPE_CHECKING:
    from paperreader.library import Update, WatchedPapers
    from paperreader.tui.model.list_query import ListResult

T = TypeVar("T")


class Signal(Generic[T]):
    """Calls its handlers in the order in which they were connected."""

    def __init__(self) -> None:
        self._handlers: list[Callable[[T], object]] = []

    def connect(self, handler: Callable[[T], object]) -> None:
        """Call `handler` with every value that is emitted from now on."""
        self._handlers.append(handler)

    def disconnect(self, handler: Callable[[T], object]) -> None:
        """Do not call `handler` any more: its screen is closed."""
        self._handlers.remove(handler)

    def emit(self, value: T) -> None:
        """Call all handlers, and return when the last one has returned."""
        for handler in tuple(self._handlers):
            handler(value)


class ReaderSignals:
    """Everything that more than one controller reacts to."""

    def __init__(self) -> None:
        self.results_shown: Signal[ListResult] = Signal()
        """The list shows another result."""
        self.search_failed: Signal[PaperreaderError] = Signal()
        """A query could not be run: the index is missing or damaged."""
        self.sentences_found: Signal[Sequence[int]] = Signal()
        """The sentences of full texts are known that match in the papers of some rows."""
        self.fits_changed: Signal[None] = Signal()
        """It is known how well papers fit the user, or why the paper under the cursor does."""
        self.cursor_moved: Signal[int | None] = Signal()
        """The cursor is on the paper of another row, or on none."""
        self.mode_changed: Signal[None] = Signal()
        """The focus moved, or selecting began or ended."""
        self.marks_changed: Signal[Sequence[MarkChange] | None] = Signal()
        """Marks changed: by these changes, or in any way (None)."""
        self.counts_changed: Signal[None] = Signal()
        """There are other views, or other numbers of papers in them."""
        self.citations_stored: Signal[None] = Signal()
        """Citation counts were stored."""
        self.watched_papers_found: Signal[WatchedPapers] = Signal()
        """What papers have of the watch list, as it is now."""
        self.library_changed: Signal[Update] = Signal()
        """Papers or marks that another process wrote are in the library now."""
        self.full_text_stored: Signal[None] = Signal()
        """A full text was fetched."""
        self.index_updated: Signal[None] = Signal()
        """The search index holds more than before."""
        self.key_pressed: Signal[None] = Signal()
        """A key was pressed, with or without an effect."""
