"""Views and sorts: what the list shows, and where one stands in it afterwards."""

from __future__ import annotations

import pytest

from paperreader.library import view_for_query
from paperreader.tui.model.list_query import ListQuery
from paperreader.tui.model.views import BUILT_IN_VIEWS, ListView
from tests.tui.fakes import rendered_lines
from tests.tui.library_pages import OLDER_TITLES, TITLES
from tests.tui.reader_driver import line_text


@pytest.mark.parametrize(
    ("key", "place", "count"), [("1", "All papers", 10), ("2", "New", 10), ("5", "With code", 3)]
)
async def test_digits_show_views(reading, key, place, count):
    async with reading() as desk:
        await desk.press("3", key)
        assert desk.status.startswith("LIST")
        assert place in desk.status
        assert len(desk.titles) == count


async def test_an_empty_view_says_what_to_do(reading):
    async with reading() as desk:
        await desk.press("4")
        assert desk.titles == []
        assert line_text(desk.screen.nothing) == "No bookmarks yet: b on a paper sets one."
        await desk.press("b", "N", "n", "Y", "O", "J", ">", "space")
        assert desk.mode == "list"
        await desk.press("1")
        assert len(desk.titles) == 10


async def test_a_view_keeps_the_paper_and_the_query(reading):
    async with reading() as desk:
        await desk.press("j", "j", "5")
        assert desk.title.startswith("Café Chess")
        await desk.press("/")
        await desk.type("clock")
        assert desk.titles == [OLDER_TITLES[1]]
        assert desk.screen.answer.matches_outside_view == 1
        await desk.press("enter", "1")
        assert len(desk.titles) == 2
        assert desk.title == OLDER_TITLES[1]


async def test_hits_outside_the_view_are_told(reading):
    async with reading() as desk:
        await desk.press("5", "/")
        await desk.type("umbrella")
        assert line_text(desk.screen.nothing) == "None in With code, 1 elsewhere.  enter 1 shows them"
        await desk.press("enter", "1")
        assert desk.titles == [OLDER_TITLES[3]]


async def test_c_leaves_papers_with_code_and_b_capital_bookmarks(reading):
    async with reading() as desk:
        await desk.press("c")
        assert len(desk.titles) == 3
        assert "with code" in desk.status
        await desk.press("c")
        assert len(desk.titles) == 10
        await desk.press("j", "b", "B")
        assert desk.titles == [TITLES[1]]
        await desk.press("B")
        assert len(desk.titles) == 10
        assert desk.title == TITLES[1]


async def test_sorting_asks_and_shows_the_top_but_by_date_keeps_the_paper(reading):
    async with reading() as desk:
        await desk.press("j", "j", "s", "t")
        assert desk.screen.question.sort == "title"
        assert [title[0] for title in desk.titles] == sorted(title[0] for title in desk.titles)
        assert desk.title == desk.titles[0]
        await desk.press("j", "j", "j")
        here = desk.title
        await desk.press("s", "d")
        assert desk.title == here
        await desk.press("s", "t", ">")
        assert "newest" in desk.status
        await desk.press("s", "escape")
        assert desk.screen.question.sort == "title"
        await desk.press("s", "d")
        assert desk.screen.question == ListQuery()
        await desk.press("/")
        await desk.type("clock")
        assert desk.screen.question.sort == "relevance"
        await desk.press("enter", "s", "v")
        assert desk.screen.question.sort == "votes"
        await desk.press("escape")
        assert desk.screen.question == ListQuery()


async def test_what_was_marked_last_comes_first(reading):
    async with reading() as desk:
        await desk.press("b", "j", "j", "N", "j", "b", "s", "m")
        assert desk.titles[:4] == [TITLES[3], TITLES[2], TITLES[0], TITLES[1]]
        assert "recently marked first" in desk.status
        await desk.press("/")
        await desk.type("sort:marked ")
        assert desk.titles[:4] == [TITLES[3], TITLES[2], TITLES[0], TITLES[1]]


async def test_0_lists_the_views_with_their_counts(reading):
    async with reading() as desk:
        await desk.press("j", "b", "N", "j", "0")
        shown = desk.screen_text
        for line in ("1  All        10", "3  Unread     9", "4  Bookmarks  1", "5  With code  3"):
            assert line in shown
        await desk.press("4")
        assert desk.titles == [TITLES[1]]
        await desk.press("0", "k", "enter")
        assert desk.screen.question.view == "unread"
        await desk.press("9")
        assert "There is no view 9 yet" in desk.status


async def test_a_query_can_stand_among_the_views(reading):
    async with reading(size=(200, 60)) as desk:
        clocks = ListView(view_for_query("clock"), "Clocks", "Clocks", "No clock.")
        desk.screen.shelves = (*BUILT_IN_VIEWS, clocks)
        await desk.screen.count()
        desk.screen.counted()
        assert any("6 Clocks" in line and line.endswith("●2") for line in rendered_lines(desk.screen.views))
        await desk.press("6")
        assert desk.titles == [TITLES[1], OLDER_TITLES[1]]
        assert "Clocks" in desk.status
        await desk.press("j", "/")
        await desk.type("sediment")
        assert desk.titles == [TITLES[1]]
