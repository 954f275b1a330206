"""Tests of the query language, completion and related papers in the reader."""

from __future__ import annotations

import pytest

from paperreader.models import MarkChange
from paperreader.tui.model.list_query import ListQuery
from tests.tui.library_pages import TITLES
from tests.tui.reader_driver import line_text


async def test_query_error_is_shown_in_the_search_bar(open_reader):
    async with open_reader() as reader:
        await reader.press("/")
        await reader.type("clock is:purple ")
        assert "is:purple is unknown" in reader.result_count
        await reader.press("ctrl+u")
        await reader.type("clock ")
        assert "unknown" not in reader.result_count


async def test_filter_only_query_is_sorted_by_date(open_reader):
    async with open_reader() as reader:
        await reader.press("/")
        await reader.type("is:unread ")
        assert len(reader.titles) == 10
        assert "newest first" in line_text(reader.status_bar)
        await reader.type("sort:title ")
        assert reader.titles == sorted(reader.titles, key=str.casefold)
        assert "by title" in line_text(reader.status_bar)


async def test_tab_accepts_completion_of_field_or_value(open_reader):
    async with open_reader() as reader:
        await reader.press("/")
        await reader.type("is:book")
        await reader.app.workers.wait_for_complete()
        await reader.press("tab")
        assert reader.query == "is:bookmarked"
        assert reader.mode == "search"


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("abstr", "abstract:"),
        ("autho", "author:"),
        ("tag:slow", 'tag:"slow reads"'),
        ('tag:"slow r', 'tag:"slow reads"'),
        ("sort:vo", "sort:votes"),
        ("clock tag:gear", "clock tag:gearbox"),
        ("umbr", "umbrella"),
        ("Umbr", "Umbrella"),
    ],
)
async def test_tab_completes_fields_tags_and_words(open_reader, library, typed, completed):
    library.save_and_apply(
        [MarkChange(library.paper(0).id, library.paper(0).title, tags={"gearbox": True, "slow reads": True})]
    )
    async with open_reader() as reader:
        await reader.press("/")
        await reader.type(typed)
        await reader.app.workers.wait_for_complete()
        await reader.press("tab")
        assert reader.query == completed


async def test_related_papers_and_back(open_reader):
    async with open_reader() as reader:
        await reader.press("j")
        before, title = reader.position, reader.title
        await reader.press("R")
        assert title not in reader.titles
        assert line_text(reader.status_bar).count("Related to") == 1
        await reader.press("escape")
        assert reader.position == before
        assert len(reader.titles) == 10
        assert "Related" not in line_text(reader.status_bar)


async def test_related_papers_of_search_results_return_to_the_search(open_reader):
    async with open_reader() as reader:
        await reader.press("/")
        await reader.type("clock")
        await reader.press("enter", ".")
        found = reader.titles
        assert "Match 1 of " in reader.status
        await reader.press("R")
        assert "Related to" in reader.status
        await reader.press("R", "escape", "escape")
        assert reader.titles == found
        assert reader.query == "clock"
        await reader.press("escape")
        assert len(reader.titles) == 10
        assert reader.titles[0] == TITLES[0]


async def test_typing_closes_related_papers(open_reader):
    async with open_reader() as reader:
        await reader.press("R", "/")
        await reader.type("clock")
        assert "Related" not in line_text(reader.status_bar)
        await reader.press("escape")
        assert len(reader.titles) == 10


async def test_selected_sort_overrides_sort_of_query(open_reader):
    async with open_reader() as reader:
        await reader.press("/")
        await reader.type("umbrella OR clock")
        best = reader.titles
        await reader.type(" sort:title")
        await reader.press("enter")
        assert reader.titles == sorted(best, key=str.casefold) != best
        await reader.press("s", "r")
        assert "Sorted: best match first" in reader.status
        assert (reader.query, reader.titles) == ("umbrella OR clock", best)
        reader.status_bar.clear_message()
        assert "best match first" in reader.status


async def test_sort_only_query_is_replaced_by_selected_sort(open_reader):
    async with open_reader() as reader:
        await reader.press("j", "/")
        await reader.type("sort:title")
        await reader.press("enter", "s", "r")
        assert reader.query == ""
        assert "Sorted: newest first" in reader.status
        assert reader.list_query == ListQuery()
        await reader.press("escape")
        assert len(reader.titles) == 10


async def test_click_on_the_prompt_starts_a_search(open_reader):
    async with open_reader() as reader:
        await reader.pilot.click("#prompt")
        await reader.wait_until_idle()
        assert reader.mode == "search"
