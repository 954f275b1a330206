"""Tests of the query language, completion and related papers in the reader."""

from __future__ import annotations

import pytest
from textual import events

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


COMPLETED = {
    "abstr": "abstract:",
    "autho": "author:",
    "tag:slow": 'tag:"slow reads"',
    'tag:"slow r': 'tag:"slow reads"',
    "sort:vo": "sort:votes",
    "clock tag:gear": "clock tag:gearbox",
    "umbr": "umbrella",
    "Umbr": "Umbrella",
}


async def test_tab_completes_fields_tags_and_words(open_reader, library):
    library.save_and_apply(
        [MarkChange(library.paper(0).id, library.paper(0).title, tags={"gearbox": True, "slow reads": True})]
    )
    async with open_reader() as reader:
        await reader.press("/")
        for typed, completed in COMPLETED.items():
            await reader.type(typed)
            await reader.app.workers.wait_for_complete()
            await reader.press("tab")
            assert reader.query == completed
            await reader.press("ctrl+u")
            assert reader.query == ""


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
        count = len(best)  # papers that are near in meaning follow
        assert reader.titles[:count] == sorted(best, key=str.casefold) != best
        await reader.press("s", "r")
        assert "Sorted: best match first" in reader.status
        assert (reader.query, reader.titles[:count]) == ("umbrella OR clock", best)
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


SIMILAR = """
@misc{a, title={Gates of the Old Harbour}, author={Ann Jay and Bo Kay}, year={2031}, eprint={2403.00001},
  archiveprefix={arXiv}, primaryclass={cs.CL}, keywords={harbour gates, "tides"}}
@misc{b, title={Gates and Their Keepers}, author={Ann B. Jay}, year={2030}, eprint={2403.00002},
  archiveprefix={arXiv}, primaryclass={cs.LG}, keywords={harbour gates}}
@misc{c, title={On Keepers}, doi={10.1234/Keepers(7)}, author={Cy Elm}, year={2029}, eprint={2403.00003},
  archiveprefix={arXiv}, primaryclass={cs.CL}}
"""


@pytest.fixture
def similar(library, tmp_path):
    file = tmp_path / "similar.bib"
    file.write_text(SIMILAR, encoding="utf-8")
    library.imports.import_paths([str(file)])
    library.save_and_apply(
        [MarkChange("2403.00001", tags={"to read": True}), MarkChange("2403.00003", tags={"to read": True})]
    )
    return library


async def test_more_papers_by_author_keyword_category_and_tag(open_reader, similar):
    async with open_reader(similar) as reader:
        first = "Gates of the Old Harbour"
        assert reader.title == first
        await reader.press("M")
        text = reader.screen_text
        assert "More papers by or with" in text
        for shown in ("Ann Jay", "Bo Kay", "to read", "cs.CL", "harbour gates", "tides"):
            assert shown in text
        expected = {
            "1": ('author:"Ann Jay"', {first, "Gates and Their Keepers"}),
            "2": ('author:"Bo Kay"', {first}),
            "3": ('tag:"to read"', {first, "On Keepers"}),
            "4": ('cat:"cs.CL"', {first, "On Keepers"}),
            "5": ('keyword:"harbour gates"', {first, "Gates and Their Keepers"}),
        }
        await reader.press("escape")
        for key, (query, titles) in expected.items():
            await reader.press("M", key)
            assert (reader.query, set(reader.titles)) == (query, titles)
            assert reader.mode == "list"
            await reader.press("escape")
            assert (reader.query, len(reader.titles), reader.title) == ("", 13, first)


async def test_more_papers_of_a_search_lead_back_to_it(open_reader, similar):
    async with open_reader(similar) as reader:
        await reader.press("/")
        await reader.type("keepers")
        await reader.press("enter", "j")
        before, position = reader.titles, reader.position
        await reader.press("M", "1", "M", "1")
        assert reader.query.startswith("author:")
        await reader.press("escape", "escape")
        assert (reader.query, reader.titles, reader.position) == ("keepers", before, position)
        await reader.press("escape")
        assert len(reader.titles) == 13


async def test_paper_without_authors_or_keywords_has_nothing_in_common(open_reader):
    async with open_reader() as reader:
        await reader.press("M")
        assert "No author, keyword, category or tag is known" in reader.status


async def test_id_in_the_search_bar_finds_its_paper(open_reader, similar):
    async with open_reader(similar) as reader:
        await reader.press("/")
        await reader.type("https://arxiv.org/abs/2403.00002v1")
        assert reader.titles == ["Gates and Their Keepers"]
        await reader.press("enter")
        assert reader.mode == "list"


async def test_pasted_doi_finds_its_paper_and_leads_back(open_reader, similar):
    async with open_reader(similar) as reader:
        title = reader.title
        reader.app.post_message(events.Paste("  https://doi.org/10.1234/keepers(7)\n"))
        await reader.wait_until_idle()
        assert reader.titles == ["On Keepers"]
        assert reader.mode == "list"
        await reader.press("escape")
        assert (len(reader.titles), reader.title) == (13, title)
