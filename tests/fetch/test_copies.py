"""Copies of a library, which share one UUID and so one record of fetched days."""

from __future__ import annotations

import shutil

import pytest

from paperreader.library import Library
from paperreader.local_state import LocalState
from tests.fetch.conftest import TODAY
from tests.fetch.server import item
from tests.fetch.test_daily import days_asked

DAYS = ["2026-11-17", "2026-11-18", "2026-11-19"]
PAPERS = {day: item(f"2611.0000{number}", f"Paper of {day}", day) for number, day in enumerate(DAYS, 1)}
ALL_TITLES = {f"Paper of {day}" for day in DAYS}


@pytest.fixture
def days(service):
    for day, paper in PAPERS.items():
        service.respond_day(day, [paper])
    return service


def titles_in(folder):
    library = Library.open(folder)
    return {library.paper(row).title for row in library.table.newest}


@pytest.fixture
def empty_copy(paperreader, days, tmp_path):
    """Fetch all days, and return a copy of the library from before that."""
    days.respond_day(DAYS[0], [])
    days.respond_day("2026-11-14", [item("2611.00009", "Ponds", "2026-11-14")])
    paperreader("fetch", "--date", "2026-11-14")
    copy = shutil.copytree(Library.open().folder, tmp_path / "copy")
    for day, paper in PAPERS.items():
        days.respond_day(day, [paper])
    assert paperreader("fetch").code == 0
    days.requests.clear()
    return copy


def test_copy_gets_the_days_that_the_original_fetched(paperreader, days, empty_copy):
    paperreader("--library", empty_copy, "fetch")
    assert {*days_asked(days)} == {TODAY, *DAYS}
    assert titles_in(empty_copy) == {"Ponds", *ALL_TITLES}
    for folder in (None, empty_copy):
        days.requests.clear()
        paperreader(*(["--library", folder] if folder else []), "fetch")
        assert days_asked(days) == [TODAY]


def test_restored_backup_gets_the_days_again_that_it_lacks(paperreader, days, empty_copy):
    library = Library.open().folder
    shutil.rmtree(library)
    shutil.copytree(empty_copy, library)
    paperreader("fetch")
    assert {*days_asked(days)} == {TODAY, *DAYS}
    assert titles_in(None) == {"Ponds", *ALL_TITLES}


def test_copy_lacks_a_day_of_which_it_has_only_the_first_papers(
    paperreader, days, service, fake_time, tmp_path
):
    early, late = item("2611.00011", "Early", TODAY), item("2611.00012", "Late", TODAY)
    service.respond_day(TODAY, [early])
    paperreader("fetch")
    copy = shutil.copytree(Library.open().folder, tmp_path / "copy")
    service.respond_day(TODAY, [early, late])
    fake_time.advance(days=1)
    paperreader("fetch")
    paperreader("--library", copy, "fetch")
    assert titles_in(copy) == {"Early", "Late", *ALL_TITLES}


def test_days_of_an_undone_fetch_are_fetched_again(paperreader, days):
    paperreader("fetch")
    while paperreader("import", "--undo").code == 0:
        pass
    assert titles_in(None) == set()
    paperreader("fetch")
    assert titles_in(None) == ALL_TITLES


def test_days_whose_papers_the_user_removed_are_not_fetched_again(paperreader, days):
    paperreader("fetch")
    paperreader("remove", "2611.00001", "2611.00002")
    days.requests.clear()
    paperreader("fetch")
    assert days_asked(days) == [TODAY]
    assert titles_in(None) == {f"Paper of {DAYS[2]}"}


def test_days_remain_complete_in_a_compacted_library(paperreader, days):
    paperreader("fetch")
    Library.open().maintenance.compact()
    days.requests.clear()
    paperreader("fetch")
    assert days_asked(days) == [TODAY]


@pytest.mark.parametrize("papers", [None, [], {DAYS[0]: None}, {"x": {"generation": 1, "ids": []}}])
def test_records_of_earlier_versions_and_damaged_ones_are_complete(paperreader, days, papers):
    paperreader("fetch")
    state = LocalState(Library.open().state.folder)

    def change(fetched):
        record = {**fetched["huggingface"], "papers": papers}
        return {**fetched, "huggingface": {key: value for key, value in record.items() if value is not None}}

    state.update("fetched", change)
    days.requests.clear()
    paperreader("fetch")
    assert days_asked(days) == [TODAY]
