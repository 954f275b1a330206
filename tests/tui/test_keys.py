"""The table of keys: consistent in itself, and with what the screens can do."""

from __future__ import annotations

from collections import Counter
from typing import get_args

import pytest

from paperreader.tui.app import ReaderApp
from paperreader.tui.commands import command
from paperreader.tui.commands.footer_hints import Mode
from paperreader.tui.dialogs.choice import ChoiceDialog
from paperreader.tui.dialogs.help import FilterInput, HelpDialog
from paperreader.tui.dialogs.tag_picker import TagInput
from paperreader.tui.dialogs.text_prompt import PromptInput
from paperreader.tui.reader_screen import ReaderScreen
from paperreader.tui.widgets.note_editor import NoteTextArea
from paperreader.tui.widgets.search_bar import QueryInput
from paperreader.tui.widgets.welcome import EmptyLibrary

TABLES = {
    ReaderScreen: command.READER_COMMANDS,
    ReaderApp: command.GLOBAL_KEYS,
    QueryInput: command.SEARCH_KEYS,
    NoteTextArea: command.NOTE_KEYS,
    ChoiceDialog: command.CHOICE_KEYS,
    HelpDialog: command.HELP_KEYS,
    FilterInput: command.HELP_FILTER_KEYS,
    PromptInput: command.PROMPT_KEYS,
    TagInput: command.TAG_KEYS,
    EmptyLibrary: command.EMPTY_LIBRARY_KEYS,
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
    for key in (*table, *(command.PALETTE_COMMANDS if owner is ReaderScreen else ())):
        action = key.action.partition("(")[0]
        place, _, action = action.rpartition(".")
        target = {"app": ReaderApp, "screen": ReaderScreen, "": owner}[place]
        assert hasattr(target, f"action_{action}"), key.id


@pytest.mark.parametrize("mode", get_args(Mode))
def test_the_most_useful_keys_of_every_mode_and_the_way_out_fit_the_least_screen(mode):
    hints = command.footer_hints(mode)
    assert hints
    hints = hints if len(hints) < 8 else (*hints[:6], hints[-1])
    assert len(" ".join(f"{hint.key} {hint.label} " for hint in hints)) <= 80


def test_labels_are_what_people_call_the_keys():
    labels = {key.id: command.keys_label(key) for key in command.HELP_ORDER}
    assert labels["older-day"] == ">"
    assert labels["next-match"] == "."
    assert labels["down"] == "j ↓"
    assert "_" not in "".join(labels.values())


def test_sections_tell_neighbours_in_one_line():
    sections = dict(command.help_sections())
    assert ("J K", "next, previous unread paper") in sections["Moving"]
    assert ("1 2 3 4 5", "all, new, unread, bookmarked, with code") in sections["Finding"]


async def test_the_settings_can_remap_a_key(reading):
    async with reading() as desk:
        desk.app.set_keymap({"down": "ctrl+n"})
        await desk.press("ctrl+n")
        assert desk.screen.papers.position == 1
        await desk.press("j")
        assert desk.screen.papers.position == 1


FOOTER = " space read on  / search  y copy repo  b bookmark  n note  N read  "


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (80, FOOTER + "? help "),
        (90, FOOTER + "? help  q quit "),
        (110, FOOTER + "d done, next  f keep, next  ? help  q quit "),
        (60, " space read on  / search  y copy repo  b bookmark  ? help "),
    ],
)
async def test_help_is_always_in_sight_and_the_way_out_where_there_is_room(reading, width, shown):
    async with reading(size=(width, 24)) as desk:
        assert desk.screen_text.splitlines()[-1].rstrip() == shown.rstrip()


async def test_a_list_of_nothing_offers_what_can_be_done_there(reading):
    async with reading() as desk:
        for pressed, shown in (
            (("4",), "1 all papers  / search  0 views  r fetch  ? help  q quit"),
            (("c",), "c without code too  / search  0 views  ? help  q quit"),
            (("c", "/", *"qqqq", "enter"), "escape back  / search  0 views  ? help  q quit"),
            (("escape", "1"), FOOTER.strip()),
        ):
            await desk.press(*pressed)
            assert shown in desk.screen_text.splitlines()[-1]
