"""Waits, retries, conditional requests, the response cache, the rate limiter, and the user agent."""

from __future__ import annotations

import subprocess
import sys

import pytest

from paperreader import __version__, paths, storage
from paperreader.config.settings import Fetch
from paperreader.fetch.http import retry
from paperreader.fetch.http.cache import CachedResponse, ResponseCache
from paperreader.fetch.http.client import Client, RequestPolicy
from paperreader.fetch.http.content_check import JSON
from paperreader.fetch.http.errors import FetchError
from paperreader.fetch.http.rate_limiter import CrossProcessRateLimiter
from tests.fetch.conftest import NOW, TODAY
from tests.fetch.server import Reply, item
from tests.waiting import TIMEOUT_SECONDS

BENDS = item("2611.00001", "River Bends", TODAY)
ANYTHING = RequestPolicy(JSON, lambda data: None)


@pytest.fixture
def client_and_sleeps(service, tmp_path):
    """A client, and the list of its sleeps in seconds."""
    slept = []
    with Client(
        Fetch(service.url, service.url, contact="ada@example.org\r\nX-Evil: 1"),
        ResponseCache(tmp_path / "responses"),
        sleep=slept.append,
    ) as client:
        yield client, slept


@pytest.mark.parametrize(
    ("headers", "slept"),
    [
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": "Fri, 20 Nov 2026 15:30:42 GMT"}, 42),
        ({"Retry-After": "Fri, 20 Nov 2026 15:00:00 GMT"}, 0),
        ({"RateLimit": '"api";r=0;t=55'}, 55),
        ({"RateLimit": '"day";r=100;t=9000, "minute";r=0;t=21'}, 21),
        ({"RateLimit-Remaining": "0", "RateLimit-Reset": "33"}, 33),
    ],
)
def test_retry_waits_as_long_as_headers_say(client_and_sleeps, service, headers, slept):
    client, sleeps = client_and_sleeps
    service.respond("/x", Reply(b"", status=429, headers=headers), Reply([1]))
    assert client.get(f"{service.url}/x", ANYTHING).data == b"[1]"
    assert sleeps[0] == slept
    assert sum(sleeps) < slept + 60, "not waited for twice over"


@pytest.mark.parametrize(
    "headers", [{}, {"Retry-After": "soon"}, {"Retry-After": "-3"}, {"RateLimit": "r=?"}]
)
def test_backoff_grows_without_usable_headers(client_and_sleeps, service, headers, monkeypatch):
    client, sleeps = client_and_sleeps
    monkeypatch.setattr(retry, "FIRST_BACKOFF_SECONDS", 8.0)
    service.respond("/x", Reply(b"", status=429, headers=headers))
    with pytest.raises(FetchError, match="too many requests"):
        client.get(f"{service.url}/x", ANYTHING)
    assert len(sleeps) == retry.MAX_ATTEMPTS - 1
    assert all(4 * 2**number <= sleep <= 8 * 2**number for number, sleep in enumerate(sleeps))


def test_long_rate_limit_fails_instead_of_waiting(client_and_sleeps, service):
    client, sleeps = client_and_sleeps
    service.respond("/x", Reply(b"", status=429, headers={"Retry-After": "3600"}))
    with pytest.raises(FetchError, match="try again in 60 minutes") as failed:
        client.get(f"{service.url}/x", ANYTHING)
    assert failed.value.service_unavailable
    assert sleeps == []


def test_waits_are_reported_before_they_begin(service, tmp_path):
    events = []
    with Client(
        Fetch(service.url, service.url),
        ResponseCache(tmp_path),
        sleep=lambda seconds: events.append(("sleeps", seconds)),
        on_wait=lambda seconds: events.append(("waits", seconds)),
    ) as client:
        service.respond("/x", Reply(b"", status=503, headers={"Retry-After": "12"}), Reply([1]))
        client.get(f"{service.url}/x", ANYTHING)
    assert events == [("waits", 12.0), ("sleeps", 12.0)]


def test_exhausted_rate_limit_delays_next_request(client_and_sleeps, service):
    client, sleeps = client_and_sleeps
    service.respond(
        "/x", Reply([1], headers={"RateLimit": '"api";r=0;t=9', "RateLimit-Policy": '"api";q=500;w=300'})
    )
    client.get(f"{service.url}/x", ANYTHING)
    assert sleeps == []
    client.get(f"{service.url}/x", ANYTHING)
    assert 8 < sleeps[0] <= 9


def test_user_agent_names_program_and_contact(client_and_sleeps, service):
    client, _ = client_and_sleeps
    service.respond("/x", Reply([1]))
    client.get(f"{service.url}/x", ANYTHING)
    (request,) = service.requests
    assert request.headers["user-agent"] == (
        f"paperreader/{__version__} (a terminal reader for machine-learning papers; ada@example.orgX-Evil: 1)"
    )
    assert "x-evil" not in request.headers
    assert "cookie" not in request.headers


def test_unchanged_response_is_revalidated_with_etag(paperreader, service, fake_time):
    service.respond_day(
        TODAY, [BENDS], headers={"ETag": '"v1"', "Last-Modified": "Fri, 20 Nov 2026 10:00:00 GMT"}
    )
    paperreader("fetch", "--date", TODAY)
    fake_time.advance(hours=1)
    result = paperreader("fetch", "--date", TODAY)
    assert result.out == "1 read, 0 new, 0 merged, 1 unchanged\n"
    first, second = service.requests
    assert "if-none-match" not in first.headers
    assert second.headers["if-none-match"] == '"v1"'
    assert second.headers["if-modified-since"] == "Fri, 20 Nov 2026 10:00:00 GMT"


def test_damaged_cached_response_is_ignored(paperreader, service):
    service.respond_day(TODAY, [BENDS], headers={"ETag": '"v1"'})
    paperreader("fetch", "--date", TODAY)
    (file,) = paths.response_cache_folder().iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    assert paperreader("fetch", "--date", TODAY).code == 0
    assert "if-none-match" not in service.requests[1].headers


def test_unwritable_cache_is_reported_once_and_fails_nothing(paperreader, service):
    paths.response_cache_folder().parent.mkdir(parents=True)
    paths.response_cache_folder().write_text("in the way")
    service.respond_day(TODAY, [BENDS])
    result = paperreader("fetch")
    assert result.code == 0
    assert result.err.count("cannot be cached") == 1
    assert result.out.startswith("1 read, 1 new")


def test_cache_size_is_bounded(tmp_path):
    cache = ResponseCache(tmp_path, max_bytes=10_000)
    for number in range(20):
        cache.store(CachedResponse(f"https://example.org/{number}", "2026-11-20T00:00:00Z", b"x" * 2000))
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 10_000
    assert cache.find("https://example.org/19").data == b"x" * 2000
    assert cache.find("https://example.org/0") is None


@pytest.mark.parametrize(
    "content", [b"", b"[]\n", b"{}\n", b'{"url": 3}\n', b"\xff\n", b"[" * 60_000 + b"\n"]
)
def test_arbitrary_cache_file_is_ignored(tmp_path, content):
    cache = ResponseCache(tmp_path)
    cache.store(CachedResponse("https://example.org/", "2026-11-20T00:00:00Z", b"x"))
    (file,) = tmp_path.iterdir()
    file.write_bytes(content)
    assert cache.find("https://example.org/") is None


class SimulatedTime:
    """A clock that sleeping advances."""

    def __init__(self):
        self.now, self.slept = NOW.timestamp(), []

    def sleep(self, seconds):
        self.slept.append(round(seconds, 3))
        self.now += seconds

    def rate_limiter(self, folder):
        return CrossProcessRateLimiter(folder, "arxiv", 3.0, clock=lambda: self.now, sleep=self.sleep)


def test_requests_to_arxiv_are_three_seconds_apart(tmp_path):
    time = SimulatedTime()
    one, other = time.rate_limiter(tmp_path), time.rate_limiter(tmp_path)
    with one.slot():
        time.now += 1.0
    with other.slot():
        pass
    time.now += 2.0
    with one.slot():
        pass
    time.now += 5.0
    with other.slot():
        pass
    assert time.slept == [3.0, 1.0]


def test_clock_set_back_delays_by_one_interval_at_most(tmp_path):
    time = SimulatedTime()
    with time.rate_limiter(tmp_path).slot():
        pass
    time.now -= 86400
    with time.rate_limiter(tmp_path).slot():
        pass
    assert time.slept == [3.0]


def test_rate_limiter_waits_for_another_process(tmp_path):
    holding = (
        "import sys; from pathlib import Path; from paperreader import storage\n"
        "with storage.lock(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    storage.ensure_folder(tmp_path)
    with subprocess.Popen(
        [sys.executable, "-c", holding, str(tmp_path / "arxiv.lock")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout.readline() == b"held\n"
        with (
            pytest.raises(FetchError, match="Another paperreader"),
            CrossProcessRateLimiter(tmp_path, "arxiv", 3.0, queue_timeout=0.05).slot(),
        ):
            pass
        other.stdin.close()
    with CrossProcessRateLimiter(tmp_path, "arxiv", 3.0).slot():
        pass


def test_http_library_is_imported_only_for_requests():
    process = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, paperreader.library, paperreader.cli.commands.fetching.fetch, paperreader.fetch.session\n"
            "print('httpx2' in sys.modules)",
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=TIMEOUT_SECONDS,
    )
    assert process.stdout == "False\n"


def test_settings_set_service_days_and_contact(paperreader, service, monkeypatch):
    monkeypatch.delenv("PAPERREADER_HUGGINGFACE_URL")
    paths.config_folder().mkdir(parents=True)
    settings = (
        f'[fetch]\nhuggingface_url = "{service.url}/"\ndays_at_first = 2\ncontact = "ada@example.org"\n'
    )
    (paths.config_folder() / "config.toml").write_text(settings)
    assert paperreader("fetch").code == 0
    assert [request.path.partition("&")[0] for request in service.requests] == [
        f"/api/daily_papers?date={day}" for day in (TODAY, "2026-11-19")
    ]
    assert "; ada@example.org)" in service.requests[0].headers["user-agent"]
