"""The full texts of all bookmarks, fetched in the background."""

from __future__ import annotations

import asyncio
import json

import pytest

from tests.fetch.full_text_pages import full_text_page, page_reply
from tests.fetch.server import hang, running_service
from tests.waiting import TIMEOUT_SECONDS

TITLE = "Fetch the full texts of my bookmarks"


@pytest.fixture
def service(monkeypatch):
    with running_service(monkeypatch) as service:
        service.respond("/html/2401.04320", page_reply(full_text_page("2401.04320")))
        yield service


@pytest.fixture
def bookmarked(library, tmp_path):
    """Add a paper of arXiv, and return its row."""
    page = {"paperreader": 1, "title": "Lamps", "arxiv": "2401.04320"}
    (tmp_path / "lamps.jsonl").write_text(json.dumps(page))
    library.imports.import_paths([str(tmp_path / "lamps.jsonl")])
    return library.resolve("2401.04320")


async def run_command(reader):
    await reader.press("ctrl+p")
    await reader.type("full texts of my")
    reader.send_keys("enter")


async def test_full_texts_of_bookmarks_are_fetched_once(open_reader, library, bookmarked, service):
    async with open_reader(library, start_row=bookmarked) as reader:
        await run_command(reader)
        await reader.wait_until_idle()
        assert "No bookmarks. Press b to bookmark a paper" in reader.status
        await reader.press("b")
        await run_command(reader)
        await reader.wait_until_idle()
        assert "1 full text fetched" in reader.status
        assert library.full_texts.load("2401.04320") is not None
        await run_command(reader)
        await reader.wait_until_idle()
        assert "The full texts of all bookmarks are stored, or not available" in reader.status
        assert service.paths == ["/html/2401.04320"]


async def test_escape_stops_fetching(open_reader, library, bookmarked, service):
    service.respond("/html/2401.04320", page_reply("<html>", content_length=5000, after_body=hang))
    async with open_reader(library, start_row=bookmarked) as reader:
        await reader.press("b")
        await run_command(reader)
        assert await asyncio.to_thread(service.request_received.wait, TIMEOUT_SECONDS)
        reader.send_keys("escape")
        await reader.wait_until_idle()
        assert "Fetching stopped. What has arrived is stored" in reader.status
        assert reader.notifications == []
        assert list(library.full_texts.all_texts()) == []
