"""Shows a document: lays it out in a thread, keeps the place, and goes back to earlier places."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from paperreader.fulltext import (
    HEAD,
    Document,
    Heading,
    LayoutOptions,
    Notes,
    Place,
    Reference,
    TextLayout,
    layout_around,
    with_notes,
)
from paperreader.tui.full_text.context import FullTextContext, OpenText
from paperreader.tui.full_text.layouts import LayoutChoices, LayoutRequest, LayoutStopped, lay_out_all
from paperreader.tui.full_text.positions import SavedPlaces
from paperreader.tui.runtime.threads import LatestOnly, run_in_thread
from paperreader.tui.widgets.full_text.line_painter import WHOLE_BLOCK, MarkedRange
from paperreader.tui.widgets.text_line import TextSpan

SAVE_SECONDS = 1.0
"""How long after scrolling the place is saved."""

SCREENS_AHEAD = 4
"""Screens of lines that are laid out at once."""

MAX_EARLIER_PLACES = 200


class EarlierPlace(NamedTuple):
    """Where the user was before a jump."""

    text: OpenText
    place: Place


class DocumentController:
    """The document that is shown. A thread lays out what surrounds the place first, and then the rest."""

    def __init__(
        self, ctx: FullTextContext, text: OpenText, place: Place | None, earlier: Sequence[EarlierPlace]
    ) -> None:
        """
        Args:
            ctx: what the controllers share.
            text: what to show first.
            place: where to begin; by default where the user left it.
            earlier: where `go_back` leads.
        """
        self._ctx, self._text, self._first_place = ctx, text, place
        self._view = ctx.widgets.view
        self._places = SavedPlaces(ctx.library.state)
        self._earlier = list(earlier)
        self._layout: TextLayout | None = None
        self._notes: Notes = {}
        self._wanted_top = self._shown_top = Place()
        self._choices = LayoutChoices(ctx)
        self._options: LayoutOptions | None = None
        self._is_complete = False
        self._waiting: list[Callable[[], object]] = []
        self._request: LayoutRequest | None = None
        self._pending_place: Place | None = None
        """What is to be shown; None when it is shown."""
        self._layouts: LatestOnly[LayoutRequest, TextLayout] = LatestOnly(
            self._lay_out, self._show_all, self._fail, lambda work: ctx.tasks.start(work, group="layout")
        )
        self._save_timer_runs = False
        ctx.signals.scrolled.connect(lambda _: self._save_soon())

    @property
    def text(self) -> OpenText:
        """What is shown."""
        return self._text

    @property
    def document(self) -> Document:
        """The document that is shown."""
        return self._text.document

    @property
    def has_sections(self) -> bool:
        """Whether there is a heading, without which there are no contents to speak of."""
        return any(isinstance(block, Heading) for block in self.document.blocks)

    @property
    def is_complete(self) -> bool:
        """Whether all of the document is laid out."""
        return self._is_complete

    @property
    def place(self) -> Place:
        """The place at the top of the screen."""
        return self._view.top if self._pending_place is None else self._pending_place

    @property
    def options(self) -> LayoutOptions:
        """How the document is laid out."""
        return self._choices.options

    # Showing

    def show_first(self) -> None:
        """Show the document of the screen where the user left it."""
        self._show_text(self._text, self._first_place or self._places.place_in(self._text))

    def resized(self) -> None:
        """Lay out the document again if lines have another width now. The line at the top stays."""
        if self._view.size.area and self._options is not None and self.options != self._options:
            self._lay_out_at(self.place)

    def give_up_picture(self, address: str) -> None:
        """Leave no more room for a picture than a message about it needs."""
        self._choices.failed_pictures.add(address)
        self.resized()

    def toggle_math(self) -> None:
        """Show formulas as TeX, or as readable text again."""
        self._choices.is_raw = not self._choices.is_raw
        self._lay_out_at(self.place)
        self._ctx.ui.inform("Math shown as LaTeX" if self._choices.is_raw else "Math shown as Unicode")

    def toggle_authors(self) -> None:
        """Show all lines about the authors at the beginning of the text, or only their names again."""
        is_at_top = self.place.block == HEAD
        self._choices.shows_authors = not (self._choices.shows_authors and is_at_top)
        if not is_at_top:
            self._remember_place()
            self._ctx.ui.inform(TextSpan("backspace", "key"), TextSpan(" goes back", "muted"))
        self._lay_out_at(Place())

    def show_authors(self) -> None:
        """Show all lines about the authors, because something in them was found."""
        if not self._choices.shows_authors:
            self._choices.shows_authors = True
            self.resized()

    def annotate(self, notes: Notes) -> None:
        """Show notes below blocks of the document, instead of earlier ones."""
        if notes != self._notes:
            self._notes = notes
            if self._layout is not None and self._pending_place is None:
                self._show_layout(self._layout, self._top)

    def when_complete(self, callback: Callable[[], object]) -> None:
        """Call `callback` when all of the document is laid out: at once, or some milliseconds later."""
        if self._is_complete:
            callback()
        else:
            self._waiting.append(callback)

    def open_page(self) -> None:
        """Open the page of the text in the browser."""
        if self.document.url:
            self._ctx.sharing.open_url(self.document.url)
        else:
            self._ctx.ui.inform("No page is known for this text")

    # Places

    def jump(self, place: Place, *, above: int = 0) -> None:
        """Go to a place, with that many lines above it; `go_back` returns. A reference there is marked."""
        self._remember_place()
        self.when_complete(lambda: self._view.go_to(place, above=above))
        is_reference = place.block >= 0 and isinstance(self.document.blocks[place.block], Reference)
        marked = {place.block: [MarkedRange(0, WHOLE_BLOCK, "target")]} if is_reference else {}
        self._view.mark("target", marked)

    def open_paper(
        self, id: str, title: str, place: Place | None = None, *, version: int | None = None
    ) -> None:
        """Show the full text of a paper, the newest version by default, at a place or where the user left it.

        `go_back` returns.
        """
        self._ctx.tasks.start(self._open_paper(id, title, place, version), group="opening")

    def remember(self, place: Place) -> None:
        """Make a place of this text the one to which `go_back` returns."""
        self._earlier = [*self._earlier, EarlierPlace(self._text, place)][-MAX_EARLIER_PLACES:]

    async def open_stored(
        self, id: str, title: str, place: Place | None = None, version: int | None = None
    ) -> bool:
        """Do `open_paper`; return False if the full text of the paper is not stored."""
        document = await run_in_thread(lambda: self._ctx.library.full_texts.load(id, version))
        if document is None:
            return False
        self._remember_place()
        self.save_place()
        text = OpenText(id, title, document)
        self._show_text(text, place or self._places.place_in(text))
        return True

    @property
    def trail(self) -> Sequence[EarlierPlace]:
        """The places to which `go_back` leads, and the current one."""
        return (*self._earlier, EarlierPlace(self._text, self.place))

    def go_back(self) -> None:
        """Return to where the user was before the last jump."""
        if not self._earlier:
            self._ctx.ui.inform("No earlier place")
            return
        earlier = self._earlier.pop()
        self._ctx.ui.clear_message()  # perhaps that this key goes back
        self._view.mark("target", {})
        if earlier.text is self._text:
            self.when_complete(lambda: self._view.go_to(earlier.place))
        else:
            self._show_text(earlier.text, earlier.place)

    def save_place(self) -> None:
        """Store where the user is, in a thread."""
        text, place = self._text, self.place
        self._ctx.tasks.start_in_thread(lambda: self._places.save(text, place), group="state")

    def _remember_place(self) -> None:
        self.remember(self.place)

    def _save_soon(self) -> None:
        if not self._save_timer_runs:
            self._save_timer_runs = True
            self._ctx.tasks.after(SAVE_SECONDS, self._save_after_scrolling)

    def _save_after_scrolling(self) -> None:
        self._save_timer_runs = False
        self.save_place()

    # Layout

    async def _open_paper(self, id: str, title: str, place: Place | None, version: int | None) -> None:
        if not await self.open_stored(id, title, place, version):
            self._ctx.ui.inform("The full text of that paper is not stored")

    def _show_text(self, text: OpenText, place: Place) -> None:
        self._text, self._notes = text, {}
        self._view.mark("target", {})
        self._ctx.widgets.title.title, self._ctx.widgets.title.facts = text.title, text.facts
        self._waiting = []
        self._lay_out_at(place)
        self._ctx.signals.text_shown.emit(text)

    def _lay_out_at(self, place: Place) -> None:
        """Lay out the document, and show what surrounds a place as soon as it is laid out."""
        self._options, self._pending_place, self._is_complete = self.options, place, False
        height = max(1, self._view.size.height)
        self._request = LayoutRequest(self._text, self._options, place, height)
        self._layouts.submit(self._request)

    def _lay_out(self, request: LayoutRequest, cancelled: Callable[[], bool]) -> TextLayout:
        """Lay out a document, in a thread."""
        document, options = request.text.document, request.options
        after = SCREENS_AHEAD * request.height
        part = layout_around(document, options, request.place, request.height, after)
        self._ctx.tasks.from_thread(self._show_part, request, part)
        return lay_out_all(request, cancelled)

    def _show_part(self, request: LayoutRequest, layout: TextLayout) -> None:
        if request is self._request:
            self._pending_place = None
            self._show_layout(layout, request.place)

    def _show_all(self, request: LayoutRequest, layout: TextLayout) -> None:
        if request is not self._request:
            return
        self._is_complete = True
        self._show_layout(layout, self._top)
        waiting, self._waiting = self._waiting, []
        for callback in waiting:
            callback()

    @property
    def _top(self) -> Place:
        """What is to be at the top: not what is, where the end of the text did not allow it and lines are added."""
        return self._wanted_top if self._view.top == self._shown_top else self._view.top

    def _show_layout(self, layout: TextLayout, top: Place) -> None:
        assert self._options is not None
        self._layout = layout
        self._view.show(with_notes(layout, self._notes), self._options.width, top)
        self._wanted_top, self._shown_top = top, self._view.top
        self._ctx.signals.lines_changed.emit(None)

    def _fail(self, request: LayoutRequest, error: Exception) -> None:
        if not isinstance(error, LayoutStopped):
            raise error
