"""The command palette: every available action by its title, with its key."""

from __future__ import annotations

import pytest

from paperreader import subscriptions
from paperreader.library import Library
from paperreader.tui.commands.command import keys_label
from paperreader.tui.commands.dialogs import CHOICE_KEYS, GLOBAL_PALETTE_KEYS, SEARCH_KEYS
from paperreader.tui.commands.reader import PALETTE_KEYS, READER_KEYS
from paperreader.tui.commands.tables import KEY_TABLES
from paperreader.tui.dialogs.command_palette import palette_entries

PALETTE = (*PALETTE_KEYS, *GLOBAL_PALETTE_KEYS)
TITLES = {key.id: key.title for table in (*KEY_TABLES.values(), PALETTE) for key in table if key.title}
NUMBERED = {"view-6", "view-7", "view-8", "view-9"}
"""The palette lists the subscriptions by their names instead."""


@pytest.fixture
def subscribed(library):
    """Four subscriptions."""
    for name, query in (("Clocks", "clocks"), ("With [CLS] code", "has:code"), ("A", "a"), ("B", "b")):
        subscriptions.add_subscription(name, query)
    return library


def keys_by_title(reader):
    """Return the keys of the available entries by title."""
    return {entry.title: entry.key for entry in palette_entries(reader.app, reader.app.screen)}


def test_every_binding_has_a_title():
    keys = (*PALETTE, *(key for table in KEY_TABLES.values() for key in table))
    assert {key.id for key in keys if not key.title} == NUMBERED | {"palette", "text-palette"}


def test_titles_are_short_and_distinct():
    for id, title in TITLES.items():
        assert title[0].isupper() and len(title) <= 44, id
        assert title.casefold() != id.replace("-", " ") or "-" not in id, id
    for table in ((*READER_KEYS, *PALETTE), (*SEARCH_KEYS, *READER_KEYS), *KEY_TABLES.values()):
        titles = [key.title for key in table if key.title]
        assert len(set(titles)) == len(titles)


async def test_palette_lists_every_action_with_its_key(open_reader, subscribed):
    async with open_reader(toml='[keys]\nbookmark = "W"\nzoom = []\n') as reader:
        found = keys_by_title(reader)
        for key in (*READER_KEYS, *PALETTE):
            if key.id not in {*NUMBERED, "palette", "bookmark", "zoom", "leave-sample"}:
                assert found[TITLES[key.id]] == (keys_label(key) if key.keys else ""), key.id
        assert found[TITLES["bookmark"]] == "W"
        assert found[TITLES["zoom"]] == ""
        assert found["Show subscription: Clocks"] == "6"
        assert found["Show subscription: B"] == "9"


async def test_palette_shows_key_and_title_in_one_line(open_reader, subscribed):
    async with open_reader(size=(80, 24)) as reader:
        await reader.press("ctrl+p")
        await reader.pilot.pause()
        assert "\n  /          Search titles, authors, abstracts, notes  " in reader.screen_text
        await reader.type("bibtex")
        await reader.pilot.pause()
        assert "\n  Y          Copy a link, id, title, BibTeX…  " in reader.screen_text
        assert "Search titles" not in reader.screen_text


async def test_palette_runs_commands(open_reader):
    views = {"only bookmarks": "bookmarks", "unread papers": "unread", "with code show papers": "code"}
    async with open_reader() as reader:
        for typed, view in views.items():
            await reader.press("1", "j", ":")
            await reader.type(typed)
            await reader.pilot.pause()
            await reader.press("enter")
            await reader.wait_until_idle()
            assert reader.list_query.view == view


async def test_palette_shows_a_subscription_by_its_name(open_reader, subscribed):
    async with open_reader() as reader:
        await reader.press("ctrl+p")
        await reader.type("subscription: wi")
        await reader.pilot.pause()
        assert "Show subscription: With [CLS] code" in reader.screen_text
        await reader.press("enter")
        assert "With [CLS] code" in reader.status


async def test_words_of_the_description_and_abbreviations_find_a_command(open_reader):
    async with open_reader() as reader:
        await reader.press("ctrl+p")
        await reader.type("papers like")
        await reader.pilot.pause()
        assert "Show related papers" in reader.screen_text
        await reader.press("ctrl+u")
        await reader.type("shwtrnds")
        await reader.pilot.pause()
        await reader.press("enter")
        assert "Close the trends" in keys_by_title(reader)
        await reader.press("escape")


async def test_palette_lists_what_is_available(open_reader, tmp_path):
    async with open_reader() as reader:
        assert TITLES["note-save"] not in keys_by_title(reader)
        await reader.press("n")
        assert TITLES["note-save"] in keys_by_title(reader)
        assert TITLES["sort"] not in keys_by_title(reader), "letters type"
        await reader.press("ctrl+p", *"close the note", "enter")
        assert reader.mode == "list"
        await reader.press("Y")
        everywhere = {TITLES["theme"], TITLES["suspend"], TITLES["redraw"]}
        assert set(keys_by_title(reader)) == {*(TITLES[key.id] for key in CHOICE_KEYS), *everywhere}
    async with open_reader(Library.open(tmp_path / "empty")) as reader:
        offered = keys_by_title(reader)
        assert offered[TITLES["welcome-sample"]] == "s"
        assert TITLES["bookmark"] not in offered


async def test_palette_over_the_search_bar_runs_commands_of_the_list(open_reader):
    async with open_reader() as reader:
        await reader.press("/")
        await reader.type("clock")
        assert TITLES["search-history"] in keys_by_title(reader)
        await reader.press("ctrl+p", *"show papers with code", "enter")
        assert (reader.list_query.view, reader.query, reader.mode) == ("code", "clock", "list")
        await reader.press("/", "ctrl+p")
        assert reader.app.screen is not reader.screen
        await reader.press("escape")
        assert reader.mode == "search"


async def test_commands_without_key_run_from_the_palette(open_reader):
    async with open_reader(size=(200, 60), toml='[clipboard]\nway = "osc52"\n') as reader:
        await reader.press("ctrl+p", *"path", "space", *"settings", "enter")
        assert "config.toml" in reader.status
        await reader.press("ctrl+p", *"path", "space", *"library", "enter")
        assert str(reader.library.folder) in reader.status
        await reader.press("ctrl+p", *"theme", "enter")
        await reader.type("nord")
        await reader.pilot.pause()
        await reader.press("enter")
        assert reader.app.theme == "nord"
