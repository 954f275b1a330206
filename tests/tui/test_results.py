"""Search: what the list shows, and where the cursor is afterwards."""

from __future__ import annotations

import threading

import pytest
from msgspec.structs import replace
from textual import events

from paperreader.errors import StorageError
from paperreader.library import Library
from tests.examples import endurance
from tests.tui.library_pages import OLDER_TITLES, TITLES
from tests.tui.reader_driver import line_text
from tests.waiting import TIMEOUT_SECONDS


async def test_search_runs_while_typing_and_highlights_matches(open_reader):
    async with open_reader() as reader:
        await reader.press("/")
        assert reader.mode == "search"
        await reader.type("sed")
        assert reader.titles[0] == TITLES[1]
        assert reader.title == TITLES[1]
        assert reader.detail.paper.title == TITLES[1]
        assert reader.result_count.startswith("1 of 10")
        assert reader.result_count.endswith("ms")


async def test_every_printable_key_types_in_search_bar(open_reader):
    async with open_reader() as reader:
        await reader.press("/")
        await reader.type("qbjN? u:y")
        assert reader.query == "qbjN? u:y"
        assert reader.mode == "search"
        assert not reader.library.view("bookmarks")


async def test_escape_clears_search_and_restores_position(open_reader):
    async with open_reader(size=(80, 14)) as reader:
        await reader.press("j", "j", "j", "j", "j", "k")
        before = reader.position
        await reader.press("/")
        await reader.type("umbrella")
        assert reader.title == OLDER_TITLES[3]
        await reader.press("escape")
        assert reader.query == ""
        assert reader.mode == "list"
        assert reader.position == before
        assert len(reader.titles) == 10
        assert reader.result_count == "10 papers"


async def test_enter_keeps_search_and_escape_in_list_clears_it(open_reader):
    async with open_reader() as reader:
        await reader.press("j", "j", "/")
        await reader.type("clock")
        await reader.press("enter")
        assert reader.mode == "list"
        assert reader.query == "clock"
        found = reader.titles
        assert 0 < len(found) < 10
        await reader.press("j", "enter", "escape", "escape")
        assert reader.query == ""
        assert reader.title.startswith("Café Chess")


async def test_down_moves_in_results_without_leaving_search_bar(open_reader):
    async with open_reader() as reader:
        await reader.press("/")
        await reader.type("clock")
        first = reader.title
        await reader.press("down")
        assert reader.title != first
        assert reader.mode == "search"
        await reader.press("up")
        assert reader.title == first


async def test_blank_query_searches_nothing(open_reader):
    async with open_reader() as reader:
        await reader.press("/", "space")
        assert reader.result_count == "10 papers"
        assert len(reader.titles) == 10


async def test_empty_result_shows_what_to_press(open_reader):
    async with open_reader() as reader:
        await reader.press("/")
        await reader.type("xqzzy")
        assert reader.titles == []
        assert reader.detail.paper is None
        assert line_text(reader.empty_list) == "No results for xqzzy.  Press escape to go back"
        await reader.press("enter", "b", "n", "y", "o", "enter", "space", "escape")
        assert len(reader.titles) == 10
        assert not reader.library.marks


async def test_long_query_without_results_leaves_space_for_what_to_press(open_reader):
    async with open_reader(size=(80, 24)) as reader:
        await reader.press("/")
        reader.app.post_message(events.Paste("xqzzy " * 20))
        await reader.wait_until_idle()
        shown = line_text(reader.empty_list)
        assert shown.startswith("No results for xqzzy xqzzy xqzzy")
        assert shown.endswith("….")
        assert "Press escape to go back" in reader.screen_text


EXPLANATIONS = [
    ("", "author:mustermann", ("No results for author:mustermann.", "Press escape to go back")),
    ("c", "xqzzy", ("No results for xqzzy.", "Press escape to go back")),
    ("4", "sed", ("elsewhere.", "Press enter 1 to show them")),
    ("1jb4c", "", ("1 paper without code is not listed.", "Press c to show all")),
]
"""Keys, a query, and what explains that the list is empty."""


@pytest.mark.parametrize("width", [100, endurance(120)])
async def test_explanation_of_an_empty_list_is_never_cut_off(open_reader, width):
    async with open_reader(size=(width, 30)) as reader:
        for keys, query, lines in EXPLANATIONS:
            await reader.press(*keys)
            if query:
                await reader.press("/")
                await reader.type(query)
            assert reader.titles == []
            assert "…" not in line_text(reader.empty_list)
            for line in lines:
                assert line in reader.screen_text
            if query:
                await reader.press("escape", "escape")
            if "c" in keys:
                await reader.press("c")


def suggests(library, monkeypatch, word, *, instead_of):
    """Make every result of one query suggest a replacement."""
    answer = library.search

    def corrected(query, **settings):
        found = answer(query, **settings)
        return replace(found, suggestion=word) if query == instead_of else found

    monkeypatch.setattr(library, "search", corrected)


async def test_tab_accepts_suggested_spelling(open_reader):
    async with open_reader() as reader:
        await reader.press("/")
        await reader.type("sedimant")
        assert "tab complete" in line_text(reader.footer)
        await reader.press("tab")
        assert reader.query == "sediment"
        assert reader.titles[0] == TITLES[1]
        assert reader.mode == "search"


async def test_suggested_spelling_is_shown_with_few_results(open_reader, library, monkeypatch):
    suggests(library, monkeypatch, "clock", instead_of="umbrella")
    async with open_reader() as reader:
        await reader.press("/")
        await reader.type("umbrella")
        found = reader.titles
        assert 0 < len(found) < 10
        assert "tab" in reader.result_count
        assert "clock?" in reader.result_count
        assert reader.is_visible(reader.paper_list)
        await reader.press("tab")
        assert reader.query == "clock"
        assert reader.titles != found
        assert "?" not in reader.result_count


async def test_stale_results_are_dropped_and_old_results_stay(open_reader, library, monkeypatch):
    going, asked = threading.Event(), []
    answer = library.search

    def slow(query, **settings):
        asked.append(query)
        if query == "s":
            going.wait(TIMEOUT_SECONDS)
            assert settings["cancelled"]()
        return answer(query, **settings)

    monkeypatch.setattr(library, "search", slow)
    async with open_reader() as reader:
        await reader.press("/")
        reader.send_keys("s")
        await reader.pilot.pause()
        reader.send_keys("e", "d")
        await reader.pilot.pause()
        assert len(reader.titles) == 10, "the old list stays until there is a new one"
        going.set()
        await reader.wait_until_idle()
        assert asked == ["s", "sed"], "of what was asked meanwhile only the newest is answered"
        assert reader.titles[0] == TITLES[1]
        assert reader.result.query.text == "sed"


async def test_slow_search_shows_spinner(open_reader, library, monkeypatch):
    going = threading.Event()
    answer = library.search

    def slow(query, **settings):
        going.wait(TIMEOUT_SECONDS)
        return answer(query, **settings)

    monkeypatch.setattr(library, "search", slow)
    async with open_reader() as reader:
        await reader.press("/")
        reader.send_keys("s")
        await reader.pilot.pause()
        reader.controllers.results.show_spinner()
        assert reader.result_count == "…"
        going.set()
        await reader.wait_until_idle()
        assert reader.result_count.endswith("ms")


async def test_search_without_index_is_reported_and_keeps_the_list(open_reader, library, monkeypatch):
    def broken(query, **settings):
        raise StorageError("The search index is damaged. Run `paperreader reindex` to rebuild it.")

    monkeypatch.setattr(library, "search", broken)
    async with open_reader() as reader:
        await reader.press("/")
        await reader.type("clock")
        assert len(reader.titles) == 10
        assert "no index yet" in reader.result_count
        assert any("reindex" in message for message in reader.notifications)


async def test_history_opens_with_up_or_ctrl_r(open_reader, library):
    async with open_reader() as reader:
        for query in ("clock", "umbrella", "clock"):
            await reader.press("/")
            await reader.type(query)
            await reader.press("enter", "escape")
        await reader.press("/", "up")
        assert reader.query == "clock"
        await reader.press("up")
        assert reader.query == "umbrella"
        await reader.press("down")
        assert reader.query == "clock"
        await reader.type("s")
        await reader.press("ctrl+r")
        assert reader.query == "clock"
    assert library.state.query_history[:2] == ("clock", "umbrella")


async def test_history_is_saved_between_sessions(open_reader, library):
    async with open_reader() as reader:
        await reader.press("/")
        await reader.type("umbrella")
        await reader.press("enter", "q")
    async with open_reader(Library.open(library.folder)) as reader:
        await reader.press("/", "up")
        assert reader.query == "umbrella"
        assert reader.titles


async def test_tab_completes_from_history_or_goes_to_list(open_reader, library):
    library.state.remember_query("umbrella stand")
    async with open_reader() as reader:
        await reader.press("/")
        assert "tab complete" not in line_text(reader.footer)
        await reader.type("umb")
        assert "tab complete" in line_text(reader.footer)
        await reader.press("tab")
        assert reader.query == "umbrella stand"
        assert reader.mode == "search"
        while "tab complete" in line_text(reader.footer):
            await reader.pilot.pause(0)
        await reader.press("tab")
        assert reader.mode == "list"


async def test_search_bar_edits_like_a_shell_and_hides_control_characters(open_reader):
    async with open_reader() as reader:
        await reader.press("/")
        await reader.type("slow rivers")
        await reader.press("ctrl+w")
        assert reader.query == "slow "
        await reader.press("ctrl+a", "ctrl+k")
        assert reader.query == ""
        reader.search_bar.input.insert_text_at_cursor("dry \x1b[31mdecade\x07\u202e")
        await reader.wait_until_idle()
        assert reader.query == "dry \x1b[31mdecade\x07\u202e"
        assert not {"\x1b", "\x07", "\u202e"} & set(reader.screen_text)


async def test_partial_matches_are_not_counted(open_reader):
    async with open_reader() as reader:
        await reader.press("/")
        await reader.type("sediment umbrella")
        assert reader.result_count.startswith("0 of 10")
        assert set(reader.titles) == {TITLES[1], OLDER_TITLES[3]}


async def test_matches_in_detail_are_numbered(open_reader):
    async with open_reader() as reader:
        await reader.press(".")
        assert reader.status.startswith("LIST   No active search")
        await reader.press("/")
        await reader.type("lamps")
        await reader.press("enter", ".")
        assert "Match 1 of " in reader.status
        await reader.press(".", ",")
        assert "Match 1 of " in reader.status


async def test_corrected_spelling_is_searched_and_enter_searches_what_was_typed(open_reader):
    async with open_reader() as reader:
        await reader.press("/")
        await reader.type("sedimant")
        assert reader.titles[0] == TITLES[1]
        assert "sediment" in reader.result_count
        assert "enter" in reader.result_count
        await reader.press("enter")
        assert reader.query == "sedimant"
        assert not reader.titles
        assert "sediment?" in reader.result_count
        assert line_text(reader.empty_list) == "Did you mean sediment?  Press tab to accept"
