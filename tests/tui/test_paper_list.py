"""The list of papers: cursor, scrolling, painting, mouse."""

import datetime
from array import array
from contextlib import asynccontextmanager

import pytest
from textual import events
from textual.color import Color
from textual.geometry import Region
from textual.theme import BUILTIN_THEMES

from paperreader.models import Mark
from paperreader.tui import row_painter
from paperreader.tui.contrast import SHAPE, TEXT, contrast
from paperreader.tui.glyphs import ASCII
from paperreader.tui.paper_list import PaperList
from tests.tui.fakes import Bench, FakeTable, a_paper, code, finder, painted, read

TODAY = datetime.date(2025, 10, 4)


def days(*counts):
    """A table with so many papers of each day, newest first."""
    papers = []
    for age, count in enumerate(counts):
        papers += [a_paper(len(papers) + n, listed=f"2025-10-{20 - age:02}") for n in range(count)]
    return FakeTable(papers)


@asynccontextmanager
async def a_list(table=None, marks=None, *, size=(80, 24), rows=None, **how):
    """A list on show, and what it said since."""
    papers = PaperList()
    app = Bench(papers)
    async with app.run_test(size=size) as pilot:
        table = table or days(100)
        papers.show(table, marks or {}, table.newest if rows is None else rows, today=TODAY, **how)
        await pilot.pause()
        papers.pilot = pilot
        yield papers


def moves(papers):
    """Rows of the `Moved` messages so far."""
    return [message.row for message in papers.app.said if isinstance(message, PaperList.Moved)]


async def chosen(papers):
    """Rows of the `Chosen` messages since the last call."""
    await papers.pilot.pause()
    found = [message.row for message in papers.app.said if isinstance(message, PaperList.Chosen)]
    papers.app.said.clear()
    return found


# The cursor


async def test_shows_the_first_paper_and_says_so():
    async with a_list() as papers:
        assert (papers.cursor, papers.position, papers.top) == (0, 0, 0)
        assert moves(papers) == [0]
        assert painted(papers)[0].startswith("▌●  Paper number 0")


async def test_an_empty_list_has_no_cursor():
    async with a_list(rows=[]) as papers:
        assert papers.cursor is None
        assert papers.top is None
        assert moves(papers) == [None]
        papers.move(1)
        papers.home()
        papers.end()
        papers.page(1)
        papers.choose()
        assert not papers.next_day(1)
        assert not papers.next_unread(-1)
        assert not papers.go_to_row(3)
        await papers.pilot.click(PaperList, offset=(3, 3))
        assert await chosen(papers) == []
        assert not any(painted(papers))


async def test_moving_stops_at_the_ends():
    async with a_list(days(3)) as papers:
        papers.move(-1)
        assert papers.cursor == 0
        papers.move(2)
        papers.move(1)
        assert papers.cursor == 2
        await papers.pilot.pause()
        assert moves(papers) == [0, 2]


async def test_rows_are_papers_not_positions():
    async with a_list(rows=[7, 3, 9], cursor=3, top=3) as papers:
        assert (papers.cursor, papers.position) == (3, 1)
        assert papers.go_to_row(9)
        assert (papers.cursor, papers.position) == (9, 2)
        assert not papers.go_to_row(4)
        assert papers.cursor == 9


async def test_two_papers_of_margin_stay_in_sight():
    async with a_list(size=(80, 10)) as papers:
        papers.go(7)
        assert papers.top == 0
        papers.move(1)
        assert papers.top == 1
        papers.go(50)
        assert papers.top == 43
        papers.go(45)
        assert papers.top == 43
        papers.move(-1)
        assert papers.top == 42
        papers.end()
        assert painted(papers)[-1].startswith("▌●  Paper number 99")
        papers.home()
        assert papers.top == 0


async def test_a_small_pane_still_shows_the_cursor():
    for height in (1, 2, 3, 4):
        async with a_list(size=(80, height)) as papers:
            for position in (50, 51, 52, 20, 99, 0):
                papers.go(position)
                assert any(line.startswith("▌") for line in painted(papers))


async def test_pages_keep_the_cursor_where_it_is_in_the_pane():
    async with a_list(size=(80, 10)) as papers:
        papers.go(4)
        papers.page(1)
        assert (papers.cursor, papers.top) == (13, 9)
        papers.half_page(1)
        assert (papers.cursor, papers.top) == (18, 14)
        papers.page(-1)
        papers.half_page(-1)
        assert (papers.cursor, papers.top) == (4, 0)
        papers.page(-1)
        assert papers.cursor == 0


async def test_days():
    async with a_list(days(3, 1, 40, 2)) as papers:
        stops = [papers.cursor]
        while papers.next_day(1):
            stops.append(papers.cursor)
        assert stops == [0, 3, 4, 44]
        papers.go(20)
        assert papers.next_day(-1)
        assert papers.cursor == 4
        assert papers.next_day(-1)
        assert papers.cursor == 3
        assert papers.next_day(-1)
        assert papers.cursor == 0
        assert not papers.next_day(-1)


async def test_days_mean_nothing_in_another_order():
    async with a_list(days(3, 3), by_date=False) as papers:
        assert not papers.next_day(1)
        assert papers.cursor == 0


async def test_unread():
    marks = {row: read() for row in range(100) if row not in (2, 5, 70)}
    async with a_list(marks=marks) as papers:
        assert papers.next_unread(1)
        assert papers.cursor == 2
        papers.go(69)
        assert papers.next_unread(1)
        assert not papers.next_unread(1)
        assert papers.cursor == 70
        assert papers.next_unread(-1)
        assert papers.cursor == 5


async def test_the_follower_is_called_at_once():
    async with a_list() as papers:
        followed = []
        papers.follower = followed.append
        papers.move(1)
        assert followed == [1]
        papers.go(1)
        assert followed == [1]


async def test_moved_is_said_once_for_a_paper():
    async with a_list() as papers:
        papers.show(days(100), {}, range(100), today=TODAY, cursor=0)
        await papers.pilot.pause()
        assert moves(papers) == [0]
        papers.show(days(100), {}, [5, 6], today=TODAY)
        await papers.pilot.pause()
        assert moves(papers) == [0, 5]


# Showing anew


async def test_the_paper_and_the_top_row_stay_when_papers_come():
    table = days(200)
    async with a_list(table, size=(80, 10), rows=range(100, 200)) as papers:
        papers.go(40)
        before = painted(papers)
        cursor, top = papers.cursor, papers.top
        papers.show(table, {}, range(48, 200), today=TODAY, cursor=cursor, top=top)
        assert (papers.cursor, papers.top, papers.position) == (cursor, top, 92)
        assert painted(papers) == before


async def test_a_cursor_without_a_top_is_brought_into_sight():
    async with a_list(size=(80, 10), cursor=60) as papers:
        assert papers.top <= 58
        assert any(line.startswith("▌●  Paper number 60") for line in painted(papers))


async def test_a_new_list_without_that_paper_begins_at_its_first():
    async with a_list() as papers:
        papers.go(60)
        papers.show(days(100), {}, [9, 8, 7], today=TODAY, cursor=60)
        assert (papers.cursor, papers.top) == (9, 9)
        assert painted(papers)[0].startswith("▌●  Paper number 9")


async def test_a_hundred_thousand_papers_cost_what_is_shown():
    paper = a_paper(1)

    class Endless(FakeTable):
        def paper(self, row):
            self.asked.append(row)
            return paper

        def day(self, row):
            return "2025-10-03"

        def votes(self, row):
            return None

    table = Endless([paper])
    rows = memoryview(array("I", range(100_000)))
    async with a_list(table, rows=rows, size=(80, 24)) as papers:
        assert len(set(table.asked)) == 24
        papers.show(table, {}, rows, today=TODAY, cursor=99_000)
        painted(papers)
        assert papers.position == 99_000
        assert len(set(table.asked)) == 48


async def test_only_what_changed_is_painted_again(monkeypatch):
    async with a_list(size=(120, 40)) as papers:
        laid_out = []
        lay_out = row_painter.lay_out

        def counted(text, *given, **named):
            laid_out.append(text.title)
            return lay_out(text, *given, **named)

        monkeypatch.setattr(row_painter, "lay_out", counted)
        papers.go(3)
        await papers.pilot.pause()
        assert sorted(laid_out) == ["Paper number 0", "Paper number 3"]
        laid_out.clear()
        papers.refresh_marks({5: read()}, [5, 90])
        await papers.pilot.pause()
        assert laid_out == ["Paper number 5"]
        assert "●" not in painted(papers)[10]


async def test_marks_are_shown_at_once():
    async with a_list() as papers:
        papers.refresh_marks({0: Mark(bookmark=(True, 1), note=("so", 1))})
        assert painted(papers)[0].startswith("▌●★ Paper")
        assert "✎" in painted(papers)[0]
        papers.refresh_marks({0: read()}, [0])
        assert painted(papers)[0].startswith("▌   Paper")


async def test_a_read_paper_in_a_list_of_unread_ones_is_dimmed():
    table = days(3)
    async with a_list(table, {1: read()}, dim_read=True) as papers:
        dimmed, plain = papers._style("dim", False), papers._style("text", False)
        strips = papers.render_lines(Region(0, 0, 80, 3))
        assert {s.style for s in strips[1] if "Paper" in s.text} == {dimmed}
        assert dimmed.color != plain.color
        assert papers.cursor == 0


# Dates


async def test_a_day_is_written_once_and_at_the_top():
    async with a_list(days(3, 30, 30), size=(80, 10)) as papers:
        dated = [line.split()[-2:] for line in painted(papers) if line.endswith("Oct")]
        assert dated == [["20", "Oct"], ["19", "Oct"]]
        papers.go(20)
        assert painted(papers)[0].endswith("19 Oct")
        assert sum(line.endswith("Oct") for line in painted(papers)) == 1
        papers.move(-18)
        assert sum(line.endswith("Oct") for line in painted(papers)) == 2


async def test_a_list_without_votes_keeps_no_room_for_them():
    repo = (code("https://github.com/a/b"),)
    papers_without = [a_paper(n, links=repo) for n in range(200)]
    async with a_list(FakeTable(papers_without)) as papers:
        assert painted(papers)[1].endswith("</>")
        assert len(painted(papers)[1]) == 79
    with_votes = [*papers_without[:50], a_paper(50, votes=3)]
    async with a_list(FakeTable(with_votes)) as papers:
        assert len(painted(papers)[1]) == 74


async def test_in_another_order_every_row_has_its_day():
    async with a_list(days(3, 30), size=(80, 10), by_date=False) as papers:
        assert all(line.endswith("Oct") for line in painted(papers))


# Two lines


async def test_a_wide_screen_has_two_lines_a_paper():
    table = FakeTable([a_paper(n, title=f"{n} " + "word " * 40, authors=("Ada",)) for n in range(50)])
    async with a_list(table, size=(120, 21)) as papers:
        lines = painted(papers)
        assert lines[0].startswith("▌●  0 word")
        assert lines[1].startswith("▌     word")
        assert lines[2].startswith(" ●  1 word")
        papers.end()
        # Ten papers and a line: the last page begins with a whole paper all the same.
        assert painted(papers)[0].startswith(" ●  40 word")
        assert papers.top == 40


@pytest.mark.parametrize(("width", "lines"), [(40, 2), (59, 2), (60, 1), (99, 1), (100, 2), (200, 2)])
async def test_lines_of_a_row_by_the_width_of_the_screen(width, lines):
    async with a_list(size=(width, 24)) as papers:
        assert sum("Paper number" in line for line in painted(papers)) == 24 // lines


async def test_resizing_keeps_the_paper_and_the_top_row():
    async with a_list(size=(80, 24)) as papers:
        papers.go(50)
        papers.go(45)
        top = papers.top
        for size in ((120, 40), (80, 12), (200, 60), (45, 24), (80, 24)):
            await papers.pilot.resize_terminal(*size)
            await papers.pilot.pause()
            assert papers.cursor == 45
            assert any(line.startswith("▌●  Paper number 45") for line in painted(papers))
        assert papers.top == top


async def test_resizing_leaves_alone_where_one_has_scrolled_to():
    async with a_list(size=(80, 24)) as papers:
        papers._scroll_to_position(60)
        await papers.pilot.resize_terminal(80, 20)
        await papers.pilot.pause()
        assert (papers.cursor, papers.top) == (0, 60)


# Searching


async def test_hits_are_lit_and_the_rule_parts_what_lacks_words():
    table = FakeTable([a_paper(n, title=f"Sparse paper {n}") for n in range(6)])
    async with a_list(
        table, find=finder("sparse"), rows=[4, 2, 0, 1], partial_from=2, by_date=False
    ) as papers:
        lines = painted(papers)
        assert [line[4:18] for line in lines[:5]] == [
            "Sparse paper 4",
            "Sparse paper 2",
            "── not all wor",
            "Sparse paper 0",
            "Sparse paper 1",
        ]
        hit = papers._style("hit", True)
        assert [s.text for s in papers.render_lines(Region(0, 0, 80, 1))[0] if s.style == hit] == ["Sparse"]
        papers.move(2)
        assert papers.cursor == 0
        await papers.pilot.click(PaperList, offset=(10, 2))
        assert papers.cursor == 0
        assert await chosen(papers) == []
        await papers.pilot.click(PaperList, offset=(10, 4))
        assert papers.cursor == 1


async def test_when_no_paper_has_all_words_the_rule_is_on_top():
    async with a_list(rows=[4, 2], partial_from=0) as papers:
        assert "not all words" in painted(papers)[0]
        assert painted(papers)[1].startswith("▌●  Paper number 4")
        assert papers.top == 4


async def test_without_partial_hits_there_is_no_rule():
    async with a_list(rows=[4, 2], partial_from=2) as papers:
        assert not any("not all words" in line for line in painted(papers))


async def test_a_second_line_says_why():
    table = FakeTable([a_paper(0, title="A title", abstract="We study\nsparse attention here.")])
    async with a_list(table, find=finder("sparse"), size=(120, 10)) as papers:
        assert painted(papers)[1].strip("▌ ") == "We study sparse attention here."


# Mouse


async def test_a_click_moves_and_a_click_on_the_cursor_chooses():
    async with a_list(size=(120, 20)) as papers:
        await papers.pilot.click(PaperList, offset=(30, 5))
        assert papers.cursor == 2
        assert await chosen(papers) == []
        await papers.pilot.click(PaperList, offset=(30, 4))
        assert await chosen(papers) == [2]
        await papers.pilot.double_click(PaperList, offset=(30, 18))
        assert papers.cursor == 9
        assert papers.top == 0, "the row stays under the second click"
        assert await chosen(papers) == [9]


async def test_enter_chooses():
    async with a_list() as papers:
        papers.go(4)
        papers.choose()
        assert await chosen(papers) == [4]


async def test_the_wheel_scrolls_by_whole_papers_and_leaves_the_cursor():
    async with a_list(size=(120, 21)) as papers:
        for times, wanted in ((1, 2), (2, 6)):
            for _ in range(times):
                papers.post_message(events.MouseScrollDown(papers, 3, 3, 0, 1, 0, False, False, False))
            await papers.pilot.pause()
            assert papers.top == wanted
        assert papers.cursor == 0
        assert painted(papers)[0].startswith(" ●  Paper number 6")
        papers.move(1)
        assert papers.cursor == 1
        assert papers.top == 0


# What comes from outside


async def test_a_damaged_line_is_told_in_its_row():
    table = FakeTable([a_paper(0), a_paper(1), a_paper(2)], damaged=[1])
    async with a_list(table, find=finder("x"), size=(120, 24)) as papers:
        assert "Line 1 of the catalog is damaged" in painted(papers)[2]
        assert "Paper number 2" in painted(papers)[4]


async def test_hostile_titles_are_text():
    table = FakeTable(
        [
            a_paper(n, title=title)
            for n, title in enumerate(["[/INST] [CLS] [bold]", "\x1b]0;x\x07\x1b[2J", "\u202eabc"])
        ]
    )
    async with a_list(table) as papers:
        lines = painted(papers)
        assert "[/INST] [CLS] [bold]" in lines[0]
        assert not any(ord(char) < 32 or char == "\u202e" for line in lines for char in line)


async def test_ascii_marks():
    table = FakeTable([a_paper(0, links=(code("https://github.com/a/b"),), votes=3)])
    async with a_list(table, {0: Mark(bookmark=(True, 1))}) as papers:
        papers.glyphs = ASCII
        assert painted(papers)[0].startswith(">N* Paper number 0")
        assert painted(papers)[0].endswith("</>   ^3")


# Colours


async def test_text_is_legible_in_every_theme():
    async with a_list() as papers:
        for name, theme in BUILTIN_THEMES.items():
            if theme.ansi:
                continue
            papers.app.theme = name
            for focused in (True, False):
                papers.focus() if focused else papers.screen.set_focus(None)
                await papers.pilot.pause()
                for cursor in (True, False):
                    for role in ("text", "unread", "dim", "muted", "new", "yours", "hit", "bar"):
                        style = papers._style(role, cursor)
                        color, ground = map(Color.from_rich_color, (style.color, style.bgcolor))
                        least = SHAPE if role == "bar" else TEXT
                        assert contrast(color, ground) >= least, (name, focused, cursor, role)


async def test_the_cursor_is_seen_in_ansi_themes():
    async with a_list() as papers:
        for theme in ("ansi-dark", "ansi-light"):
            papers.app.theme = theme
            papers.focus()
            await papers.pilot.pause()
            cursor, plain = papers._style("text", True), papers._style("text", False)
            assert cursor.bgcolor != plain.bgcolor
            assert cursor.color != cursor.bgcolor
            assert not papers._style("muted", True).dim
            assert papers._style("muted", False).dim
            papers.screen.set_focus(None)
            await papers.pilot.pause()
            assert papers._style("text", True).underline
            assert not papers._style("text", False).underline


async def test_a_theme_is_taken_over_by_what_is_on_screen():
    async with a_list() as papers:
        before = papers.render_lines(Region(0, 0, 80, 1))[0]
        papers.app.theme = "textual-light"
        await papers.pilot.pause()
        after = papers.render_lines(Region(0, 0, 80, 1))[0]
        assert before.text == after.text
        assert before != after
