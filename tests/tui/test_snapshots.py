"""Pictures of the main screens. Look at them before accepting new ones: `pytest --snapshot-update`."""

from __future__ import annotations

from dataclasses import replace

import pytest
import textual

from paperreader.library import Library
from paperreader.tui.app import ReaderApp
from tests.tui.reading import Reading

TEXTUAL = "8.2.8"
"""The version the pictures are of; another one may draw the same screen with other means."""

pytestmark = pytest.mark.skipif(
    textual.__version__ != TEXTUAL, reason=f"the pictures are of Textual {TEXTUAL}"
)


@pytest.fixture
def picture(snap_compare, library, monkeypatch):
    """Compares the screen after some keys with its picture."""
    answer = library.search
    monkeypatch.setattr(
        library, "search", lambda *given, **named: replace(answer(*given, **named), seconds=0.002)
    )

    def compared(*keys, size, theme="textual-dark", of=None):
        async def press(pilot):
            desk = Reading(pilot.app, pilot)
            pilot.app.theme = theme
            await desk.settle()
            await desk.press(*keys)
            desk.screen.status.hush()  # it would go by itself after a while
            for line in pilot.app.screen.query("QueryInput"):
                line.cursor_blink = False
            await desk.settle()

        assert snap_compare(ReaderApp(of or library), terminal_size=size, run_before=press)

    return compared


def test_small(picture):
    picture("j", "j", "b", "j", "N", "k", size=(80, 24))


def test_medium_with_a_search(picture):
    picture("b", "n", "H", "i", "ctrl+s", "/", *"clock", "enter", size=(120, 40))


def test_large(picture):
    picture("j", "b", "J", "N", "J", size=(200, 60))


def test_a_note_on_a_small_light_screen(picture):
    picture("n", *"Ask", "space", *"Ada", size=(80, 24), theme="textual-light")


def test_a_chooser_in_the_terminals_own_colours(picture):
    picture("j", "j", "Y", "j", size=(80, 24), theme="ansi-dark")


def test_an_empty_library(picture, tmp_path):
    picture(size=(80, 24), of=Library.open(tmp_path / "empty"))
