"""The query language, completion and related papers, in the reader."""

from __future__ import annotations

import pytest

from paperreader.models import MarkChange
from paperreader.tui.model.list_query import ListQuery
from tests.tui.library_pages import TITLES
from tests.tui.reader_driver import line_text


async def test_what_is_not_understood_is_told_in_the_bar(reading):
    async with reading() as desk:
        await desk.press("/")
        await desk.type("clock is:purple ")
        assert "is:purple is unknown" in desk.result_count
        await desk.press("ctrl+u")
        await desk.type("clock ")
        assert "unknown" not in desk.result_count


async def test_a_filter_alone_lists_what_fits_by_date(reading):
    async with reading() as desk:
        await desk.press("/")
        await desk.type("is:unread ")
        assert len(desk.titles) == 10
        assert "newest first" in line_text(desk.screen.status)
        await desk.type("sort:title ")
        assert desk.titles == sorted(desk.titles, key=str.casefold)
        assert "by title" in line_text(desk.screen.status)


async def test_tab_takes_the_completion_of_a_field_or_value(reading):
    async with reading() as desk:
        await desk.press("/")
        await desk.type("is:book")
        await desk.app.workers.wait_for_complete()
        await desk.press("tab")
        assert desk.query == "is:bookmarked"
        assert desk.mode == "search"


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
async def test_tab_completes_fields_tags_and_words(reading, library, typed, completed):
    library.save_and_adopt(
        [MarkChange(library.paper(0).id, library.paper(0).title, tags={"gearbox": True, "slow reads": True})]
    )
    async with reading() as desk:
        await desk.press("/")
        await desk.type(typed)
        await desk.app.workers.wait_for_complete()
        await desk.press("tab")
        assert desk.query == completed


async def test_related_papers_and_the_way_back(reading):
    async with reading() as desk:
        await desk.press("j")
        before, title = desk.screen.place(), desk.title
        await desk.press("R")
        assert title not in desk.titles
        assert line_text(desk.screen.status).count("Related to") == 1
        await desk.press("escape")
        assert desk.screen.place() == before
        assert len(desk.titles) == 10
        assert "Related" not in line_text(desk.screen.status)


async def test_related_papers_of_a_search_lead_back_to_it(reading):
    async with reading() as desk:
        await desk.press("/")
        await desk.type("clock")
        await desk.press("enter", ".")
        found = desk.titles
        assert "Match 1 of " in desk.status
        await desk.press("R")
        assert "Related to" in desk.status
        await desk.press("R", "escape", "escape")
        assert desk.titles == found
        assert desk.query == "clock"
        await desk.press("escape")
        assert len(desk.titles) == 10
        assert desk.titles[0] == TITLES[0]


async def test_typing_leaves_related_papers(reading):
    async with reading() as desk:
        await desk.press("R", "/")
        await desk.type("clock")
        assert "Related" not in line_text(desk.screen.status)
        await desk.press("escape")
        assert len(desk.titles) == 10


async def test_an_order_that_is_chosen_counts_more_than_that_of_the_query(reading):
    async with reading() as desk:
        await desk.press("/")
        await desk.type("umbrella OR clock")
        best = desk.titles
        await desk.type(" sort:title")
        await desk.press("enter")
        assert desk.titles == sorted(best, key=str.casefold) != best
        await desk.press("s", "r")
        assert "Sorted: best match first" in desk.status
        assert (desk.query, desk.titles) == ("umbrella OR clock", best)
        desk.screen.status.clear_message()
        assert "best match first" in desk.status


async def test_what_only_says_an_order_is_no_search_once_another_is_chosen(reading):
    async with reading() as desk:
        await desk.press("j", "/")
        await desk.type("sort:title")
        await desk.press("enter", "s", "r")
        assert desk.query == ""
        assert "Sorted: newest first" in desk.status
        assert desk.screen.question == ListQuery()
        await desk.press("escape")
        assert len(desk.titles) == 10
