"""Takes the pictures of the documents from the running program: `.venv/bin/python docs/screenshots.py`.

The reader is driven over a library of the sample pages, in a home of its own, with the keys a person would press.
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
"""Columns and rows: two panes, as most people will see it; and the least that has both."""

MARKED = {"bookmark": 4, "read": 9}
"""How many of the newest papers are bookmarked and read before the picture, so that it shows a library in use."""

TAGGED = {3: ("attention", "long context"), 7: ("attention", "classics"), 8: ("time series",)}
"""Tags, by the place of the paper from the top."""

NOTED = {
    3: "Compare with our **kernel**:\n\n- memory at 1M tokens\n- does `chunk=64` fit?",
    5: "Cited by everybody.",
}
"""Notes, by the same."""

PICTURES = (
    ("reader", SIZE, "paperreader-dark", ("j", "j", "j")),
    ("search", SIZE, "paperreader-dark", ("slash", *"reason")),
    ("narrow", NARROW, "paperreader-dark", ("j", "j", "j")),
    ("light", SIZE, "paperreader-light", ("j", "j", "j")),
)
"""Name, size, theme, and the keys from the top of the list on."""


async def main() -> None:
    """Write every picture."""
    from paperreader import paths
    from paperreader.library import Library
    from paperreader.models import MarkChange
    from paperreader.tui.app import ReaderApp

    library = Library.open()
    library.imports.import_paths(sorted(str(page) for page in paths.sample_pages_folder().glob("*.txt")))
    newest = [library.paper(row) for row in library.table.newest]
    read = [MarkChange(id=paper.id, title=paper.title, read=True) for paper in newest[1 : MARKED["read"] : 2]]
    kept = [
        MarkChange(id=paper.id, title=paper.title, bookmark=True)
        for paper in newest[2 : 2 * MARKED["bookmark"] : 3]
    ]
    said = [
        MarkChange(id=newest[place].id, title=newest[place].title, tags=dict.fromkeys(tags, True))
        for place, tags in TAGGED.items()
    ]
    noted = [
        MarkChange(id=newest[place].id, title=newest[place].title, note=note) for place, note in NOTED.items()
    ]
    library.save_and_adopt([*read, *kept, *said, *noted])
    library.state.set("greeted", True)
    for name, size, theme, keys in PICTURES:
        app = ReaderApp(library)
        async with app.run_test(size=size) as pilot:
            app.theme = theme
            await _settle(pilot)
            await pilot.press("g", *keys)
            await _settle(pilot)
            _keep(app.export_screenshot(title="paperreader"), f"{name}.svg")
            await pilot.press("escape", "q")


async def _settle(pilot: Pilot[None]) -> None:
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


def _keep(svg: str, name: str) -> None:
    # A picture in a document loads nothing from elsewhere: the viewer's own monospaced font will do.
    own = re.sub(r"@font-face \{.*?\}\n?", "", svg, flags=re.S)
    IMAGES.mkdir(exist_ok=True)
    (IMAGES / name).write_text(own, encoding="utf-8")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {f"XDG_{kind}_HOME": f"{home}/{kind}" for kind in ("DATA", "CACHE", "STATE", "CONFIG")}
        os.environ |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
        os.environ.pop("PAPERREADER_LIBRARY", None)
        asyncio.run(main())
