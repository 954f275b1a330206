"""The year of a day that a page shows without one, and what the library does with such a day."""

from __future__ import annotations

from itertools import permutations

import pytest

from paperreader.text.listing_days import listing_day_by_ids, may_be_listed_on
from tests.catalog.records import catalog_in, entry, papers_by_id, temporary_folder
from tests.importers.hf_renderings import Item, browser_copy, firecrawl, lynx
from tests.importers.page_rendering import layout_a
from tests.importers.test_rendered_pages import import_text

TITLES = ("Sediment as a Clock", "Lanterns in a Corridor", "How Rivers Remember", "Doors that Forget Keys")


@pytest.mark.parametrize(
    ("month_and_day", "ids", "expected"),
    [
        ((8, 1), ["2407.20000", "2407.30000", "2408.00001"], "2024-08-01"),
        ((1, 2), ["2412.20000", "2412.30000", "2501.00001"], "2025-01-02"),
        ((12, 30), ["2412.20000", "2312.30000", "2411.00001"], "2024-12-30"),
        ((3, 14), ["2503.20000", "2310.10000", "1706.03762"], None),
        ((10, 2), ["2606.00683", "2502.20581"], None),
        ((3, 14), ["2403.20000", "2503.20000"], None),
        ((2, 29), ["2402.20000"], "2024-02-29"),
        ((2, 29), ["2502.20000"], None),
        ((3, 14), ["hep-th/9903001"], "1999-03-14"),
        ((3, 14), [], None),
    ],
)
def test_year_is_the_one_that_most_ids_agree_with(month_and_day, ids, expected):
    assert listing_day_by_ids(*month_and_day, ids) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2024-09-10", True), ("2024-10-31", True), ("2024-08-31", False), ("2026-03-14", False)],
)
def test_paper_may_be_listed_in_the_month_of_its_id_or_the_next(day, expected):
    assert may_be_listed_on("2409.04828", day) is expected


def page(day: str, ids: list[str], render=firecrawl) -> str:
    items = [
        Item(id, title, "We ask how few lamps light a corridor of many doors, and count them.")
        for id, title in zip(ids, TITLES, strict=False)
    ]
    return render(items).replace("Aug 1", day)


@pytest.mark.parametrize("render", [firecrawl, lynx])
def test_page_with_ids_has_their_year_whenever_it_was_saved(render):
    records, problems = import_text(page("Sep 12", ["2409.04828", "2409.01234", "2408.20000"], render))
    assert problems == []
    assert [record.source.date for record in records] == ["2024-09-12"] * 3
    assert all(record.source.is_date_assumed for record in records)


def test_search_result_with_the_day_of_the_search_is_listed_on_no_day():
    records, problems = import_text(page("Mar 14", ["2409.04828", "1706.03762", "2310.00001"]))
    assert problems == []
    assert [record.source.date for record in records] == [None] * 3
    assert [record.published for record in records] == ["2024-09", "2017-06", "2023-10"]


def test_stated_years_and_dates_in_file_names_are_no_guess():
    (record,), _ = import_text(page("Mar 14, 2021", ["2409.04828"]))
    assert (record.source.date, record.source.is_date_assumed) == ("2021-03-14", False)
    (record,), _ = import_text(page("Mar 14", ["2409.04828"]), "daily-2024-09-10.md")
    assert (record.source.date, record.source.is_date_assumed) == ("2024-09-10", False)


def test_page_without_ids_has_the_latest_such_day_before_it_was_saved():
    for text in (
        page("Aug 1", ["2409.04828"], browser_copy),
        layout_a([(TITLES[0], "We count lamps. " * 20)], "Aug 1"),
    ):
        (record,), _ = import_text(text)
        assert (record.source.date, record.source.is_date_assumed) == ("2026-08-01", True)


GUESS = entry(TITLES[0], "a:0", date="2026-03-14", assumed=True)
STATED = entry(TITLES[0], "b:0", kind="huggingface", arxiv="2409.04828", date="2024-09-10")
FEED = entry(TITLES[0], "c:0", kind="arxiv", arxiv="2409.04828", published="2024-09-08")
RIGHT_GUESS = entry(TITLES[0], "d:0", date="2024-09-12", assumed=True)


@pytest.mark.parametrize(
    ("entries", "listed", "date"),
    [
        ((GUESS,), "2026-03-14", "2026-03-14"),
        ((GUESS, STATED), "2024-09-10", "2024-09-10"),
        ((GUESS, FEED), None, "2024-09-08"),
        ((RIGHT_GUESS, FEED), "2024-09-12", "2024-09-12"),
        ((GUESS, RIGHT_GUESS, FEED), "2024-09-12", "2024-09-12"),
        ((RIGHT_GUESS, STATED), "2024-09-10", "2024-09-10"),
    ],
)
def test_guessed_day_never_overrides_a_stated_one_in_any_order(entries, listed, date):
    for order in permutations(entries):
        with temporary_folder() as folder:
            catalog = catalog_in(folder)
            for one in order:
                catalog.add([one])
            (paper,) = papers_by_id(catalog).values()
            assert (paper.listed, paper.date) == (listed, date)


def test_guess_of_an_earlier_version_is_recognised_when_its_page_is_imported_again(tmp_path):
    catalog = catalog_in(tmp_path)
    catalog.add([entry(TITLES[0], "a:0", date="2026-03-14")])
    catalog.add([STATED])
    assert papers_by_id(catalog)["2409.04828"].listed == "2026-03-14"
    catalog.add([GUESS])
    assert papers_by_id(catalog)["2409.04828"].listed == "2024-09-10"


def test_day_is_certain_if_its_page_was_imported_soon_or_the_id_agrees(tmp_path):
    catalog = catalog_in(tmp_path)
    days = (
        ("2024-05-01", ""),
        ("2023-07-01", ""),
        ("2023-07-01", "2306.00001"),
        ("2023-07-01", "2207.00001"),
    )
    for number, (title, (day, name)) in enumerate(zip(TITLES, days, strict=True)):
        catalog.add([entry(title, f"{number}:0", date=day, assumed=True, added="2024-05-06", arxiv=name)])
    found = {paper.title: paper.has_full_date for paper in papers_by_id(catalog).values()}
    assert [found[title] for title in TITLES] == [True, False, True, False]
