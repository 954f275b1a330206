"""`enter` finishes the last word of a query; before, it is a prefix."""

from __future__ import annotations

import re

import pytest

from paperreader.library import Library
from paperreader.models import MarkChange
from paperreader.tui.model.list_query import ListQuery, run_query
from tests.tui.library_pages import OLDER_TITLES, TITLES

CHESS, KNOTS = TITLES[2], OLDER_TITLES[0]
"""Papers with the words `over` and `overnight`."""


async def test_enter_finishes_the_last_word_and_typing_continues_it(open_reader):
    async with open_reader() as reader:
        await reader.press("/")
        await reader.type("over")
        assert reader.titles == [CHESS, KNOTS]
        await reader.press("enter")
        assert (reader.query, reader.titles, reader.mode) == ("over", [CHESS], "list")
        assert "1 of 10" in reader.result_count
        await reader.press("/", "enter")
        assert reader.titles == [CHESS]
        await reader.press("/", "n")
        assert reader.titles == [KNOTS]
        await reader.press("backspace")
        assert reader.titles == [CHESS, KNOTS]


async def test_click_into_the_list_finishes_the_last_word(open_reader):
    async with open_reader() as reader:
        await reader.press("/")
        await reader.type("over")
        assert reader.titles == [CHESS, KNOTS]
        await reader.pilot.click(reader.paper_list, offset=(20, 0))
        await reader.wait_until_idle()
        assert (reader.query, reader.titles) == ("over", [CHESS])


async def test_clicks_in_the_search_bar_finish_nothing(open_reader):
    async with open_reader() as reader:
        await reader.press("/")
        await reader.type("over")
        await reader.pilot.click("#query")
        await reader.wait_until_idle()
        assert reader.titles == [CHESS, KNOTS]


async def test_cursor_and_keys_after_enter_keep_their_paper(open_reader):
    async with open_reader() as reader:
        await reader.press("/")
        await reader.type("clock")
        await reader.press("down")
        second = reader.title
        await reader.press("enter")
        assert reader.title == second == reader.titles[1]
        await reader.press("escape")
        reader.send_keys("slash", *"clock", "down", "enter", "b")
        await reader.wait_until_idle()
        marked = [reader.library.paper(row).title for row in reader.library.view("bookmarks")]
        assert marked == [second]


UNFINISHED = [
    ("umbr", OLDER_TITLES[3], "Results for umbr*  1"),
    ("clock bre", OLDER_TITLES[1], "Results for clock bre*  1, 1 near"),
    ("title:bre", OLDER_TITLES[1], "Results for title:bre*  1"),
    ("tag:gear", TITLES[0], "Results for tag:gear*  1"),
]
"""What is typed, the first result, and what is said about it after enter."""


async def test_completions_stay_if_the_finished_word_finds_nothing(open_reader, library):
    paper = library.paper(library.table.newest[0])
    library.save_and_apply([MarkChange(paper.id, paper.title, tags={"gearbox": True})])
    async with open_reader(size=(120, 30)) as reader:
        for typed, shown, message in UNFINISHED:
            await reader.press("/", "ctrl+u")
            await reader.type(typed)
            assert (reader.titles[0], "Results" in reader.result_count) == (shown, False)
            before = reader.titles
            await reader.press("enter")
            assert (reader.titles, reader.result_count) == (before, message)
            await reader.press("/", "space")
            assert f"{typed}*" not in reader.result_count


@pytest.mark.parametrize("size", [(120, 30), (80, 24), (50, 20)])
async def test_partial_matches_of_a_correction_are_counted(open_reader, size):
    async with open_reader(size=size) as reader:
        await reader.press("/")
        await reader.type("sedimant clock")
        found = re.search(r"([0-9]+)(?:, ([0-9]+) partial|[+]([0-9]+))$", reader.result_count)
        assert found, reader.result_count
        assert int(found[1]) + int(found[2] or found[3]) == len(reader.titles)


async def test_completions_are_reported_in_few_columns(open_reader):
    async with open_reader(size=(50, 20)) as reader:
        await reader.press("/")
        await reader.type("umbr")
        await reader.press("enter")
        assert reader.result_count == "for umbr*  1"


async def test_earlier_searches_are_finished(open_reader, library):
    async with open_reader() as reader:
        await reader.press("/")
        await reader.type("over")
        await reader.press("enter", "escape", "/", "up")
        assert (reader.query, reader.titles) == ("over", [CHESS])
        await reader.press("n")
        assert reader.titles == [KNOTS]
        await reader.press("backspace", "escape")
        await reader.press("/")
        await reader.type("over")
        assert reader.titles == [CHESS, KNOTS]
        await reader.press("enter", "q")
    async with open_reader(Library.open(library.folder)) as reader:
        assert (reader.query, reader.titles) == ("over", [CHESS])


@pytest.mark.parametrize(
    "text", ["over", "the", "them", "with", "nine", "over the", '"over"', "title:clocks", "-over the"]
)
def test_finished_query_finds_what_the_command_line_finds(library, text):
    hits = library.search(text, meaning=True)
    assert hits.full_matches
    result = run_query(library, ListQuery(text=text, sort="relevance"))
    assert (list(result.rows), result.full_matches) == (list(hits.rows), hits.full_matches)
    assert result.completed == ""


@pytest.mark.parametrize(
    ("text", "corrected", "completed"),
    [
        ("sedim", "", "sedim*"),
        ("sedimant", "sediment", ""),
        ("lamps sedimant", "", ""),
        ("umbrellx clock", "", ""),
        ("xqzzy", "", ""),
        ("sedim ", "", ""),
    ],
)
def test_finished_query_without_results_is_completed_or_corrected(library, text, corrected, completed):
    result = run_query(library, ListQuery(text=text, sort="relevance"))
    assert (result.hits.corrected, result.completed) == (corrected, completed)
    assert bool(result.full_matches) == bool(corrected or completed)


def test_completions_are_judged_within_the_view(library):
    row = next(row for row in library.table.newest if library.paper(row).title == KNOTS)
    library.save_and_apply([MarkChange(library.paper(row).id, KNOTS, bookmark=True)])
    result = run_query(library, ListQuery(view="bookmarks", text="over", sort="relevance"))
    assert (list(result.rows), result.completed) == ([row], "over*")
