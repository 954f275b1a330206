"""Snapshot tests of the main screens. Look at differences before accepting them with `pytest --snapshot-update`."""

from __future__ import annotations

import pytest
import textual
from msgspec.structs import replace
from pytest_textual_snapshot import SVGImageExtension

from paperreader.library import Library
from paperreader.tui.terminal.colors import DARK, LIGHT, PLAIN
from paperreader.tui.widgets.status_bar import MessageLine
from tests.examples import endurance
from tests.fulltext.sample_paper import PAPER

TEXTUAL = "8.2.8"
"""The Textual version of the snapshots. Another version may render the same screen differently."""

pytestmark = pytest.mark.skipif(
    textual.__version__ != TEXTUAL, reason=f"the snapshots are for Textual {TEXTUAL}"
)

MAIN_SCREENS = {
    "list": ("j", "b", "J", "N", "k"),
    "detail": ("enter",),
    "note": ("n", *"Hi", "ctrl+s", "n", *" Ada"),
    "choice": ("ctrl+s", "escape", "Y", "j"),
    "help": ("escape", "?"),
    "search": ("escape", "/", *"clock", "enter"),
}
"""The keys that lead from each screen to the next."""

FULL_TEXT_SCREENS = {
    "text": ("enter", "enter"),
    "links": ("J", "f"),
    "overview": ("a",),
    "formulas": ("f", "J", "J"),
    "contents": ("c", "down", "down"),
    "tables": ("enter", "l"),
}
"""The keys that lead to the screens of a full text."""

FULL_TEXT_DIALOGS = {
    "find": ("enter", "enter", "/", *"clock"),
    "matches": ("tab",),
    "references": ("escape", "escape", "R", "j"),
    "missing": ("k", "enter"),
    "selection": ("escape", "escape", "J", "v", "l"),
    "comment": ("n", *"Why?"),
    "highlights": ("ctrl+s", "H"),
    "copy": ("escape", "y", "j"),
}
"""The keys that lead to the dialogs of a full text."""

THEMES = {"dark": DARK, "light": LIGHT, "ansi": PLAIN}


@pytest.fixture
def differences(snapshot, library, monkeypatch):
    """Return the names of the screens that differ from their snapshots."""
    snapshot = snapshot.use_extension(SVGImageExtension)
    search = library.search
    monkeypatch.setattr(
        library, "search", lambda *given, **named: replace(search(*given, **named), seconds=0.002)
    )

    async def compare(reader, name="", themes=THEMES):
        for line in reader.app.screen.query(MessageLine):
            line.clear_message()  # the message would disappear after a while
        for line in reader.app.screen.query(
            "QueryInput, FilterInput, NoteTextArea, ContentsInput, FindInput"
        ):
            line.cursor_blink = False
        differing = []
        for theme in themes:
            reader.app.theme = THEMES[theme]
            await reader.wait_until_idle()
            full_name = "-".join(filter(None, (name, theme)))
            if reader.app.export_screenshot() != snapshot(name=full_name):
                differing.append(full_name)
        return differing

    return compare


@pytest.mark.parametrize(
    ("size", "themes"),
    [((80, 24), THEMES), endurance((120, 40), ("light",)), endurance((200, 60), ("dark",))],
    ids=["small", "medium", "large"],
)
async def test_main_screens(differences, open_reader, size, themes):
    """All themes in one size: colors do not depend on it."""
    differing = []
    async with open_reader(size=size) as reader:
        for name, keys in MAIN_SCREENS.items():
            reader.send_keys(*keys)
            await reader.wait_until_idle()
            differing += await differences(reader, name, themes)
    assert not differing


@pytest.mark.parametrize(
    ("size", "themes"),
    [((80, 24), THEMES), endurance((120, 40), ("light",)), endurance((200, 60), ("dark",))],
    ids=["small", "medium", "large"],
)
async def test_full_text(differences, open_reader, library, monkeypatch, size, themes):
    monkeypatch.setattr(library.full_texts, "load", lambda id, version=None: PAPER)
    differing = []
    async with open_reader(size=size) as reader:
        for name, keys in FULL_TEXT_SCREENS.items():
            await reader.press(*keys)
            differing += await differences(reader, name, themes)
    assert not differing


@pytest.mark.parametrize(
    ("size", "theme"), [((80, 24), "dark"), endurance((200, 60), "light")], ids=["small", "large"]
)
async def test_dialogs_of_a_full_text(differences, open_reader, library, monkeypatch, size, theme):
    monkeypatch.setattr(library.full_texts, "load", lambda id, version=None: PAPER)
    differing = []
    async with open_reader(size=size) as reader:
        for name, keys in FULL_TEXT_DIALOGS.items():
            await reader.press(*keys)
            differing += await differences(reader, name, [theme])
    assert not differing


@pytest.mark.parametrize("size", [endurance((80, 24)), (120, 40)], ids=["small", "medium"])
async def test_pinned_table(differences, open_reader, library, monkeypatch, size):
    monkeypatch.setattr(library.full_texts, "load", lambda id, version=None: PAPER)
    async with open_reader(size=size) as reader:
        await reader.press("enter", "enter", "J", "J", "J", "J", "P", "2", "tab", "l")
        assert not await differences(reader, themes=["dark"])


async def test_full_text_in_ascii(differences, open_reader, library, monkeypatch):
    monkeypatch.setattr(library.full_texts, "load", lambda id, version=None: PAPER)
    async with open_reader(size=(80, 40), toml='[appearance]\nmarks = "ascii"\n') as reader:
        await reader.press("enter", "enter", "G", "l")
        assert not await differences(reader, themes=["ansi"])


async def test_list_only_in_a_narrow_terminal(differences, open_reader):
    async with open_reader(size=(59, 20)) as reader:
        await reader.press("j", "b")
        assert not await differences(reader, themes=["dark"])


async def test_filtered_help(differences, open_reader):
    async with open_reader(size=(80, 24)) as reader:
        await reader.press("?", "/", *"copy")
        assert not await differences(reader, themes=["dark"])


async def test_empty_library(differences, open_reader, tmp_path):
    async with open_reader(Library.open(tmp_path / "empty"), size=(80, 24)) as reader:
        assert not await differences(reader, themes=["dark"])


async def test_output_of_a_command(differences, open_reader):
    toml = '[commands.count]\nrun = ["seq", "40"]\ntitle = "Count to 40"\nkey = "W"\n'
    async with open_reader(size=(120, 30), toml=toml) as reader:
        await reader.press("W", "space")
        assert await differences(reader, themes=("dark",)) == []
