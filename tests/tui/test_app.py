"""Tests of the application: help, palette, themes, quitting, unhandled errors."""

from __future__ import annotations

import threading
from functools import partialmethod

import pytest

from paperreader.errors import StorageError
from paperreader.library import Library
from paperreader.text.cell_width import cell_width
from paperreader.tui import app as app_module
from paperreader.tui.app import ReaderApp
from paperreader.tui.commands.dialogs import GLOBAL_PALETTE_KEYS
from paperreader.tui.commands.reader import PALETTE_KEYS
from paperreader.tui.commands.tables import KEYS_IN_HELP
from paperreader.tui.dialogs.help import HelpDialog, HelpText
from paperreader.tui.model.list_query import ListQuery
from paperreader.tui.runtime.threads import run_in_thread
from paperreader.tui.terminal import colors
from paperreader.tui.widgets.search_bar import SearchBar
from tests.tui.reader_driver import block_saves
from tests.waiting import TIMEOUT_SECONDS


async def test_help_lists_every_key_and_closes(open_reader):
    async with open_reader(size=(80, 24)) as reader:
        await reader.press("enter", "?")
        assert isinstance(reader.app.screen, HelpDialog)
        shown = reader.app.screen.query_one(HelpText).plain_text
        for key in KEYS_IN_HELP:
            assert key.group in shown, key.id
            assert key.help in shown, key.id
        assert "Only in the palette (ctrl+p)" in shown
        for key in (*PALETTE_KEYS, *GLOBAL_PALETTE_KEYS):
            assert key.title in shown, key.id
        await reader.press("space", "j", "-", "k", "escape")
        assert reader.mode == "detail"
        await reader.press("?", "?", "?", "q")
        assert reader.app.is_running
        assert reader.mode == "detail"


@pytest.mark.endurance
async def test_help_is_wrapped_and_never_cut_off(open_reader):
    async with open_reader() as reader:
        for width in (24, 60, 80, 200):
            await reader.pilot.resize_terminal(width, 24)
            await reader.press("?")
            text = reader.app.screen.query_one(HelpText)
            lines = text.plain_text.split("\n")
            assert max(map(cell_width, lines)) <= text.size.width <= width
            for words in (*(key.help for key in KEYS_IN_HELP), *(key.title for key in PALETTE_KEYS)):
                assert squeezed(words) in squeezed(text.plain_text), words
            await reader.press("escape")


def squeezed(text):
    """Return the text without white space, which wrapping changes."""
    return "".join(text.split())


async def test_help_is_filtered_while_typing(open_reader):
    async with open_reader(size=(80, 24)) as reader:
        await reader.press("?", "/", *"match")
        text = reader.app.screen.query_one(HelpText)
        shown = text.plain_text
        assert "  . ," in shown
        assert "bookmark" not in shown
        await reader.press("enter", "j")
        assert text.plain_text == shown
        await reader.press("escape")
        assert "bookmark" in text.plain_text
        await reader.press("/", *"look cita")
        assert "Look up citations" in reader.screen_text
        await reader.press("escape", "/", *"qqq")
        assert "No key" in reader.screen_text
        await reader.press("escape", "escape")
        assert reader.mode == "list"


async def test_first_start_shows_hint(open_reader, library):
    library.state.set("greeted", None)
    async with open_reader(Library.open()) as reader:
        assert "New here?" in reader.status
        await reader.press("j", "k")
        assert "New here?" in reader.status
        await reader.press("?", "escape")
        assert "New here?" not in reader.status
    async with open_reader(Library.open()) as reader:
        assert "New here?" not in reader.status
    library.state.set("greeted", None)
    async with open_reader(Library.open()) as reader:
        await reader.press(*["j", "k"] * 6)
        assert "New here?" not in reader.status
    library.state.set("greeted", None)
    async with open_reader(Library.open()) as reader:
        assert "New here?" in reader.status
    async with open_reader(Library.open()) as reader:
        assert "New here?" not in reader.status, "seen, though nothing was pressed"


async def test_selected_theme_is_saved(open_reader, library):
    async with open_reader() as reader:
        assert library.state.get("theme") is None, "a guess is not a choice"
        reader.app.theme = "gruvbox"
        await reader.wait_until_idle()
        assert library.state.get("theme") == "gruvbox"
    async with open_reader(Library.open()) as reader:
        assert reader.app.theme == "gruvbox"


async def test_theme_setting_overrides_saved_theme_and_disables_saving(open_reader, library):
    library.state.set("theme", "gruvbox")
    async with open_reader(Library.open(), toml='[appearance]\ntheme = "nord"\n') as reader:
        assert reader.app.theme == "nord"
        assert not reader.notifications
        reader.app.theme = "dracula"
        await reader.wait_until_idle()
        assert any("config.toml" in message for message in reader.notifications)
    assert Library.open().state.get("theme") == "gruvbox"


@pytest.mark.parametrize(
    ("remembered", "background", "color_system", "theme"),
    [
        ("nord", "", "truecolor", "nord"),
        ("nord", "", "standard", "nord"),
        ("no such theme", "", "truecolor", "paperreader-dark"),
        (None, "", "256", "paperreader-dark"),
        (7, "0;15", "truecolor", "paperreader-light"),
        (None, "15;default;0", "256", "paperreader-dark"),
        (None, "", "standard", "ansi-dark"),
        (None, "0;7", "standard", "ansi-light"),
        (None, "", None, "ansi-dark"),
    ],
)
def test_initial_theme_matches_terminal(remembered, background, color_system, theme):
    known = ["nord", "paperreader-dark", "paperreader-light"]
    assert colors.initial_theme(remembered, known, {"COLORFGBG": background}, color_system) == theme


@pytest.mark.endurance
async def test_every_widget_renders_in_other_themes(open_reader):
    async with open_reader() as reader:
        for theme in ("paperreader-light", "ansi-dark", "ansi-light"):
            reader.app.theme = theme
            await reader.press("/", "ctrl+u", *"sed", "enter", "b", "n", "x")
            await reader.press("escape", "d", "Y", "escape", "?", "escape")
            assert reader.mode == "list"


async def test_quit_waits_for_pending_save(open_reader, library, monkeypatch):
    may_save = block_saves(library, monkeypatch)
    async with open_reader() as reader:
        reader.send_keys("b", "q")
        await reader.pilot.pause()
        assert not reader.app._exit
        may_save.set()
        await reader.wait_until_idle()
        assert reader.app._exit
    assert Library.open().view_counts().bookmarks == 1


async def test_quit_is_cancelled_when_saving_fails(open_reader, library, monkeypatch):
    may_save = threading.Event()

    def failing_save(changes):
        may_save.wait(TIMEOUT_SECONDS)
        raise StorageError("Cannot write notebook.json: no space left on device; nothing was changed.")

    monkeypatch.setattr(library, "save", failing_save)
    async with open_reader() as reader:
        reader.send_keys("b", "q")
        await reader.pilot.pause()
        may_save.set()
        await reader.wait_until_idle()
        assert not reader.app._exit
        assert any("no space left" in message for message in reader.notifications)
        await reader.press("q")
        assert reader.app._exit


async def test_escape_never_quits(open_reader):
    async with open_reader() as reader:
        await reader.press(*["escape"] * 5)
        assert not reader.app._exit


def test_unhandled_exception_is_raised_to_caller_and_not_printed(library, monkeypatch, capfd):
    async def failing():
        raise ZeroDivisionError("of a worker")

    def broken(self):
        raise ZeroDivisionError("of a reader")

    monkeypatch.setattr(ReaderApp, "run", partialmethod(ReaderApp.run, headless=True, size=(80, 24)))
    monkeypatch.setattr(ReaderApp, "on_ready", broken, raising=False)
    with pytest.raises(ZeroDivisionError):
        app_module.run(library)
    monkeypatch.setattr(ReaderApp, "on_ready", lambda app: app.screen.run_worker(failing()))
    with pytest.raises(ZeroDivisionError):
        app_module.run(library)
    shown = capfd.readouterr()
    assert "Traceback" not in shown.out + shown.err


async def test_warnings_of_the_stores_are_shown(open_reader, library):
    (library.folder / "notebook.json").write_text("{ damaged", encoding="utf-8")
    async with open_reader(Library.open()) as reader:
        assert any("notebook" in message for message in reader.notifications)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"position": {"scroll": -5}, "drafts": {}}', "position: scroll -5"),
        ('{"list_share": {"side": 1e400, "stacked": 50}}', "list_share: side inf"),
        ('{"drafts": ', "is kept as state.json.damaged"),
    ],
)
async def test_problems_of_the_local_state_are_shown_once(open_reader, library, content, message):
    (library.state.folder / "state.json").write_text(content, encoding="utf-8")
    async with open_reader(Library.open()) as reader:
        await reader.screen.controllers.sync.refresh()
        await reader.screen.controllers.sync.refresh()
        assert len([each for each in reader.notifications if message in each]) == 1


async def test_work_started_during_shutdown_is_dropped(open_reader, library, monkeypatch):
    queries = []

    async def poll_during_shutdown(bar):
        """Poll for changes at the worst moment: the search bar is already empty, the screen still exists."""
        results = bar.screen.controllers.results
        results.show(ListQuery(text="river"))
        queries.append(results.query.text)
        await run_in_thread(lambda: library.search("river"))
        await run_in_thread(lambda: None)

    monkeypatch.setattr(SearchBar, "on_unmount", poll_during_shutdown, raising=False)
    async with open_reader() as reader:
        await reader.press("j", "q")
    assert queries == ["river"]
    assert reader.app.unhandled_error is None
