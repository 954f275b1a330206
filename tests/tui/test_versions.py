"""Newer versions of papers in the reader: the mark in the detail, the changes, and the pages of both versions."""

from __future__ import annotations

import pytest

from paperreader.models import ImportedEntry, MarkChange, Source, SourceRecord
from paperreader.system import browser
from paperreader.tui.controllers.papers import local_facts
from paperreader.tui.dialogs.changes import ChangesDialog
from paperreader.tui.model.views import UPDATED_VIEW
from tests.hostile.hostile_input import COMBINING_FLOOD


def version(number, text, *, title="Lamps at Sea", day="", added="2099-10-04"):
    source = Source("arxiv", "feed", None, f"file{number}:0")
    return SourceRecord(
        title, source, abstract=text, arxiv="2610.00001", arxiv_version=number, arxiv_updated=day, added=added
    )


@pytest.fixture
def revised(library, monkeypatch):
    """A library whose paper 2610.00001, bookmarked, has three versions. The latest was added after the bookmark."""
    monkeypatch.setattr(local_facts, "LOAD_SECONDS", 0.001)
    library._stores.catalog.add(
        ImportedEntry((each,))
        for each in (
            version(1, "A lamp burns.", title="Lamps"),
            version(2, "A lamp burns in the old house."),
            version(3, "A lamp burns in the new house.", day="2026-11-12"),
        )
    )
    library.refresh()
    library.maintenance.update_index_after_write()
    library.save_and_apply([MarkChange("2610.00001", bookmark=True)])
    return library


@pytest.fixture
def opened_urls(monkeypatch):
    """The URLs that were opened in the browser."""
    opened = []
    monkeypatch.setattr(browser, "open_url", lambda url: opened.append(url) or browser.OpenResult(True))
    return opened


async def test_newer_version_is_shown_until_its_changes_were_read(open_reader, revised):
    row = revised.resolve("2610.00001")
    async with open_reader(revised, start_row=row, size=(120, 40)) as reader:
        await reader.wait_until_idle()
        assert "v3 since " in reader.screen_text
        await reader.press("V")
        await reader.wait_until_idle()
        assert isinstance(reader.app.screen, ChangesDialog)
        text = reader.screen_text
        assert "What changed 1 of 2" in " ".join(text.split())
        assert "v3 (12 Nov 2026)" in text
        assert "A lamp burns in the [-old-] {+new+} house." in text
        assert "Title did not change" in text
        assert "older versions" in text and "newer versions" not in text
        await reader.press("less_than_sign")
        await reader.wait_until_idle()
        assert "Lamps {+at Sea+}" in reader.screen_text
        assert "older versions" not in reader.screen_text and "newer versions" in reader.screen_text
        await reader.press("greater_than_sign", "j", "space", "escape")
        await reader.wait_until_idle()
        assert "v3 seen: Lamps at Sea" in reader.status
        assert "v3 since" not in reader.screen_text
        assert revised.mark(row).seen_version[0] == 3
        await reader.press("u")
        await reader.wait_until_idle()
        assert "v3 since" in reader.screen_text
        assert revised.mark(row).seen_version[0] == 0


async def until(reader, is_reached):
    """Wait for what is found in the background."""
    while not is_reached():
        await reader.wait_until_idle()


async def test_view_of_updated_papers(open_reader, revised):
    async with open_reader(revised, size=(120, 40)) as reader:

        def is_offered():
            return UPDATED_VIEW in reader.controllers.view_counts.views

        await until(reader, is_offered)
        await reader.press("0")
        assert "  Updated  " in reader.screen_text
        await reader.press("7")
        await reader.wait_until_idle()
        assert reader.titles == ["Lamps at Sea"]
        assert reader.list_query.view == UPDATED_VIEW.id
        await until(
            reader, lambda: reader.screen_text.count("v3 since 12 Nov") == 2
        )  # in the row and the detail
        await reader.press("6")
        assert "There is no view 6 yet" in reader.status
        await reader.press("V")
        await reader.wait_until_idle()
        await reader.press("escape")
        await until(reader, lambda: not is_offered())
        assert "v3 since" not in reader.screen_text and reader.titles == ["Lamps at Sea"]
        await reader.press("1", "0")
        assert "Updated" not in reader.screen_text
        await reader.press("escape", "u")
        await until(reader, is_offered)
        await reader.press("ctrl+p")
        await reader.type("newer version")
        await reader.press("enter")
        await reader.wait_until_idle()
        assert reader.titles == ["Lamps at Sea"]


async def test_paper_without_an_earlier_version(open_reader, library):
    async with open_reader(library) as reader:
        await reader.press("V")
        assert "No earlier version of this paper is known" in reader.status


async def test_pages_of_both_versions_can_be_opened(open_reader, revised, opened_urls):
    async with open_reader(revised, start_row=revised.resolve("2610.00001")) as reader:
        await reader.press("O")
        await reader.wait_until_idle()
        assert "v3" in reader.screen_text
        assert "v2" in reader.screen_text
        await reader.press("3", "O")
        await reader.wait_until_idle()
        await reader.press("4")
        await reader.wait_until_idle()
        assert opened_urls == ["https://arxiv.org/abs/2610.00001v3", "https://arxiv.org/abs/2610.00001v2"]


async def test_hostile_text_is_shown_as_text(open_reader, library):
    hostile = f"\x1b[31mred\x9b0m {COMBINING_FLOOD} {'x' * 500}"
    library._stores.catalog.add(
        ImportedEntry((each,)) for each in (version(1, "A lamp."), version(2, f"A {hostile} [bold]lamp[/]."))
    )
    library.refresh()
    async with open_reader(library, start_row=library.resolve("2610.00001"), size=(80, 24)) as reader:
        await reader.press("V")
        await reader.wait_until_idle()
        assert "[bold]lamp[/]" in reader.screen_text
        assert "\x1b" not in reader.screen_text
