"""Render the pictures in the documents. Run `.venv/bin/python docs/screenshots.py`.

The reader runs in a temporary home folder with a library of the sample pages.
"""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from pathlib import Path

from textual.pilot import Pilot

IMAGES = Path(__file__).resolve().parent / "images"

SIZE, NARROW = (120, 34), (80, 24)
"""Columns and rows: panes side by side, and one above the other."""

CELL_WIDTH = 12.2
"""Of the pictures that Rich exports, in their unit."""

MARKED = {"bookmark": 4, "read": 9}
"""How many papers are bookmarked and read, so that the pictures show a library in use."""

TAGGED = {3: ("attention", "long context"), 7: ("attention", "classics"), 8: ("time series",)}
"""Tags by the position of the paper in the list."""

NOTED = {
    3: "Compare with our **kernel**:\n\n- memory at 1M tokens\n- does `chunk=64` fit?",
    5: "Widely cited.",
}
"""Notes by the position of the paper in the list."""

PICTURES = (
    ("reader", SIZE, "paperreader-dark", ("j", "j", "j")),
    ("search", SIZE, "paperreader-dark", ("slash", *"reason")),
    ("narrow", NARROW, "paperreader-dark", ("j", "j", "j")),
    ("light", SIZE, "paperreader-light", ("j", "j", "j")),
)
"""File name, size, theme, and the keys pressed at the top of the list."""


async def main() -> None:
    """Write all pictures."""
    from paperreader import paths
    from paperreader.library import Library
    from paperreader.models import MarkChange
    from paperreader.tui.app import ReaderApp

    library = Library.open()
    library.imports.import_paths(sorted(str(page) for page in paths.sample_pages_folder().glob("*.txt")))
    newest = [library.paper(row) for row in library.table.newest]
    read = [MarkChange(id=paper.id, title=paper.title, read=True) for paper in newest[1 : MARKED["read"] : 2]]
    bookmarked = [
        MarkChange(id=paper.id, title=paper.title, bookmark=True)
        for paper in newest[2 : 2 * MARKED["bookmark"] : 3]
    ]
    tagged = [
        MarkChange(id=newest[row].id, title=newest[row].title, tags=dict.fromkeys(tags, True))
        for row, tags in TAGGED.items()
    ]
    noted = [MarkChange(id=newest[row].id, title=newest[row].title, note=note) for row, note in NOTED.items()]
    library.save_and_apply([*read, *bookmarked, *tagged, *noted])
    library.state.set("greeted", True)
    for name, size, theme, keys in PICTURES:
        app = ReaderApp(library)
        async with app.run_test(size=size) as pilot:
            app.theme = theme
            await _wait_until_idle(pilot)
            await pilot.press("g", *keys)
            await _wait_until_idle(pilot)
            _write_picture(app.export_screenshot(title="paperreader"), f"{name}.svg")
            await pilot.press("escape", "q")


async def _wait_until_idle(pilot: Pilot[None]) -> None:
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


def _write_picture(svg: str, name: str) -> None:
    # Do not load fonts from the web: any monospaced font will do.
    without_fonts = re.sub(r"@font-face \{.*?\}\n?", "", svg, flags=re.S)
    IMAGES.mkdir(exist_ok=True)
    (IMAGES / name).write_text(_LEADING_SPACES.sub(_without_leading_spaces, without_fonts), encoding="utf-8")


_LEADING_SPACES = re.compile(r'x="([\d.]+)"( y="[\d.]+") textLength="([\d.]+)"([^>]*)>((?:&#160;)+)(?=[^<&])')


def _without_leading_spaces(text: re.Match[str]) -> str:
    """Move a text to its first letter: some programs that show pictures leave out spaces in front of it."""
    x, y, length, rest, spaces = text.groups()
    indent = CELL_WIDTH * (len(spaces) // len("&#160;"))
    return f'x="{round(float(x) + indent, 1):g}"{y} textLength="{round(float(length) - indent, 1):g}"{rest}>'


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {f"XDG_{kind}_HOME": f"{home}/{kind}" for kind in ("DATA", "CACHE", "STATE", "CONFIG")}
        os.environ |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
        os.environ.pop("PAPERREADER_LIBRARY", None)
        asyncio.run(main())
