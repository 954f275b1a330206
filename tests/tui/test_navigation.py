"""Navigation: cursor, panes, days, paging."""

from __future__ import annotations

import asyncio
import threading

from textual.events import DescendantFocus

from tests.tui.library_pages import OLDER_TITLES, TITLES
from tests.waiting import TIMEOUT_SECONDS


async def test_list_has_focus_at_start_and_detail_follows_cursor(open_reader):
    async with open_reader() as reader:
        assert reader.mode == "list"
        assert reader.title == TITLES[0]
        assert reader.detail.paper.title == TITLES[0]
        await reader.press("j", "down")
        assert reader.title.startswith("Café Chess")
        assert reader.detail.paper.title.startswith("Café Chess")
        await reader.press("k")
        assert reader.title == TITLES[1]
        assert "2/10" in reader.status


async def test_moving_to_ends_by_pages_and_by_days(open_reader):
    async with open_reader() as reader:
        await reader.press("G")
        assert reader.title == OLDER_TITLES[-1]
        await reader.press("g")
        assert reader.title == TITLES[0]
        await reader.press(">")
        assert reader.title == OLDER_TITLES[0]
        await reader.press(">")
        assert "earliest day" in reader.status
        await reader.press("<")
        assert reader.title == TITLES[0]
        await reader.press("ctrl+d")
        assert reader.paper_list.position == 4
        await reader.press("ctrl+u")
        assert reader.paper_list.position == 0
        await reader.press("pagedown")
        assert reader.paper_list.position > 4


async def test_enter_opens_detail_and_escape_returns_to_list(open_reader):
    async with open_reader(size=(80, 24)) as reader:
        before = reader.detail.size.height
        assert (reader.paper_list.size.height, before) == (8, 12)
        await reader.press("j", "enter")
        assert reader.mode == "detail"
        assert not reader.is_visible(reader.paper_list)
        assert reader.detail.size.height == 21
        await reader.press("escape")
        assert reader.mode == "list"
        assert reader.detail.size.height == before
        assert reader.title == TITLES[1]
        await reader.press("escape", "escape")
        assert reader.app.is_running


async def test_late_message_about_an_earlier_focus_leaves_the_detail_open(open_reader):
    async with open_reader(size=(80, 24)) as reader:
        await reader.press("enter")
        reader.screen.post_message(DescendantFocus(reader.paper_list))
        await reader.wait_until_idle()
        assert not reader.is_visible(reader.paper_list)
        await reader.press("n", "escape")
        assert reader.mode == "detail"


async def test_tab_switches_panes(open_reader):
    async with open_reader() as reader:
        await reader.press("tab")
        assert reader.mode == "detail"
        assert reader.is_visible(reader.paper_list)
        await reader.press("shift+tab")
        assert reader.mode == "list"


async def test_keys_in_detail_scroll_and_leave_the_cursor(open_reader):
    async with open_reader(size=(80, 14)) as reader:
        await reader.press("j", "j", "tab", "j", "j")
        assert reader.detail.scroll_offset.y == 2
        await reader.press("k")
        assert reader.detail.scroll_offset.y == 1
        await reader.press("G")
        assert reader.detail.scroll_offset.y > 2
        await reader.press("g")
        assert reader.detail.scroll_offset.y == 0
        assert reader.title.startswith("Café Chess")


async def test_zoom_shows_only_the_detail(open_reader):
    async with open_reader() as reader:
        for size in ((80, 24), (120, 40), (200, 60)):
            await reader.pilot.resize_terminal(*size)
            await reader.press("z")
            assert not reader.is_visible(reader.paper_list)
            assert reader.mode == "detail"
            await reader.press("z")
            assert reader.is_visible(reader.paper_list)
            assert reader.mode == "list"


async def test_widest_screen_shows_views_sidebar(open_reader):
    async with open_reader(size=(200, 60)) as reader:
        assert reader.is_visible(reader.sidebar)
        assert reader.paper_list.outer_size.width == 84
        await reader.pilot.click(reader.sidebar, offset=(5, 4))
        await reader.wait_until_idle()
        assert reader.list_query.view == "code"
    async with open_reader(size=(120, 40)) as reader:
        assert not reader.is_visible(reader.sidebar)
        assert reader.is_visible(reader.detail)


async def test_tiny_screen_shows_one_pane_at_a_time(open_reader):
    async with open_reader(size=(50, 16)) as reader:
        assert reader.is_visible(reader.paper_list)
        assert not reader.is_visible(reader.detail)
        await reader.press("tab")
        assert not reader.is_visible(reader.paper_list)
        assert reader.is_visible(reader.detail)
        await reader.press("escape")
        assert reader.is_visible(reader.paper_list)


async def test_resizing_keeps_paper_and_mode(open_reader):
    async with open_reader(size=(80, 24)) as reader:
        await reader.press("j", "j", "j", "enter")
        for size in ((200, 60), (50, 16), (120, 40), (80, 24)):
            await reader.pilot.resize_terminal(*size)
            await reader.wait_until_idle()
            assert reader.title == TITLES[3]
            assert reader.detail.paper.title == TITLES[3]
            assert reader.mode == "detail"


async def test_space_pages_and_marks_read(open_reader):
    async with open_reader(size=(80, 24)) as reader:
        for title in TITLES:
            assert reader.title == title
            pages = 0
            while reader.title == title and pages < 9:
                pages += 1
                await reader.press("space")
        assert reader.title == OLDER_TITLES[0]
        assert "Marked as read: A Map of Every Echo" in reader.status
        assert reader.library.view_counts().unread == len(OLDER_TITLES)
        await reader.press("K")
        assert "Nothing unread above" in reader.status
        await reader.press("J")
        assert reader.title == OLDER_TITLES[1]


async def test_read_and_bookmark_keys_go_to_next_unread(open_reader):
    async with open_reader(size=(80, 24)) as reader:
        await reader.press("d", "f", "d")
        assert reader.title == TITLES[3]
        assert "Marked as read: Café Chess with Naïve Openings" in reader.status
        await reader.press("k", "k", "f")
        assert "Bookmarked" not in reader.status, "it is already"
        assert reader.title == TITLES[3]
        counts = reader.library.view_counts()
        assert (counts.unread, counts.bookmarks) == (7, 1)
        await reader.press("f")
        assert "Bookmarked: Tidal Grammars" in reader.status
        await reader.press("u")
        assert reader.title == TITLES[3], "where it was undone"
        counts = reader.library.view_counts()
        assert (counts.unread, counts.bookmarks) == (7, 1)
        await reader.press("G", "f")
        assert "Bookmarked: The Weight of a" in reader.status
        assert "Nothing unread below  u undoes" in reader.status


async def test_moving_does_not_mark_read(open_reader):
    async with open_reader() as reader:
        await reader.press("j", "j", "enter", "j", "G", "escape", "G")
        assert reader.library.view_counts().unread == 10
        assert not (reader.library.folder / "notebook.json").exists()


async def test_click_moves_cursor_and_second_click_opens_detail(open_reader):
    async with open_reader() as reader:
        await reader.pilot.click(reader.paper_list, offset=(20, 3))
        await reader.wait_until_idle()
        assert reader.title == TITLES[3]
        assert reader.mode == "list"
        await reader.pilot.click(reader.paper_list, offset=(20, 3))
        await reader.wait_until_idle()
        assert reader.mode == "detail"


async def test_math_toggles_between_latex_and_unicode(open_reader):
    async with open_reader() as reader:
        await reader.press("m")
        assert reader.detail.is_raw
        assert "Math shown as LaTeX" in reader.status
        await reader.press("j", "m")
        assert not reader.detail.is_raw


async def test_keys_sent_at_once_act_in_order(open_reader):
    async with open_reader() as reader:
        reader.send_keys(
            "slash", *"bread", "enter", "b", "slash", "ctrl+u", *"naxo", "backspace", *"ws", "escape", "j"
        )
        await reader.wait_until_idle()
        assert reader.query == ""
        assert [reader.library.paper(row).title for row in reader.library.view("bookmarks")] == [
            OLDER_TITLES[1]
        ]


async def test_command_waits_for_results_before_next_key_clears_the_query(open_reader, monkeypatch):
    async with open_reader() as reader:
        search, found = reader.library.search, threading.Event()

        def slow(*given, **named):
            assert found.wait(timeout=TIMEOUT_SECONDS)
            return search(*given, **named)

        monkeypatch.setattr(reader.library, "search", slow)
        reader.send_keys("slash", *"bread", "enter", "b", "slash", "ctrl+u", "escape")
        while not reader.screen.has_pending_commands:
            await asyncio.sleep(0)
        found.set()
        await reader.wait_until_idle()
        assert reader.query == ""
        assert [reader.library.paper(row).title for row in reader.library.view("bookmarks")] == [
            OLDER_TITLES[1]
        ]
