"""The table of keys: consistent in itself, and with what the screens can do."""

from __future__ import annotations

from collections import Counter

import pytest

from paperreader.tui import keys
from paperreader.tui.app import ReaderApp
from paperreader.tui.chooser import Chooser
from paperreader.tui.help import FilterInput, Help
from paperreader.tui.note_editor import NoteText
from paperreader.tui.palette import name
from paperreader.tui.path_prompt import PathInput
from paperreader.tui.reader import ReaderScreen
from paperreader.tui.search_bar import QueryInput
from paperreader.tui.tag_picker import TagInput
from paperreader.tui.welcome import Welcome

TABLES = {
    ReaderScreen: keys.MAIN,
    ReaderApp: keys.ANYWHERE,
    QueryInput: keys.FIND,
    NoteText: keys.NOTE,
    Chooser: keys.CHOOSE,
    Help: keys.HELP,
    FilterInput: keys.FILTER,
    PathInput: keys.PROMPT,
    TagInput: keys.TAGS,
    Welcome: keys.WELCOME,
}


def test_every_key_has_an_id_of_its_own():
    ids = Counter(key.id for table in TABLES.values() for key in table)
    assert not [id for id, times in ids.items() if times > 1]


@pytest.mark.parametrize("table", TABLES.values())
def test_no_key_means_two_things_in_one_place(table):
    pressed = Counter(name for key in table for name in key.keys.split(","))
    assert not [name for name, times in pressed.items() if times > 1]


@pytest.mark.parametrize(("owner", "table"), TABLES.items())
def test_every_key_does_something(owner, table):
    for key in (*table, *(keys.BY_NAME if owner is ReaderScreen else ())):
        action = key.action.partition("(")[0]
        place, _, action = action.rpartition(".")
        target = {"app": ReaderApp, "screen": ReaderScreen, "": owner}[place]
        assert hasattr(target, f"action_{action}"), key.id


@pytest.mark.parametrize(
    "mode",
    [
        "list",
        "select",
        "read",
        "find",
        "complete",
        "note",
        "choose",
        "prompt",
        "tags",
        "help",
        "filter",
        "welcome",
    ],
)
def test_the_most_useful_keys_of_every_mode_and_the_way_out_fit_the_least_screen(mode):
    hints = keys.footer(mode)
    assert hints
    hints = hints if len(hints) < 8 else (*hints[:6], hints[-1])
    assert len(" ".join(f"{hint.key} {hint.word} " for hint in hints)) <= 80


def test_the_palette_has_a_name_for_every_action():
    names = [name(key) for key in (*keys.MAIN, *keys.ANYWHERE, *keys.BY_NAME)]
    assert len(set(names)) == len(names)


def test_labels_are_what_people_call_the_keys():
    labels = {key.id: keys.label(key) for key in keys.EVERY}
    assert labels["older-day"] == ">"
    assert labels["next-match"] == "."
    assert labels["down"] == "j ↓"
    assert "_" not in "".join(labels.values())


def test_sections_tell_neighbours_in_one_line():
    sections = dict(keys.sections())
    assert ("J K", "next, previous unread paper") in sections["Moving"]
    assert ("1 2 3 4 5", "all, new, unread, bookmarked, with code") in sections["Finding"]


async def test_the_settings_can_remap_a_key(reading):
    async with reading() as desk:
        desk.app.set_keymap({"down": "ctrl+n"})
        await desk.press("ctrl+n")
        assert desk.screen.papers.position == 1
        await desk.press("j")
        assert desk.screen.papers.position == 1
