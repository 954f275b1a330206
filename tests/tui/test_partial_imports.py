"""Textual is imported in parts, and the other parts can be imported afterwards."""

from __future__ import annotations

import subprocess
import sys

import pytest

CODE = """
import sys
from paperreader.tui.runtime.partial_imports import _UNUSED, import_textual
import_textual()
assert "ssl" not in sys.modules and not {*_UNUSED} & sys.modules.keys()
import paperreader.tui.app, paperreader.tui.terminal.driver, paperreader.tui.dialogs.command_palette
assert "ssl" not in sys.modules and not {*_UNUSED} & sys.modules.keys()
import asyncio, ssl
from rich.table import Table
from textual.app import App
from textual.widgets import DirectoryTree, Placeholder, Select
assert ssl.create_default_context() and Table("heading").columns
class Other(App):
    def compose(self):
        yield Select([("one", 1)])
        yield Placeholder()
        yield DirectoryTree("/")
async def main():
    async with Other().run_test() as pilot:
        assert len(list(pilot.app.query(Select))) == 1
asyncio.run(main())
"""


@pytest.mark.endurance
def test_what_is_left_out_can_be_imported_later():
    subprocess.run([sys.executable, "-c", CODE], check=True, timeout=60)
