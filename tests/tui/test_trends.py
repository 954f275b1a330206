"""The screen of trends: what it shows, and where enter leads."""

from __future__ import annotations

import shutil

import pytest

from paperreader.digest.trends.report import Trends
from paperreader.library import Library
from paperreader.tui.dialogs.trends_lines import layout_trends
from paperreader.tui.terminal.glyphs import ASCII, UNICODE
from tests.digest.papers import weeks_of_papers, write_day


@pytest.fixture(scope="module")
def prepared_weeks(tmp_path_factory):
    home = tmp_path_factory.mktemp("weeks")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DATA", "CACHE", "STATE", "CONFIG"):
            patch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
        Library.open().imports.import_paths([write_day(home, "weeks.json", weeks_of_papers())])
    return home


@pytest.fixture
def weeks(home, prepared_weeks):
    """Eight weeks of papers."""
    shutil.copytree(prepared_weeks, home, dirs_exist_ok=True)
    return Library.open()


async def test_enter_on_a_word_searches_for_it(reading, weeks):
    async with reading(weeks, size=(100, 30)) as desk:
        await desk.press("T")
        assert "Papers a day" in desk.screen_text
        assert "█" * 56 in desk.screen_text
        assert "magnetic ferns" in desk.screen_text
        await desk.press("enter")
        assert desk.query == '"magnetic ferns" '
        assert desk.mode == "list"
        assert len(desk.titles) == 14
        assert all(title.startswith("Magnetic ferns") for title in desk.titles)


async def test_what_lies_in_the_current_folder_is_not_run(reading, weeks, tmp_path, monkeypatch):
    (tmp_path / "json.py").write_text("raise SystemExit('a stranger ran')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    async with reading(weeks) as desk:
        await desk.press("T")
        assert "Papers a day" in desk.screen_text


async def test_enter_on_a_paper_goes_to_it(reading, weeks):
    async with reading(weeks, size=(100, 30)) as desk:
        await desk.press("T", "space", "space", "space")
        screen = desk.app.screen
        voted = screen._lines[screen._selected_index]
        await desk.press("enter")
        row = desk.library.table.row_of(voted.target.paper)
        assert desk.screen.papers.cursor == row
        assert desk.query == ""


async def test_moving_stays_on_lines_that_lead_somewhere(reading, weeks):
    async with reading(weeks) as desk:
        await desk.press("T")
        screen = desk.app.screen
        first = screen._selected_index
        await desk.press("k")
        assert screen._selected_index == first
        assert screen.query_one("#trends-lines").scroll_y == 0
        seen = [screen._selected_index]
        for _ in range(len(screen._lines)):
            screen.action_move(1)
            seen.append(screen._selected_index)
        assert all(screen._lines[number].target for number in seen)
        assert seen[-1] == max(number for number, line in enumerate(screen._lines) if line.target)
        await desk.press("escape")
        assert desk.query == ""
        assert desk.mode == "list"


async def test_a_library_without_words_on_the_rise_says_so(reading):
    async with reading() as desk:
        await desk.press("T")
        assert "nothing is in clearly more papers" in desk.screen_text
        await desk.press("enter", "T")
        assert desk.mode == "list"


async def test_leaving_early_ends_the_search(reading, weeks):
    async with reading(weeks) as desk:
        desk.send("T", "escape")
        await desk.settle()
        assert desk.mode == "list"
        assert desk.notifications == []


async def test_what_went_wrong_is_told_on_the_screen(reading, weeks):
    async with reading(weeks) as desk:
        catalog = weeks.folder / "papers.jsonl"
        catalog.rename(catalog.with_suffix(".away"))
        catalog.mkdir()
        await desk.press("T")
        assert "papers.jsonl" in "".join(desk.screen_text.split())
        await desk.press("j", "enter", "escape")
        assert desk.mode == "list"


def test_without_blocks_the_chart_is_ascii(weeks):
    found = Trends("2025-09-20", "2025-10-03", tuple(range(14)), (), (), (), ())
    assert any("█" in piece.text for line in layout_trends(found, UNICODE) for piece in line.spans)
    assert all(piece.text.isascii() for line in layout_trends(found, ASCII) for piece in line.spans)
    empty = layout_trends(Trends("", "", (), (), (), (), ()), UNICODE)
    assert "No paper" in empty[0].spans[0].text
