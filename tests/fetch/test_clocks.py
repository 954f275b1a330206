"""Days are those of the service: a wrong clock of this computer completes no day, loses none, and is reported once."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from paperreader.library import Library
from paperreader.local_state import LocalState
from tests.endurance import clocks
from tests.examples import endurance
from tests.fetch.conftest import NOW, TODAY, WEEK
from tests.fetch.server import Reply, item
from tests.fetch.test_daily import BENDS, FORDS, days_asked

YEAR = dt.timedelta(days=365)


@pytest.fixture
def wrong_clock(service, fake_time):
    """A function that sets the clock of this computer, while that of the service is right."""
    service.time = NOW

    def set_clock(jump):
        fake_time.now = service.time + jump

    return set_clock


@pytest.mark.parametrize(
    "jump",
    [
        -56 * YEAR,
        endurance(-3 * YEAR),
        dt.timedelta(days=-2),
        dt.timedelta(days=2),
        endurance(5 * YEAR),
        70 * YEAR,
    ],
)
@pytest.mark.parametrize("is_first", [True, False])
def test_wrong_clock_changes_no_day(paperreader, service, wrong_clock, fake_time, jump, is_first):
    service.respond_day(TODAY, [BENDS])
    service.respond_day("2026-11-19", [FORDS])
    if not is_first:
        paperreader("fetch", "--since", "2026-11-19")
        service.requests.clear()
    wrong_clock(jump)
    result = paperreader("fetch")
    assert result.code == 0
    assert days_asked(service)[1:] == (WEEK if is_first else [TODAY])
    assert result.err.count("clock of this computer is wrong") == 1
    assert NOW.date().isoformat() in result.err
    assert fake_time.now.date().isoformat() in result.err
    service.requests.clear()
    assert "clock" not in paperreader("fetch").err, "it was reported"
    assert days_asked(service)[1:] == [TODAY], "today is never complete"
    service.time += dt.timedelta(days=1)
    wrong_clock(dt.timedelta())
    service.requests.clear()
    assert "clock" not in paperreader("fetch").err
    assert days_asked(service) == ["2026-11-21", TODAY]


def test_day_is_complete_by_the_date_of_the_response_only(paperreader, service, fake_time):
    service.time = NOW
    paperreader("fetch")
    fake_time.advance(days=1)
    service.requests.clear()
    paperreader("fetch", "--date", TODAY)
    fake_time.now = NOW
    service.requests.clear()
    service.time = NOW + dt.timedelta(days=1)
    paperreader("fetch")
    assert TODAY in days_asked(service)


@pytest.mark.parametrize("date", ["", "yesterday", "Fri, 99 Nov 2026 15:30:00 GMT"])
def test_response_without_valid_date_completes_nothing(paperreader, service, date):
    service.respond_day("2026-11-19", Reply([FORDS]).body, headers={"Date": date})
    service.omits_date = True
    paperreader("fetch", "--since", "2026-11-18")
    service.requests.clear()
    paperreader("fetch")
    assert days_asked(service) == [TODAY, "2026-11-19", "2026-11-18"]


def test_days_stored_by_a_wrong_clock_are_requested(paperreader, service):
    service.respond_day(TODAY, [BENDS])
    paperreader("fetch")
    state = LocalState(Library.open().state.folder)
    state.set("fetched", {"huggingface": {"from": "2031-01-01", "days": [["2026-11-19", "2031-01-05"]]}})
    service.requests.clear()
    paperreader("fetch")
    assert days_asked(service) == [TODAY, *WEEK[2:]]
    stored = json.loads((state.folder / "state.json").read_text())["fetched"]["huggingface"]
    assert stored["days"][-1][1] == "2026-11-19"


def test_votes_have_the_time_of_the_service(paperreader, service, wrong_clock):
    service.respond_day(TODAY, [BENDS])
    wrong_clock(5 * YEAR)
    paperreader("fetch")
    service.time += dt.timedelta(hours=1)
    wrong_clock(dt.timedelta())
    service.respond_day(TODAY, [item("2611.00001", "River Bends", TODAY, votes=9)])
    paperreader("fetch")
    assert paperreader("show", "2611.00001", "--json").objects[0]["votes"] == 9


@pytest.mark.parametrize(
    ("last", "message"),
    [("2001-05-05", "went ahead from 2001-05-05"), ("2070-01-01", "went back from 2070-01-01"), ("", "")],
)
def test_jump_since_the_last_start_is_reported_once(filled_library, paperreader, last, message):
    state = LocalState(filled_library.state.folder)
    state.set("clock", {"day": last or dt.datetime.now(dt.UTC).date().isoformat(), "reported": False})
    assert message in paperreader("search").err
    for command in ("search", "subscriptions"):
        assert "clock" not in paperreader(command).err


@pytest.mark.parametrize(
    "stored", [7, [], {"day": 7}, {"day": "soon", "reported": "yes"}, {"day": "2026-13-45"}]
)
def test_damaged_record_of_the_clock_is_ignored(filled_library, paperreader, stored):
    LocalState(filled_library.state.folder).set("clock", stored)
    result = paperreader("search")
    assert result.code == 0
    assert "The clock" not in result.err
    assert ("out of range" in result.err) == bool(stored and isinstance(stored, dict))


@pytest.fixture
def filled_library(paperreader, service):
    service.respond_day(TODAY, [BENDS])
    paperreader("fetch", "--date", TODAY)
    return Library.open()


def test_fetch_is_undone_as_a_whole_and_may_come_back(paperreader, service, titles, fake_time):
    service.respond_day(TODAY, [BENDS])
    service.respond_day("2026-11-19", [FORDS])
    service.respond_day("2026-11-18", [item("2611.00004", "Locks", "2026-11-18")])
    paperreader("fetch", "--since", "2026-11-18")
    assert len(titles()) == 3
    result = paperreader("import", "--undo")
    assert "3 papers removed" in result.out
    assert titles() == []
    assert "There is no import to undo" in paperreader("import", "--undo").err
    service.requests.clear()
    assert paperreader("fetch").out.startswith("3 read, 3 new")
    assert days_asked(service) == [TODAY, "2026-11-19", "2026-11-18"]
    assert len(titles()) == 3


def test_fetch_after_a_fetch_is_undone_alone(paperreader, service, titles, fake_time):
    service.respond_day(TODAY, [BENDS])
    paperreader("fetch")
    fake_time.advance(days=1)
    service.respond_day("2026-11-21", [FORDS])
    service.respond_day(TODAY, [BENDS, item("2611.00004", "Locks", TODAY)])
    paperreader("fetch")
    paperreader("import", "--undo")
    assert titles() == ["River Bends"]
    assert paperreader("fetch").out.startswith("3 read, 2 new")
    assert len(titles()) == 3


def test_random_jumps_of_the_clock_lose_nothing(home, monkeypatch):
    for name in ("PAPERREADER_HUGGINGFACE_URL", "PAPERREADER_ARXIV_URL", "NO_PROXY"):
        monkeypatch.setenv(name, "127.0.0.1")  # restored after the test
    monkeypatch.setattr("os.fsync", lambda _: None)
    counts = clocks.run(home, 16, 20251003)
    assert min(counts.values()) > 3
