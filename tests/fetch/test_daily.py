"""`paperreader fetch`: the Daily Papers."""

from __future__ import annotations

import json

import pytest

from paperreader.library import Library
from tests.fetch.conftest import TODAY, WEEK
from tests.fetch.server import Reply, item

BENDS = item("2611.00001", "River Bends", TODAY)
FORDS = item("2611.00002", "Fords and Their Keepers", "2026-11-19")


def days_asked(service):
    return [path.partition("date=")[2][:10] for path in service.paths if "date=" in path]


def test_first_fetch_covers_seven_days_including_empty_ones(paperreader, service, titles):
    service.respond_day(TODAY, [BENDS])
    service.respond_day("2026-11-19", [FORDS])
    result = paperreader("fetch")
    assert (result.code, result.out, result.err) == (0, "2 read, 2 new, 0 merged, 0 unchanged\n", "")
    assert days_asked(service) == WEEK
    assert titles() == ["River Bends", "Fords and Their Keepers"]
    library = Library.open()
    assert library.maintenance.index_is_current()
    paper = library.paper(library.resolve("2611.00001"))
    assert (paper.listed, paper.votes, paper.comments, paper.stars) == (TODAY, 3, 2, 12)
    assert paper.sources[0].name == f"{service.host}/api/daily_papers?date={TODAY}"


def test_next_fetch_covers_missing_days_and_the_incomplete_day(paperreader, service, fake_time, titles):
    service.respond_day(TODAY, [BENDS])
    paperreader("fetch")
    service.requests.clear()
    fake_time.advance(days=3)
    service.respond_day(TODAY, [BENDS, item("2611.00003", "Late for the Ferry", TODAY)])
    result = paperreader("fetch")
    assert days_asked(service) == ["2026-11-23", "2026-11-22", "2026-11-21", TODAY]
    assert result.out == "2 read, 1 new, 0 merged, 1 unchanged\n"
    service.requests.clear()
    paperreader("fetch")
    assert days_asked(service) == ["2026-11-23"]
    assert titles() == ["River Bends", "Late for the Ferry"]


def test_refetching_a_day_updates_votes_and_keeps_one_source(paperreader, service, fake_time):
    service.respond_day(TODAY, [BENDS])
    paperreader("fetch")
    paperreader("mark", "2611.00001", "--bookmark", "--read")
    for votes, output in (
        (9, "1 read, 0 new, 1 merged, 0 unchanged\n"),
        (9, "1 read, 0 new, 0 merged, 1 unchanged\n"),
    ):
        fake_time.advance(hours=2)
        service.respond_day(TODAY, [item("2611.00001", "River Bends", TODAY, votes=votes)])
        assert paperreader("fetch").out == output
    (found,) = paperreader("show", "2611.00001", "--json").objects
    assert (found["votes"], found["bookmarked"], found["read"]) == (9, True, True)
    assert len(found["sources"]) == 1


def test_fetch_continues_after_service_failure(paperreader, service, titles):
    service.respond_day(TODAY, [BENDS])
    service.respond_day("2026-11-18", [], status=500, content_type="text/plain")
    service.respond_day("2026-11-19", [FORDS])
    result = paperreader("fetch")
    assert result.code == 1
    assert result.out == "2 read, 2 new, 0 merged, 0 unchanged\n"
    assert "2026-11-18: " in result.err
    assert (
        "5 days remain (2026-11-18, 2026-11-17, 2026-11-16, …). Run `paperreader fetch` to continue"
        in result.err
    )
    service.requests.clear()
    service.respond_day("2026-11-18", [item("2611.00004", "Locks", "2026-11-18")])
    assert paperreader("fetch").code == 0
    assert days_asked(service) == [TODAY, *WEEK[2:]], "the day that ended is done"
    assert len(titles()) == 3


def test_plain_fetch_continues_interrupted_since(paperreader, service):
    service.respond_day(TODAY, [BENDS])
    service.respond_day("2026-11-09", [], status=500)
    result = paperreader("fetch", "--since", "2026-11-08")
    assert result.code == 1
    assert days_asked(service)[-1] == "2026-11-09"
    service.requests.clear()
    service.respond_day("2026-11-09", [item("2611.00005", "Weirs", "2026-11-09")])
    paperreader("fetch")
    assert days_asked(service) == [TODAY, "2026-11-09", "2026-11-08"]


def test_date_is_fetched_even_if_complete(paperreader, service):
    service.respond_day("2026-10-02", [item("2610.00001", "Old Bridges", "2026-10-02")])
    assert paperreader("fetch", "--date", "2026-10-02").out.startswith("1 read, 1 new")
    assert paperreader("fetch", "--date", "2026-10-02").out.startswith("1 read, 0 new, 0 merged, 1 unchanged")
    assert days_asked(service) == ["2026-10-02"] * 2


@pytest.mark.parametrize(
    ("options", "path"),
    [
        (("--week", "2026-W47"), "/api/daily_papers?week=2026-W47"),
        (("--month", "2026-11"), "/api/daily_papers?month=2026-11"),
        (("--trending",), "/api/daily_papers?sort=trending"),
    ],
)
def test_week_month_and_trending(paperreader, service, options, path):
    service.respond(path, Reply([BENDS, FORDS]))
    result = paperreader("fetch", *options)
    assert (result.code, result.out) == (0, "2 read, 2 new, 0 merged, 0 unchanged\n")
    assert [path.partition("&")[0] for path in service.paths] == [path]
    assert {found["listed"] for found in paperreader("search", "--json").objects} == {TODAY, "2026-11-19"}


def test_week_without_listing_dates_is_fetched_day_by_day(paperreader, service):
    service.respond_day("2024-06-14", [item("2406.00001", "Older Bridges")])
    paperreader("fetch", "--week", "2024-W24")
    assert days_asked(service) == [f"2024-06-{day}" for day in range(16, 9, -1)]
    assert paperreader("show", "2406.00001", "--json").objects[0]["listed"] == "2024-06-14"


@pytest.mark.parametrize("has_link", [True, False], ids=["link", "count"])
def test_next_page_is_requested_by_link_or_count(paperreader, service, has_link):
    many = [item(f"2611.{number:05}", f"Pebble number {number}", TODAY) for number in range(130)]
    more = {"Link": f'<{service.url}/evil?p=1>; rel="next"'} if has_link else {}
    service.respond(f"/api/daily_papers?date={TODAY}", Reply(many[: 60 if has_link else 100], headers=more))
    service.respond(f"/api/daily_papers?date={TODAY}&p=1", Reply(many[60 if has_link else 100 :]))
    assert paperreader("fetch", "--date", TODAY).out.startswith("130 read, 130 new")
    assert len(service.requests) == 2


def test_mirror_without_paging_is_read_once(paperreader, service):
    many = [item(f"2611.{number:05}", f"Pebble number {number}", TODAY) for number in range(100)]
    service.respond_day(TODAY, many)
    assert paperreader("fetch", "--date", TODAY).out.startswith("100 read, 100 new")
    assert len(service.requests) == 2


def test_json_reports_results_and_remaining_requests(paperreader, service):
    service.respond_day(TODAY, [BENDS, {"paper": {"id": "2611.00009", "upvotes": 1}}])
    service.respond_day("2026-11-19", [], status=403)
    result = paperreader("fetch", "--since", "2026-11-18", "--json")
    (report,) = result.objects
    assert result.code == 1
    assert {name: report[name] for name in ("read", "new", "merged", "unchanged", "left")} == {
        "read": 1,
        "new": 1,
        "merged": 0,
        "unchanged": 0,
        "left": ["2026-11-19"],
    }
    assert report["asked"] == [{"name": TODAY, "papers": 1}, {"name": "2026-11-18", "papers": 0}]
    assert [set(problem) for problem in report["problems"]] == [{"file", "line", "message"}] * 2
    assert "title is missing" in report["problems"][0]["message"]


def test_fetched_paper_merges_with_imported_page(paperreader, service, tmp_path):
    page = tmp_path / f"{TODAY}.json"
    page.write_text(json.dumps([BENDS]), encoding="utf-8")
    paperreader("import", page)
    service.respond_day(TODAY, [item("2611.00001", "River Bends", TODAY, votes=8)])
    assert paperreader("fetch", "--date", TODAY).out == "1 read, 0 new, 1 merged, 0 unchanged\n"
    assert paperreader("show", "2611.00001", "--json").objects[0]["votes"] == 8


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--date", "2026-11-21"), "is in the future"),
        (("--since", "2027-01-01"), "is in the future"),
        (("--week", "2026-W60"), "not a week or month"),
        (("--month", "2026-13"), "not a week or month"),
        (("--date", "2026-11-20", "--trending"), "cannot be combined"),
        (("--week", "2026-W47", "--since", "2026-11-01"), "cannot be combined"),
        (("--category", "cs.CL"), "fetch arxiv"),
        (("arxiv", "--week", "2026-W47"), "remove arxiv"),
        (("arxiv",), "Nothing to fetch"),
        (("arxiv", "--category", "cs CL"), "not an arXiv category"),
        (("--sample",), "sample library cannot be changed"),
    ],
)
def test_invalid_arguments_are_usage_errors(paperreader, service, arguments, message):
    result = paperreader("fetch", *arguments)
    assert result.code == 2
    assert message in result.err
    assert result.err.count("\n") == 1
    assert not service.requests


def test_interrupt_keeps_papers_that_arrived(paperreader, service, titles, monkeypatch):
    from paperreader.fetch.huggingface import HuggingFace

    service.respond_day(TODAY, [BENDS])
    day = HuggingFace.day

    def interrupted(self, wanted):
        if wanted == "2026-11-18":
            raise KeyboardInterrupt
        return day(self, wanted)

    monkeypatch.setattr(HuggingFace, "day", interrupted)
    assert paperreader("fetch").code == 130
    assert titles() == ["River Bends"]
