"""Pictures of the main screens. Look at them before accepting new ones: `pytest --snapshot-update`."""

from __future__ import annotations

from dataclasses import replace

import pytest
import textual

from paperreader.library import Library
from paperreader.tui.app import ReaderApp
from paperreader.tui.themes import DARK, LIGHT, PLAIN
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

    def compared(*keys, size, theme=DARK, of=None):
        async def press(pilot):
            desk = Reading(pilot.app, pilot)
            pilot.app.theme = theme
            await desk.settle()
            await desk.press(*keys)
            desk.screen.status.hush()  # it would go by itself after a while
            for line in pilot.app.screen.query("QueryInput, FilterInput"):
                line.cursor_blink = False
            await desk.settle()

        assert snap_compare(ReaderApp(of or library), terminal_size=size, run_before=press)

    return compared


SIZES = {"small": (80, 24), "medium": (120, 40), "large": (200, 60)}


@pytest.mark.parametrize(
    ("size", "theme"),
    [("small", DARK), ("medium", DARK), ("large", DARK), ("medium", LIGHT), ("small", PLAIN)],
)
def test_list_and_detail(picture, size, theme):
    picture("j", "b", "J", "N", "k", size=SIZES[size], theme=theme)


@pytest.mark.parametrize(("size", "theme"), [("medium", DARK), ("small", LIGHT), ("large", PLAIN)])
def test_a_search(picture, size, theme):
    picture("b", "n", "H", "i", "ctrl+s", "/", *"clock", "enter", size=SIZES[size], theme=theme)


def test_a_list_alone_in_a_narrow_terminal(picture):
    picture("j", "b", size=(59, 20))


def test_the_help_looked_through(picture):
    picture("?", "/", *"copy", size=(80, 24))


def test_a_note_on_a_small_light_screen(picture):
    picture("n", *"Ask", "space", *"Ada", size=(80, 24), theme=LIGHT)


def test_a_chooser_in_the_terminals_own_colours(picture):
    picture("j", "j", "Y", "j", size=(80, 24), theme=PLAIN)


def test_an_empty_library(picture, tmp_path):
    picture(size=(80, 24), of=Library.open(tmp_path / "empty"))
