"""Layout of a document in a thread that lets the screen work."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

from paperreader.fulltext import LayoutOptions, Place, TextLayout, layout_document
from paperreader.tui.full_text.context import OpenText

SLICE_SECONDS, PAUSE_SECONDS = 0.004, 0.002
"""How long a layout in a thread works, and lets the screen work, in turns."""


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
    """Lay out a document and find its contents, in a thread that works in short slices."""
    started = time.perf_counter()

    def pause() -> None:
        nonlocal started
        if time.perf_counter() - started > SLICE_SECONDS:
            if cancelled():
                raise LayoutStopped
            time.sleep(PAUSE_SECONDS)
            started = time.perf_counter()

    layout = layout_document(request.text.document, request.options, pause=pause)
    _ = request.text.contents
    return layout
