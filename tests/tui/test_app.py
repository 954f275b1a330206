"""The app around the screen: help, palette, themes, quitting, and what nobody foresaw."""

from __future__ import annotations

import threading
from functools import partialmethod

import pytest

from paperreader.errors import StorageError
from paperreader.library import Library
from paperreader.tui import app as app_module
from paperreader.tui.app import ReaderApp
from paperreader.tui.commands.tables import KEYS_IN_HELP
from paperreader.tui.dialogs.help import HelpDialog, HelpText
from paperreader.tui.model.list_query import ListQuery
from paperreader.tui.runtime.tasks import run_in_thread
from paperreader.tui.terminal import colors
from paperreader.tui.widgets.search_bar import SearchBar
from tests.tui.reader_driver import block_saves


async def test_help_tells_every_key_and_leads_back(reading):
    async with reading(size=(80, 24)) as desk:
        await desk.press("enter", "?")
        assert isinstance(desk.app.screen, HelpDialog)
        told = desk.app.screen.query_one(HelpText).plain_text
        for key in KEYS_IN_HELP:
            assert key.group in told, key.id
            assert key.help in told, key.id
        await desk.press("space", "j", "-", "k", "escape")
        assert desk.mode == "detail"
        await desk.press("?", "?", "?", "q")
        assert desk.app.is_running
        assert desk.mode == "detail"


async def test_the_help_is_searched_as_one_types(reading):
    async with reading(size=(80, 24)) as desk:
        await desk.press("?", "/", *"match")
        text = desk.app.screen.query_one(HelpText)
        told = text.plain_text
        assert "  . ," in told
        assert "bookmark" not in told
        await desk.press("enter", "j")
        assert text.plain_text == told
        await desk.press("escape")
        assert "bookmark" in text.plain_text
        await desk.press("/", *"qqq")
        assert "No key" in desk.screen_text
        await desk.press("escape", "escape")
        assert desk.mode == "list"


async def test_the_first_launch_says_where_to_find_everything(reading, library):
    library.state.set("greeted", None)
    async with reading(Library.open()) as desk:
        assert "New here?" in desk.status
        await desk.press("j", "k")
        assert "New here?" in desk.status
        await desk.press("?", "escape")
        assert "New here?" not in desk.status
    async with reading(Library.open()) as desk:
        assert "New here?" not in desk.status
    library.state.set("greeted", None)
    async with reading(Library.open()) as desk:
        await desk.press(*["j", "k"] * 6)
        assert "New here?" not in desk.status
    library.state.set("greeted", None)
    async with reading(Library.open()) as desk:
        assert "New here?" in desk.status
    async with reading(Library.open()) as desk:
        assert "New here?" not in desk.status, "seen, though nothing was pressed"


async def test_the_chosen_theme_is_kept(reading, library):
    async with reading() as desk:
        assert library.state.get("theme") is None, "a guess is not a choice"
        desk.app.theme = "gruvbox"
        await desk.settle()
        assert library.state.get("theme") == "gruvbox"
    async with reading(Library.open()) as desk:
        assert desk.app.theme == "gruvbox"


async def test_the_theme_of_the_settings_comes_first_and_no_other_is_kept(reading, library):
    library.state.set("theme", "gruvbox")
    async with reading(Library.open(), toml='[appearance]\ntheme = "nord"\n') as desk:
        assert desk.app.theme == "nord"
        assert not desk.notifications
        desk.app.theme = "dracula"
        await desk.settle()
        assert any("config.toml" in toast for toast in desk.notifications)
    assert Library.open().state.get("theme") == "gruvbox"


@pytest.mark.parametrize(
    ("remembered", "environ", "theme"),
    [
        ("nord", {}, "nord"),
        ("no such theme", {}, "paperreader-dark"),
        (None, {"TERM": "xterm-256color"}, "paperreader-dark"),
        (7, {"COLORFGBG": "0;15"}, "paperreader-light"),
        (None, {"COLORFGBG": "15;default;0"}, "paperreader-dark"),
        (None, {"TERM": "linux"}, "ansi-dark"),
        (None, {"TERM": "xterm", "COLORFGBG": "0;7"}, "ansi-light"),
        (None, {"TERM": "xterm", "COLORTERM": "truecolor"}, "paperreader-dark"),
    ],
)
def test_the_first_theme_suits_the_terminal(remembered, environ, theme):
    assert (
        colors.initial_theme(remembered, ["nord", "paperreader-dark", "paperreader-light"], environ) == theme
    )


@pytest.mark.parametrize("theme", ["paperreader-light", "ansi-dark", "ansi-light"])
async def test_every_part_paints_in_other_themes(reading, theme):
    async with reading() as desk:
        desk.app.theme = theme
        await desk.press(
            "/", "s", "e", "d", "enter", "b", "n", "x", "escape", "d", "Y", "escape", "?", "escape"
        )
        assert desk.mode == "list"


async def test_quitting_waits_for_what_is_being_saved(reading, library, monkeypatch):
    going = block_saves(library, monkeypatch)
    async with reading() as desk:
        desk.send("b", "q")
        await desk.pilot.pause()
        assert not desk.app._exit
        going.set()
        await desk.settle()
        assert desk.app._exit
    assert Library.open().view_counts().bookmarks == 1


async def test_quitting_stays_when_something_could_not_be_saved(reading, library, monkeypatch):
    going = threading.Event()

    def full(changes):
        going.wait(10)
        raise StorageError("Cannot write notebook.json: no space left on device; nothing was changed.")

    monkeypatch.setattr(library, "save", full)
    async with reading() as desk:
        desk.send("b", "q")
        await desk.pilot.pause()
        going.set()
        await desk.settle()
        assert not desk.app._exit
        assert any("no space left" in toast for toast in desk.notifications)
        await desk.press("q")
        assert desk.app._exit


async def test_escape_never_quits(reading):
    async with reading() as desk:
        await desk.press(*["escape"] * 5)
        assert not desk.app._exit


def test_what_nobody_foresaw_reaches_the_caller_and_not_the_screen(library, monkeypatch, capfd):
    async def failing():
        raise ZeroDivisionError("of a worker")

    def broken(self):
        raise ZeroDivisionError("of a reader")

    monkeypatch.setattr(ReaderApp, "run", partialmethod(ReaderApp.run, headless=True, size=(80, 24)))
    monkeypatch.setattr(ReaderApp, "on_ready", broken, raising=False)
    with pytest.raises(ZeroDivisionError):
        app_module.run(library)
    monkeypatch.setattr(ReaderApp, "on_ready", lambda app: app.screen.beside(failing()))
    with pytest.raises(ZeroDivisionError):
        app_module.run(library)
    shown = capfd.readouterr()
    assert "Traceback" not in shown.out + shown.err


async def test_notices_of_the_stores_are_told(reading, library):
    (library.folder / "notebook.json").write_text("{ damaged", encoding="utf-8")
    async with reading(Library.open()) as desk:
        assert any("notebook" in toast for toast in desk.notifications)


async def test_what_begins_while_the_reader_is_taken_down_is_dropped(reading, library, monkeypatch):
    asked = []

    async def gone(bar):
        """What a look for changes does that finds some just now: the bar is empty, the screen is still there."""
        bar.parent.ask(ListQuery(text="river"))
        asked.append(bar.parent.question.query)
        await run_in_thread(lambda: library.search("river"))
        await run_in_thread(lambda: None)

    monkeypatch.setattr(SearchBar, "on_unmount", gone, raising=False)
    async with reading() as desk:
        await desk.press("j", "q")
    assert asked == ["river"]
    assert desk.app.unhandled_error is None
