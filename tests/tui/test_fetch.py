"""Fetching from inside the reader, and adding what was pasted."""

from __future__ import annotations

import asyncio

import pytest
from textual import events

from paperreader.library import Library
from tests.fetch.server import Reply, hang, item, running_service

BENDS = item("2611.00001", "River Bends", "2026-11-19")
FORDS = item("2611.00002", "Fords and Their Keepers", "2026-11-19")


@pytest.fixture
def service(monkeypatch):
    """Stands in for both services, also for the reader's child process."""
    with running_service(monkeypatch) as service:
        yield service


async def asked(service):
    """Wait until the service was asked for something."""
    assert await asyncio.to_thread(service.came.wait, 30)


async def paste(desk, text):
    desk.app.post_message(events.Paste(text))
    await desk.settle()


async def test_papers_arrive_without_moving_the_cursor_or_the_pane(reading, library, service):
    library.visits.end()
    service.says("/api/daily_papers?date=", Reply([BENDS, FORDS]))
    async with reading(size=(80, 14)) as desk:
        await desk.press("j", "j", "j", "j", "j")
        before, top = desk.title, desk.screen.papers.top
        await desk.press("r")
        assert (desk.title, desk.screen.papers.top) == (before, top)
        assert len(desk.titles) == 12
        assert "2 new  2 shows them" in desk.status
        assert desk.notifications == []
        await desk.press("2")
        assert set(desk.titles) == {"River Bends", "Fords and Their Keepers"}
        await desk.press("r")
        assert "Nothing new" in desk.status


async def test_the_first_papers_of_a_library_are_a_key_away(reading, home, service):
    service.says("/api/daily_papers?date=", Reply([BENDS]))
    async with reading(Library.open()) as desk:
        assert "fetches the Daily Papers" in desk.screen_text
        await desk.press("r")
        assert desk.titles == ["River Bends"]
        assert desk.mode == "list"


async def test_reading_goes_on_while_a_service_keeps_silent_and_escape_stops_the_fetch(
    reading, library, service
):
    service.says("/api/daily_papers?date=", Reply(b"[", length=-1, then=hang))
    async with reading() as desk:
        desk.send("r")
        await asked(service)
        assert "fetching" in desk.status
        desk.send("j", "b")
        await desk.pilot.pause(0)
        assert desk.screen.papers.position == 1
        desk.send("r")
        await desk.pilot.pause(0)
        assert "Fetching already  escape stops it" in desk.status
        desk.send("escape")
        await desk.settle()
        assert "Fetching stopped  r goes on with it" in desk.status
        assert desk.notifications == []
        assert "fetching" not in desk.screen.status.info.busy
        assert desk.library.view_counts().bookmarks == 1


async def test_quitting_waits_for_no_service(reading, library, service):
    service.says("/api/daily_papers?date=", Reply(b"[", length=-1, then=hang))
    async with reading() as desk:
        desk.send("r")
        await asked(service)
        desk.send("q")
        await desk.settle()
        assert not desk.app.is_running


async def test_a_service_that_fails_is_told_and_what_came_stays(reading, library, service):
    service.says("/api/daily_papers?date=", Reply([BENDS]), Reply({"error": "no \x1b[31mrivers"}, status=403))
    async with reading() as desk:
        await desk.press("r")
        assert len(desk.titles) == 11
        (told,) = desk.notifications
        assert "refuses to answer (403: no [31mrivers)" in told
        assert "5 more problems: `paperreader fetch` tells all." in told


async def test_a_pasted_address_is_offered_and_added(reading, library, service):
    service.says("/api/papers/2611.00001", Reply(BENDS["paper"]))
    async with reading() as desk:
        await paste(desk, " https://arxiv.org/abs/2611.00001v2\n")
        assert "Add what was pasted?" in desk.screen_text
        assert "2611.00001" in desk.screen_text
        await desk.press("escape")
        assert not service.asked
        await paste(desk, "2611.00001")
        await desk.press("enter")
        assert "River Bends" in desk.titles
        await paste(desk, "arXiv:2611.00001")
        assert "it is in the library already" in desk.screen_text
        await desk.press("enter")
        assert desk.title == "River Bends"


async def test_many_are_added_at_once_pages_of_daily_papers_too(reading, library, service):
    service.says("/api/papers/2611.00001", Reply(BENDS["paper"]))
    service.says("/api/daily_papers?date=2026-11-19", Reply([FORDS]))
    async with reading() as desk:
        await paste(desk, "2611.00001, <https://huggingface.co/papers/date/2026-11-19>")
        assert "2611.00001, the papers of 2026-11-19" in desk.screen_text
        await desk.press("a")
        assert len(desk.titles) == 12


async def test_other_pastes_add_nothing(reading, library, service):
    async with reading() as desk:
        await paste(desk, "rm -rf / \x1b[2J; b q N")
        assert "Nothing to add" in desk.status
        await desk.press("/")
        await paste(desk, "2611.00001")
        assert desk.query == "2611.00001"
        assert desk.app.screen is desk.screen
        await desk.press("escape", "n")
        await paste(desk, "2611.00001")
        assert desk.mode == "note"
        assert desk.app.screen is desk.screen
    assert not service.asked


async def test_the_samples_are_left_alone(reading, home, service):
    async with reading(Library.open(sample=True)) as desk:
        await desk.press("r")
        assert "The samples stay as they are" in desk.status
        await paste(desk, "2611.00001")
        assert "The samples stay as they are" in desk.status
    assert not service.asked
