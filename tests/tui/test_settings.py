"""Settings that are in force in the reader."""

from __future__ import annotations

import pytest

from paperreader.library import Library
from paperreader.tui.reader_screen import ReaderScreen


async def test_a_file_with_mistakes_is_told_once_and_the_rest_is_in_force(reading):
    async with reading(toml='[appearance]\nlayout = "sideways"\nmarks = "ascii"\nthem = "nord"\n') as desk:
        (told,) = desk.notifications
        assert "config.toml:2: " in told
        assert "config.toml:4: " in told
        assert desk.screen.glyphs.bookmark == "*"
        await desk.press("j")
        assert desk.screen.papers.position == 1


async def test_days_are_written_as_the_settings_say(reading):
    async with reading(size=(120, 40), toml='[appearance]\ndate_format = "iso"\n') as desk:
        assert "2025-10-03" in desk.screen_text
        assert "3 Oct 2025" not in desk.screen_text
    async with reading(size=(120, 40), toml='[appearance]\ndate_format = "%d.%m.%y"\n') as desk:
        assert "03.10.25" in desk.screen_text.splitlines()[1]


@pytest.mark.parametrize(
    ("size", "layout", "beside"),
    [
        ((80, 24), "auto", False),
        ((120, 40), "auto", True),
        ((120, 40), "stacked", False),
        ((80, 24), "side", True),
        ((200, 60), "stacked", False),
    ],
)
async def test_the_layout_is_the_one_chosen(reading, size, layout, beside):
    async with reading(size=size, toml=f'[appearance]\nlayout = "{layout}"\n') as desk:
        papers, detail = desk.screen.papers.region, desk.screen.detail.region
        assert (papers.y == detail.y) is beside
        assert (papers.x < detail.x) is beside
        assert papers.area
        assert detail.area


@pytest.mark.parametrize(("density", "lines"), [("auto", 1), ("one-line", 1), ("two-line", 2)])
async def test_a_paper_takes_as_many_lines_as_chosen(reading, density, lines):
    async with reading(toml=f'[appearance]\ndensity = "{density}"\n') as desk:
        assert desk.screen.papers._lines.height == lines
        await desk.press("j", "j")
        assert desk.screen.papers.position == 2


async def test_copies_go_the_way_that_was_chosen(reading, monkeypatch):
    sent = []
    monkeypatch.setattr(ReaderScreen, "_write_sequence", lambda screen, sequence: sent.append(sequence))
    monkeypatch.setenv("TMUX", "/tmp/nowhere,1,0")
    async with reading(toml='[clipboard]\nway = "osc52"\n') as desk:
        await desk.press("Y", "t")
        assert "Sent to terminal" in desk.status
        assert len(sent) == 1
    async with reading(toml='[clipboard]\nway = "desktop"\n') as desk:
        await desk.press("Y", "t")
        assert len(sent) == 1
        assert 'way = "desktop"' in desk.screen_text


async def test_of_many_mistakes_the_first_are_told(reading):
    async with reading(
        toml="[appearance]\n" + "".join(f"wrong{number} = 1\n" for number in range(9))
    ) as desk:
        (told,) = desk.notifications
        assert "8 more" in told
        assert told.count("config.toml:") == 1


# Panes


async def test_the_rule_moves_and_stays_where_it_was_put(reading, library):
    async with reading(size=(120, 40)) as desk:
        usual = desk.screen.papers.region.width
        await desk.press("L", "L")
        wide = desk.screen.papers.region.width
        assert wide == usual + 8
        await desk.press("=", "L")
        assert desk.screen.papers.region.width == usual + 4
    async with reading(Library.open(), size=(120, 40)) as desk:
        assert desk.screen.papers.region.width == usual + 4
        await desk.press("=")
        assert desk.screen.papers.region.width == usual


async def test_the_mouse_drags_the_rule(reading, library):
    async with reading(size=(120, 40)) as desk:
        rule = desk.screen.query_one("#rule")
        await desk.pilot.mouse_down(rule)
        await desk.pilot.hover(offset=(70, 20))
        await desk.pilot.mouse_up(offset=(70, 20))
        await desk.settle()
        assert desk.screen.papers.region.width == 70
        await desk.pilot.hover(offset=(50, 20))
        assert desk.screen.papers.region.width == 70
    assert 58 < Library.open().state.get("list_share")["side"] < 59


@pytest.mark.parametrize(("share", "key", "columns"), [(21, "H", 24), (79, "L", 95), ("wide", "L", 59)])
async def test_neither_pane_vanishes(reading, library, share, key, columns):
    library.state.set("list_share", {"side": share})
    async with reading(size=(120, 40)) as desk:
        await desk.press(key)
        assert desk.screen.papers.region.width == columns


async def test_stacked_panes_are_parted_by_themselves(reading):
    async with reading(size=(80, 24)) as desk:
        rows = desk.screen.papers.region.height
        await desk.press("L", "L", "L")
        assert desk.screen.papers.region.height == rows + 3
        assert "11 rows" in desk.status
        await desk.pilot.resize_terminal(120, 40)
        await desk.settle()
        assert desk.screen.papers.region.width < 60
        await desk.pilot.resize_terminal(59, 24)
        await desk.settle()
        assert desk.screen.papers.region.height == 24 - 3
        assert not desk.is_visible(desk.screen.detail)
        await desk.press("H")
        assert "no two panes" in desk.status
