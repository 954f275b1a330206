"""Tests of views and sorts, and of the cursor after changing them."""

from __future__ import annotations

import asyncio
import threading

from paperreader import subscriptions
from paperreader.library import view_for_query
from paperreader.tui.model.list_query import ListQuery
from paperreader.tui.model.views import BUILT_IN_VIEWS, ListView
from tests.tui.fakes import rendered_lines
from tests.tui.library_pages import OLDER_TITLES, TITLES
from tests.tui.reader_driver import line_text


async def test_digits_select_views(open_reader):
    async with open_reader() as reader:
        for key, title, count in (("1", "All papers", 10), ("2", "New", 6), ("5", "With code", 3)):
            await reader.press("3", key)
            assert reader.status.startswith("LIST")
            assert title in reader.status
            assert len(reader.titles) == count


async def test_empty_view_shows_instructions(open_reader):
    async with open_reader() as reader:
        await reader.press("4")
        assert reader.titles == []
        assert line_text(reader.empty_list) == "No bookmarks yet. Press b on a paper to add one."
        await reader.press("b", "N", "n", "Y", "O", "J", ">", "space")
        assert reader.mode == "list"
        await reader.press("1")
        assert len(reader.titles) == 10


async def test_switching_view_keeps_paper_and_query(open_reader):
    async with open_reader() as reader:
        await reader.press("j", "j", "5")
        assert reader.title.startswith("Café Chess")
        await reader.press("/")
        await reader.type("clock")
        assert reader.titles == [OLDER_TITLES[1]]
        assert reader.result.matches_outside_view == 1
        await reader.press("enter", "1")
        assert len(reader.titles) == 2
        assert reader.title == OLDER_TITLES[1]


async def test_view_keys_say_how_to_leave_a_search(open_reader):
    async with open_reader() as reader:
        await reader.press("/", *"clock", "enter", "5")
        assert "Results in With code.  5 again leaves the search" in reader.status
        await reader.press("5")
        assert (reader.query, reader.list_query) == ("", ListQuery(view="code"))
        assert len(reader.titles) == 3


async def test_views_without_a_key_name_escape(open_reader, library):
    for name in "abcde":
        subscriptions.add_subscription(name, f"clock -{name}{name}")
    async with open_reader() as reader:
        await reader.press("/", *"clock", "enter", "0", *"jjjjjjjjjj", "enter")
        assert "Results in e.  escape leaves the search" in reader.status


async def test_matches_outside_the_view_are_reported(open_reader):
    async with open_reader() as reader:
        await reader.press("5", "/")
        await reader.type("umbrella")
        assert (
            line_text(reader.empty_list)
            == "No results in With code, 1 elsewhere.  Press enter 1 to show them"
        )
        await reader.press("enter", "1")
        assert reader.titles[0] == OLDER_TITLES[3]  # followed by papers found by meaning


async def test_code_filter_and_bookmarks_keys(open_reader):
    async with open_reader() as reader:
        await reader.press("c")
        assert len(reader.titles) == 3
        assert "with code" in reader.status
        await reader.press("c")
        assert len(reader.titles) == 10
        await reader.press("j", "b", "B")
        assert reader.titles == [TITLES[1]]
        await reader.press("B")
        assert len(reader.titles) == 10
        assert reader.title == TITLES[1]


async def test_list_says_why_it_is_empty_while_only_papers_with_code_are_shown(open_reader):
    async with open_reader() as reader:
        with_code = {*(await titles_of(reader, "5"))}
        await reader.press("1", *"bj" * 10, "g")
        for title in reader.titles:
            if title in with_code:
                await reader.press("b")
            await reader.press("j")
        await reader.press("c", "4")
        assert reader.titles == []
        assert "7 papers without code are not listed." in line_text(reader.empty_list)
        assert "Only papers with code  c shows all" in reader.status
        await reader.press("c")
        assert len(reader.titles) == 7
        await reader.press("2")
        assert "Only papers with code" not in reader.status
        await reader.press("c", "2")
        assert "Only papers with code" in reader.status


async def titles_of(reader, key):
    await reader.press(key)
    return reader.titles


async def test_sort_dialog_shows_the_top_except_for_date(open_reader):
    async with open_reader() as reader:
        await reader.press("j", "j", "s", "t")
        assert reader.list_query.sort == "title"
        assert [title[0] for title in reader.titles] == sorted(title[0] for title in reader.titles)
        assert reader.title == reader.titles[0]
        await reader.press("j", "j", "j")
        here = reader.title
        await reader.press("s", "d")
        assert reader.title == here
        await reader.press("s", "t", ">")
        assert "sorted by date" in reader.status
        await reader.press("s", "escape")
        assert reader.list_query.sort == "title"
        await reader.press("s", "d")
        assert reader.list_query == ListQuery()
        await reader.press("/")
        await reader.type("clock")
        assert reader.list_query.sort == "relevance"
        await reader.press("enter", "s", "v")
        assert reader.list_query.sort == "votes"
        await reader.press("escape")
        assert reader.list_query == ListQuery()


async def test_sort_by_last_marked(open_reader):
    async with open_reader() as reader:
        await reader.press("b", "j", "j", "N", "j", "b", "s", "m")
        assert reader.titles[:4] == [TITLES[3], TITLES[2], TITLES[0], TITLES[1]]
        assert "recently marked first" in reader.status
        await reader.press("/")
        await reader.type("sort:marked ")
        assert reader.titles[:4] == [TITLES[3], TITLES[2], TITLES[0], TITLES[1]]


async def test_0_lists_views_with_counts(open_reader):
    async with open_reader() as reader:
        await reader.press("j", "b", "N", "j", "0")
        shown = reader.screen_text
        for line in ("1  All        10", "3  Unread     9", "4  Bookmarks  1", "5  With code  3"):
            assert line in shown
        await reader.press("4")
        assert reader.titles == [TITLES[1]]
        await reader.press("0", "k", "enter")
        assert reader.list_query.view == "unread"
        await reader.press("9")
        assert "There is no view 9 yet" in reader.status


async def test_views_are_counted_once_for_several_requests_and_again_for_a_later_one(
    open_reader, monkeypatch
):
    async with open_reader() as reader:
        counts, library = reader.controllers.view_counts, reader.library
        await counts.count()
        count_views, is_counting, may_go_on = library.view_counts, threading.Event(), threading.Event()
        calls = []

        def count_slowly(*args, **options):
            calls.append(args)
            is_counting.set()
            may_go_on.wait()
            return count_views(*args, **options)

        monkeypatch.setattr(library, "view_counts", count_slowly)
        for _ in range(3):
            counts.start()
        first = asyncio.create_task(counts.count())
        await asyncio.to_thread(is_counting.wait)
        counts.start()
        last = asyncio.create_task(counts.count())
        may_go_on.set()
        await first
        await last
        assert len(calls) == 2


async def test_subscription_is_listed_as_a_view(open_reader):
    async with open_reader(size=(200, 60)) as reader:
        clocks = ListView(view_for_query("clock"), "Clocks", "Clocks", "No clock.")
        reader.controllers.view_counts.views = (*BUILT_IN_VIEWS, clocks)
        await reader.controllers.view_counts.count()
        reader.screen.first_controllers.status.refresh()
        assert any("6 Clocks" in line and line.endswith("●2") for line in rendered_lines(reader.sidebar))
        await reader.press("6")
        assert reader.titles == [TITLES[1], OLDER_TITLES[1]]
        assert "Clocks" in reader.status
        await reader.press("j", "/")
        await reader.type("sediment")
        assert reader.titles == [TITLES[1]]
