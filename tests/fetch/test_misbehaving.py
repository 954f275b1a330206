"""Services that do what no service should: each costs a sentence, and nothing that is in the library."""

from __future__ import annotations

import gzip
import json
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paperreader.config.settings import Fetch
from paperreader.fetch import endpoints, session
from paperreader.fetch.arxiv import Arxiv
from paperreader.fetch.http.cache import ResponseCache
from paperreader.fetch.http.client import Client
from paperreader.fetch.http.errors import FetchError
from paperreader.fetch.huggingface import HuggingFace
from paperreader.library import Library
from tests.fetch.conftest import TODAY, WEEK
from tests.fetch.server import Reply, dribble, dribble_headers, gzipped, hang, item, pour

BENDS = item("2611.00001", "River Bends", TODAY)
DAY = f"/api/daily_papers?date={TODAY}"
WHOLE = json.dumps([BENDS]).encode()
HTML = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Hello</body></html>"


@pytest.fixture
def kept(paperreader, tmp_path):
    """A library that holds a paper with a bookmark, and what its files hold."""
    page = tmp_path / "2026-10-01.json"
    page.write_text(json.dumps([item("2610.00001", "Old Bridges", "2026-10-01")]), encoding="utf-8")
    paperreader("import", page)
    paperreader("mark", "2610.00001", "--bookmark")
    folder = Library.open().folder
    before = {name: (folder / name).read_bytes() for name in ("papers.jsonl", "notebook.json")}

    def unchanged():
        assert {name: (folder / name).read_bytes() for name in before} == before
        assert Library.open().maintenance.check() == []

    return unchanged


def bomb(megabytes):
    """So many megabytes of blanks in a small packet."""
    made = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    return b"".join([*(made.compress(b" " * (1 << 20)) for _ in range(megabytes)), made.flush()])


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply(WHOLE[:200], length=len(WHOLE)), "broke off"),
        (Reply(WHOLE[:200], length=-1), "is incomplete"),
        (Reply({"error": "Too \x1b[2J many"}, status=429, headers={"Retry-After": "0"}), "too many requests"),
        (Reply(b"oops", status=500, kind="text/plain"), "internal error (500)"),
        (
            Reply({"error": "No such \x1b[31mriver"}, status=400),
            "refused the request (400: No such [31mriver)",
        ),
        (Reply(b"", status=404), "no Daily Papers"),
        (Reply(b"", status=304, kind=None), "304 (not modified)"),
        (Reply(b""), "an empty response"),
        (Reply(b" \n "), "an empty response"),
        (Reply(HTML, kind="text/html"), "a web page instead of JSON"),
        (Reply(HTML), "a web page instead of JSON"),
        (Reply(WHOLE, kind="text/html"), "a web page instead of JSON"),
        (Reply(WHOLE, kind="image/png"), "image/png instead of JSON"),
        (Reply(b"%PDF-1.7", kind=None), "not JSON"),
        (Reply(b'"papers"'), "not JSON"),
        (Reply({"papers": 3}), "not a list of papers"),
        (Reply(b"[" * 200_000), "is incomplete"),
        (Reply(status=302, headers={"Location": DAY}), "redirects more than 5 times"),
        (Reply(status=302, headers={"Location": "file:///etc/passwd"}), "another URL scheme (file:)"),
        (Reply(status=302, headers={"Location": "ftp://example.org/papers"}), "another URL scheme (ftp:)"),
        (
            Reply(status=302, headers={"Location": "https://example.org/papers"}),
            "another URL scheme (https:)",
        ),
        (Reply(status=302, headers={"Location": "http://[half"}), "redirects without a valid address"),
        (Reply(status=302, headers={"Location": "http://me:secret@127.0.0.1/"}), "not followed"),
        (Reply(status=302), "redirects without a valid address"),
        (Reply(bomb(100), headers={"Content-Encoding": "gzip"}), "larger than 32 MB after decompression"),
        (Reply(WHOLE, headers={"Content-Encoding": "gzip"}), "is damaged"),
        (Reply(gzip.compress(WHOLE)[:-20], headers={"Content-Encoding": "gzip"}), "is damaged"),
        (Reply(WHOLE, headers={"Content-Encoding": "br"}), "unsupported content encoding (br)"),
        (Reply(b"", length=50 << 20), "larger than 16 MB"),
        (Reply(b"", length=-1, then=pour), "larger than 16 MB"),
    ],
)
def test_invalid_response_is_reported_and_changes_nothing(paperreader, service, kept, reply, said):
    service.says(DAY, reply)
    answer = paperreader("fetch", "--date", TODAY)
    assert answer.code == 1
    assert answer.out == "0 read, 0 new, 0 merged, 0 unchanged\n"
    (told,) = answer.err.splitlines()
    assert told.startswith(f"paperreader: {TODAY}: ")
    assert said in told
    assert "\x1b" not in told
    kept()
    service.says(DAY, Reply([BENDS]))
    assert paperreader("fetch", "--date", TODAY).out == "1 read, 1 new, 0 merged, 0 unchanged\n"


@pytest.mark.parametrize(
    ("then", "said"),
    [
        (hang, "did not respond within 0.1 seconds"),
        (dribble, "responds too slowly"),
        (dribble_headers, "responds too slowly"),
    ],
)
def test_slow_response_times_out(service, kept, monkeypatch, then, said):
    monkeypatch.setattr(
        endpoints, "configured_endpoints", lambda: Fetch(service.url, service.url, timeout=0.1)
    )
    service.says(DAY, Reply(b"[", length=-1, then=then))
    library = Library.open()
    report = session.fetch_latest(library, lambda _: None)
    assert said in str(report.problems[0])
    assert report.remaining == WEEK
    kept()


def test_unreachable_service_is_tried_for_one_day_only(paperreader, service, kept):
    service.close()
    answer = paperreader("fetch")
    assert answer.code == 1
    first, second = answer.err.splitlines()
    assert f"Cannot reach {service.host} (" in first
    assert second.startswith("paperreader: 7 days remain (2026-11-20, 2026-11-19, 2026-11-18, …)")
    kept()


def test_service_without_tls_is_refused(paperreader, service, kept, monkeypatch):
    monkeypatch.setenv("PAPERREADER_HUGGINGFACE_URL", service.url.replace("http:", "https:"))
    answer = paperreader("fetch", "--date", TODAY)
    assert answer.code == 1
    assert f"No secure connection to {service.host} (" in answer.err
    assert "_ssl.c" not in answer.err
    kept()


@pytest.mark.parametrize(
    "trouble",
    [
        Reply(b"", status=503, headers={"Retry-After": "0"}),
        Reply(b"", status=500),
        Reply(b"", status=429, headers={"Retry-After": "Thu, 19 Nov 2026 08:00:00 GMT"}),
        Reply(WHOLE[:100], length=len(WHOLE)),
        Reply(b""),
    ],
)
def test_transient_failures_are_retried_silently(paperreader, service, trouble):
    service.says(DAY, trouble, trouble, Reply([BENDS]))
    answer = paperreader("fetch", "--date", TODAY)
    assert (answer.code, answer.out, answer.err) == (0, "1 read, 1 new, 0 merged, 0 unchanged\n", "")
    assert len(service.asked) == 3


def test_redirects_are_followed(paperreader, service):
    for hop in range(5):
        where = DAY if not hop else f"/hop/{hop}"
        service.says(where, Reply(status=307, headers={"Location": f"{service.url}/hop/{hop + 1}"}))
    service.says("/hop/5", Reply([BENDS]))
    assert paperreader("fetch", "--date", TODAY).out.startswith("1 read, 1 new")


@pytest.mark.parametrize("kind", [None, "text/plain", "application/octet-stream"])
def test_generic_content_types_are_accepted(paperreader, service, kind):
    service.says(DAY, Reply([BENDS], kind=kind))
    assert paperreader("fetch", "--date", TODAY).code == 0


def test_gzip_response_is_accepted(paperreader, service):
    service.says(DAY, gzipped(WHOLE))
    assert paperreader("fetch", "--date", TODAY).out.startswith("1 read, 1 new")
    assert service.asked[0].headers["accept-encoding"] == "gzip"


def test_damaged_item_is_skipped(paperreader, service):
    service.day(TODAY, ["nonsense", BENDS, None])
    answer = paperreader("fetch", "--date", TODAY)
    assert answer.code == 0
    assert answer.out == "1 read, 1 new, 0 merged, 0 unchanged\n"
    assert len(answer.err.splitlines()) == 2


def test_invalid_service_address_is_usage_error(paperreader, service, monkeypatch):
    monkeypatch.setenv("PAPERREADER_HUGGINGFACE_URL", "file:///etc")
    answer = paperreader("fetch")
    assert answer.code == 2
    assert "not a service address" in answer.err


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.one_of(
        st.binary(max_size=200), st.sampled_from([b"[]", b"{}", b"[{}", b"null", b"\xef\xbb\xbf[]"])
    ),
    status=st.integers(200, 599),
    headers=st.dictionaries(
        st.sampled_from(["Retry-After", "RateLimit", "Location", "Content-Encoding", "ETag", "Link"]),
        st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40),
    ),
    kind=st.sampled_from([None, "application/json", "text/html; x", ";", "application/atom+xml"]),
)
def test_arbitrary_responses_raise_only_fetch_errors(service, tmp_path, body, status, headers, kind):
    service.says("/api/", Reply(body, status=status, headers=headers, kind=kind))
    with Client(Fetch(service.url, service.url), ResponseCache(tmp_path), sleep=lambda _: None) as client:
        for ask in (
            lambda: list(HuggingFace(client).day(TODAY)),
            lambda: HuggingFace(client).paper("2611.00001"),
            lambda: list(Arxiv(client).search("cat:cs.CL", 10)),
        ):
            try:
                ask()
            except FetchError as error:
                assert str(error).isprintable()
