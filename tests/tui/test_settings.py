"""Tests of settings in the reader."""

from __future__ import annotations

import pytest

from paperreader.library import Library
from paperreader.tui.context.ui import ReaderUi


async def test_settings_errors_are_shown_once_and_valid_settings_apply(open_reader):
    async with open_reader(
        toml='[appearance]\nlayout = "sideways"\nmarks = "ascii"\nthem = "nord"\n'
    ) as reader:
        (message,) = reader.notifications
        assert "config.toml:2: " in message
        assert "config.toml:4: " in message
        assert reader.paper_list.glyphs.bookmark == "*"
        await reader.press("j")
        assert reader.paper_list.position == 1


async def test_date_format_setting(open_reader):
    async with open_reader(size=(120, 40), toml='[appearance]\ndate_format = "iso"\n') as reader:
        assert "2025-10-03" in reader.screen_text
        assert "3 Oct 2025" not in reader.screen_text
    async with open_reader(size=(120, 40), toml='[appearance]\ndate_format = "%d.%m.%y"\n') as reader:
        assert "03.10.25" in reader.screen_text.splitlines()[1]


@pytest.mark.parametrize(
    ("size", "layout", "side_by_side"),
    [
        ((80, 24), "auto", False),
        ((120, 40), "auto", True),
        ((120, 40), "stacked", False),
        ((80, 24), "side", True),
        ((200, 60), "stacked", False),
    ],
)
async def test_layout_setting(open_reader, size, layout, side_by_side):
    async with open_reader(size=size, toml=f'[appearance]\nlayout = "{layout}"\n') as reader:
        papers, detail = reader.paper_list.region, reader.detail.region
        assert (papers.y == detail.y) is side_by_side
        assert (papers.x < detail.x) is side_by_side
        assert papers.area
        assert detail.area


@pytest.mark.parametrize(("density", "lines"), [("auto", 1), ("one-line", 1), ("two-line", 2)])
async def test_density_setting(open_reader, density, lines):
    async with open_reader(toml=f'[appearance]\ndensity = "{density}"\n') as reader:
        assert reader.paper_list._geometry.row_height == lines
        await reader.press("j", "j")
        assert reader.paper_list.position == 2


async def test_clipboard_setting(open_reader, monkeypatch):
    sent = []
    monkeypatch.setattr(ReaderUi, "write_to_terminal", lambda ui, sequence: sent.append(sequence))
    monkeypatch.setenv("TMUX", "/tmp/nowhere,1,0")
    async with open_reader(toml='[clipboard]\nway = "osc52"\n') as reader:
        await reader.press("Y", "t")
        assert "Sent to terminal" in reader.status
        assert len(sent) == 1
    async with open_reader(toml='[clipboard]\nway = "desktop"\n') as reader:
        await reader.press("Y", "t")
        assert len(sent) == 1
        assert 'way = "desktop"' in reader.screen_text


async def test_only_the_first_settings_errors_are_shown(open_reader):
    async with open_reader(
        toml="[appearance]\n" + "".join(f"wrong{number} = 1\n" for number in range(9))
    ) as reader:
        (message,) = reader.notifications
        assert "8 more" in message
        assert message.count("config.toml:") == 1


# Panes


async def test_splitter_moves_and_its_position_is_saved(open_reader, library):
    async with open_reader(size=(120, 40)) as reader:
        usual = reader.paper_list.region.width
        await reader.press("L", "L")
        wide = reader.paper_list.region.width
        assert wide == usual + 8
        await reader.press("=", "L")
        assert reader.paper_list.region.width == usual + 4
    async with open_reader(Library.open(), size=(120, 40)) as reader:
        assert reader.paper_list.region.width == usual + 4
        await reader.press("=")
        assert reader.paper_list.region.width == usual


async def test_splitter_is_dragged_with_the_mouse(open_reader, library):
    async with open_reader(size=(120, 40)) as reader:
        rule = reader.screen.query_one("#splitter")
        await reader.pilot.mouse_down(rule)
        await reader.pilot.hover(offset=(70, 20))
        await reader.pilot.mouse_up(offset=(70, 20))
        await reader.wait_until_idle()
        assert reader.paper_list.region.width == 70
        await reader.pilot.hover(offset=(50, 20))
        assert reader.paper_list.region.width == 70
    assert 58 < Library.open().state.get("list_share")["side"] < 59


@pytest.mark.parametrize(("share", "key", "columns"), [(21, "H", 24), (79, "L", 95), ("wide", "L", 59)])
async def test_panes_have_a_minimum_size(open_reader, library, share, key, columns):
    library.state.set("list_share", {"side": share})
    async with open_reader(size=(120, 40)) as reader:
        await reader.press(key)
        assert reader.paper_list.region.width == columns


async def test_stacked_panes_have_their_own_split(open_reader):
    async with open_reader(size=(80, 24)) as reader:
        rows = reader.paper_list.region.height
        await reader.press("L", "L", "L")
        assert reader.paper_list.region.height == rows + 3
        assert "11 rows" in reader.status
        await reader.pilot.resize_terminal(120, 40)
        await reader.wait_until_idle()
        assert reader.paper_list.region.width < 60
        await reader.pilot.resize_terminal(59, 24)
        await reader.wait_until_idle()
        assert reader.paper_list.region.height == 24 - 3
        assert not reader.is_visible(reader.detail)
        await reader.press("H")
        assert "Only one pane" in reader.status
