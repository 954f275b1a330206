"""Tests of pastes: their content is never interpreted as keys."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from textual import events

from paperreader.tui.dialogs.help import FilterInput
from paperreader.tui.dialogs.path_prompt import PathInput
from paperreader.tui.dialogs.tag_picker import TagInput
from paperreader.tui.terminal.paste_guard import GuardedParser, PasteCleaner
from paperreader.tui.widgets.search_bar import QueryInput

START, END = "\x1b[200~", "\x1b[201~"
SCRAPS = st.lists(
    st.sampled_from(["\x1b", "\x1b[", "\x1b[2J", "q", "\x1b[201", "[201~", "text", "\x1b\x1b", "\n", "字"]),
    max_size=8,
).map("".join)


def reads(text: str, cuts: list[int]) -> list[str]:
    """Split the text into chunks as they may arrive."""
    offsets = sorted({cut % (len(text) + 1) for cut in cuts} | {0, len(text)})
    return [text[start:end] for start, end in pairwise(offsets)]


@given(SCRAPS, st.lists(st.integers(0, 500), max_size=6))
def test_paste_is_one_event_and_contains_no_keys(text: str, cuts: list[int]) -> None:
    assume(END not in f"{text}.")  # a fake end marker is detected only within one chunk, see below
    parser = GuardedParser()
    got = [event for read in reads(f"a{START}{text}.{END}b", cuts) for event in parser.feed(read)]
    keys = [event.key for event in got if isinstance(event, events.Key)]
    pastes = [event.text for event in got if isinstance(event, events.Paste)]
    assert keys == ["a", "b"]
    assert pastes == [f"{text}.".replace("\x1b", "")]


@given(st.text(alphabet="ab\x1b[~1", max_size=20), st.lists(st.integers(0, 500), max_size=4))
def test_typed_input_is_unchanged_and_not_delayed(text: str, cuts: list[int]) -> None:
    pastes = PasteCleaner()
    assert [pastes.clean(read) for read in reads(text, cuts)] == reads(text, cuts)


def test_fake_end_marker_does_not_end_the_paste() -> None:
    parser = GuardedParser()
    got = list(parser.feed(f"{START}harmless{END}q\x1b[A{END}x{START}next{END}"))
    assert [event.text for event in got if isinstance(event, events.Paste)] == ["harmless[201~q[A", "next"]
    assert [event.key for event in got if isinstance(event, events.Key)] == ["x"]


def test_end_of_input_is_forwarded() -> None:
    parser = GuardedParser()
    assert list(parser.feed("")) == []
    assert parser.is_eof


@pytest.mark.parametrize(
    ("keys", "line"), [("/", QueryInput), ("i", PathInput), ("t", TagInput), ("?/", FilterInput)]
)
async def test_multi_line_title_is_pasted_as_one_line(open_reader, keys, line):
    async with open_reader() as reader:
        await reader.press(*keys)
        field = reader.app.screen.query_one(line)
        before = field.value
        for text in ("Slow\r\nRivers:\n  A Study\n", "\n", ""):
            reader.app.post_message(events.Paste(text))
            await reader.wait_until_idle()
            assert field.value == f"{before}Slow Rivers: A Study"


async def test_paste_at_cursor_keeps_spaces(open_reader):
    async with open_reader() as reader:
        await reader.press("/")
        await reader.type("rivers")
        await reader.press("home")
        reader.app.post_message(events.Paste("slow "))
        await reader.wait_until_idle()
        assert reader.query == "slow rivers"


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("one line", "one line"),
        ("two\nlines", "two\nlines"),
        ("多语言论文", "多语言论文"),
        ("word " * 1800 + "end", "word " * 1800 + "end"),
        ("plain \x1bc text", "plain c text"),
    ],
    ids=["line", "lines", "CJK", "9,000 characters", "escape"],
)
async def test_paste_into_a_note_is_inserted_once(open_reader, text, note):
    async with open_reader() as reader:
        await reader.press("n")
        reader.app.post_message(events.Paste(text))
        await reader.wait_until_idle()
        assert reader.note_editor.text_area.text == note
