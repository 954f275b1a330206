"""Papers that are near in meaning: below few results, for `~` and `like:`, and like a passage or a note."""

from __future__ import annotations

import pytest

from paperreader import paths
from paperreader.models import MarkChange
from paperreader.tui.controllers import results
from tests.examples import endurance
from tests.search.small_model import model_in
from tests.tui.library_pages import OLDER_TITLES, TITLES
from tests.tui.reader_driver import ReaderDriver
from tests.tui.test_full_text import copied, documents, open_text, stored  # noqa: F401

CHESS, BREAD = TITLES[2], OLDER_TITLES[1]


async def wait_for_near(reader: ReaderDriver) -> None:
    while "near" not in reader.result_count:
        await reader.wait_until_idle()


def near_label(reader: ReaderDriver) -> bool:
    return "near in meaning" in reader.screen_text


async def test_typing_shows_results_by_words_and_enter_completes_them(open_reader):
    async with open_reader(size=(120, 40)) as reader:
        await reader.press("/")
        await reader.type("bread lantern")
        assert "partial" in reader.result_count
        assert "partial matches" in reader.screen_text
        await reader.press("enter")
        assert reader.result_count.endswith("near")
        assert near_label(reader)


async def test_list_is_completed_when_typing_pauses_and_the_cursor_stays(open_reader, monkeypatch):
    async with open_reader(size=(120, 40)) as reader:
        await reader.press("/")
        await reader.type("clocks crumb")
        by_words, first = reader.titles, reader.title
        await reader.press("down")
        second = reader.title
        monkeypatch.setattr(results, "COMPLETION_DELAY_SECONDS", 0.01)
        await reader.type("s")
        await wait_for_near(reader)
        assert reader.titles[0] == first == by_words[0]
        assert reader.title == first
        await reader.press("down")
        await reader.press("backspace", "down")
        await wait_for_near(reader)
        assert second in reader.titles
        assert reader.title in reader.titles[:2]


async def test_enough_results_are_not_completed(open_reader):
    async with open_reader() as reader:
        await reader.press("/")
        await reader.type("a*")
        full = reader.result.full_matches
        await reader.press("enter")
        assert (reader.result.hits.near is None) == (full >= 10)


async def test_rows_show_the_nearest_sentence(open_reader):
    async with open_reader(size=(120, 40)) as reader:
        await reader.press("/")
        await reader.type("~ finding good moves without theory")
        await reader.press("enter")
        assert "nearest of 10" in reader.result_count
        assert CHESS in reader.titles[:3]
        assert "found by meaning" in reader.screen_text and not near_label(reader)
        assert "opening" in reader.screen_text


@pytest.mark.parametrize("size", [endurance((80, 24)), endurance((120, 40)), endurance((200, 60)), (40, 12)])
async def test_label_and_count_at_every_size(open_reader, size):
    async with open_reader(size=size) as reader:
        await reader.press("/")
        await reader.type(f"like:{reader.paper.id} ")
        await reader.press("enter")
        assert "found by meaning" in reader.screen_text and not near_label(reader)
        assert f"{len(reader.result.rows)} nearest" in reader.result_count
        await reader.press("s", "t")
        assert reader.titles == sorted(reader.titles, key=str.casefold)


async def test_note_is_a_query(open_reader, library):
    async with open_reader() as reader:
        await reader.press("ctrl+p", *"papers like your note", "enter")
        assert "No note" in reader.status
        paper = reader.paper
        library.save_and_apply(
            [MarkChange(paper.id, paper.title, note='Bread "crumbs" (tell) -time OR hours:')]
        )
        await reader.press("ctrl+p", *"papers like your note", "enter")
        assert reader.query == "~ Bread crumbs tell time or hours"
        assert reader.titles[0] == BREAD
        await reader.press("escape")
        assert reader.query == ""


async def test_selected_passage_is_a_query_and_backspace_returns(open_text):  # noqa: F811
    async with open_text() as text:
        await text.press("v", "R")
        reader = text.reader
        assert reader.query == "~ Clocks drift"
        assert "nearest" in reader.result_count
        assert "backspace" in reader.status
        await reader.press("backspace")
        assert text.top


async def test_missing_model_is_reported_once_and_words_are_searched(open_reader, tmp_path):
    with model_in(tmp_path / "missing.bin"):
        async with open_reader() as reader:
            await reader.press("/")
            await reader.type("bread lantern")
            await reader.press("enter")
            assert "is missing" in reader.status
            assert "partial" in reader.result_count
            reader.status_bar.clear_message()
            await reader.press("/", "space", "enter")
            assert "is missing" not in reader.status


async def test_library_of_an_older_program_is_prepared_in_the_background(open_reader, library):
    for vectors in paths.cache_folder(library.uuid).glob("index/*.vec"):
        vectors.unlink()
    async with open_reader() as reader:
        await reader.press("/")
        await reader.type("~ finding good moves")
        await reader.press("enter")
        while not list(paths.cache_folder(library.uuid).glob("index/*.vec")):
            await reader.wait_until_idle()
        while not reader.result.hits.near.is_complete:
            await reader.wait_until_idle()
        assert CHESS in reader.titles
