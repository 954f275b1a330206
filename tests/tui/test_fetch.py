"""Fetching from the reader, and adding papers named in pasted text."""

from __future__ import annotations

import asyncio

import pytest
from textual import events

from paperreader.library import Library
from tests.fetch.server import Reply, hang, item, running_service
from tests.inbox import dismiss_new
from tests.waiting import TIMEOUT_SECONDS

BENDS = item("2611.00001", "River Bends", "2026-11-19")
FORDS = item("2611.00002", "Fords and Their Keepers", "2026-11-19")


@pytest.fixture
def service(monkeypatch):
    """Replace both services, also for the reader's jobs."""
    with running_service(monkeypatch) as service:
        yield service


async def asked(service):
    """Wait until the service has received a request."""
    assert await asyncio.to_thread(service.request_received.wait, TIMEOUT_SECONDS)


async def paste(reader, text):
    reader.app.post_message(events.Paste(text))
    await reader.wait_until_idle()


async def test_first_fetch_says_how_many_of_its_papers_are_new(open_reader, home, service):
    older = item("2611.00003", "Older Bends", "2026-11-18")
    service.respond("/api/daily_papers?date=", Reply([BENDS, FORDS, older]))
    async with open_reader(Library.open()) as reader:
        await reader.press("r")
        assert "3 added, 2 new  2 shows them" in reader.status
        await reader.press("2")
        assert set(reader.titles) == {"River Bends", "Fords and Their Keepers"}


async def test_fetched_papers_move_neither_cursor_nor_scroll_position(open_reader, library, service):
    dismiss_new(library)
    service.respond("/api/daily_papers?date=", Reply([BENDS, FORDS]))
    async with open_reader(size=(80, 14)) as reader:
        await reader.press("j", "j", "j", "j", "j")
        before, top = reader.title, reader.paper_list.top
        await reader.press("r")
        assert (reader.title, reader.paper_list.top) == (before, top)
        assert len(reader.titles) == 12
        assert "2 new  2 shows them" in reader.status
        assert reader.notifications == []
        await reader.press("2")
        assert set(reader.titles) == {"River Bends", "Fords and Their Keepers"}
        await reader.press("r")
        assert "Nothing new" in reader.status


async def test_first_papers_are_fetched_with_one_key(open_reader, home, service):
    service.respond("/api/daily_papers?date=", Reply([BENDS]))
    async with open_reader(Library.open()) as reader:
        assert "fetch the Daily Papers" in reader.screen_text
        await reader.press("r")
        assert reader.titles == ["River Bends"]
        assert reader.mode == "list"


async def test_keys_work_during_a_fetch_and_escape_stops_it(open_reader, library, service):
    service.respond("/api/daily_papers?date=", Reply(b"[", content_length=-1, after_body=hang))
    async with open_reader() as reader:
        reader.send_keys("r")
        await asked(service)
        assert "fetching" in reader.status
        reader.send_keys("j", "b")
        await reader.pilot.pause(0)
        assert reader.paper_list.position == 1
        reader.send_keys("r")
        await reader.pilot.pause(0)
        assert "Already fetching  escape stops it" in reader.status
        reader.send_keys("escape")
        await reader.wait_until_idle()
        assert "Fetch stopped  r continues it" in reader.status
        assert reader.notifications == []
        assert "fetching" not in reader.status_bar.info.activity
        assert reader.library.view_counts().bookmarks == 1


async def test_quitting_does_not_wait_for_a_service(open_reader, library, service):
    service.respond("/api/daily_papers?date=", Reply(b"[", content_length=-1, after_body=hang))
    async with open_reader() as reader:
        reader.send_keys("r")
        await asked(service)
        reader.send_keys("q")
        await reader.wait_until_idle()
        assert not reader.app.is_running


async def test_service_error_is_reported_and_fetched_papers_stay(open_reader, library, service):
    service.respond(
        "/api/daily_papers?date=", Reply([BENDS]), Reply({"error": "no \x1b[31mrivers"}, status=403)
    )
    async with open_reader() as reader:
        await reader.press("r")
        assert len(reader.titles) == 11
        (message,) = reader.notifications
        assert "refused the request (403: no [31mrivers)" in message
        assert "5 more problems. Run `paperreader fetch` to list them." in message


async def test_pasted_url_is_offered_and_added(open_reader, library, service):
    service.respond("/api/papers/2611.00001", Reply(BENDS["paper"]))
    async with open_reader() as reader:
        await paste(reader, " https://arxiv.org/abs/2611.00001v2\n")
        assert "Add it to the library?" in reader.screen_text
        assert "2611.00001" in reader.screen_text
        await reader.press("escape")
        assert not service.requests
        await paste(reader, "2611.00001")
        await reader.press("enter")
        assert "River Bends" in reader.titles
        await reader.press("G")
        await paste(reader, "arXiv:2611.00001")
        assert "Already in the library" in reader.status
        assert reader.title == "River Bends"
        await paste(reader, "2611.00001 2611.00002")
        assert (
            "2611.00001"
            not in reader.screen_text.partition("Add it to the library?")[2].partition("go to it")[0]
        )
        await reader.press("g")
        assert reader.title == "River Bends"


async def test_searched_id_is_offered_only_if_it_is_missing(open_reader, library, service):
    service.respond("/api/papers/2611.00001", Reply(BENDS["paper"]))
    async with open_reader() as reader:
        await reader.press("/")
        await reader.type("arXiv:2611.00001v3")
        assert "2611.00001 is not in the library.  enter adds it" in reader.screen_text
        await reader.press("enter")
        assert "Add it to the library?" in reader.screen_text
        await reader.press("escape")
        assert not service.requests
        await reader.press("/", "enter", "a")
        assert reader.titles == ["River Bends"]
        await reader.press("/", "enter")
        assert reader.mode == "list"
        assert "Add it" not in reader.screen_text


async def test_pasted_address_of_a_missing_paper(open_reader, library, service):
    service.respond("/api/papers/2611.00001", Reply(BENDS["paper"]))
    async with open_reader() as reader:
        await paste(reader, "https://openreview.net/forum?id=Rivers")
        assert "openreview.net/forum?id=Rivers is not in the library." in reader.screen_text
        assert "i imports a file with it" in reader.screen_text
        assert reader.titles == []
        await reader.press("enter", "escape")
        assert len(reader.titles) == 10
        await paste(reader, "https://scirate.com/arxiv/2611.00001")
        assert "2611.00001 is not in the library.  enter adds it" in reader.screen_text
        await reader.press("enter", "a")
        assert reader.titles == ["River Bends"]
        await reader.press("/")
        await reader.type(" 10.1234/rivers ")
        assert reader.titles == ["River Bends"]
        assert "10.1234/rivers is not in the library" in reader.result_count


async def test_hidden_paper_is_found_by_its_id(open_reader, library, service):
    service.respond("/api/papers/2611.00001", Reply(BENDS["paper"]))
    async with open_reader() as reader:
        await paste(reader, "2611.00001")
        await reader.press("a", "h")
        await reader.press("/")
        await reader.type("2611.00001")
        assert reader.titles == ["River Bends"]
        assert "2611.00001 is hidden" in reader.result_count
        await reader.press("escape")
        assert "River Bends" not in reader.titles
        await paste(reader, "2611.00001")
        assert "In the library, but hidden" in reader.status


async def test_pasted_ids_and_daily_papers_pages_are_added_together(open_reader, library, service):
    service.respond("/api/papers/2611.00001", Reply(BENDS["paper"]))
    service.respond("/api/daily_papers?date=2026-11-19", Reply([FORDS]))
    async with open_reader() as reader:
        await paste(reader, "2611.00001, <https://huggingface.co/papers/date/2026-11-19>")
        assert "2611.00001, the papers of 2026-11-19" in reader.screen_text
        await reader.press("a")
        assert len(reader.titles) == 12


async def test_other_pasted_text_adds_nothing(open_reader, library, service):
    async with open_reader() as reader:
        await paste(reader, "rm -rf / \x1b[2J; b q N")
        assert "Nothing to add: no arXiv id, DOI or URL of a paper in the text  " in reader.status
        await reader.press("/")
        await paste(reader, "2611.00001")
        assert reader.query == "2611.00001"
        assert reader.app.screen is reader.screen
        await reader.press("escape", "n")
        await paste(reader, "2611.00001")
        assert reader.mode == "note"
        assert reader.app.screen is reader.screen
    assert not service.requests


async def test_sample_library_is_not_changed(open_reader, home, service):
    async with open_reader(Library.open(sample=True)) as reader:
        await reader.press("r")
        assert "The sample library cannot be changed" in reader.status
        await paste(reader, "2611.00001")
        assert "The sample library cannot be changed" in reader.status
    assert not service.requests
