"""The inbox: what marks a paper read, what stays where it is, and coming back to where one was."""

from __future__ import annotations

import asyncio

import pytest

from paperreader.library import Library
from tests.tui.conftest import import_pages
from tests.tui.fakes import rendered_lines
from tests.tui.library_pages import LATER_PAGES, PAGES, TITLES
from tests.tui.reader_driver import line_text

LATER = {
    "daily-2025-10-05.txt": LATER_PAGES["daily-2025-10-04.txt"][
        : LATER_PAGES["daily-2025-10-04.txt"].index("Oct 4")
    ]
    + "Oct 5\n\nUmbrellas as Sundials\n\nAn umbrella in a square tells the hour to whoever holds it still.\n"
}
ARRIVED = ["Ladders for Short Astronomers", "Soup Thermometry without Soup"]


def read_titles(library):
    unread = set(library.view("unread"))
    return {library.paper(row).title for row in library.table.newest if row not in unread}


@pytest.mark.parametrize("view", ["3", "5", "s"])
async def test_papers_that_arrive_move_nothing_in_any_view(reading, library, tmp_path, view):
    library.visits.end()
    async with reading(size=(80, 14)) as desk:
        await desk.press(*(("s", "t") if view == "s" else (view,)), "j", "j", "N")
        before, top, shown = desk.title, desk.screen.papers.top, desk.titles
        import_pages(Library.open(), tmp_path / "pages", LATER_PAGES)
        desk.screen.poll()
        await desk.settle()
        assert (desk.title, desk.screen.papers.top) == (before, top)
        assert [title for title in desk.titles if title not in ARRIVED] == shown, "the one just read stays"
        assert "2 new  2 shows them" in desk.status
        await desk.press("2")
        assert desk.titles == ARRIVED


async def test_a_paper_that_comes_again_is_neither_new_nor_unread(reading, library, tmp_path):
    async with reading() as desk:
        await desk.press("d", "d", "q")
    again = {"daily-2025-10-05.txt": PAGES["daily-2025-10-03.txt"].replace("Oct 3", "Oct 5"), **LATER_PAGES}
    import_pages(Library.open(), tmp_path / "again", again)
    async with reading(Library.open()) as desk:
        assert len(desk.titles) == 12
        await desk.press("3")
        assert not {*TITLES[:2]} & {*desk.titles}
        await desk.press("2")
        assert desk.titles == ARRIVED


async def test_what_was_read_in_the_unread_view_is_dimmed_and_stays(reading):
    async with reading() as desk:
        await desk.press("3", "d", "d")
        assert desk.title == TITLES[2]
        assert len(desk.titles) == 10
        first = rendered_lines(desk.screen.papers)[0]
        assert TITLES[0][:20] in first
        assert "●" not in first
        await desk.press("1", "3")
        assert len(desk.titles) == 8


# Coming back


async def test_one_comes_back_to_paper_pane_and_scroll_and_is_told_what_is_new(reading, library, tmp_path):
    async with reading(size=(80, 14)) as desk:
        await desk.press("G", *["k"] * 7, "tab", "j", "j", "escape")
        title, top = desk.title, desk.screen.papers.top
        assert desk.screen.detail.scroll_offset.y == 2
        await desk.press("q")
    import_pages(Library.open(), tmp_path / "pages", LATER_PAGES)
    async with reading(Library.open(), size=(80, 14)) as desk:
        assert (desk.title, desk.screen.papers.top) == (title, top)
        assert desk.screen.detail.scroll_offset.y == 2
        assert "2 new since your last visit  2 shows them" in desk.status
        await desk.press("2")
        assert desk.titles == ARRIVED


async def test_one_comes_back_to_view_and_sort_and_to_a_paper_that_was_read(reading, library):
    async with reading() as desk:
        await desk.press("3", "s", "t", "j", "N")
        title, titles = desk.title, desk.titles
        await desk.press("q")
    async with reading(Library.open()) as desk:
        assert desk.titles == titles
        assert desk.title == title
        assert "Unread" in desk.status
        assert "by title" in desk.status
        await desk.press("3")
        assert len(desk.titles) == 9


async def test_one_comes_back_to_a_search_and_out_of_it(reading, library):
    async with reading() as desk:
        await desk.press("j", "/")
        await desk.type("clock")
        await desk.press("enter", "j")
        title = desk.title
        await desk.press("R", "j", "q")
    async with reading(Library.open()) as desk:
        assert desk.query == "clock"
        assert desk.title == desk.titles[1] == title
        assert desk.mode == "list"
        await desk.press("escape")
        assert desk.query == ""
        assert len(desk.titles) == 10
        assert desk.title == title


async def test_after_a_kill_only_what_came_in_while_nobody_was_there_is_new(reading, library, tmp_path):
    library.visits.end()
    import_pages(Library.open(), tmp_path / "first", LATER_PAGES)
    async with reading(Library.open(), size=(80, 14)) as desk:
        await desk.press("2")
        assert desk.titles == ARRIVED
        await desk.press("3", "j", "j")
        title = desk.title
        desk.screen.keep_place()
        await desk.settle()
        import_pages(Library.open(), tmp_path / "later", LATER)
        desk.screen.poll()
        await desk.settle()
        desk.screen.keep_place()
        await desk.settle()
    async with reading(Library.open(), size=(80, 14)) as desk:  # nobody has quit
        assert desk.title == title
        assert "1 new since your last visit" in desk.status
        await desk.press("2")
        assert desk.titles == ["Umbrellas as Sundials"]


@pytest.mark.parametrize(
    "position",
    [
        7,
        {"id": 3, "view": ["all"], "sort": {}, "query": 1, "scroll": "x", "code": "yes"},
        {"id": "gone", "view": "no such view", "sort": "relevance", "scroll": -4},
        {"view": "new", "scroll": 10**30},
    ],
)
async def test_a_state_that_makes_no_sense_is_passed_over(reading, library, position):
    library.visits.end()
    library.state.set("position", position)
    async with reading() as desk:
        assert len(desk.titles) == 10
        assert desk.title == TITLES[0]


# Read by lingering


async def test_some_seconds_in_the_detail_mark_a_paper_read_where_they_are_set(reading, library):
    async with reading(toml="[reading]\nmark_read = 0.02\n") as desk:
        await desk.press("j", "j", "enter")
        while not read_titles(library):
            await asyncio.sleep(0)
        await desk.settle()
        assert read_titles(library) == {library.paper(library.table.newest[2]).title}, (
            "not what was passed by"
        )
        assert "Read: Café Chess" in desk.status
        await desk.press("u")
        assert read_titles(library) == set()


async def test_without_that_setting_a_key_alone_marks_a_paper_read(reading, library):
    async with reading() as desk:
        await desk.press("j", "enter")
        assert desk.screen._linger is None
        assert line_text(desk.screen.status).startswith("READ")
