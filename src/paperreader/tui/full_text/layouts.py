"""Layout of a document in a thread that lets the screen work."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

from paperreader.fulltext import (
    ASCII_GLYPHS,
    UNICODE_GLYPHS,
    LayoutOptions,
    Place,
    TextLayout,
    layout_document,
)
from paperreader.tui.full_text.context import FullTextContext, OpenText
from paperreader.tui.terminal.glyphs import ASCII
from paperreader.tui.widgets.full_text.geometry import layout_width
from paperreader.tui.widgets.full_text.pictures import LINES_OF_BARS, picture_rows, why_no_pictures

SLICE_SECONDS, PAUSE_SECONDS = 0.004, 0.002
"""How long a layout in a thread works, and lets the screen work, in turns."""


AUTHORS_HINT = "a shows affiliations and addresses"


class LayoutRequest(NamedTuple):
    """What to lay out, and how."""

    text: OpenText
    options: LayoutOptions
    place: Place
    """What is shown first."""
    height: int
    """Lines of the screen."""


class LayoutStopped(Exception):
    """There is a newer request."""


def lay_out_all(request: LayoutRequest, cancelled: Callable[[], bool]) -> TextLayout:
    """Lay out a document and find its contents, in a thread."""

    def stop_if_cancelled() -> None:
        if cancelled():
            raise LayoutStopped

    pause = short_slices(stop_if_cancelled)
    layout = layout_document(request.text.document, request.options, pause=pause)
    _ = request.text.contents
    return layout


def short_slices(before_pause: Callable[[], object] = lambda: None) -> Callable[[], None]:
    """Return a function that a thread calls often, and that pauses from time to time, so that the screen works."""
    started = time.perf_counter()

    def pause() -> None:
        nonlocal started
        if time.perf_counter() - started > SLICE_SECONDS:
            before_pause()
            time.sleep(PAUSE_SECONDS)
            started = time.perf_counter()

    return pause


class LayoutChoices:
    """What the user chose about the layout of a text, and what the screen allows."""

    def __init__(self, ctx: FullTextContext) -> None:
        self._ctx = ctx
        self._is_ascii = ctx.glyphs is ASCII
        self.is_raw = self._is_ascii  # which has no raised and lowered letters
        self.shows_authors = False
        """Whether all lines about the authors are shown, not only their names."""
        self.failed_pictures: set[str] = set()

    @property
    def options(self) -> LayoutOptions:
        """How a text is laid out now."""
        view, settings = self._ctx.widgets.view, self._ctx.settings
        width, max_width = layout_width(view, settings.reading.text_width)
        reason = why_no_pictures(settings, is_ascii=self._is_ascii)
        return LayoutOptions(
            width=width,
            max_width=max_width,
            raw=self.is_raw,
            authors_hint="" if self.shows_authors else AUTHORS_HINT,
            glyphs=ASCII_GLYPHS if self._is_ascii else UNICODE_GLYPHS,
            failed_pictures=frozenset(self.failed_pictures),
            picture_rows=0 if reason else picture_rows(view.screen.size.height - LINES_OF_BARS),
            why_no_pictures=reason,
        )
