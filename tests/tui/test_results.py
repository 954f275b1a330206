"""Searching: what the list shows, and where one stands in it afterwards."""

from __future__ import annotations

import threading

from msgspec.structs import replace

from paperreader.errors import StorageError
from paperreader.library import Library
from tests.tui.library_pages import OLDER_TITLES, TITLES
from tests.tui.reader_driver import line_text


async def test_typing_finds_while_one_types_and_lights_what_it_found(reading):
    async with reading() as desk:
        await desk.press("/")
        assert desk.mode == "search"
        await desk.type("sed")
        assert desk.titles[0] == TITLES[1]
        assert desk.title == TITLES[1]
        assert desk.screen.detail.paper.title == TITLES[1]
        assert desk.result_count.startswith("1 of 10")
        assert desk.result_count.endswith("ms")


async def test_every_printable_key_types_in_the_search_bar(reading):
    async with reading() as desk:
        await desk.press("/")
        await desk.type("qbjN? u:y")
        assert desk.query == "qbjN? u:y"
        assert desk.mode == "search"
        assert not desk.library.view("bookmarks")


async def test_escape_clears_and_returns_to_the_paper_and_the_place(reading):
    async with reading(size=(80, 14)) as desk:
        await desk.press("j", "j", "j", "j", "j", "k")
        before = desk.screen.place()
        await desk.press("/")
        await desk.type("umbrella")
        assert desk.title == OLDER_TITLES[3]
        await desk.press("escape")
        assert desk.query == ""
        assert desk.mode == "list"
        assert desk.screen.place() == before
        assert len(desk.titles) == 10
        assert desk.result_count == "10 papers"


async def test_enter_keeps_the_query_and_escape_in_the_list_gives_it_up(reading):
    async with reading() as desk:
        await desk.press("j", "j", "/")
        await desk.type("clock")
        await desk.press("enter")
        assert desk.mode == "list"
        assert desk.query == "clock"
        found = desk.titles
        assert 0 < len(found) < 10
        await desk.press("j", "enter", "escape", "escape")
        assert desk.query == ""
        assert desk.title.startswith("Café Chess")


async def test_down_moves_in_the_results_while_typing_goes_on(reading):
    async with reading() as desk:
        await desk.press("/")
        await desk.type("clock")
        first = desk.title
        await desk.press("down")
        assert desk.title != first
        assert desk.mode == "search"
        await desk.press("up")
        assert desk.title == first


async def test_a_space_only_asks_nothing(reading):
    async with reading() as desk:
        await desk.press("/", "space")
        assert desk.result_count == "10 papers"
        assert len(desk.titles) == 10


async def test_nothing_found_says_what_to_press(reading):
    async with reading() as desk:
        await desk.press("/")
        await desk.type("xqzzy")
        assert desk.titles == []
        assert desk.screen.detail.paper is None
        assert line_text(desk.screen.nothing) == "Nothing holds xqzzy.  escape goes back"
        await desk.press("enter", "b", "n", "y", "o", "enter", "space", "escape")
        assert len(desk.titles) == 10
        assert not desk.library.marks


def suggests(library, monkeypatch, word, *, instead_of):
    """Have every answer to one query suggest a word in its place."""
    answer = library.search

    def corrected(query, **settings):
        found = answer(query, **settings)
        return replace(found, suggestion=word) if query == instead_of else found

    monkeypatch.setattr(library, "search", corrected)


async def test_a_better_spelling_is_offered_and_tab_takes_it(reading, library, monkeypatch):
    suggests(library, monkeypatch, "sediment", instead_of="sedimant")
    async with reading() as desk:
        await desk.press("/")
        await desk.type("sedimant")
        assert line_text(desk.screen.nothing) == "Did you mean sediment?  tab takes it"
        assert "tab complete" in line_text(desk.screen.footer)
        await desk.press("tab")
        assert desk.query == "sediment"
        assert desk.titles[0] == TITLES[1]
        assert desk.mode == "search"


async def test_a_better_spelling_stands_beside_what_little_was_found(reading, library, monkeypatch):
    suggests(library, monkeypatch, "clock", instead_of="umbrella")
    async with reading() as desk:
        await desk.press("/")
        await desk.type("umbrella")
        found = desk.titles
        assert 0 < len(found) < 10
        assert "tab" in desk.result_count
        assert "clock?" in desk.result_count
        assert desk.is_visible(desk.screen.papers)
        await desk.press("tab")
        assert desk.query == "clock"
        assert desk.titles != found
        assert "?" not in desk.result_count


async def test_answers_to_queries_of_before_are_dropped_and_old_results_stay(reading, library, monkeypatch):
    going, asked = threading.Event(), []
    answer = library.search

    def slow(query, *, cancelled):
        asked.append(query)
        if query == "s":
            going.wait(10)
            assert cancelled()
        return answer(query, cancelled=cancelled)

    monkeypatch.setattr(library, "search", slow)
    async with reading() as desk:
        await desk.press("/")
        desk.send("s")
        await desk.pilot.pause()
        desk.send("e", "d")
        await desk.pilot.pause()
        assert len(desk.titles) == 10, "the old list stands until there is a new one"
        going.set()
        await desk.settle()
        assert asked == ["s", "sed"], "of what was asked meanwhile only the newest is answered"
        assert desk.titles[0] == TITLES[1]
        assert desk.screen.answer.question.query == "sed"


async def test_a_slow_answer_dims_the_count(reading, library, monkeypatch):
    going = threading.Event()
    answer = library.search

    def slow(query, *, cancelled):
        going.wait(10)
        return answer(query, cancelled=cancelled)

    monkeypatch.setattr(library, "search", slow)
    async with reading() as desk:
        await desk.press("/")
        desk.send("s")
        await desk.pilot.pause()
        desk.screen._impatient()
        assert desk.result_count == "…"
        going.set()
        await desk.settle()
        assert desk.result_count.endswith("ms")


async def test_a_search_without_an_index_is_said_and_leaves_the_list(reading, library, monkeypatch):
    def broken(query, **settings):
        raise StorageError("The search index is damaged; `paperreader reindex` builds it anew.")

    monkeypatch.setattr(library, "search", broken)
    async with reading() as desk:
        await desk.press("/")
        await desk.type("clock")
        assert len(desk.titles) == 10
        assert "no index yet" in desk.result_count
        assert any("reindex" in toast for toast in desk.notifications)


async def test_history_comes_with_up_in_an_empty_box_and_ctrl_r_anywhere(reading, library):
    async with reading() as desk:
        for query in ("clock", "umbrella", "clock"):
            await desk.press("/")
            await desk.type(query)
            await desk.press("enter", "escape")
        await desk.press("/", "up")
        assert desk.query == "clock"
        await desk.press("up")
        assert desk.query == "umbrella"
        await desk.press("down")
        assert desk.query == "clock"
        await desk.type("s")
        await desk.press("ctrl+r")
        assert desk.query == "clock"
    assert library.state.history[:2] == ("clock", "umbrella")


async def test_history_is_kept_between_launches(reading, library):
    async with reading() as desk:
        await desk.press("/")
        await desk.type("umbrella")
        await desk.press("enter", "q")
    async with reading(Library.open(library.folder)) as desk:
        await desk.press("/", "up")
        assert desk.query == "umbrella"
        assert desk.titles


async def test_tab_completes_from_memory_else_goes_to_the_list(reading, library):
    library.state.remember_query("umbrella stand")
    async with reading() as desk:
        await desk.press("/")
        assert "tab list" in line_text(desk.screen.footer)
        await desk.type("umb")
        assert "tab complete" in line_text(desk.screen.footer)
        await desk.press("tab")
        assert desk.query == "umbrella stand"
        assert desk.mode == "search"
        while "tab complete" in line_text(desk.screen.footer):
            await desk.pilot.pause(0)
        assert "tab list" in line_text(desk.screen.footer)
        await desk.press("tab")
        assert desk.mode == "list"


async def test_the_line_edits_as_in_a_shell_and_takes_no_control_characters(reading):
    async with reading() as desk:
        await desk.press("/")
        await desk.type("slow rivers")
        await desk.press("ctrl+w")
        assert desk.query == "slow "
        await desk.press("ctrl+a", "ctrl+k")
        assert desk.query == ""
        desk.screen.bar.input.insert_text_at_cursor("dry \x1b[31mdecade\x07\u202e")
        await desk.settle()
        assert "\x1b" not in desk.query
        assert "\x07" not in desk.query
        assert "\u202e" not in desk.query


async def test_a_partial_match_is_not_counted(reading):
    async with reading() as desk:
        await desk.press("/")
        await desk.type("sediment umbrella")
        assert desk.result_count.startswith("0 of 10")
        assert set(desk.titles) == {TITLES[1], OLDER_TITLES[3]}


async def test_matches_in_the_detail_are_walked_and_numbered(reading):
    async with reading() as desk:
        await desk.press(".")
        assert desk.status.startswith("LIST   No search is on")
        await desk.press("/")
        await desk.type("lamps")
        await desk.press("enter", ".")
        assert "Match 1 of " in desk.status
        await desk.press(".", ",")
        assert "Match 1 of " in desk.status
