"""Full texts that are fetched from arXiv when they are opened."""

from __future__ import annotations

import json
import re

import pytest

from paperreader.fulltext import Page
from paperreader.library import Library
from paperreader.tui.full_text.screen import FullTextScreen
from tests.fetch.full_text_pages import full_text_page, not_found, page_reply
from tests.fetch.server import item, running_service
from tests.tui.conftest import import_pages
from tests.tui.reader_driver import line_text


@pytest.fixture
def service(monkeypatch):
    """Replace both services, also for the reader's jobs."""
    with running_service(monkeypatch) as service:
        yield service


@pytest.fixture
def rivers(home, tmp_path):
    """A library of two papers of arXiv."""
    items = [item("2611.00001", "River Bends"), item("2611.00002", "Mills")]
    import_pages(Library.open(), tmp_path / "pages", {"2026-11-17.json": json.dumps(items)})
    library = Library.open()
    library.state.set("greeted", True)
    return library


async def test_a_text_is_fetched_once_and_a_newer_version_is_offered(rivers, open_reader, service):
    service.respond("/html/2611.00001", page_reply())
    async with open_reader(rivers, start_row=rivers.table.row_of("2611.00001")) as reader:
        await reader.press("enter", "enter")
        screen = reader.app.screen
        assert isinstance(screen, FullTextScreen)
        assert "We count the bends. Each has bᵢ stones." in reader.screen_text
        await reader.press("escape", "enter")
        assert service.paths == ["/html/2611.00001"]

        service.respond("/html/2611.00001", page_reply(full_text_page(version=2, words="We count twice.")))
        await reader.press("r")
        assert "Version 2 is there" in reader.screen_text
        await reader.press("o")
        assert "We count twice." in reader.screen_text
        assert "v2" in line_text(reader.app.screen.widgets.title)
        await reader.press("r")
        assert "This is the newest version" in reader.screen_text


@pytest.fixture
def versions(home, tmp_path):
    """A library of a paper whose metadata name version 3."""
    feed = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>http://arxiv.org/abs/2611.00001v3</id>
<title>River Bends</title><summary>We count.</summary><published>2026-11-01T10:00:00Z</published></entry></feed>"""
    (tmp_path / "feed.xml").write_text(feed)
    Library.open().imports.import_paths([str(tmp_path / "feed.xml")])
    library = Library.open()
    library.state.set("greeted", True)
    return library


async def test_a_version_that_the_metadata_name_is_offered_without_a_request(versions, open_reader, service):
    first, third = full_text_page(), full_text_page(version=3, words="We count thrice.")
    service.respond("/html/2611.00001", page_reply(first), page_reply(first), page_reply(third))
    async with open_reader(versions, start_row=0) as reader:
        await reader.press("enter", "enter")
        assert "Version 3 is available. Press r to read it" in reader.screen_text
        assert "v3 available: press r" in line_text(reader.app.screen.widgets.title)
        assert "We count the bends." in reader.screen_text
        await reader.press("escape", "enter")
        assert "Version 3 is available" in reader.screen_text
        assert len(service.paths) == 1
        await reader.press("r")
        assert "arXiv has no HTML for version 3 yet" in reader.screen_text
        await reader.press("r", "r")
        assert "We count the bends." in reader.screen_text, "it was offered, and the user reads on"
        await reader.press("r")
        assert "We count thrice." in reader.screen_text
        assert "backspace goes back to version 1" in reader.screen_text
        assert "available" not in line_text(reader.app.screen.widgets.title)
        await reader.press("backspace")
        assert "We count the bends." in reader.screen_text
        assert "v3 available: press r" in line_text(reader.app.screen.widgets.title)
        assert len(service.paths) == 3


async def test_why_there_is_no_text_is_asked_once(rivers, open_reader, service):
    service.respond("/html/2611.00002", not_found())
    service.respond("/papers/2611.00002.md", not_found())
    async with open_reader(rivers, start_row=rivers.table.row_of("2611.00002")) as reader:
        await reader.press("enter", "enter")
        assert reader.mode == "detail"
        assert "arXiv has no HTML for this paper. Press p for the PDF" in reader.status
        asked = len(service.paths)
        await reader.press("enter")
        assert re.search("arXiv has no HTML for this paper, asked [0-9:]{5}  p PDF  F again", reader.status)
        assert len(service.paths) == asked
        service.respond("/html/2611.00002", page_reply(full_text_page("2611.00002")))
        await reader.press("F")
        assert isinstance(reader.app.screen, FullTextScreen)
        assert len(service.paths) == asked + 1


async def test_the_rest_of_a_text_is_asked_for_when_it_is_opened_again(rivers, open_reader, service):
    whole = full_text_page(words="We count the bends. " * 100)
    page = Page("html", whole[:-60].encode(), "", fetched="2026-11-01T10:00:00Z")
    rivers.full_texts.store_page("2611.00001", page)
    service.respond("/html/2611.00001", page_reply(whole[:-60], content_length=9000), page_reply(whole))
    async with open_reader(rivers, start_row=rivers.table.row_of("2611.00001")) as reader:
        await reader.press("enter", "enter")
        assert "We count the bends." in reader.screen_text
        assert "The rest has arrived. Press r to read it" in reader.screen_text
        asked = len(service.paths)
        await reader.press("r", "G")
        assert "Each has bᵢ stones." in " ".join(reader.screen_text.split())
        assert "Press r" not in reader.screen_text
        assert len(service.paths) == asked
        assert not reader.app.screen.controllers.documents.document.is_cut


async def test_a_text_that_has_just_broken_off_is_not_asked_for_at_once(rivers, open_reader, service):
    page = Page("html", full_text_page()[:-60].encode(), "")
    assert rivers.full_texts.store_page("2611.00001", page).is_cut
    async with open_reader(rivers, start_row=rivers.table.row_of("2611.00001")) as reader:
        await reader.press("enter", "enter")
        assert isinstance(reader.app.screen, FullTextScreen)
        assert service.paths == []
