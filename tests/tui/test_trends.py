"""Tests of the trends dialog."""

from __future__ import annotations

import shutil

import pytest

from paperreader.digest.trends.report import Trends
from paperreader.library import Library
from paperreader.tui.dialogs.trends import layout_trends
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
    """A library with the papers of eight weeks."""
    shutil.copytree(prepared_weeks, home, dirs_exist_ok=True)
    return Library.open()


async def test_enter_on_term_searches_for_it(open_reader, weeks):
    async with open_reader(weeks, size=(100, 30)) as reader:
        await reader.press("T")
        assert "Papers per day" in reader.screen_text
        assert "█" * 56 in reader.screen_text
        assert "magnetic ferns" in reader.screen_text
        await reader.press("enter")
        assert reader.query == '"magnetic ferns" '
        assert reader.mode == "list"
        assert len(reader.titles) == 14
        assert all(title.startswith("Magnetic ferns") for title in reader.titles)


async def test_modules_in_the_working_directory_are_not_imported(open_reader, weeks, tmp_path, monkeypatch):
    (tmp_path / "json.py").write_text("raise SystemExit('a stranger ran')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    async with open_reader(weeks) as reader:
        await reader.press("T")
        assert "Papers per day" in reader.screen_text


async def test_enter_on_paper_shows_it(open_reader, weeks):
    async with open_reader(weeks, size=(100, 30)) as reader:
        await reader.press("T", "space", "space", "space")
        screen = reader.app.screen
        voted = screen._lines[screen._selected_index]
        await reader.press("enter")
        row = reader.library.table.row_of(voted.target.paper)
        assert reader.paper_list.cursor == row
        assert reader.query == ""


async def test_selection_skips_lines_without_target(open_reader, weeks):
    async with open_reader(weeks) as reader:
        await reader.press("T")
        screen = reader.app.screen
        first = screen._selected_index
        await reader.press("k")
        assert screen._selected_index == first
        assert screen.query_one("#trends-lines").scroll_y == 0
        seen = [screen._selected_index]
        for _ in range(len(screen._lines)):
            screen.action_move(1)
            seen.append(screen._selected_index)
        assert all(screen._lines[number].target for number in seen)
        assert seen[-1] == max(number for number, line in enumerate(screen._lines) if line.target)
        await reader.press("escape")
        assert reader.query == ""
        assert reader.mode == "list"


async def test_window_is_chosen_and_remembered(open_reader, weeks):
    weeks.state.set("trends_weeks", [3])
    async with open_reader(weeks, size=(100, 30)) as reader:
        await reader.press("T")
        assert "in 8 weeks" in reader.screen_text
        reader.send_keys(">", ">", ">", ">", ">")
        await reader.wait_until_idle()
        assert "Papers per week" in reader.screen_text
        assert "in 52 weeks" in reader.screen_text
        assert "magnetic ferns" in reader.screen_text
        await reader.press("escape", "q")
    async with open_reader(Library.open(), size=(100, 30)) as reader:
        await reader.press("T")
        assert "in 52 weeks" in reader.screen_text


async def test_library_without_rising_terms(open_reader):
    async with open_reader() as reader:
        await reader.press("T")
        assert "no term is clearly more frequent" in reader.screen_text
        await reader.press("enter", "T")
        assert reader.mode == "list"


async def test_closing_early_stops_the_job(open_reader, weeks):
    async with open_reader(weeks) as reader:
        reader.send_keys("T", "escape")
        await reader.wait_until_idle()
        assert reader.mode == "list"
        assert reader.notifications == []


async def test_error_is_shown_in_the_dialog(open_reader, weeks):
    async with open_reader(weeks) as reader:
        catalog = weeks.folder / "papers.jsonl"
        catalog.rename(catalog.with_suffix(".away"))
        catalog.mkdir()
        await reader.press("T")
        assert "papers.jsonl" in "".join(reader.screen_text.split())
        await reader.press("j", "enter", "escape")
        assert reader.mode == "list"


def test_ascii_chart(weeks):
    found = Trends("2025-09-20", "2025-10-03", tuple(range(14)), (), (), (), ())
    assert any("█" in span.text for line in layout_trends(found, UNICODE) for span in line.spans)
    assert all(span.text.isascii() for line in layout_trends(found, ASCII) for span in line.spans)
    empty = layout_trends(Trends("", "", (), (), (), (), ()), UNICODE)
    assert "No paper" in empty[0].spans[0].text
