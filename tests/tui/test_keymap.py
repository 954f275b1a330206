"""Keys set by the user: used and shown everywhere, and rejected where a key would have two meanings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperreader.config.settings import UserCommand
from paperreader.tui.commands.command import key_label
from paperreader.tui.commands.keymap import Keymap, parse_key
from paperreader.tui.commands.reader import READER_KEYS
from paperreader.tui.commands.tables import KEY_TABLES, KEYS_BY_ID, RETIRED_IDS
from paperreader.tui.dialogs.help import HelpDialog, HelpText
from tests.tui.reader_driver import line_text


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("x", "x"),
        ("X", "X"),
        ("shift+x", "X"),
        ("?", "question_mark"),
        ("ctrl+N", "ctrl+n"),
        ("shift+ctrl+up", "ctrl+shift+up"),
        ("PgDn", "pagedown"),
        ("ctrl++", "ctrl+plus"),
        (" ", "space"),
        ("less_than_sign", "less_than_sign"),
        ("f5", "f5"),
        ("nothing", None),
        ("ctrl+", None),
        ("hypre+x", None),
        ("ctrl+ctrl+x", None),
        ("\x1b", None),
        ("", None),
    ],
)
def test_keys_are_written_as_users_call_them(written, name):
    assert parse_key(written) == name


def test_every_key_can_be_written_as_it_is_shown():
    for table in KEY_TABLES.values():
        for key in table:
            for name in key.keys.split(","):
                assert parse_key(key_label(name)) == name


@pytest.mark.parametrize(
    ("configured", "id", "expected"),
    [
        ({"down": ("N",), "note": ("N",)}, "note", "N already means down in list and detail"),
        ({"undo": ("ctrl+z",)}, "undo", "ctrl+z already means suspend in list and detail"),
        ({"down": ("f9",), "up": ("f9",)}, "up", "f9 already means down"),
        ({"search-clear": ("x",)}, "search-clear", "x types a character in the search bar"),
        ({"note-save": ("space",)}, "note-save", "types a character"),
        ({"choice-down": ("t",)}, "choice-down", "t chooses an item in a menu"),
        ({"bookmrk": ("x",)}, "bookmrk", "did you mean bookmark"),
        ({"quit": ("ctrl+nothing",)}, "quit", '"ctrl+nothing" is not a key'),
    ],
)
def test_invalid_keys_are_rejected_and_reported(configured, id, expected):
    keymap = Keymap(configured)
    ((rejected_id, message),) = keymap.errors
    assert rejected_id == id
    assert expected in message
    assert id not in keymap.overrides


def test_retired_ids_name_their_replacement():
    assert not set(RETIRED_IDS) & set(KEYS_BY_ID)
    for old, new in RETIRED_IDS.items():
        assert new in KEYS_BY_ID, old
        keymap = Keymap({old: ("f9",)})
        assert keymap.errors == [(old, f"this id has been renamed, so the line is ignored; use {new}")]
        assert not keymap.overrides


def test_two_commands_can_swap_keys():
    keymap = Keymap({"down": ("k",), "up": ("j",)})
    assert not keymap.errors
    assert (keymap.label("down"), keymap.label("up")) == ("k", "j")


@pytest.mark.parametrize(
    ("configured", "commands", "labels", "lost"),
    [
        (
            {"down": ("n",)},
            {},
            {"down": "n", "note": ":note"},
            ("keys.down", "n is taken from note, which has no key"),
        ),
        (
            {"note": ("j",)},
            {},
            {"note": "j", "down": "↓"},
            ("keys.note", "j is taken from down, which keeps ↓"),
        ),
        (
            {"redraw": ("ctrl+r",)},
            {},
            {"redraw": "ctrl+r", "search-history": ":search-history"},
            ("keys.redraw", "ctrl+r is taken from search-history"),
        ),
        ({}, {"a": "n"}, {"note": ":note"}, ("commands.a.key", "n is taken from note")),
        ({"note": ()}, {"a": "n"}, {"note": ":note"}, None),
        ({"down": ("n",), "note": ()}, {}, {"down": "n", "note": ":note"}, None),
        (
            {"choice-close": ("down",)},
            {},
            {"choice-close": "↓", "choice-down": "j"},
            ("keys.choice-close", "↓ is"),
        ),
    ],
)
def test_key_of_the_user_is_taken_from_the_command_that_has_it_by_default(configured, commands, labels, lost):
    """As when a later version gives a key that the user has assigned to a new command."""
    keymap = Keymap(configured, {name: UserCommand(run=("wc",), key=key) for name, key in commands.items()})
    assert not keymap.errors and not keymap.command_errors
    assert {id: keymap.label(id) for id in labels} == labels
    assert [key.keys for key in keymap.user_keys] == list(commands.values())
    if lost is None:
        assert not keymap.taken_keys
    else:
        ((setting, message),) = keymap.taken_keys
        assert setting == lost[0]
        assert message.startswith(lost[1])


def test_every_key_of_list_and_detail_can_be_given_to_a_command_of_the_user():
    for taken, name in ((key, name) for key in READER_KEYS if key.keys for name in key.keys.split(",")):
        keymap = Keymap({}, {"mine": UserCommand(run=("wc",), key=key_label(name))})
        assert not keymap.command_errors, taken.id
        assert keymap.user_keys[0].keys == name
        ((_, message),) = keymap.taken_keys
        assert f"taken from {taken.id}, " in message
        assert name not in keymap.overrides[taken.id].split(",")


ids = st.sampled_from([key.id for key in READER_KEYS])
names = st.sampled_from(["j", "k", "n", "x", "X", "ctrl+n", "?", "", "no", "space"])


@given(st.dictionaries(ids, st.lists(names, max_size=3).map(tuple), max_size=8))
def test_a_key_has_one_meaning_with_any_configuration(configured):
    keymap = Keymap(configured)
    pressed = [name for key in keymap.effective_table(READER_KEYS) for name in key.keys.split(",") if name]
    assert len(pressed) == len(set(pressed))
    assert set(keymap.overrides) | {id for id, _ in keymap.errors} >= set(configured)


async def test_configured_keys_work_and_are_shown_everywhere(open_reader):
    configured = (
        '[keys]\ndown = "ctrl+n"\nbookmark = ["W", "f2"]\nundo = "z"\nzoom = []\nsearch-clear = "ctrl+x"\n'
    )
    async with open_reader(toml=configured) as reader:
        assert not reader.notifications
        assert "W bookmark" in line_text(reader.footer)
        await reader.press("ctrl+n")
        assert reader.paper_list.position == 1
        await reader.press("j", "b")
        assert reader.paper_list.position == 1
        assert reader.counts.bookmarks == 0
        await reader.press("W")
        assert reader.counts.bookmarks == 1
        assert "z undoes" in reader.status
        await reader.press("z")
        assert reader.counts.bookmarks == 0
        assert not reader.screen.has_class("-zoomed")
        await reader.press("/", "c", "escape", "ctrl+x")
        assert reader.query == ""
        await reader.press("?")
        assert isinstance(reader.app.screen, HelpDialog)
        text = reader.app.screen.query_one(HelpText).plain_text
        assert "W f2" in text
        assert "no key" in text


async def test_invalid_keys_are_reported_with_their_line(open_reader):
    async with open_reader(toml='[keys]\nquit = "Q"\ndown = "nix"\n[appearance]\ntheme = "nrd"\n') as reader:
        (notification,) = reader.notifications
        assert 'config.toml:3: down: "nix" is not a key' in notification
        assert 'config.toml:5: unknown theme "nrd"' in notification
        assert "Invalid settings are ignored." in notification
        await reader.press("j")
        assert reader.paper_list.position == 1


async def test_lost_key_is_reported_and_the_key_of_the_user_works(open_reader):
    async with open_reader(toml='[keys]\nquit = "Q"\ndown = "n"\n') as reader:
        (notification,) = reader.notifications
        assert "config.toml:3: n is taken from note, which has no key now; to change that" in notification
        assert "Defaults" not in notification
        await reader.press("n")
        assert (reader.paper_list.position, reader.mode) == (1, "list")
        await reader.press("?")
        assert "no key" in reader.app.screen.query_one(HelpText).plain_text
