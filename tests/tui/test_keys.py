"""The key tables: consistent in themselves, and with the screens that use them."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path
from typing import get_args

from paperreader import tui
from paperreader.exporters.formats import FORMATS
from paperreader.tui.app import ReaderApp
from paperreader.tui.commands import dialogs
from paperreader.tui.commands.command import Mode, help_sections, keys_label
from paperreader.tui.commands.footer_hints import FOOTER_HINTS, footer_hints
from paperreader.tui.commands.full_text import (
    CONTENTS_KEYS,
    FULL_TEXT_KEYS,
    OVERVIEW_KEYS,
    REFERENCES_KEYS,
)
from paperreader.tui.commands.full_text_marks import FIND_KEYS, PASSAGE_LIST_KEYS, SELECTION_KEYS
from paperreader.tui.commands.full_text_pin import PIN_KEYS
from paperreader.tui.commands.palette import PALETTE_COMMANDS
from paperreader.tui.commands.reader import (
    COMMANDS,
    EMPTY_LIBRARY_COMMANDS,
    EMPTY_LIBRARY_KEYS,
    READER_COMMANDS,
    READER_KEYS,
)
from paperreader.tui.commands.tables import KEY_TABLES, KEYS_IN_HELP
from paperreader.tui.dialogs.changes import ChangesDialog
from paperreader.tui.dialogs.choice import ChoiceDialog
from paperreader.tui.dialogs.help import HelpDialog
from paperreader.tui.dialogs.online import OnlineDialog
from paperreader.tui.dialogs.output import OutputDialog
from paperreader.tui.dialogs.overview import OverviewDialog
from paperreader.tui.dialogs.passage_list import PassageListDialog
from paperreader.tui.dialogs.path_prompt import PathInput
from paperreader.tui.dialogs.references import ReferencesDialog
from paperreader.tui.dialogs.tag_picker import TagInput
from paperreader.tui.dialogs.trends import TrendsDialog
from paperreader.tui.full_text.screen import FullTextScreen
from paperreader.tui.reader_screen import ReaderScreen
from paperreader.tui.widgets.empty_state import EmptyLibrary
from paperreader.tui.widgets.filter_input import FilterInput
from paperreader.tui.widgets.full_text.contents_pane import ContentsInput
from paperreader.tui.widgets.full_text.find_bar import FindInput
from paperreader.tui.widgets.full_text.pin import PinView
from paperreader.tui.widgets.full_text.selection_bar import SelectionBar
from paperreader.tui.widgets.note_editor import NoteTextArea
from paperreader.tui.widgets.search_bar import QueryInput

TABLES = {
    ReaderScreen: READER_KEYS,
    ReaderApp: dialogs.GLOBAL_KEYS,
    QueryInput: dialogs.SEARCH_KEYS,
    NoteTextArea: dialogs.NOTE_KEYS,
    ChoiceDialog: dialogs.CHOICE_KEYS,
    PathInput: dialogs.PROMPT_KEYS,
    TagInput: dialogs.TAG_KEYS,
    TrendsDialog: dialogs.TRENDS_KEYS,
    OnlineDialog: dialogs.ONLINE_KEYS,
    OutputDialog: dialogs.OUTPUT_KEYS,
    ChangesDialog: dialogs.CHANGES_KEYS,
    HelpDialog: dialogs.HELP_KEYS,
    FilterInput: dialogs.FILTER_KEYS,
    FullTextScreen: FULL_TEXT_KEYS,
    FindInput: FIND_KEYS,
    SelectionBar: SELECTION_KEYS,
    PassageListDialog: PASSAGE_LIST_KEYS,
    ContentsInput: CONTENTS_KEYS,
    PinView: PIN_KEYS,
    OverviewDialog: OVERVIEW_KEYS,
    ReferencesDialog: REFERENCES_KEYS,
    EmptyLibrary: EMPTY_LIBRARY_KEYS,
}

GROUPS = ["Navigation", "Reading", "Search and views", "Marks", "Copy, open, export", "Application"]
"""Headings of the commands in the help."""


def test_every_table_has_an_owner():
    assert list(TABLES.values()) == list(KEY_TABLES.values())


def test_ids_are_unique():
    commands = (*READER_COMMANDS, *PALETTE_COMMANDS, *EMPTY_LIBRARY_COMMANDS)
    keys = (*dialogs.GLOBAL_PALETTE_KEYS, *(key for table in TABLES.values() for key in table))
    ids = Counter(key.id for key in keys)
    assert not [id for id, count in ids.items() if count > 1]
    assert len(COMMANDS) == len(commands)


def test_a_key_has_one_meaning_within_a_table():
    for owner, table in TABLES.items():
        names = Counter(name for key in table for name in key.keys.split(","))
        assert not [name for name, count in names.items() if count > 1], owner


def test_every_binding_has_an_action():
    for owner, key in ((owner, key) for owner, table in TABLES.items() for key in table):
        namespace, _, action = key.action.partition("(")[0].rpartition(".")
        screen = owner if owner is FullTextScreen else ReaderScreen
        target = {"app": ReaderApp, "screen": screen, "": owner}[namespace]
        assert hasattr(target, f"action_{action}"), key.id


class Recorder:
    """Records which method of which controller a handler calls."""

    def __init__(self) -> None:
        self.path: list[str] = []
        self.calls = 0

    def __getattr__(self, name: str) -> Recorder:
        self.path.append(name)
        return self

    def __call__(self, *arguments: object) -> None:
        self.calls += 1


async def test_every_command_has_a_handler_that_exists(open_reader):
    async with open_reader() as reader:
        for command in COMMANDS.values():
            recorder = Recorder()
            command.run(recorder)
            assert recorder.calls == 1, command.id
            method = reader.controllers
            for name in recorder.path:
                method = getattr(method, name, None)
            assert callable(method), command.id


def test_every_command_has_a_title_a_description_and_a_known_group():
    for command in COMMANDS.values():
        numbered = command.help == "your subscriptions (saved searches), then Watched"
        assert command.title or numbered or command.id == "palette", command.id
        assert command.help, command.id
        assert command.group in (*GROUPS, "In an empty library"), command.id


def test_commands_are_grouped_by_heading():
    groups = list(dict.fromkeys(command.group for command in READER_COMMANDS))
    assert groups == GROUPS
    assert [group for group, _ in help_sections(READER_KEYS)] == GROUPS


def test_the_most_useful_hints_and_the_way_out_fit_the_smallest_screen():
    for mode in get_args(Mode):
        hints = footer_hints(mode)
        assert len(hints) == len(FOOTER_HINTS[mode]), mode
        hints = hints if len(hints) < 8 else (*hints[:6], hints[-1])
        assert len(" ".join(f"{hint.key} {hint.label} " for hint in hints)) <= 80, mode


def test_descriptions_fit_the_help():
    too_long = [key.id for key in KEYS_IN_HELP if len(key.help) > 53]
    assert not too_long, "the help has room for 53 characters"


def test_labels_are_what_users_call_the_keys():
    labels = {key.id: keys_label(key) for key in KEYS_IN_HELP}
    assert labels["older-day"] == ">"
    assert labels["next-match"] == "."
    assert labels["down"] == "j ↓"
    assert "_" not in "".join(labels.values())


def test_help_lists_neighbours_with_the_same_description_in_one_line():
    sections = dict(help_sections(READER_KEYS))
    assert ("J K", "next, previous unread paper") in sections["Navigation"]
    assert ("1 2 3 4 5", "all, new, unread, bookmarked, with code") in sections["Search and views"]


async def test_settings_can_assign_another_key(open_reader):
    async with open_reader() as reader:
        reader.app.set_keymap({"down": "ctrl+n"})
        await reader.press("ctrl+n")
        assert reader.paper_list.position == 1
        await reader.press("j")
        assert reader.paper_list.position == 1


FOOTER = " space next page  / search  y copy repo  b bookmark  n note  N read  "


FOOTERS = {
    80: FOOTER + "? help",
    90: FOOTER + "? help  q quit",
    110: FOOTER + "d read, next  ? help  q quit",
    120: FOOTER + "d read, next  f bookmark, next  ? help  q quit",
    60: " space next page  / search  y copy repo  b bookmark  ? help",
}
"""The footer by the width of the screen."""


async def test_footer_always_shows_help_and_quit_if_there_is_room(open_reader):
    async with open_reader() as reader:
        for width, shown in FOOTERS.items():
            await reader.pilot.resize_terminal(width, 24)
            await reader.wait_until_idle()
            assert reader.screen_text.splitlines()[-1].rstrip() == shown


async def test_footer_of_an_empty_list_shows_what_can_be_done(open_reader):
    async with open_reader() as reader:
        for pressed, shown in (
            (("4",), "1 all papers  / search  0 views  r fetch  ? help  q quit"),
            (("c",), "c with and without code  / search  0 views  ? help  q quit"),
            (("c", "/", *"qqqq", "enter"), "escape back  / search  0 views  ? help  q quit"),
            (("escape", "1"), FOOTER.strip()),
        ):
            await reader.press(*pressed)
            assert shown in reader.screen_text.splitlines()[-1]


def test_choices_do_not_use_keys_of_the_menu():
    taken = {key for binding in dialogs.CHOICE_KEYS for key in binding.keys.split(",")}
    taken.remove("y")  # chooses the highlighted line, which is "yes" at first
    used = [
        (path.name, keyword.value.value)
        for path in Path(tui.__file__).parent.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Choice"
        for keyword in call.keywords
        if keyword.arg == "key" and isinstance(keyword.value, ast.Constant)
    ]
    used += [("formats", row.shortcut) for row in FORMATS.values()]
    assert len(used) > 20
    assert [(name, key) for name, key in used if key in taken] == []
