"""Saves what the next start is to show before Textual is loaded: the first frame of a new main screen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from textual.app import App

from paperreader.config import settings_file
from paperreader.errors import PaperreaderError
from paperreader.library import Library
from paperreader.tui.runtime.covered_screen import CoveredScreen
from paperreader.tui.runtime.threads import run_in_thread
from paperreader.tui.terminal.driver import ReaderDriver
from paperreader.tui.terminal.encoding import UTF8_ENCODINGS, terminal_encoding
from paperreader.tui.terminal.first_frame import save_frame

MAX_SECONDS = 0.5
"""How long this may delay the end of the reader."""

_MAX_FILES = 200
"""Files of a library whose changes are noticed. A folder with more is not what the program writes."""


async def save_next_frame(
    app: App[Any], library: Library, open_screen: Callable[[Library, Callable[[], object]], CoveredScreen]
) -> None:
    """Paint the first frame of the next start without showing it, and save it.

    By painting a new screen of a library that is read again, the frame is what the next start paints.

    Args:
        app: the application, which is about to end.
        library: the library that it shows.
        open_screen: makes a main screen that calls its second argument when its first frame is complete.
    """
    driver = app._driver
    if not isinstance(driver, ReaderDriver) or not driver.is_active or not app.app_focus:
        return
    if terminal_encoding() not in UTF8_ENCODINGS or app._notifications:
        return
    painted = asyncio.Event()
    try:
        async with asyncio.timeout(MAX_SECONDS):
            again = await run_in_thread(lambda: Library(library.folder, is_sample=library.is_sample))
            screen = open_screen(again, painted.set)
            screen.is_painted = False
            app.push_screen(screen)
            await painted.wait()
        frame = screen._compositor.render_full_update().render_segments(app.console)
        files = [settings_file(), *_files_of(again)]
        size = (app.size.width, app.size.height)
        await run_in_thread(lambda: save_frame(frame, library.folder, files, size))
    except (TimeoutError, OSError, PaperreaderError):
        return  # the next start is slower, and reports what is wrong with the library


def _files_of(library: Library) -> Iterator[Path]:
    """Yield the folders of library and local state, and what is in them."""
    for folder in (library.folder, library.state.folder):
        if folder is not None:
            yield folder
            with suppress(OSError):
                yield from sorted(folder.iterdir())[:_MAX_FILES]
