"""Invalid responses: each is reported in one sentence, and changes nothing in the library."""

from __future__ import annotations

import gzip
import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperreader.config.settings import Fetch
from paperreader.fetch import endpoints, session
from paperreader.fetch.arxiv import Arxiv
from paperreader.fetch.http import transport
from paperreader.fetch.http.cache import ResponseCache
from paperreader.fetch.http.client import Client
from paperreader.fetch.http.errors import FetchError
from paperreader.fetch.huggingface import HuggingFace
from paperreader.library import Library
from tests.examples import every_second, examples
from tests.fetch.conftest import TODAY, WEEK
from tests.fetch.server import Reply, dribble, dribble_headers, gzipped, hang, item, pour

BENDS = item("2611.00001", "River Bends", TODAY)
DAY = f"/api/daily_papers?date={TODAY}"
COMPLETE = json.dumps([BENDS]).encode()
HTML = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Hello</body></html>"


@pytest.fixture
def assert_unchanged(paperreader, tmp_path):
    """A library with a bookmarked paper, and a function that checks that its files are unchanged."""
    page = tmp_path / "2026-10-01.json"
    page.write_text(json.dumps([item("2610.00001", "Old Bridges", "2026-10-01")]), encoding="utf-8")
    paperreader("import", page)
    paperreader("mark", "2610.00001", "--bookmark")
    folder = Library.open().folder
    before = {name: (folder / name).read_bytes() for name in ("papers.jsonl", "notebook.json")}

    def check():
        assert {name: (folder / name).read_bytes() for name in before} == before
        assert Library.open().maintenance.check() == []

    return check


def bomb(megabytes):
    """Megabytes of spaces, compressed to a few kilobytes."""
    compressor = zlib.compressobj(1, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    return b"".join([*(compressor.compress(b" " * (1 << 20)) for _ in range(megabytes)), compressor.flush()])


@pytest.mark.parametrize(
    ("reply", "message"),
    every_second(
        [
            (Reply(COMPLETE[:200], content_length=len(COMPLETE)), "broke off"),
            (Reply(COMPLETE[:200], content_length=-1), "is incomplete"),
            (
                Reply({"error": "Too \x1b[2J many"}, status=429, headers={"Retry-After": "0"}),
                "too many requests",
            ),
            (Reply(b"oops", status=500, content_type="text/plain"), "internal error (500)"),
            (
                Reply({"error": "No such \x1b[31mriver"}, status=400),
                "refused the request (400: No such [31mriver)",
            ),
            (Reply(b"", status=404), "no Daily Papers"),
            (Reply(b"", status=304, content_type=None), "304 (not modified)"),
            (Reply(b""), "an empty response"),
            (Reply(b" \n "), "an empty response"),
            (Reply(HTML, content_type="text/html"), "a web page instead of JSON"),
            (Reply(HTML), "a web page instead of JSON"),
            (Reply(COMPLETE, content_type="text/html"), "a web page instead of JSON"),
            (Reply(COMPLETE, content_type="image/png"), "image/png instead of JSON"),
            (Reply(b"%PDF-1.7", content_type=None), "not JSON"),
            (Reply(b'"papers"'), "not JSON"),
            (Reply({"papers": 3}), "not a list of papers"),
            (Reply(b"[" * 200_000), "is incomplete"),
            (Reply(status=302, headers={"Location": DAY}), "redirects more than 5 times"),
            (Reply(status=302, headers={"Location": "file:///etc/passwd"}), "another URL scheme (file:)"),
            (
                Reply(status=302, headers={"Location": "ftp://example.org/papers"}),
                "another URL scheme (ftp:)",
            ),
            (
                Reply(status=302, headers={"Location": "https://example.org/papers"}),
                "another URL scheme (https:)",
            ),
            (Reply(status=302, headers={"Location": "http://[half"}), "redirects without a valid address"),
            (Reply(status=302, headers={"Location": "http://me:secret@127.0.0.1/"}), "not followed"),
            (Reply(status=302), "redirects without a valid address"),
            (Reply(bomb(40), headers={"Content-Encoding": "gzip"}), "larger than 32 MB after decompression"),
            (Reply(COMPLETE, headers={"Content-Encoding": "gzip"}), "is damaged"),
            (Reply(gzip.compress(COMPLETE)[:-20], headers={"Content-Encoding": "gzip"}), "is damaged"),
            (Reply(COMPLETE, headers={"Content-Encoding": "br"}), "unsupported content encoding (br)"),
            (Reply(b"", content_length=50 << 20), "larger than 16 MB"),
            (Reply(b"", content_length=-1, after_body=pour), "larger than 16 MB"),
        ]
    ),
)
def test_invalid_response_is_reported_and_changes_nothing(
    paperreader, service, assert_unchanged, reply, message
):
    service.respond(DAY, reply)
    result = paperreader("fetch", "--date", TODAY)
    assert result.code == 1
    assert result.out == "", "counts of nothing say nothing"
    (line,) = result.err.splitlines()
    assert line.startswith(f"paperreader: {TODAY}: ")
    assert message in line
    assert "\x1b" not in line
    assert_unchanged()
    service.respond(DAY, Reply([BENDS]))
    assert paperreader("fetch", "--date", TODAY).out == "1 read, 1 new, 0 merged, 0 unchanged\n"


@pytest.mark.parametrize(
    ("after_body", "silence", "message"),
    [
        (hang, 0.1, "did not respond within 0.1 seconds"),
        (dribble, 5.0, "responds too slowly"),
        (dribble_headers, 5.0, "responds too slowly"),
    ],
)
def test_slow_response_times_out(service, assert_unchanged, monkeypatch, after_body, silence, message):
    monkeypatch.setattr(
        endpoints, "configured_endpoints", lambda: Fetch(service.url, service.url, timeout=silence)
    )
    monkeypatch.setattr(transport, "TOTAL_TIMEOUT_FACTOR", 0.5 / silence)
    service.respond(DAY, Reply(b"[", content_length=-1, after_body=after_body))
    library = Library.open()
    report = session.fetch_latest(library, lambda _: None, services=["huggingface"])
    assert message in str(report.problems[0])
    assert report.remaining == WEEK
    assert_unchanged()


def test_unreachable_service_is_tried_for_one_day_only(paperreader, service, assert_unchanged):
    service.close()
    result = paperreader("fetch", "huggingface")
    assert result.code == 1
    assert result.out == ""
    first, second = result.err.splitlines()
    assert f"Cannot reach {service.host} (" in first
    assert second.startswith("paperreader: 7 days remain (2026-11-20, 2026-11-19, 2026-11-18, …)")
    assert_unchanged()


def test_service_without_tls_is_refused(paperreader, service, assert_unchanged, monkeypatch):
    monkeypatch.setenv("PAPERREADER_HUGGINGFACE_URL", service.url.replace("http:", "https:"))
    result = paperreader("fetch", "--date", TODAY)
    assert result.code == 1
    assert f"No secure connection to {service.host} (" in result.err
    assert "_ssl.c" not in result.err
    assert_unchanged()


@pytest.mark.parametrize(
    "failure",
    [
        Reply(b"", status=503, headers={"Retry-After": "0"}),
        Reply(b"", status=500),
        Reply(b"", status=429, headers={"Retry-After": "Thu, 19 Nov 2026 08:00:00 GMT"}),
        Reply(COMPLETE[:100], content_length=len(COMPLETE)),
        Reply(b""),
    ],
)
def test_transient_failures_are_retried_silently(paperreader, service, failure):
    service.respond(DAY, failure, failure, Reply([BENDS]))
    result = paperreader("fetch", "--date", TODAY)
    assert (result.code, result.out, result.err) == (0, "1 read, 1 new, 0 merged, 0 unchanged\n", "")
    assert len(service.requests) == 3


def test_redirects_are_followed(paperreader, service):
    for hop in range(5):
        where = DAY if not hop else f"/hop/{hop}"
        service.respond(where, Reply(status=307, headers={"Location": f"{service.url}/hop/{hop + 1}"}))
    service.respond("/hop/5", Reply([BENDS]))
    assert paperreader("fetch", "--date", TODAY).out.startswith("1 read, 1 new")


@pytest.mark.parametrize("kind", [None, "text/plain", "application/octet-stream"])
def test_generic_content_types_are_accepted(paperreader, service, kind):
    service.respond(DAY, Reply([BENDS], content_type=kind))
    assert paperreader("fetch", "--date", TODAY).code == 0


def test_gzip_response_is_accepted(paperreader, service):
    service.respond(DAY, gzipped(COMPLETE))
    assert paperreader("fetch", "--date", TODAY).out.startswith("1 read, 1 new")
    assert service.requests[0].headers["accept-encoding"] == "gzip"


def test_damaged_item_is_skipped(paperreader, service):
    service.respond_day(TODAY, ["nonsense", BENDS, None])
    result = paperreader("fetch", "--date", TODAY)
    assert result.code == 0
    assert result.out == "1 read, 1 new, 0 merged, 0 unchanged\n"
    assert len(result.err.splitlines()) == 2


def test_invalid_service_address_is_usage_error(paperreader, service, monkeypatch):
    monkeypatch.setenv("PAPERREADER_HUGGINGFACE_URL", "file:///etc")
    result = paperreader("fetch")
    assert result.code == 2
    assert "not a service address" in result.err


@examples(10)
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
    service.respond("/api/", Reply(body, status=status, headers=headers, content_type=kind))
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
