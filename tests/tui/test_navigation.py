"""Moving about: cursor, panes, days, reading on."""

from __future__ import annotations

import asyncio
import threading

import pytest

from tests.tui.library_pages import OLDER_TITLES, TITLES


async def test_the_list_has_the_keys_at_first_and_the_detail_follows(reading):
    async with reading() as desk:
        assert desk.mode == "list"
        assert desk.title == TITLES[0]
        assert desk.screen.detail.paper.title == TITLES[0]
        await desk.press("j", "down")
        assert desk.title.startswith("Café Chess")
        assert desk.screen.detail.paper.title.startswith("Café Chess")
        await desk.press("k")
        assert desk.title == TITLES[1]
        assert "2/10" in desk.status


async def test_ends_pages_and_days(reading):
    async with reading() as desk:
        await desk.press("G")
        assert desk.title == OLDER_TITLES[-1]
        await desk.press("g")
        assert desk.title == TITLES[0]
        await desk.press(">")
        assert desk.title == OLDER_TITLES[0]
        await desk.press(">")
        assert "earliest day" in desk.status
        await desk.press("<")
        assert desk.title == TITLES[0]
        await desk.press("ctrl+d")
        assert desk.screen.papers.position == 4
        await desk.press("ctrl+u")
        assert desk.screen.papers.position == 0
        await desk.press("pagedown")
        assert desk.screen.papers.position > 4


async def test_enter_gives_the_detail_the_room_of_the_list_and_escape_gives_it_back(reading):
    async with reading(size=(80, 24)) as desk:
        before = desk.screen.detail.size.height
        assert (desk.screen.papers.size.height, before) == (8, 12)
        await desk.press("j", "enter")
        assert desk.mode == "detail"
        assert not desk.is_visible(desk.screen.papers)
        assert desk.screen.detail.size.height == 21
        await desk.press("escape")
        assert desk.mode == "list"
        assert desk.screen.detail.size.height == before
        assert desk.title == TITLES[1]
        await desk.press("escape", "escape")
        assert desk.app.is_running


async def test_tab_swaps_panes_and_keeps_both(reading):
    async with reading() as desk:
        await desk.press("tab")
        assert desk.mode == "detail"
        assert desk.is_visible(desk.screen.papers)
        await desk.press("shift+tab")
        assert desk.mode == "list"


async def test_keys_of_the_detail_scroll_and_leave_the_cursor(reading):
    async with reading(size=(80, 14)) as desk:
        await desk.press("j", "j", "tab", "j", "j")
        assert desk.screen.detail.scroll_offset.y == 2
        await desk.press("k")
        assert desk.screen.detail.scroll_offset.y == 1
        await desk.press("G")
        assert desk.screen.detail.scroll_offset.y > 2
        await desk.press("g")
        assert desk.screen.detail.scroll_offset.y == 0
        assert desk.title.startswith("Café Chess")


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_zoom_leaves_the_detail_alone_on_any_screen(reading, size):
    async with reading(size=size) as desk:
        await desk.press("z")
        assert not desk.is_visible(desk.screen.papers)
        assert desk.mode == "detail"
        await desk.press("z")
        assert desk.is_visible(desk.screen.papers)
        assert desk.mode == "list"


async def test_the_widest_screen_lists_the_views(reading):
    async with reading(size=(200, 60)) as desk:
        assert desk.is_visible(desk.screen.views)
        assert desk.screen.papers.outer_size.width == 84
        await desk.pilot.click(desk.screen.views, offset=(5, 4))
        await desk.settle()
        assert desk.screen.question.view == "code"
    async with reading(size=(120, 40)) as desk:
        assert not desk.is_visible(desk.screen.views)
        assert desk.is_visible(desk.screen.detail)


async def test_a_tiny_screen_shows_one_pane_at_a_time(reading):
    async with reading(size=(50, 16)) as desk:
        assert desk.is_visible(desk.screen.papers)
        assert not desk.is_visible(desk.screen.detail)
        await desk.press("tab")
        assert not desk.is_visible(desk.screen.papers)
        assert desk.is_visible(desk.screen.detail)
        await desk.press("escape")
        assert desk.is_visible(desk.screen.papers)


async def test_resizing_keeps_the_paper_the_pane_and_the_mode(reading):
    async with reading(size=(80, 24)) as desk:
        await desk.press("j", "j", "j", "enter")
        for size in ((200, 60), (50, 16), (120, 40), (80, 24)):
            await desk.pilot.resize_terminal(*size)
            await desk.settle()
            assert desk.title == TITLES[3]
            assert desk.screen.detail.paper.title == TITLES[3]
            assert desk.mode == "detail"


async def test_space_reads_the_morning(reading):
    async with reading(size=(80, 24)) as desk:
        for title in TITLES:
            assert desk.title == title
            pages = 0
            while desk.title == title and pages < 9:
                pages += 1
                await desk.press("space")
        assert desk.title == OLDER_TITLES[0]
        assert "Read: A Map of Every Echo" in desk.status
        assert desk.library.view_counts().unread == len(OLDER_TITLES)
        await desk.press("K")
        assert "Nothing unread above" in desk.status
        await desk.press("J")
        assert desk.title == OLDER_TITLES[1]


async def test_the_morning_is_two_keys(reading):
    async with reading(size=(80, 24)) as desk:
        await desk.press("d", "f", "d")
        assert desk.title == TITLES[3]
        assert "Read: Café Chess with Naïve Openings" in desk.status
        await desk.press("k", "k", "f")
        assert "Bookmarked" not in desk.status, "it is already"
        assert desk.title == TITLES[3]
        counts = desk.library.view_counts()
        assert (counts.unread, counts.bookmarks) == (7, 1)
        await desk.press("f")
        assert "Bookmarked Tidal Grammars" in desk.status
        await desk.press("u")
        assert desk.title == TITLES[3], "where it was undone"
        counts = desk.library.view_counts()
        assert (counts.unread, counts.bookmarks) == (7, 1)
        await desk.press("G", "f")
        assert "Bookmarked The Weight of a" in desk.status
        assert "Nothing unread below  u undoes" in desk.status


async def test_moving_alone_marks_nothing_read(reading):
    async with reading() as desk:
        await desk.press("j", "j", "enter", "j", "G", "escape", "G")
        assert desk.library.view_counts().unread == 10
        assert not (desk.library.folder / "notebook.json").exists()


async def test_the_mouse_chooses_and_a_second_click_goes_in(reading):
    async with reading() as desk:
        await desk.pilot.click(desk.screen.papers, offset=(20, 3))
        await desk.settle()
        assert desk.title == TITLES[3]
        assert desk.mode == "list"
        await desk.pilot.click(desk.screen.papers, offset=(20, 3))
        await desk.settle()
        assert desk.mode == "detail"


async def test_raw_and_readable_math(reading):
    async with reading() as desk:
        await desk.press("m")
        assert desk.screen.detail.raw
        assert "as it was written" in desk.status
        await desk.press("j", "m")
        assert not desk.screen.detail.raw


async def test_keys_that_come_in_one_lump_act_in_their_order(reading):
    async with reading() as desk:
        desk.send(
            "slash", *"bread", "enter", "b", "slash", "ctrl+u", *"naxo", "backspace", *"ws", "escape", "j"
        )
        await desk.settle()
        assert desk.query == ""
        assert [desk.library.paper(row).title for row in desk.library.view("bookmarks")] == [OLDER_TITLES[1]]


async def test_an_act_on_what_is_still_being_searched_is_done_before_the_query_goes(reading, monkeypatch):
    async with reading() as desk:
        search, found = desk.library.search, threading.Event()

        def slow(*given, **named):
            assert found.wait(timeout=30)
            return search(*given, **named)

        monkeypatch.setattr(desk.library, "search", slow)
        desk.send("slash", *"bread", "enter", "b", "slash", "ctrl+u", "escape")
        while not desk.screen.acts_wait:
            await asyncio.sleep(0)
        found.set()
        await desk.settle()
        assert desk.query == ""
        assert [desk.library.paper(row).title for row in desk.library.view("bookmarks")] == [OLDER_TITLES[1]]
