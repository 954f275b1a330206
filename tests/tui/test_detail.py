"""Tests of the detail widget: scrolling, matches, clicks, resizing."""

from contextlib import asynccontextmanager

import pytest
from textual.color import Color
from textual.geometry import Region
from textual.theme import BUILTIN_THEMES

from paperreader.models import Link, Mark
from paperreader.tui.terminal.colors import MIN_TEXT_CONTRAST, contrast_ratio
from paperreader.tui.terminal.glyphs import ASCII
from paperreader.tui.widgets.detail.widget import Detail
from tests.examples import endurance
from tests.tui.fakes import LEAST_CONTRAST, WidgetApp, code_link, make_paper, rendered_lines, word_highlighter

REPO = code_link("https://github.com/yuntian-group/interactive-training")
WORDS = " ".join(f"word{number}" for number in range(400))


@asynccontextmanager
async def open_detail(paper=None, mark=None, *, size=(80, 24), **options):
    detail = Detail()
    app = WidgetApp(detail)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        detail.show(
            paper or make_paper(title="A title", abstract=WORDS, links=(REPO,)), mark or Mark(), **options
        )
        await pilot.pause()
        detail.pilot = pilot
        yield detail


async def test_shows_the_given_paper():
    async with open_detail() as detail:
        assert rendered_lines(detail)[0] == "  A title"
        assert detail.paper.title == "A title"
        detail.show(make_paper(1, title="Another"))
        assert rendered_lines(detail)[0] == "  Another"
        detail.show(None)
        assert not any(rendered_lines(detail))
        assert detail.paper is None


async def test_paging_stops_at_the_end_of_abstract_and_note():
    async with open_detail(size=(80, 10)) as detail:
        seen = rendered_lines(detail)
        pages = 0
        while detail.page_down():
            pages += 1
            now = rendered_lines(detail)
            assert now != seen
            seen = now
        assert pages > 2
        assert any("word399" in line for line in seen)
        while detail.page_up():
            pages -= 1
        assert pages == 0
        assert rendered_lines(detail)[0] == "  A title"


async def test_paging_ignores_additional_information():
    paper = make_paper(
        abstract="Short.", links=(REPO, Link("https://a.org", "project", "a.org")), authors=("Ada",) * 40
    )
    async with open_detail(paper, size=(80, 8)) as detail:
        detail.scroll_to_end()
        assert rendered_lines(detail)[0] != "  Paper number 0", "there is more below"
        detail.scroll_to_top()
        assert not detail.page_down()


async def test_scrolling_stops_at_both_ends():
    async with open_detail(size=(80, 10)) as detail:
        detail.scroll_lines(-3)
        assert rendered_lines(detail)[0] == "  A title"
        detail.scroll_lines(1)
        assert rendered_lines(detail)[0] != "  A title"
        detail.scroll_to_end()
        last = rendered_lines(detail)
        detail.scroll_lines(5)
        detail.half_page(1)
        assert rendered_lines(detail) == last
        detail.half_page(-1)
        assert rendered_lines(detail)[5:] == last[:5]


async def test_scroll_position_is_reset_for_another_paper_only():
    async with open_detail(size=(80, 10)) as detail:
        paper = detail.paper
        detail.scroll_lines(6)
        before = rendered_lines(detail)
        detail.show(paper, Mark())
        detail.refresh_mark(Mark(note=("new", 1)))
        assert rendered_lines(detail) == before
        detail.show(make_paper(1, title="Another", abstract=WORDS))
        assert rendered_lines(detail)[0] == "  Another"


async def test_shorter_paper_resets_scroll_height():
    async with open_detail(size=(80, 10)) as detail:
        detail.scroll_to_end()
        detail.show(make_paper(1, title="Short", abstract="Short."))
        detail.scroll_lines(3)
        assert rendered_lines(detail)[0] == "  Short"


async def test_note_is_shown_and_removed():
    async with open_detail(make_paper(abstract="Short.")) as detail:
        detail.refresh_mark(Mark(note=("Ask Mei.", 1), bookmark=(True, 1)))
        assert "  │ Ask Mei." in rendered_lines(detail)
        detail.refresh_mark(Mark(note=("", 2)))
        assert not any("Note" in line for line in rendered_lines(detail))


async def test_raw_mode_shows_tex():
    async with open_detail(make_paper(title="V$^2$L")) as detail:
        assert rendered_lines(detail)[0] == "  V²L"
        detail.set_raw(True)
        assert (detail.is_raw, rendered_lines(detail)[0]) == (True, "  V$^2$L")
        detail.set_raw(False)
        assert rendered_lines(detail)[0] == "  V²L"


async def test_go_to_match_wraps_and_scrolls():
    async with open_detail(size=(80, 10), find_matches=word_highlighter("title word7 word399")) as detail:
        found = []
        for _ in range(14):
            found.append(detail.go_to_match(1))
            style = detail._style("match")
            selected = [
                segment.text
                for strip in detail.render_lines(Region(0, 0, 80, 10))
                for segment in strip
                if segment.style == style
            ]
            assert len(selected) == 1
        total = found[0][1]
        assert found == [(n % total + 1, total) for n in range(14)]
        assert detail.go_to_match(-1) == ((13 % total) or total, total)


async def test_first_match_is_a_visible_one():
    async with open_detail(size=(80, 10), find_matches=word_highlighter("word1 word399")) as detail:
        detail.scroll_to_end()
        number, total = detail.go_to_match(1)
        assert number == total
        assert detail.go_to_match(1) == (1, total)


async def test_go_to_match_without_matches_returns_none():
    async with open_detail(find_matches=word_highlighter("zebra")) as detail:
        assert detail.go_to_match(1) is None
    async with open_detail() as detail:
        assert detail.go_to_match(1) is None


async def test_resize_keeps_text_at_the_top():
    async with open_detail(size=(120, 40)) as detail:
        await detail.pilot.resize_terminal(120, 12)
        await detail.pilot.pause()
        detail.scroll_lines(12)
        first = rendered_lines(detail)[0].split()[0]
        for size in ((60, 12), (40, 36), (90, 12)):
            await detail.pilot.resize_terminal(*size)
            await detail.pilot.pause()
            lines = rendered_lines(detail)
            assert any(first in line.split() for line in lines[:2]), (size, first, lines[:3])


async def test_line_width_is_limited_in_a_wide_pane():
    async with open_detail(size=(200, 40)) as detail:
        assert max(map(len, rendered_lines(detail))) <= 82


async def test_compact_layout_on_a_low_screen_has_one_line_of_links():
    paper = make_paper(abstract="Short.", links=(REPO, Link("https://a.org", "project", "a.org")))
    async with open_detail(paper, size=(80, 24)) as detail:
        assert "+2" in rendered_lines(detail)[2]
        await detail.pilot.resize_terminal(80, 40)
        await detail.pilot.pause()
        assert not any("+2" in line for line in rendered_lines(detail))


async def test_click_on_link_posts_its_url():
    async with open_detail(size=(80, 40)) as detail:
        lines = rendered_lines(detail)
        y = next(at for at, line in enumerate(lines) if "github.com" in line)
        x = lines[y].index("github.com")
        await detail.pilot.click(Detail, offset=(x, y))
        await detail.pilot.click(Detail, offset=(x - 1, y))
        await detail.pilot.click(Detail, offset=(x + 3, y - 1))
        await detail.pilot.click(Detail, offset=(x + 3, y + 1))
        await detail.pilot.pause()
        assert [message.url for message in detail.app.messages] == [
            REPO.url,
            "https://arxiv.org/abs/2510.00000",
        ]


async def test_hostile_text_is_sanitized():
    paper = make_paper(
        title="[/INST] \x1b[2J", abstract="[CLS] \x1b]52;c;AAAA\x07 \u202e <think>", authors=("[bold]x",)
    )
    async with open_detail(paper, Mark(note=("\x1b[31m[/]", 1)), size=(80, 40)) as detail:
        lines = rendered_lines(detail)
        assert lines[0] == "  [/INST] [2J"
        assert "  [bold]x" in lines
        assert not any(ord(char) < 32 or char in "\u202e\x9b" for line in lines for char in line)


async def test_ascii_glyphs():
    async with open_detail(mark=Mark(note=("so", 1), bookmark=(True, 1))) as detail:
        detail.glyphs = ASCII
        assert all(line.isascii() for line in rendered_lines(detail))


async def test_formulas_are_latex_where_only_ascii_can_be_shown():
    paper = make_paper(abstract="About $10^6$ lamps.")
    async with open_detail(paper) as detail:
        assert "About 10⁶ lamps." in "\n".join(rendered_lines(detail))
        detail.glyphs = ASCII
        assert "About $10^6$ lamps." in "\n".join(rendered_lines(detail))


@pytest.mark.parametrize("themes", [LEAST_CONTRAST, endurance([*BUILTIN_THEMES])])
async def test_text_is_readable_in_every_theme(themes):
    async with open_detail() as detail:
        for name in themes:
            if BUILTIN_THEMES[name].ansi:
                continue
            detail.app.theme = name
            await detail.pilot.pause()
            for role in ("text", "title", "muted", "yours", "key", "link", "hit", "match"):
                style = detail._style(role)
                color, ground = map(Color.from_rich_color, (style.color, style.bgcolor))
                assert contrast_ratio(color, ground) >= MIN_TEXT_CONTRAST, (name, role)
