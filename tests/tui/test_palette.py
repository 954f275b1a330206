"""The palette: every action by a name that a person would type, with its key."""

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
"""Listed under the names of the subscriptions that they are."""


@pytest.fixture
def shelves(library):
    """Four subscriptions."""
    for name, query in (("Clocks", "clocks"), ("With [CLS] code", "has:code"), ("A", "a"), ("B", "b")):
        subscriptions.add_subscription(name, query)
    return library


def listed(desk):
    """The keys of the commands on offer, by their names."""
    return {command.title: command.key for command in palette_entries(desk.app, desk.app.screen)}


def test_every_binding_has_a_title():
    keys = (*PALETTE, *(key for table in KEY_TABLES.values() for key in table))
    assert {key.id for key in keys if not key.title} == NUMBERED | {"palette"}


def test_titles_are_short_and_distinct():
    for id, title in TITLES.items():
        assert title[0].isupper() and len(title) <= 44, id
        assert title.casefold() != id.replace("-", " ") or "-" not in id, id
    for table in ((*READER_KEYS, *PALETTE), (*SEARCH_KEYS, *READER_KEYS), *KEY_TABLES.values()):
        titles = [key.title for key in table if key.title]
        assert len(set(titles)) == len(titles)


async def test_the_palette_lists_every_action_with_its_key(reading, shelves):
    async with reading(toml='[keys]\nbookmark = "M"\nzoom = []\n') as desk:
        found = listed(desk)
        for key in (*READER_KEYS, *PALETTE):
            if key.id not in {*NUMBERED, "palette", "bookmark", "zoom"}:
                assert found[TITLES[key.id]] == (keys_label(key) if key.keys else ""), key.id
        assert found[TITLES["bookmark"]] == "M"
        assert found[TITLES["zoom"]] == ""
        assert found["Show subscription: Clocks"] == "6"
        assert found["Show subscription: B"] == "9"


async def test_the_palette_shows_key_and_name_in_one_line(reading, shelves):
    async with reading(size=(80, 24)) as desk:
        await desk.press("ctrl+p")
        await desk.pilot.pause()
        assert "\n  /       Search titles, abstracts, notes and tags  " in desk.screen_text
        await desk.type("bibtex")
        await desk.pilot.pause()
        assert "\n  Y       Copy a link, id, title, BibTeX…  " in desk.screen_text
        assert "Search titles" not in desk.screen_text


@pytest.mark.parametrize(
    ("typed", "view"),
    [("only bookmarks", "bookmarks"), ("unread papers", "unread"), ("with code show papers", "code")],
)
async def test_the_palette_does_things_by_name(reading, typed, view):
    async with reading() as desk:
        await desk.press("j", ":")
        await desk.type(typed)
        await desk.pilot.pause()
        await desk.press("enter")
        await desk.wait_until_idle()
        assert desk.screen.question.view == view


async def test_a_subscription_is_shown_by_its_name(reading, shelves):
    async with reading() as desk:
        await desk.press("ctrl+p")
        await desk.type("subscription: wi")
        await desk.pilot.pause()
        assert "Show subscription: With [CLS] code" in desk.screen_text
        await desk.press("enter")
        assert "With [CLS] code" in desk.status


async def test_words_of_what_it_does_and_letters_left_out_find_a_command_too(reading):
    async with reading() as desk:
        await desk.press("ctrl+p")
        await desk.type("papers like")
        await desk.pilot.pause()
        assert "Show related papers" in desk.screen_text
        await desk.press("ctrl+u")
        await desk.type("shwtrnds")
        await desk.pilot.pause()
        await desk.press("enter")
        assert "Close the trends" in listed(desk)
        await desk.press("escape")


async def test_the_palette_lists_what_can_be_done_at_the_moment(reading, tmp_path):
    async with reading() as desk:
        assert TITLES["note-save"] not in listed(desk)
        await desk.press("n")
        assert TITLES["note-save"] in listed(desk)
        assert TITLES["sort"] not in listed(desk), "letters type"
        await desk.press("ctrl+p", *"close the note", "enter")
        assert desk.mode == "list"
        await desk.press("Y")
        everywhere = {TITLES["theme"], TITLES["suspend"]}
        assert set(listed(desk)) == {*(TITLES[key.id] for key in CHOICE_KEYS), *everywhere}
    async with reading(Library.open(tmp_path / "empty")) as desk:
        offered = listed(desk)
        assert offered[TITLES["welcome-sample"]] == "s"
        assert TITLES["bookmark"] not in offered


async def test_from_the_search_bar_the_palette_does_what_the_list_does(reading):
    async with reading() as desk:
        await desk.press("/")
        await desk.type("clock")
        assert TITLES["search-history"] in listed(desk)
        await desk.press("ctrl+p", *"show papers with code", "enter")
        assert (desk.screen.question.view, desk.query, desk.mode) == ("code", "clock", "list")
        await desk.press("/", "ctrl+p")
        assert desk.app.screen is not desk.screen
        await desk.press("escape")
        assert desk.mode == "search"


async def test_what_has_no_key_is_done_by_name(reading):
    async with reading(size=(200, 60), toml='[clipboard]\nway = "osc52"\n') as desk:
        await desk.press("ctrl+p", *"path", "space", *"settings", "enter")
        assert "config.toml" in desk.status
        await desk.press("ctrl+p", *"path", "space", *"library", "enter")
        assert str(desk.library.folder) in desk.status
        await desk.press("ctrl+p", *"theme", "enter")
        await desk.type("nord")
        await desk.pilot.pause()
        await desk.press("enter")
        assert desk.app.theme == "nord"
