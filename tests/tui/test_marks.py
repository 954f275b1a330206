"""Bookmarks and read marks: shown at once, saved in the background, reverted when saving fails."""

from __future__ import annotations

import json

import pytest

from paperreader.errors import LockTimeout, StorageError
from paperreader.library import Library
from paperreader.models import MarkChange
from tests.tui.fakes import rendered_lines
from tests.tui.library_pages import TITLES
from tests.tui.reader_driver import block_saves


def row_of(reader, title):
    return next(line for line in rendered_lines(reader.paper_list) if title[:20] in line)


def stored(library):
    return json.loads((library.folder / "notebook.json").read_text(encoding="utf-8"))["papers"]


async def test_bookmark_is_shown_at_once_and_saved_in_the_background(open_reader, library, monkeypatch):
    going = block_saves(library, monkeypatch)
    async with open_reader(size=(120, 40)) as reader:
        reader.send_keys("j", "b")
        await reader.pilot.pause()
        assert "★" in row_of(reader, TITLES[1])
        assert "★1" in reader.status or "Bookmarked" in reader.status
        assert not (library.folder / "notebook.json").exists()
        going.set()
        await reader.wait_until_idle()
        assert "★" in row_of(reader, TITLES[1])
        (mark,) = stored(library).values()
        assert mark["bookmark"][0] is True
        assert mark["title"] == TITLES[1]
        assert reader.status.startswith("LIST   Bookmarked: Slow Rivers")
        assert "u undoes" in reader.status


async def test_failed_save_reverts_bookmark_and_reports_error(open_reader, library, monkeypatch):
    def full(changes):
        raise StorageError("Cannot write notebook.json: no space left on device; nothing was changed.")

    monkeypatch.setattr(library, "save", full)
    async with open_reader() as reader:
        await reader.press("b")
        assert "★" not in row_of(reader, TITLES[0])
        assert reader.notifications == [
            "Not saved: Cannot write notebook.json: no space left on device; nothing was changed."
        ]
        assert "Bookmarked" not in reader.status
        await reader.press("u")
        assert "Nothing to undo" in reader.status


async def test_changes_are_saved_in_order_on_a_slow_disk(open_reader, library, monkeypatch):
    going = block_saves(library, monkeypatch)
    async with open_reader() as reader:
        reader.send_keys("b", "b", "b", "b", "b", "N", "N")
        await reader.pilot.pause()
        going.set()
        await reader.wait_until_idle()
        (mark,) = stored(library).values()
        assert mark["bookmark"][0] is True
        assert mark["read"][0] is False


async def test_one_failed_save_reverts_only_its_own_change(open_reader, library, monkeypatch):
    save, calls = library.save, []

    def once(changes):
        calls.append(len(changes))
        if len(calls) == 1:
            raise LockTimeout("notebook.lock is held by another paperreader; try again when it has finished.")
        return save(changes)

    monkeypatch.setattr(library, "save", once)
    async with open_reader() as reader:
        reader.send_keys("b")
        while not calls:
            await reader.pilot.pause(0)
        reader.send_keys("N")
        await reader.wait_until_idle()
        mark = reader.library.mark(reader.paper_list.cursor)
        assert calls == [1, 1]
        assert (mark.bookmarked, mark.is_read) == (False, True)


async def test_undo_and_redo_of_bookmarks_and_read_marks(open_reader):
    async with open_reader() as reader:
        await reader.press("b", "j", "N")
        assert reader.library.view_counts().bookmarks == 1
        await reader.press("u")
        assert "Undone: mark as read, Slow Rivers" in reader.status
        await reader.press("u")
        counts = reader.library.view_counts()
        assert (counts.bookmarks, counts.unread) == (0, 10)
        await reader.press("u")
        assert "Nothing to undo" in reader.status
        await reader.press("U", "U")
        counts = reader.library.view_counts()
        assert (counts.bookmarks, counts.unread) == (1, 9)
        await reader.press("U")
        assert "Nothing to redo" in reader.status
        await reader.press("u", "b", "U")
        assert "Nothing to redo" in reader.status


async def test_read_papers_stay_in_unread_view_until_it_is_shown_again(open_reader):
    async with open_reader() as reader:
        await reader.press("3", "j", "N", "N", "N", "j", "N")
        assert len(reader.titles) == 10
        assert reader.title.startswith("Café Chess")
        await reader.press("3")
        assert len(reader.titles) == 8
        assert TITLES[1] not in reader.titles


async def test_counts_change_with_every_key(open_reader):
    async with open_reader(size=(200, 60)) as reader:
        assert "10 unread  ★0" in reader.status
        await reader.press("b", "N")
        reader.status_bar.clear_message()
        assert "9 unread  ★1" in reader.status
        assert reader.sidebar.counts.bookmarks == 1
        await reader.press("b", "u")
        reader.status_bar.clear_message()
        assert "9 unread  ★1" in reader.status


async def test_marks_of_another_process_appear(open_reader, library):
    async with open_reader() as reader:
        paper = library.paper(library.table.newest[0])
        Library.open().save_and_apply(
            [MarkChange(paper.id, paper.title, bookmark=True, note="from elsewhere")]
        )
        reader.controllers.sync.poll()
        await reader.wait_until_idle()
        assert "★" in row_of(reader, TITLES[0])
        assert any("from elsewhere" in line for line in rendered_lines(reader.detail))
        assert reader.counts.bookmarks == 1


async def test_last_position_is_restored(open_reader, library):
    async with open_reader() as reader:
        await reader.press("j", "j", "j", "q")
    async with open_reader(Library.open()) as reader:
        assert reader.title == TITLES[3]
        assert reader.library.view_counts().new == 6, "they wait"


async def test_reader_opens_at_the_requested_paper(open_reader, library):
    async with open_reader(start_row=library.table.newest[7]) as reader:
        assert reader.paper_list.position == 7


@pytest.mark.parametrize("key", ["b", "N"])
async def test_notebook_of_newer_version_is_read_only(open_reader, library, key):
    book = library.folder / "notebook.json"
    book.write_text('{"version": 99, "papers": {}}', encoding="utf-8")
    async with open_reader(Library.open()) as reader:
        assert reader.library.read_only
        await reader.press(key)
        assert not reader.library.marks
        assert any("Not saved" in message for message in reader.notifications)
    assert book.read_text(encoding="utf-8") == '{"version": 99, "papers": {}}'
