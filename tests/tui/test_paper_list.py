"""Tests of the paper list: cursor, scrolling, changing the list, mouse."""

from array import array
from random import Random

from textual import events

from paperreader.tui.widgets.paper_list.widget import PaperList
from tests.tui.fakes import FakeTable, make_paper, read_mark, rendered_lines
from tests.tui.paper_list_app import TODAY, activated_rows, open_list, table_of_days


def moves(papers):
    """Return the rows of the `CursorMoved` messages so far."""
    return [message.row for message in papers.app.messages if isinstance(message, PaperList.CursorMoved)]


# The cursor


async def test_shows_first_paper_and_announces_it():
    async with open_list() as papers:
        assert (papers.cursor, papers.position, papers.top) == (0, 0, 0)
        assert moves(papers) == [0]
        assert rendered_lines(papers)[0].startswith("▌●  Paper number 0")


async def test_empty_list_has_no_cursor():
    async with open_list(rows=[]) as papers:
        assert papers.cursor is None
        assert papers.top is None
        assert moves(papers) == [None]
        papers.move_by(1)
        papers.go_to_first()
        papers.go_to_last()
        papers.move_page(1)
        papers.activate()
        assert not papers.jump_day(1)
        assert not papers.jump_unread(-1)
        assert not papers.go_to_row(3)
        await papers.pilot.click(PaperList, offset=(3, 3))
        assert await activated_rows(papers) == []
        assert not any(rendered_lines(papers))


async def test_cursor_stops_at_both_ends():
    async with open_list(table_of_days(3)) as papers:
        papers.move_by(-1)
        assert papers.cursor == 0
        papers.move_by(2)
        papers.move_by(1)
        assert papers.cursor == 2
        await papers.pilot.pause()
        assert moves(papers) == [0, 2]


async def test_rows_are_not_positions():
    async with open_list(rows=[7, 3, 9], cursor=3, top=3) as papers:
        assert (papers.cursor, papers.position) == (3, 1)
        assert papers.go_to_row(9)
        assert (papers.cursor, papers.position) == (9, 2)
        assert not papers.go_to_row(4)
        assert papers.cursor == 9


async def test_scroll_margin_of_two_rows():
    async with open_list(size=(80, 10)) as papers:
        papers.go_to_position(7)
        assert papers.top == 0
        papers.move_by(1)
        assert papers.top == 1
        papers.go_to_position(50)
        assert papers.top == 43
        papers.go_to_position(45)
        assert papers.top == 43
        papers.move_by(-1)
        assert papers.top == 42
        papers.go_to_last()
        assert rendered_lines(papers)[-1].startswith("▌●  Paper number 99")
        papers.go_to_first()
        assert papers.top == 0


async def test_cursor_is_visible_in_a_small_pane():
    for height in (1, 2, 3, 4):
        async with open_list(size=(80, height)) as papers:
            for position in (50, 51, 52, 20, 99, 0):
                papers.go_to_position(position)
                assert any(line.startswith("▌") for line in rendered_lines(papers))


async def test_cursor_stays_visible_through_a_series_of_sizes():
    random = Random(13)
    sizes = [(20, 1), (120, 1), (120, 2), (120, 3), (120, 5), (40, 4), (80, 24), (200, 60)]
    async with open_list(partial_from=40) as papers:
        for position in (0, 17, 39, 40, 41, 98, 99):
            papers.go_to_position(position)
            for _ in range(6):
                await papers.pilot.resize_terminal(*random.choice(sizes))
                await papers.pilot.pause()
                assert any(line.startswith("▌") for line in rendered_lines(papers))


async def test_paging_keeps_the_cursor_position_in_the_pane():
    async with open_list(size=(80, 10)) as papers:
        papers.go_to_position(4)
        papers.move_page(1)
        assert (papers.cursor, papers.top) == (13, 9)
        papers.move_half_page(1)
        assert (papers.cursor, papers.top) == (18, 14)
        papers.move_page(-1)
        papers.move_half_page(-1)
        assert (papers.cursor, papers.top) == (4, 0)
        papers.move_page(-1)
        assert papers.cursor == 0


async def test_jump_day():
    async with open_list(table_of_days(3, 1, 40, 2)) as papers:
        stops = [papers.cursor]
        while papers.jump_day(1):
            stops.append(papers.cursor)
        assert stops == [0, 3, 4, 44]
        papers.go_to_position(20)
        assert papers.jump_day(-1)
        assert papers.cursor == 4
        assert papers.jump_day(-1)
        assert papers.cursor == 3
        assert papers.jump_day(-1)
        assert papers.cursor == 0
        assert not papers.jump_day(-1)


async def test_jump_day_needs_date_order():
    async with open_list(table_of_days(3, 3), by_date=False) as papers:
        assert not papers.jump_day(1)
        assert papers.cursor == 0


async def test_jump_unread():
    marks = {row: read_mark() for row in range(100) if row not in (2, 5, 70)}
    async with open_list(marks=marks) as papers:
        assert papers.jump_unread(1)
        assert papers.cursor == 2
        papers.go_to_position(69)
        assert papers.jump_unread(1)
        assert not papers.jump_unread(1)
        assert papers.cursor == 70
        assert papers.jump_unread(-1)
        assert papers.cursor == 5


async def test_cursor_callback_is_called_synchronously():
    async with open_list() as papers:
        followed = []
        papers.cursor_callback = followed.append
        papers.move_by(1)
        assert followed == [1]
        papers.go_to_position(1)
        assert followed == [1]


async def test_cursor_moved_is_posted_once_per_paper():
    async with open_list() as papers:
        papers.show(table_of_days(100), {}, range(100), today=TODAY, cursor=0)
        await papers.pilot.pause()
        assert moves(papers) == [0]
        papers.show(table_of_days(100), {}, [5, 6], today=TODAY)
        await papers.pilot.pause()
        assert moves(papers) == [0, 5]


# Changing the list


async def test_cursor_and_top_row_stay_when_papers_are_added():
    table = table_of_days(200)
    async with open_list(table, size=(80, 10), rows=range(100, 200)) as papers:
        papers.go_to_position(40)
        before = rendered_lines(papers)
        cursor, top = papers.cursor, papers.top
        papers.show(table, {}, range(48, 200), today=TODAY, cursor=cursor, top=top)
        assert (papers.cursor, papers.top, papers.position) == (cursor, top, 92)
        assert rendered_lines(papers) == before


async def test_cursor_without_top_is_scrolled_into_view():
    async with open_list(size=(80, 10), cursor=60) as papers:
        assert papers.top <= 58
        assert any(line.startswith("▌●  Paper number 60") for line in rendered_lines(papers))


async def test_list_without_cursor_paper_starts_at_the_top():
    async with open_list() as papers:
        papers.go_to_position(60)
        papers.show(table_of_days(100), {}, [9, 8, 7], today=TODAY, cursor=60)
        assert (papers.cursor, papers.top) == (9, 9)
        assert rendered_lines(papers)[0].startswith("▌●  Paper number 9")


async def test_cost_of_large_list_depends_on_visible_rows():
    paper = make_paper(1)

    class Endless(FakeTable):
        def paper(self, row):
            self.requested_rows.append(row)
            return paper

        def day(self, row):
            return "2025-10-03"

        def votes(self, row):
            return None

    table = Endless([paper])
    rows = memoryview(array("I", range(100_000)))
    async with open_list(table, rows=rows, size=(80, 24)) as papers:
        assert len(set(table.requested_rows)) == 24
        papers.show(table, {}, rows, today=TODAY, cursor=99_000)
        rendered_lines(papers)
        assert papers.position == 99_000
        assert len(set(table.requested_rows)) == 48


# Mouse


async def test_click_moves_and_second_click_activates():
    async with open_list(size=(120, 20)) as papers:
        await papers.pilot.click(PaperList, offset=(30, 5))
        assert papers.cursor == 2
        assert await activated_rows(papers) == []
        await papers.pilot.click(PaperList, offset=(30, 4))
        assert await activated_rows(papers) == [2]
        await papers.pilot.double_click(PaperList, offset=(30, 18))
        assert papers.cursor == 9
        assert papers.top == 0, "the row stays under the second click"
        assert await activated_rows(papers) == [9]


async def test_enter_activates():
    async with open_list() as papers:
        papers.go_to_position(4)
        papers.activate()
        assert await activated_rows(papers) == [4]


async def test_wheel_scrolls_by_rows_without_moving_the_cursor():
    async with open_list(size=(120, 21)) as papers:
        for times, expected in ((1, 2), (2, 6)):
            for _ in range(times):
                papers.post_message(events.MouseScrollDown(papers, 3, 3, 0, 1, 0, False, False, False))
            await papers.pilot.pause()
            assert papers.top == expected
        assert papers.cursor == 0
        assert rendered_lines(papers)[0].startswith(" ●  Paper number 6")
        papers.move_by(1)
        assert papers.cursor == 1
        assert papers.top == 0
