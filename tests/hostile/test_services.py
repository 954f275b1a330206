"""Hostile responses of services: fetched text never controls the terminal."""

from __future__ import annotations

from functools import partial
from xml.sax.saxutils import escape

import pytest

from tests.fetch.server import ATOM, Reply, entry, feed, item, running_service
from tests.hostile.hostile_input import foreign_sequences, hostile
from tests.hostile.test_terminal import OWN_STYLES, run_commands
from tests.terminal import Terminal

DAY = "2026-11-19"


@pytest.fixture
def service(monkeypatch):
    """Replace Hugging Face and arXiv with a hostile server."""
    with running_service(monkeypatch) as service:
        poisoned = item(
            "2611.00001", hostile("title"), DAY, ai_summary=hostile("summary"), githubRepo=hostile("repo")
        )
        poisoned["paper"]["authors"] = [{"name": hostile("author"), "hidden": False}]
        service.respond_day(
            DAY, [poisoned, {"paper": hostile("paper")}, item(hostile("id"), hostile("other"), DAY)]
        )
        service.respond("/api/papers/2611.00001", Reply(poisoned))
        service.respond("/api/papers/2611.00002", Reply({"error": hostile("error")}, status=404))
        service.respond(
            "/api/papers/2611.00003",
            Reply(hostile("not JSON"), content_type=hostile("kind").split("\r")[0].encode().hex()),
        )
        letters = escape("".join(char for char in hostile("Wells") if char >= " " and char != "\x7f"))
        known = feed(entry("2611.00002", letters))
        service.respond("/api/query", Reply(known, content_type=ATOM))
        yield service


def test_service_responses_send_no_control_sequences(service):
    requests = [
        ["fetch", "--date", DAY],
        ["fetch", "--date", DAY, "--json"],
        ["add", "2611.00001", "2611.00002", "2611.00003"],
        ["fetch", "arxiv", "--category", "cs.CL"],
        ["search"],
        ["search", "--json", "title"],
        ["show", "2611.00001"],
        ["export", "--format", "jsonl"],
        ["check"],
    ]
    with Terminal(["paperreader"], run=partial(run_commands, requests)) as terminal:
        assert terminal.wait_for_exit() == 0
        raw = bytes(terminal.raw)
    assert raw.count(b"$$") >= len(requests)
    assert b"31337" in raw
    assert b"Traceback" not in raw
    assert b"unexpected" not in raw

    assert not foreign_sequences(raw, own=OWN_STYLES)
