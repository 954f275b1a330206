"""Tests of painting the paper list: marks, dates, lines, matches, colors."""

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.geometry import Region
from textual.strip import Strip
from textual.theme import BUILTIN_THEMES

from paperreader.models import Mark
from paperreader.tui.terminal.colors import MIN_SHAPE_CONTRAST, MIN_TEXT_CONTRAST, contrast_ratio
from paperreader.tui.terminal.glyphs import ASCII
from paperreader.tui.widgets.line_view import AcyclicStrip
from paperreader.tui.widgets.paper_list import row_painter
from paperreader.tui.widgets.paper_list.widget import PaperList
from tests.examples import endurance
from tests.tui.fakes import (
    LEAST_CONTRAST,
    FakeTable,
    code_link,
    make_paper,
    read_mark,
    rendered_lines,
    word_highlighter,
)
from tests.tui.paper_list_app import activated_rows, open_list, table_of_days

# Repainting


def test_strip_of_the_list_equals_one_of_textual():
    segments = [Segment("left ", Style(bold=True)), Segment("middle"), Segment(" right", Style(color="red"))]
    dim = Style(dim=True)
    for method, arguments in (
        ("crop", (3, 9)),
        ("crop", (0, 17)),
        ("divide", ([4, 8, 17],)),
        ("divide", ([17],)),
        ("crop_extend", (2, 25, dim)),
        ("adjust_cell_length", (30, dim)),
        ("extend_cell_length", (30, dim)),
        ("apply_style", (dim,)),
        ("apply_offsets", (2, 3)),
    ):
        for length in (17, None):
            ours, original = AcyclicStrip(segments, length), Strip(segments, length)
            for _ in range(2):  # the second time from a cache
                assert getattr(ours, method)(*arguments) == getattr(original, method)(*arguments)
            assert ours == original
            assert (ours.cell_length, ours.text, ours.link_ids) == (17, original.text, original.link_ids)
    assert not hasattr(AcyclicStrip(segments), "other")


async def test_only_changed_rows_are_repainted(monkeypatch):
    async with open_list(size=(120, 40)) as papers:
        laid_out = []
        lay_out = row_painter.layout_row

        def counted(text, *given, **named):
            laid_out.append(text.title)
            return lay_out(text, *given, **named)

        monkeypatch.setattr(row_painter, "layout_row", counted)
        papers.go_to_position(3)
        await papers.pilot.pause()
        assert sorted(laid_out) == ["Paper number 0", "Paper number 3"]
        laid_out.clear()
        papers.refresh_marks({5: read_mark()}, [5, 90])
        await papers.pilot.pause()
        assert laid_out == ["Paper number 5"]
        assert "●" not in rendered_lines(papers)[10]


async def test_mark_changes_are_shown_at_once():
    async with open_list() as papers:
        papers.refresh_marks({0: Mark(bookmark=(True, 1), note=("so", 1))})
        assert rendered_lines(papers)[0].startswith("▌●★ Paper")
        assert "✎" in rendered_lines(papers)[0]
        papers.refresh_marks({0: read_mark()}, [0])
        assert rendered_lines(papers)[0].startswith("▌   Paper")


async def test_read_paper_in_unread_view_is_dimmed():
    table = table_of_days(3)
    async with open_list(table, {1: read_mark()}, dim_read=True) as papers:
        dimmed, plain = papers._style("dim", False), papers._style("text", False)
        strips = papers.render_lines(Region(0, 0, 80, 3))
        assert {s.style for s in strips[1] if "Paper" in s.text} == {dimmed}
        assert dimmed.color != plain.color
        assert papers.cursor == 0


# Dates


async def test_day_is_shown_once_and_at_the_top():
    async with open_list(table_of_days(3, 30, 30), size=(80, 10)) as papers:
        dated = [line.split()[-2:] for line in rendered_lines(papers) if line.endswith("Oct")]
        assert dated == [["20", "Oct"], ["19", "Oct"]]
        papers.go_to_position(20)
        assert rendered_lines(papers)[0].endswith("19 Oct")
        assert sum(line.endswith("Oct") for line in rendered_lines(papers)) == 1
        papers.move_by(-18)
        assert sum(line.endswith("Oct") for line in rendered_lines(papers)) == 2


async def test_list_without_votes_has_no_votes_column():
    repo = (code_link("https://github.com/a/b"),)
    papers_without = [make_paper(n, links=repo) for n in range(200)]
    async with open_list(FakeTable(papers_without)) as papers:
        assert rendered_lines(papers)[1].endswith("</>")
        assert len(rendered_lines(papers)[1]) == 78
    with_votes = [*papers_without[:50], make_paper(50, votes=3)]
    async with open_list(FakeTable(with_votes)) as papers:
        assert len(rendered_lines(papers)[1]) == 73


async def test_every_row_has_its_day_when_not_sorted_by_date():
    async with open_list(table_of_days(3, 30), size=(80, 10), by_date=False) as papers:
        assert all(line.endswith("Oct") for line in rendered_lines(papers))


# Two lines


async def test_wide_screen_has_two_lines_per_paper():
    table = FakeTable([make_paper(n, title=f"{n} " + "word " * 40, authors=("Ada",)) for n in range(50)])
    async with open_list(table, size=(120, 21)) as papers:
        lines = rendered_lines(papers)
        assert lines[0].startswith("▌●  0 word")
        assert lines[1].startswith("▌     word")
        assert lines[2].startswith(" ●  1 word")
        papers.go_to_last()
        # Ten papers and a separator: the last page still starts with a complete row.
        assert rendered_lines(papers)[0].startswith(" ●  40 word")
        assert papers.top == 40


@pytest.mark.parametrize(("width", "lines"), [(40, 2), (59, 2), (60, 1), (99, 1), (100, 2), (200, 2)])
async def test_row_height_by_screen_width(width, lines):
    async with open_list(size=(width, 24)) as papers:
        assert sum("Paper number" in line for line in rendered_lines(papers)) == 24 // lines


async def test_resize_keeps_cursor_and_top_row():
    async with open_list(size=(80, 24)) as papers:
        papers.go_to_position(50)
        papers.go_to_position(45)
        top = papers.top
        for size in ((120, 40), (80, 12), (200, 60), (45, 24), (80, 24)):
            await papers.pilot.resize_terminal(*size)
            await papers.pilot.pause()
            assert papers.cursor == 45
            assert any(line.startswith("▌●  Paper number 45") for line in rendered_lines(papers))
        assert papers.top == top


async def test_resize_keeps_scroll_position():
    async with open_list(size=(80, 24)) as papers:
        papers._scroll_to_position(60)
        await papers.pilot.resize_terminal(80, 20)
        await papers.pilot.pause()
        assert (papers.cursor, papers.top) == (0, 60)


# Searching


async def test_matches_are_highlighted_and_partial_matches_separated():
    table = FakeTable([make_paper(n, title=f"Sparse paper {n}") for n in range(6)])
    async with open_list(
        table, find_matches=word_highlighter("sparse"), rows=[4, 2, 0, 1], partial_from=2, by_date=False
    ) as papers:
        lines = rendered_lines(papers)
        assert [line[4:18] for line in lines[:5]] == [
            "Sparse paper 4",
            "Sparse paper 2",
            "── partial mat",
            "Sparse paper 0",
            "Sparse paper 1",
        ]
        hit = papers._style("hit", True)
        assert [s.text for s in papers.render_lines(Region(0, 0, 80, 1))[0] if s.style == hit] == ["Sparse"]
        papers.move_by(2)
        assert papers.cursor == 0
        await papers.pilot.click(PaperList, offset=(10, 2))
        assert papers.cursor == 0
        assert await activated_rows(papers) == []
        await papers.pilot.click(PaperList, offset=(10, 4))
        assert papers.cursor == 1


async def test_separator_is_on_top_without_full_matches():
    async with open_list(rows=[4, 2], partial_from=0) as papers:
        assert "partial matches" in rendered_lines(papers)[0]
        assert rendered_lines(papers)[1].startswith("▌●  Paper number 4")
        assert papers.top == 4


async def test_no_separator_without_partial_matches():
    async with open_list(rows=[4, 2], partial_from=2) as papers:
        assert not any("partial matches" in line for line in rendered_lines(papers))


async def test_second_line_shows_match_reason():
    table = FakeTable([make_paper(0, title="A title", abstract="We study\nsparse attention here.")])
    async with open_list(table, find_matches=word_highlighter("sparse"), size=(120, 10)) as papers:
        assert rendered_lines(papers)[1].strip("▌ ") == "We study sparse attention here."


# Untrusted text


async def test_damaged_record_shows_error_in_its_row():
    table = FakeTable([make_paper(0), make_paper(1), make_paper(2)], damaged=[1])
    async with open_list(table, find_matches=word_highlighter("x"), size=(120, 24)) as papers:
        assert "Line 1 of the catalog is damaged" in rendered_lines(papers)[2]
        assert "Paper number 2" in rendered_lines(papers)[4]


async def test_hostile_titles_are_sanitized():
    table = FakeTable(
        [
            make_paper(n, title=title)
            for n, title in enumerate(["[/INST] [CLS] [bold]", "\x1b]0;x\x07\x1b[2J", "\u202eabc"])
        ]
    )
    async with open_list(table) as papers:
        lines = rendered_lines(papers)
        assert "[/INST] [CLS] [bold]" in lines[0]
        assert not any(ord(char) < 32 or char == "\u202e" for line in lines for char in line)


async def test_ascii_glyphs():
    table = FakeTable([make_paper(0, links=(code_link("https://github.com/a/b"),), votes=3)])
    async with open_list(table, {0: Mark(bookmark=(True, 1))}) as papers:
        papers.glyphs = ASCII
        assert rendered_lines(papers)[0].startswith(">N* Paper number 0")
        assert rendered_lines(papers)[0].endswith("</>   ^3")


# Colors


@pytest.mark.parametrize("themes", [LEAST_CONTRAST, endurance([*BUILTIN_THEMES])])
async def test_text_is_readable_in_every_theme(themes):
    async with open_list() as papers:
        for name in themes:
            if BUILTIN_THEMES[name].ansi:
                continue
            papers.app.theme = name
            for focused in (True, False):
                papers.focus() if focused else papers.screen.set_focus(None)
                await papers.pilot.pause()
                for cursor in (True, False):
                    for role in ("text", "unread", "dim", "muted", "new", "yours", "hit", "bar"):
                        style = papers._style(role, cursor)
                        color, ground = map(Color.from_rich_color, (style.color, style.bgcolor))
                        least = MIN_SHAPE_CONTRAST if role == "bar" else MIN_TEXT_CONTRAST
                        assert contrast_ratio(color, ground) >= least, (name, focused, cursor, role)


async def test_cursor_is_visible_in_ansi_themes():
    async with open_list() as papers:
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


async def test_theme_change_repaints_visible_rows():
    async with open_list() as papers:
        before = papers.render_lines(Region(0, 0, 80, 1))[0]
        papers.app.theme = "textual-light"
        await papers.pilot.pause()
        after = papers.render_lines(Region(0, 0, 80, 1))[0]
        assert before.text == after.text
        assert before != after
