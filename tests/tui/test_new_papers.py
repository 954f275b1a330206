"""New papers: what marks them read, what does not move, and restoring the session."""

from __future__ import annotations

import asyncio

import pytest

from paperreader.library import Library
from tests.inbox import dismiss_new
from tests.tui.conftest import import_pages
from tests.tui.fakes import rendered_lines
from tests.tui.library_pages import LATER_PAGES, PAGES, TITLES
from tests.tui.reader_driver import line_text, poll_until_quiet

LATER = {
    "daily-2025-10-05.txt": LATER_PAGES["daily-2025-10-04.txt"][
        : LATER_PAGES["daily-2025-10-04.txt"].index("Oct 4")
    ]
    + "Oct 5\n\nUmbrellas as Sundials\n\nAn umbrella in a square shows the hour to anyone who holds it still.\n"
}
ARRIVED = ["Ladders for Short Astronomers", "Soup Thermometry without Soup"]


def read_titles(library):
    unread = set(library.view("unread"))
    return {library.paper(row).title for row in library.table.newest if row not in unread}


@pytest.mark.parametrize("view", ["3", "5", "s"])
async def test_arriving_papers_move_nothing_in_any_view(open_reader, library, tmp_path, view):
    dismiss_new(library)
    async with open_reader(size=(80, 14)) as reader:
        await reader.press(*(("s", "t") if view == "s" else (view,)), "j", "j", "N")
        before, top, shown = reader.title, reader.paper_list.top, reader.titles
        import_pages(Library.open(), tmp_path / "pages", LATER_PAGES)
        await poll_until_quiet(reader)
        assert (reader.title, reader.paper_list.top) == (before, top)
        assert [title for title in reader.titles if title not in ARRIVED] == shown, "the one just read stays"
        assert "2 new  2 shows them" in reader.status
        await reader.press("2")
        assert reader.titles == ARRIVED


async def test_reimported_paper_is_neither_new_nor_unread(open_reader, library, tmp_path):
    dismiss_new(library)
    async with open_reader() as reader:
        await reader.press("d", "d", "q")
    again = {"daily-2025-10-05.txt": PAGES["daily-2025-10-03.txt"].replace("Oct 3", "Oct 5"), **LATER_PAGES}
    import_pages(Library.open(), tmp_path / "again", again)
    async with open_reader(Library.open()) as reader:
        assert len(reader.titles) == 12
        await reader.press("3")
        assert not {*TITLES[:2]} & {*reader.titles}
        await reader.press("2")
        assert reader.titles == ARRIVED


async def test_read_paper_is_dimmed_in_unread_view(open_reader):
    async with open_reader() as reader:
        await reader.press("3", "d", "d")
        assert reader.title == TITLES[2]
        assert len(reader.titles) == 10
        first = rendered_lines(reader.paper_list)[0]
        assert TITLES[0][:20] in first
        assert "●" not in first
        await reader.press("1", "3")
        assert len(reader.titles) == 8


# Coming back


async def test_session_restores_paper_and_scroll_position_and_reports_new_papers(
    open_reader, library, tmp_path
):
    dismiss_new(library)
    async with open_reader(size=(80, 14)) as reader:
        await reader.press("G", *["k"] * 7, "tab", "j", "j", "escape")
        title, top = reader.title, reader.paper_list.top
        assert reader.detail.scroll_offset.y == 2
        await reader.press("q")
    import_pages(Library.open(), tmp_path / "pages", LATER_PAGES)
    async with open_reader(Library.open(), size=(80, 14)) as reader:
        assert (reader.title, reader.paper_list.top) == (title, top)
        assert reader.detail.scroll_offset.y == 2
        assert "2 new since your last visit  2 shows them" in reader.status
        await reader.press("2")
        assert reader.titles == ARRIVED


async def test_session_restores_view_sort_and_read_paper(open_reader, library):
    async with open_reader() as reader:
        await reader.press("3", "s", "t", "j", "N")
        title, titles = reader.title, reader.titles
        await reader.press("q")
    async with open_reader(Library.open()) as reader:
        assert reader.titles == titles
        assert reader.title == title
        assert "Unread" in reader.status
        assert "by title" in reader.status
        await reader.press("3")
        assert len(reader.titles) == 9


async def test_session_restores_a_search(open_reader, library):
    async with open_reader() as reader:
        await reader.press("j", "/")
        await reader.type("clock")
        await reader.press("enter", "j")
        title = reader.title
        await reader.press("R", "j", "q")
    async with open_reader(Library.open()) as reader:
        assert reader.query == "clock"
        assert reader.title == reader.titles[1] == title
        assert reader.mode == "list"
        await reader.press("escape")
        assert reader.query == ""
        assert len(reader.titles) == 10
        assert reader.title == title


async def test_papers_wait_in_new_after_a_kill(open_reader, library, tmp_path):
    dismiss_new(library)
    library.inbox.arrivals.end_session()
    import_pages(Library.open(), tmp_path / "first", LATER_PAGES)
    async with open_reader(Library.open(), size=(80, 14)) as reader:
        await reader.press("2")
        assert reader.titles == ARRIVED
        await reader.press("3", "j", "j")
        title = reader.title
        reader.controllers.session.save_position()
        await reader.wait_until_idle()
        import_pages(Library.open(), tmp_path / "later", LATER)
        reader.controllers.sync.poll()
        await reader.wait_until_idle()
        reader.controllers.session.save_position()
        await reader.wait_until_idle()
    async with open_reader(Library.open(), size=(80, 14)) as reader:  # the reader was not quit
        assert reader.title == title
        assert f"{len(ARRIVED) + 1} new since your last visit" in reader.status
        await reader.press("2")
        assert sorted(reader.titles) == sorted([*ARRIVED, "Umbrellas as Sundials"])


@pytest.mark.parametrize(
    "position",
    [
        7,
        {"id": 3, "view": ["all"], "sort": {}, "query": 1, "scroll": "x", "code": "yes"},
        {"id": "gone", "view": "no such view", "sort": "relevance", "scroll": -4},
        {"view": "new", "scroll": 10**30},
    ],
)
async def test_invalid_session_state_is_ignored(open_reader, library, position):
    dismiss_new(library)
    library.state.set("position", position)
    async with open_reader() as reader:
        assert len(reader.titles) == 10
        assert reader.title == TITLES[0]


# Read by lingering


async def test_reading_time_marks_a_paper_read(open_reader, library):
    async with open_reader(toml="[reading]\nmark_read = 0.02\n") as reader:
        await reader.press("j", "j", "enter")
        while not read_titles(library):
            await asyncio.sleep(0)
        await reader.wait_until_idle()
        assert read_titles(library) == {library.paper(library.table.newest[2]).title}, (
            "not what was passed by"
        )
        assert "Marked as read: Café Chess" in reader.status
        await reader.press("u")
        assert read_titles(library) == set()


async def test_reading_time_is_off_by_default(open_reader, library):
    async with open_reader() as reader:
        await reader.press("j", "enter")
        assert not reader.screen.first_controllers.reading_timer.is_running
        assert line_text(reader.status_bar).startswith("DETAIL")
