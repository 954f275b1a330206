"""Nothing of full texts is loaded until one is asked for."""

from __future__ import annotations

import subprocess
import sys

from tests.pages import THREE_PAPERS
from tests.waiting import TIMEOUT_SECONDS

SCRIPT = """
import asyncio, sys
from paperreader.cli.main import run
from paperreader.library import Library
from paperreader.tui.app import ReaderApp

assert run(["import", sys.argv[1]]) == run(["search", "lanterns"]) == run(["check"]) == 0

async def read():
    app = ReaderApp(Library.open())
    async with app.run_test() as pilot:
        await pilot.press("j", "enter", "j", "escape", "/", "a", "escape")

asyncio.run(read())
print("loaded", *sys.modules)
"""

PACKAGES = (
    "paperreader.fulltext",
    "paperreader.tui.full_text",
    "paperreader.tui.widgets.full_text",
    "paperreader.library.full_texts",
    "paperreader.search.texts.",
    "selectolax",
)


def test_importing_searching_and_reading_abstracts_loads_nothing_of_full_texts(home, tmp_path):
    page = tmp_path / "daily-2025-03-14.txt"
    page.write_text(THREE_PAPERS, encoding="utf-8")
    output = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(page)],
        capture_output=True,
        text=True,
        check=True,
        timeout=TIMEOUT_SECONDS,
    ).stdout
    loaded = output.rpartition("loaded ")[2].split()
    assert "paperreader.tui.reader_screen" in loaded
    assert not [name for name in loaded if name.startswith(PACKAGES)]
