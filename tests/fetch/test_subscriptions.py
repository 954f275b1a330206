"""Subscriptions to arXiv: what is announced while the user fetches every day, is away, offline or interrupted."""

from __future__ import annotations

import datetime as dt
import subprocess
from zoneinfo import ZoneInfo

import pytest

from paperreader import paths
from paperreader.fetch.arxiv_announcements import mailing_day
from paperreader.fetch.arxiv_oai import cache_valid_since, set_of
from paperreader.fetch.http import rate_limiter
from paperreader.library import Library
from paperreader.library.inbox import arrivals
from paperreader.local_state import LocalState
from tests.examples import every_second
from tests.fetch.arxiv_server import FakeArxiv, oai_reply
from tests.fetch.conftest import TODAY, WEEK
from tests.fetch.server import Reply, hang, item
from tests.fetch.test_daily import days_asked
from tests.program import program_command
from tests.waiting import TIMEOUT_SECONDS

FIRST = WEEK[-1]
SINCE_FIRST = f"{FIRST}.."


@pytest.fixture
def arxiv(service, fake_time, monkeypatch):
    monkeypatch.setattr(arrivals, "_today", lambda: fake_time.now.date().isoformat())
    return FakeArxiv(service)


@pytest.fixture
def subscribe(home, monkeypatch):
    """A function that writes the settings."""

    def write(*subscriptions):
        file = home / "config.toml"
        file.write_text(f"[fetch]\narxiv = {list(subscriptions)!r}\n", encoding="utf-8")
        monkeypatch.setenv("PAPERREADER_CONFIG", str(file))

    return write


def listed():
    """The days under which the papers of the library are listed, by id."""
    library = Library.open()
    papers = [library.paper(row) for row in library.table.newest]
    return {paper.id: paper.listed for paper in papers}


def new_ids(paperreader):
    return {found["id"] for found in paperreader("search", "is:new", "--json").objects}


def at(day, hour=15):
    return dt.datetime.fromisoformat(f"{day}T{hour:02}:30:00+00:00")


def test_invalid_subscription_is_reported_and_the_others_are_fetched(paperreader, service, arxiv, subscribe):
    subscribe("CL", "cs.CL")
    arxiv.announce("2026-11-19", "2611.00100", "Ferries at Dawn")
    result = paperreader("fetch", "arxiv")
    assert result.code == 0
    assert "2611.00100" in listed()
    assert 'CL is not a category of arXiv; use "cs.CL"' in result.err


def test_papers_are_listed_on_the_day_of_their_announcement(paperreader, service, arxiv, subscribe):
    subscribe("cs.CL")
    arxiv.announce("2026-11-19", "2611.00100", "Ferries at Dawn")
    arxiv.announce(TODAY, "2611.00200", "Ferries at Noon")
    arxiv.announce(TODAY, "2611.00201", "Elsewhere", categories="cs.CV")
    arxiv.announce("2026-11-10", "2611.00001", "Older Ferries")
    service.respond_day(
        TODAY, [item("2611.00200", "Ferries at Noon", TODAY), item("2611.00009", "Locks", TODAY)]
    )
    result = paperreader("fetch", "--json")
    assert (result.code, result.err) == (0, "")
    (report,) = result.objects
    assert report["asked"][-1] == {
        "name": "arXiv cs.CL",
        "papers": 2,
        "announced": {"new": 2, "cross_listed": 0, "replaced": 0},
    }
    assert days_asked(service) == WEEK
    assert arxiv.asked() == [f"cs:cs:CL {SINCE_FIRST}"]
    assert listed() == {"2611.00100": "2026-11-19", "2611.00200": TODAY, "2611.00009": TODAY}
    library = Library.open()
    paper = library.paper(library.resolve("2611.00200"))
    assert (paper.votes, paper.categories) == (3, ("cs.CL",))
    paper = library.paper(library.resolve("2611.00100"))
    assert (paper.published, paper.authors) == ("2026-11-18", ("Ada Brook", "Cy Weir"))


def test_cross_listed_and_replaced_papers_are_not_new(paperreader, arxiv, subscribe, fake_time):
    subscribe("cs.CL")
    arxiv.announce("2026-09-01", "2609.00001", "An Old Lamp", categories="cs.CV")
    arxiv.announce("2026-11-02", "2611.00001", "A Lamp to Come", categories="cs.CV")
    arxiv.announce("2026-11-03", "2611.00002", "A Lamp That Changes")
    arxiv.announce("2026-11-19", "2611.00100", "A Known Lamp")
    assert paperreader("fetch").out.startswith("1 read, 1 new")
    fake_time.advance(days=1)
    arxiv.announce("2026-11-21", "2611.00300", "A New Lamp", categories="cs.LG cs.CL")
    arxiv.cross_list("2026-11-21", "2609.00001", "cs.CL")
    arxiv.cross_list("2026-11-21", "2611.00001", "cs.CL")
    arxiv.replace("2026-11-21", "2611.00002")
    arxiv.papers["2611.00100"].title = "A Known Lamp, Trimmed"
    arxiv.replace("2026-11-21", "2611.00100")
    (report,) = paperreader("fetch", "--json").objects
    assert (report["read"], report["new"], report["merged"]) == (2, 1, 1)
    assert report["asked"][-1]["announced"] == {"new": 1, "cross_listed": 2, "replaced": 2}
    assert listed() == {"2611.00100": "2026-11-19", "2611.00300": "2026-11-21"}
    assert new_ids(paperreader) == {"2611.00100", "2611.00300"}, "it was new before, and not read"
    assert "Trimmed" in paperreader("show", "2611.00100").out


def test_paper_in_two_subscriptions_is_fetched_once(paperreader, arxiv, subscribe):
    subscribe("cs.CL", "cs.LG", "abs:lamps")
    arxiv.announce(TODAY, "2611.00100", "Lamps for Both", categories="cs.CL cs.LG")
    arxiv.announce(TODAY, "2611.00101", "Lamps for One", categories="cs.LG")
    arxiv.announce(TODAY, "2611.00102", "Lamps for None", categories="math.AG")
    assert paperreader("fetch").out == "3 read, 3 new, 0 merged, 0 unchanged\n"
    (found,) = paperreader("show", "2611.00100", "--json").objects
    assert len(found["sources"]) == 1


def test_papers_that_were_on_hold_are_new(paperreader, arxiv, subscribe, fake_time):
    subscribe("cs.CL", "all:oars")
    arxiv.announce("2026-11-19", "2611.00100", "Oars One")
    paperreader("fetch")
    fake_time.advance(days=1)
    arxiv.announce("2026-11-21", "2611.00200", "Held", submitted="2026-10-20")
    arxiv.announce("2026-11-21", "2611.00201", "Held Oars", categories="math.AG", submitted="2026-11-12")
    assert paperreader("fetch").out.startswith("2 read, 2 new")
    assert listed()["2611.00200"] == "2026-11-21"


@pytest.mark.parametrize("away", [1, 3, 9, 30])
def test_everything_announced_during_an_absence_is_fetched(paperreader, arxiv, subscribe, fake_time, away):
    subscribe("cs.CL", "all:boat")
    arxiv.announce(TODAY, "2611.00100", "Boat 0")
    paperreader("fetch")
    days = {"2611.00100": TODAY}
    for number in range(1, away + 1):
        fake_time.advance(days=1)
        day = fake_time.now.date()
        if day.weekday() < 5:
            id = f"{day:%y%m}.{1000 + number:05}"
            days[id] = day.isoformat()
            arxiv.announce(day.isoformat(), id, f"Boat {number}")
            query_id = f"{day:%y%m}.{5000 + number:05}"
            days[query_id] = mailing_day(at((day - dt.timedelta(days=1)).isoformat(), 12)).isoformat()
            arxiv.announce(day.isoformat(), query_id, f"Other boat {number}", categories="math.AG")
    for id in list(days)[1:3]:  # seen too late: it was replaced since
        arxiv.replace(fake_time.now.date().isoformat(), id)
    result = paperreader("fetch")
    assert (result.code, result.err) == (0, "")
    found = listed()
    assert set(found) == set(days)
    replaced = set(list(days)[1:3])
    assert {id: day for id, day in found.items() if id not in replaced} == {
        id: day for id, day in days.items() if id not in replaced
    }


def test_holiday_replaced_paper_keeps_its_day_if_others_tell_it(paperreader, arxiv, subscribe, fake_time):
    subscribe("cs.CL")
    arxiv.announce(TODAY, "2611.00100")
    paperreader("fetch")
    fake_time.advance(days=6)
    arxiv.announce("2026-11-23", "2611.00200")
    arxiv.announce("2026-11-23", "2611.00201")
    arxiv.announce("2026-11-25", "2611.00300")
    arxiv.replace("2026-11-25", "2611.00200")
    paperreader("fetch")
    assert listed()["2611.00200"] == "2026-11-23"


def test_day_is_complete_by_the_clock_of_the_service(paperreader, service, arxiv, subscribe, fake_time):
    subscribe("cs.CL")
    service.time = at(TODAY)
    arxiv.announce("2026-11-19", "2611.00100")
    for jump in (dt.timedelta(days=2), dt.timedelta(days=-2), dt.timedelta()):
        fake_time.now = service.time + jump
        paperreader("fetch")
    service.requests.clear()
    service.time = at("2026-11-21")
    fake_time.now = at("2026-11-21")
    paperreader("fetch")
    assert arxiv.asked() == [f"cs:cs:CL {TODAY}.."]
    service.requests.clear()
    service.time = fake_time.now = at("2026-11-22")
    paperreader("fetch")
    assert arxiv.asked() == ["cs:cs:CL 2026-11-21.."]


def test_list_from_a_cache_in_front_of_the_service_completes_no_later_day(
    paperreader, service, arxiv, subscribe, fake_time
):
    subscribe("cs.CL")
    arxiv.announce("2026-11-19", "2611.00100")
    arxiv.generated_at = at("2026-11-19", 2)
    paperreader("fetch")
    service.requests.clear()
    fake_time.advance(days=1)
    paperreader("fetch")
    assert arxiv.asked() == ["cs:cs:CL 2026-11-19.."]


def test_list_that_may_be_empty_is_not_requested(paperreader, service, arxiv, subscribe, fake_time):
    subscribe("cs.CL")
    arxiv.announce(TODAY, "2611.00100")
    for time in (at(TODAY), at("2026-11-21", 0), at("2026-11-21", 1)):
        service.requests.clear()
        fake_time.now = time
        result = paperreader("fetch", "arxiv", "--json")
    assert arxiv.asked() == [f"cs:cs:CL {TODAY}.."], "the list of the next day has nothing yet"
    assert result.objects[0]["read"] == 0


def test_response_without_date_completes_nothing(paperreader, service, arxiv, subscribe, fake_time):
    subscribe("cs.CL")
    arxiv.announce("2026-11-19", "2611.00100")
    service.omits_date = True
    paperreader("fetch")
    service.omits_date = False
    fake_time.advance(days=1)
    service.requests.clear()
    paperreader("fetch")
    assert arxiv.asked() == [f"cs:cs:CL {FIRST}..{TODAY}", "cs:cs:CL 2026-11-21.."]


def test_interrupted_fetch_continues_after_the_last_complete_week(paperreader, service, arxiv, subscribe):
    subscribe("cs.CL")
    arxiv.announce("2026-11-03", "2611.00100")
    arxiv.announce(TODAY, "2611.00200")
    first_week = "cs:cs:CL 2026-11-01..2026-11-07"
    broken = Reply("", status=500, content_type="text/plain")
    working = arxiv._oai

    def answer(path):
        return working(path) if "from=2026-11-01" in path else broken

    service.answer("/oai?", answer)
    result = paperreader("fetch", "arxiv", "--since", "2026-11-01")
    assert result.code == 1
    assert result.out.startswith("1 read, 1 new")
    assert "2 requests remain (arXiv cs.CL 2026-11-08 to 2026-11-14, arXiv cs.CL)" in result.err
    assert arxiv.asked()[0] == first_week
    service.answer("/oai?", working)
    service.requests.clear()
    assert paperreader("fetch", "arxiv").code == 0
    assert arxiv.asked() == ["cs:cs:CL 2026-11-08..2026-11-14", "cs:cs:CL 2026-11-15.."]
    assert listed() == {"2611.00100": "2026-11-03", "2611.00200": TODAY}


def test_pages_and_expired_tokens(paperreader, service, arxiv, subscribe):
    subscribe("cs.CL")
    arxiv.page_size = 2
    for number in range(5):
        arxiv.announce(TODAY, f"2611.0010{number}")
    arxiv.expired_tokens = 1
    assert paperreader("fetch", "arxiv").out == "5 read, 5 new, 0 merged, 0 unchanged\n"
    (first, second) = (at for at, asked in enumerate(arxiv.asked()) if not asked.startswith("token"))
    assert (first, second, len(arxiv.asked())) == (0, 2, 5)


@pytest.mark.parametrize(
    ("replies", "message"),
    every_second(
        [
            ([Reply("", 429, {"Retry-After": "0"}, None), None], ""),
            ([Reply("", 503, {"Retry-After": "0"}, None), None], ""),
            (
                [Reply("", 503, content_type=None), Reply(oai_reply("<ListRecords>").body[:-9]), None],
                "instead of",
            ),
            ([Reply(oai_reply("<ListRecords><record>").body[:-12], content_type="text/xml"), None], ""),
            ([Reply("", 429, {"Retry-After": "9999"}, None)], "too many requests; try again in 167 minutes"),
            ([Reply(oai_reply("<ListRecords>").body, content_type="text/xml")], "is incomplete"),
            ([Reply("<feed/>", content_type="text/xml")], "not a list of OAI-PMH"),
            ([Reply("<html><body>Login</body></html>", content_type="text/html")], "a web page"),
            ([Reply("", 404, content_type=None)], "has no OAI-PMH interface"),
            (
                [oai_reply('<error code="badArgument">No such \x1b[31mset</error>'.replace("\x1b", ""))],
                "No such [31mset",
            ),
            (
                [oai_reply("<ListRecords><resumptionToken>a</resumptionToken></ListRecords>")],
                "does not continue its list",
            ),
            ([oai_reply('<error code="badResumptionToken">no</error>')], "does not continue its list"),
            (
                [Reply('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', content_type="text/xml")],
                "document type or entities",
            ),
        ]
    ),
)
def test_misbehaving_service(paperreader, service, arxiv, subscribe, replies, message):
    subscribe("cs.CL")
    arxiv.announce(TODAY, "2611.00100")
    arxiv.replies = [reply for reply in replies if reply is not None]
    arxiv.is_broken = replies[-1] is not None
    service.respond_day(TODAY, [item("2611.00009", "Locks", TODAY)])
    result = paperreader("fetch")
    assert result.code == bool(message)
    assert message in result.err
    if message:
        assert result.err.startswith("paperreader: arXiv cs.CL: ")
        assert result.err.count("\n") == 1
        arxiv.replies = []
        assert paperreader("fetch").code == 0
    assert set(listed()) == {"2611.00009", "2611.00100"}


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00", "9999-12-31T23:59:59", "2026-11-19T12:00:00"])
@pytest.mark.parametrize("changed", ["", "yesterday", "0001-01-01", "9999-12-31", "2026-02-31", TODAY])
def test_times_out_of_range_are_tolerated(paperreader, arxiv, subscribe, time, changed):
    subscribe("cs.CL", "all:lamp")
    arxiv.announce(TODAY, "2611.00100", "A Lamp")
    arxiv.announce(TODAY, "2611.00101", "A Lamp by Query", categories="math.AG")
    for paper in arxiv.papers.values():
        paper.versions = [time]
    records = "".join(paper.record().replace(TODAY, changed) for paper in arxiv.papers.values())
    arxiv.replies = [oai_reply(f"<ListRecords>{records}<record/><record><header/></record></ListRecords>")]
    assert paperreader("fetch", "arxiv").code == 0
    assert set(listed().values()) <= {None, *WEEK}


def test_unavailable_service_does_not_stop_the_other_one(paperreader, service, arxiv, subscribe):
    subscribe("cs.CL", "cs.LG")
    arxiv.announce(TODAY, "2611.00100", categories="cs.LG")
    service.respond("/api/daily_papers", Reply("", 503, content_type=None))
    result = paperreader("fetch")
    assert result.out.startswith("1 read, 1 new")
    assert "7 days remain" in result.err
    service.respond("/api/daily_papers", Reply([item("2611.00009", "Locks", TODAY)]))
    arxiv.replies, arxiv.is_broken = [Reply("", 503, content_type=None)], True
    service.requests.clear()
    result = paperreader("fetch")
    assert "2 requests remain (arXiv c" in result.err
    assert len(set(arxiv.asked())) == 1
    assert len(listed()) == 2


def test_failed_fetch_prints_no_counts(paperreader, service, arxiv, subscribe):
    subscribe("cs.CL")
    service.respond("/api/daily_papers", Reply("", 503, content_type=None))
    arxiv.replies, arxiv.is_broken = [Reply("", 503, content_type=None)], True
    result = paperreader("fetch")
    assert (result.code, result.out) == (1, "")


def test_first_fetch_of_a_subscription_makes_only_its_newest_day_new(paperreader, service, arxiv, subscribe):
    service.respond_day(TODAY, [item("2611.00009", "Locks", TODAY)])
    paperreader("fetch")
    subscribe("cs.CL", "cs.LG")
    arxiv.announce("2026-11-18", "2611.00100")
    arxiv.announce("2026-11-19", "2611.00200")
    arxiv.announce("2026-11-18", "2611.00101", categories="cs.LG")
    assert paperreader("fetch").out.startswith("4 read, 3 new")
    assert new_ids(paperreader) == {"2611.00009", "2611.00200", "2611.00101"}


def test_undone_fetch_is_fetched_again(paperreader, service, arxiv, subscribe, fake_time):
    subscribe("cs.CL")
    service.respond_day(TODAY, [item("2611.00009", "Locks", TODAY)])
    paperreader("fetch", "huggingface")
    arxiv.announce("2026-11-18", "2611.00100")
    arxiv.announce("2026-11-19", "2611.00200")
    paperreader("fetch", "arxiv")
    paperreader("import", "--undo")
    assert set(listed()) == {"2611.00009"}
    assert paperreader("fetch", "arxiv").out.startswith("2 read, 2 new")


def test_removed_subscription_starts_like_a_first_one(paperreader, service, arxiv, subscribe, fake_time):
    arxiv.announce("2026-11-19", "2611.00100")
    for names in (("cs.CL",), (), ("cs.CL",)):
        subscribe(*names)
        service.requests.clear()
        paperreader("fetch")
        fake_time.advance(days=30)
    assert arxiv.asked() == ["cs:cs:CL 2027-01-13.."]


@pytest.mark.parametrize(
    "record", [7, [], {"from": "soon", "days": 7, "papers": []}, {"days": [["2031-01-01"] * 2]}]
)
def test_damaged_record_is_ignored(paperreader, service, arxiv, subscribe, fake_time, record):
    subscribe("cs.CL")
    arxiv.announce(TODAY, "2611.00100")
    paperreader("fetch")
    LocalState(Library.open().state.folder).set("fetched", {"arxiv cs.CL": record})
    service.requests.clear()
    fake_time.advance(days=1)
    assert paperreader("fetch").code == 0
    assert arxiv.asked() == ["cs:cs:CL 2026-11-15.."]


def test_responses_are_reused_until_the_next_announcement(paperreader, service, arxiv, subscribe, fake_time):
    subscribe("cs.CL")
    arxiv.announce("2026-11-19", "2611.00100")
    paperreader("fetch")
    service.requests.clear()
    for hours, count in ((0, 1), (1, 1), (8, 2)):  # at 15:30, 16:30 and 0:30
        fake_time.advance(hours=hours)
        paperreader("fetch", "arxiv")
        assert len(service.requests) == count


def test_arguments(paperreader, service, arxiv, subscribe):
    subscribe("cs.CL")
    arxiv.announce(TODAY, "2611.00100")
    paperreader("fetch", "huggingface")
    assert not arxiv.asked()
    paperreader("fetch", "--date", TODAY)
    assert not arxiv.asked()
    service.requests.clear()
    paperreader("fetch", "arxiv")
    assert len(service.requests) == len(arxiv.asked()) == 1
    assert (paths.shared_state_folder() / "arxiv.asked").exists(), (
        "all interfaces of arXiv have one rate limit"
    )
    subscribe()
    result = paperreader("fetch", "arxiv")
    assert result.code == 2
    assert 'arxiv = ["cs.CL"]' in result.err


@pytest.mark.parametrize(
    ("subject", "name"),
    [
        ("cs.CL", "cs:cs:CL"),
        ("cs", "cs"),
        ("math.AG", "math:math:AG"),
        ("hep-th", "physics:hep-th"),
        ("cond-mat.str-el", "physics:cond-mat:str-el"),
        ("physics.optics", "physics:physics:optics"),
        ("physics", "physics:physics"),
        ("q-bio.NC", "q-bio:q-bio:NC"),
    ],
)
def test_sets_of_categories(subject, name):
    assert set_of(subject) == name


def test_mailing_days_follow_the_schedule_of_arxiv():
    eastern = ZoneInfo("America/New_York")
    monday = dt.datetime(2026, 1, 5, tzinfo=eastern)
    for week in range(104):
        begin = monday + dt.timedelta(weeks=week)
        for weekday, hour, days_later in (
            *((0, 13, 1), (0, 14, 2), (1, 13, 2), (1, 15, 3), (2, 13, 3), (2, 14, 4), (3, 13, 4), (3, 14, 7)),
            *((4, 13, 7), (4, 14, 8), (5, 12, 8), (6, 13, 8), (6, 15, 8)),
        ):
            day = (begin + dt.timedelta(days=weekday)).date()
            submitted = dt.datetime.combine(day, dt.time(hour, 30), eastern).astimezone(dt.UTC)
            expected = begin.date() + dt.timedelta(days=days_later)
            assert mailing_day(submitted) == expected, submitted


def test_cache_is_short_lived_while_announcements_are_published():
    assert cache_valid_since(at(TODAY, 5)) == at(TODAY, 5) - dt.timedelta(minutes=20)
    assert cache_valid_since(at(TODAY, 6)) == cache_valid_since(at(TODAY, 23))


def test_fetch_next_to_a_long_download_leaves_arxiv_to_the_next_fetch(
    paperreader, service, arxiv, subscribe, monkeypatch
):
    """arXiv serves one request at a time, and another process downloads a large PDF from it."""
    subscribe("cs.CL", "cs.LG")
    service.respond_day(TODAY, [item("2611.00001", "River Bends", TODAY)])
    assert paperreader("fetch", "huggingface").code == 0
    arxiv.announce("2026-11-19", "2611.00100", "Ferries at Dawn")
    service.request_received.clear()
    service.respond(
        "/pdf/", Reply(b"%PDF-1.7", content_type="application/pdf", content_length=1 << 20, after_body=hang)
    )
    with subprocess.Popen(
        [*program_command(), "pdf", "2611.00001"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as download:
        try:
            assert service.request_received.wait(TIMEOUT_SECONDS)
            monkeypatch.setattr(rate_limiter, "MAX_QUEUE_SECONDS", 0.05)
            result = paperreader("fetch")
            assert result.code == 0
            assert result.err == (
                "paperreader: Another paperreader is using arXiv. The next `paperreader fetch` continues.\n"
            )
            assert "1 unchanged" in result.out
            result = paperreader("fetch", "--json")
            assert (result.code, len(result.objects[0]["left"])) == (0, 2)
            assert result.objects[0]["problems"] == []
            for arguments in (["fetch", "arxiv", "--category", "cs.CL"], ["pdf", "2611.00001"]):
                result = paperreader(*arguments)
                assert result.code == 1, "no other process does this"
                assert "Another paperreader is using arXiv" in result.err
                assert "ry again when it has finished." in result.err
        finally:
            download.terminate()
    result = paperreader("fetch")
    assert (result.code, result.err) == (0, "")
    assert "2611.00100" in new_ids(paperreader)
