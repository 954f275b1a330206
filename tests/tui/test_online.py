"""`ctrl+o` in the search bar: results of services, and papers that are added from them."""

from __future__ import annotations

import asyncio
import json
from urllib.parse import parse_qs, urlsplit

import pytest

from paperreader.library import Library
from paperreader.system.clipboard import CopyResult
from tests.fetch.server import ATOM, Reply, entry, feed, hang, item, running_service
from tests.waiting import TIMEOUT_SECONDS

KNOWN = item("2611.00001", "River Bends")


@pytest.fixture
def service(monkeypatch):
    with running_service(monkeypatch) as service:
        monkeypatch.setenv("PAPERREADER_SEMANTICSCHOLAR_URL", service.url)
        papers = [KNOWN, item("2611.00002", "Mills"), item("2611.00003", "Fords \x1b[31m")]
        service.respond("/api/papers/search?", Reply(papers))
        yield service


@pytest.fixture
def known(library, tmp_path):
    (tmp_path / "known.json").write_text(json.dumps([KNOWN]))
    library.imports.import_paths([str(tmp_path / "known.json")])
    return library


async def open_results(reader, query="water"):
    await reader.press("slash")
    await reader.type(query)
    await reader.press("ctrl+o")


async def press(reader, *keys):
    reader.send_keys(*keys)
    await reader.wait_until_idle()


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_results_are_listed_and_those_of_the_library_marked(open_reader, known, service, size):
    async with open_reader(known, size=size) as reader:
        await open_results(reader)
        text = reader.screen_text
        assert "Hugging Face  water  3" in text
        assert all(title in text for title in ("River Bends", "Mills", "Fords"))
        assert "in your library" in text
        await press(reader, "j")
        assert "in your library" not in reader.screen_text
        assert [request.path for request in service.requests] == ["/api/papers/search?q=water&limit=120"]
        await press(reader, "escape")
        assert reader.mode == "search" and reader.query == "water"


async def test_a_result_is_added_and_bookmarked_or_opened(open_reader, known, service):
    async with open_reader(known) as reader:
        await open_results(reader)
        await press(reader, "j", "b")
        assert "Added and bookmarked" in reader.screen_text
        known.refresh()
        assert known.mark(known.resolve("2611.00002")).bookmarked
        await press(reader, "j", "enter")
        await reader.wait_until_idle()
        assert reader.paper is not None and reader.paper.arxiv == "2611.00003"
        assert len(service.requests) == 1, "adding needs no request"


@pytest.mark.parametrize("key", ["n", "t"])
async def test_a_note_or_a_tag_is_written_after_adding(open_reader, known, service, key):
    async with open_reader(known) as reader:
        await open_results(reader)
        await press(reader, "j", key)
        await reader.wait_until_idle()
        await reader.type("mine jq" if key == "n" else "mine")
        await press(reader, *(["ctrl+s"] if key == "n" else ["enter", "escape"]))
        assert "Hugging Face  water  3" in reader.screen_text and "in your library" in reader.screen_text
        if key == "n":
            assert "Note saved" in reader.screen_text
        await press(reader, "j")
        assert "in your library" not in reader.screen_text, "the cursor stays where it was"
        known.refresh()
        mark = known.mark(known.resolve("2611.00002"))
        assert (mark.note_text, mark.tag_names) == (("mine jq", ()) if key == "n" else ("", ("mine",)))


async def test_a_note_is_kept_or_discarded_in_front_of_the_results(open_reader, known, service):
    async with open_reader(known, size=(80, 24)) as reader:
        await open_results(reader)
        await press(reader, "j", "n")
        await reader.type("first")
        await press(reader, "tab", "ctrl+o")  # keys of the results
        assert "Hugging Face  water  3" in reader.screen_text and "first" in reader.screen_text
        await press(reader, "escape")
        assert "The note is not saved" in reader.screen_text
        await press(reader, "d")
        assert "first" not in reader.screen_text and "Hugging Face  water  3" in reader.screen_text
        await press(reader, "n", "escape")
        await press(reader, "escape")
        assert reader.mode == "search" and reader.query == "water"
        known.refresh()
        assert known.mark(known.resolve("2611.00002")).note_text == ""


async def test_services_take_turns_and_pages_follow_at_the_end(open_reader, known, service):
    def answer(path):
        start = int(parse_qs(urlsplit(path).query)["start"][0])
        entries = [
            entry(f"2611.1{number:04}", f"Lamps {number}") for number in range(start, min(start + 50, 70))
        ]
        return Reply(feed(*entries, total=70, start=start), content_type=ATOM)

    service.answer("/api/query", answer)
    async with open_reader(known) as reader:
        await open_results(reader, "lamps")
        await press(reader, "tab")
        assert "arXiv  lamps  50 of 70" in reader.screen_text
        await press(reader, "G")
        assert "arXiv  lamps  70" in reader.screen_text
        await press(reader, "G")
        assert sum("/api/query" in path for path in service.paths) == 2


async def test_a_failure_is_shown_and_the_next_service_is_asked(open_reader, known, service):
    service.respond("/api/papers/search?", Reply(b"", status=404))
    service.respond("/api/query", Reply(feed(entry("2611.00009", "Lamps"), total=1), content_type=ATOM))
    async with open_reader(known, size=(120, 40)) as reader:
        await open_results(reader)
        assert "has no search of papers" in reader.screen_text
        await press(reader, "ctrl+o")
        assert "Lamps" in reader.screen_text and "has no search" not in reader.screen_text


async def test_closing_stops_the_request(open_reader, known, service):
    service.respond("/api/papers/search?", Reply([KNOWN], content_length=5_000, after_body=hang))
    async with open_reader(known) as reader:
        await reader.press("slash")
        await reader.type("water")
        reader.send_keys("ctrl+o")
        assert await asyncio.to_thread(service.request_received.wait, TIMEOUT_SECONDS)
        reader.send_keys("escape")
        await reader.wait_until_idle()
        assert reader.notifications == [] and reader.mode == "search"


async def test_an_empty_query_is_explained_and_samples_are_not_changed(open_reader, service, library):
    async with open_reader(library) as reader:
        await reader.press("slash", "ctrl+o")
        assert "Type what to search for" in reader.status
        assert service.requests == []


async def test_links_are_copied_and_pages_opened(open_reader, known, service, monkeypatch):
    opened = []

    async def copied(text):
        return CopyResult("copied", "xclip")

    async with open_reader(known) as reader:
        await open_results(reader)
        copy_open = reader.controllers.copy_open
        monkeypatch.setattr(copy_open, "open_url", opened.append)
        await press(reader, "j", "o")
        assert opened == ["https://arxiv.org/abs/2611.00002"]
        assert "Opening  https://arxiv.org/abs/2611.00002" in reader.screen_text
        monkeypatch.setattr(copy_open, "to_clipboard", copied)
        await press(reader, "y")
        assert "Copied  https://github.com/" in reader.screen_text


async def test_an_empty_library_asks_what_to_search_for(open_reader, service, home):
    async with open_reader(Library.open()) as reader:
        await reader.press("ctrl+p")
        await reader.type("search online")
        await reader.press("enter")
        assert "Search online" in reader.screen_text
        await reader.type("water")
        await press(reader, "enter")
        assert "Hugging Face  water  3" in reader.screen_text
        await press(reader, "j", "enter")
        await reader.wait_until_idle()
        assert reader.titles == ["Mills"]
