"""Tests of pastes into every input."""

from __future__ import annotations

import unicodedata

import pytest
from textual import events

from paperreader.tui.dialogs.command_palette import PaletteInput
from paperreader.tui.dialogs.path_prompt import PathInput
from paperreader.tui.dialogs.tag_picker import TagInput
from paperreader.tui.dialogs.text_prompt import PromptInput
from paperreader.tui.widgets.filter_input import FilterInput
from paperreader.tui.widgets.note_editor import NoteTextArea
from paperreader.tui.widgets.search_bar import QueryInput
from paperreader.tui.widgets.text_input import TextInput


async def test_multi_line_title_is_pasted_as_one_line(open_reader):
    async with open_reader() as reader:
        for keys, line in (("/", QueryInput), ("i", PathInput), ("t", TagInput), ("?/", FilterInput)):
            await reader.press(*keys)
            field = reader.app.screen.query_one(line)
            before = field.value
            for text in ("Slow\r\nRivers:\n  A Study\n", "\n", ""):
                reader.app.post_message(events.Paste(text))
                await reader.wait_until_idle()
                assert field.value == f"{before}Slow Rivers: A Study"
            await reader.press("escape", "escape", "escape")


async def test_paste_at_cursor_keeps_spaces(open_reader):
    async with open_reader() as reader:
        await reader.press("/")
        await reader.type("rivers")
        await reader.press("home")
        reader.app.post_message(events.Paste("slow "))
        await reader.wait_until_idle()
        assert reader.query == "slow rivers"


TEXTS = {
    "one line": "one line",
    "several lines": "two\n lines\r\nand\rmore",
    "CJK": "多语言 论文",
    "9,000 characters": "word " * 1800 + "end",
    "escape sequences": "plain \x1b[31mred\x1b[0m \x1b]0;31337\x07 \x9b31m",
    "invisible": "\x00a\x0bb\x0cc\x85d\u2028e\u202ef\u200bg\xadh\ufb01\xa0 i\u0301\u0301\u0301\u0301\u0301\u0301\t",
}
INPUTS = {
    "/": QueryInput,
    "i": PathInput,
    "t": TagInput,
    "S": PromptInput,
    "?/": FilterInput,
    ":": PaletteInput,
    "n": NoteTextArea,
}


def line_ends(text: str) -> str:
    """Return `text` with line feeds, which is how lines end in every store."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def as_line(text: str) -> str:
    """Return the lines of `text` in one line, without the blanks around a line end."""
    lines = line_ends(text).split("\n")
    return text if len(lines) == 1 else " ".join(line.strip() for line in lines if line.strip())


def displayed(reader) -> str:
    """Return everything that is painted."""
    strips = reader.app.screen._compositor.render_strips()
    return "".join(segment.text for strip in strips for segment in strip)


@pytest.mark.parametrize("keys", INPUTS)
async def test_every_input_keeps_a_paste_to_the_letter(open_reader, keys):
    async with open_reader() as reader:
        await reader.press(*keys)
        if keys == "S":
            await reader.press("/", *"clock", "enter", "S")
        field = reader.app.screen.query_one(INPUTS[keys])
        is_note = isinstance(field, NoteTextArea)
        for text in TEXTS.values():
            field.load_text("") if is_note else field.clear()
            await reader.wait_until_idle()
            reader.app.post_message(events.Paste(text))
            await reader.wait_until_idle()
            assert (field.text if is_note else field.value) == (line_ends(text) if is_note else as_line(text))
            shown = displayed(reader)
            assert not [
                char for char in shown if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")
            ]
            assert "\u0301" * 5 not in shown


async def test_note_is_saved_to_the_letter(open_reader):
    text = "".join(TEXTS.values())
    async with open_reader() as reader:
        paper = reader.paper
        await reader.press("n")
        reader.app.post_message(events.Paste(text))
        await reader.wait_until_idle()
        await reader.press(*"end", "ctrl+s")
        await reader.wait_until_idle()
        assert reader.library.mark(reader.library.table.row_of(paper.id)).note_text == line_ends(text) + "end"
        await reader.press("n")
        assert reader.note_editor.text_area.text == line_ends(text) + "end"
        await reader.press("x", "ctrl+z", "escape")
        assert reader.mode != "note"


async def test_tag_is_saved_to_the_letter(open_reader):
    async with open_reader() as reader:
        paper = reader.paper
        await reader.press("t")
        reader.app.post_message(events.Paste("\ufb01ne \x1btag"))
        await reader.wait_until_idle()
        await reader.press("enter", "escape")
        await reader.wait_until_idle()
        names = reader.library.mark(reader.library.table.row_of(paper.id)).tag_names
        assert list(names) == ["\ufb01ne \x1btag"]


async def test_control_characters_are_accepted_or_refused_in_a_sentence(open_reader):
    async with open_reader() as reader:
        await reader.press("/", *"clock", "enter")
        for keys in ("i", "xbf", "S", "t", ":", "/"):
            await reader.press(*keys)
            assert isinstance(reader.app.focused, TextInput), keys
            for text in ("/no\0where\x1b[31m", "/proc/\x08no-where\x1b]0;31337\x07"):
                if isinstance(field := reader.app.focused, TextInput):
                    field.clear()
                    reader.app.post_message(events.Paste(text))
                    await reader.wait_until_idle()
                    await reader.press("enter")
                    await reader.wait_until_idle()
                    await reader.pilot.pause()
            assert reader.app.is_running
            if keys in ("i", "xbf"):
                shown = reader.screen_text + "".join(reader.notifications)
                assert "annot" in shown or "null character" in shown
            while reader.notifications or reader.app.screen is not reader.screen:
                await reader.press("escape")
