"""Bookmarks and read marks: at once on the screen, durable behind, taken back when they cannot be saved."""

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


async def test_a_bookmark_is_on_the_screen_at_once_and_durable_when_settled(
    open_reader, library, monkeypatch
):
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


async def test_a_failed_save_puts_the_star_out_again_and_says_why(open_reader, library, monkeypatch):
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


async def test_acts_are_saved_in_their_order_however_slow_the_disk(open_reader, library, monkeypatch):
    going = block_saves(library, monkeypatch)
    async with open_reader() as reader:
        reader.send_keys("b", "b", "b", "b", "b", "N", "N")
        await reader.pilot.pause()
        going.set()
        await reader.wait_until_idle()
        (mark,) = stored(library).values()
        assert mark["bookmark"][0] is True
        assert mark["read"][0] is False


async def test_one_failure_among_several_takes_back_its_own_act_only(open_reader, library, monkeypatch):
    save, calls = library.save, []

    def once(changes):
        calls.append(len(changes))
        if len(calls) == 1:
            raise LockTimeout("notebook.lock is held by another paperreader; try again when it has finished.")
        return save(changes)

    monkeypatch.setattr(library, "save", once)
    async with open_reader() as reader:
        reader.send_keys("b")
        reader.send_keys("N")
        await reader.wait_until_idle()
        mark = reader.library.mark(reader.paper_list.cursor)
        assert calls == [1, 1]
        assert (mark.bookmarked, mark.is_read) == (False, True)


async def test_undo_and_redo_go_through_bookmarks_and_read_marks(open_reader):
    async with open_reader() as reader:
        await reader.press("b", "j", "N")
        assert reader.library.view_counts().bookmarks == 1
        await reader.press("u")
        assert "Undone: read mark, Slow Rivers" in reader.status
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


async def test_read_papers_stay_in_the_unread_view_until_it_is_shown_anew(open_reader):
    async with open_reader() as reader:
        await reader.press("3", "j", "N", "N", "N", "j", "N")
        assert len(reader.titles) == 10
        assert reader.title.startswith("Café Chess")
        await reader.press("3")
        assert len(reader.titles) == 8
        assert TITLES[1] not in reader.titles


async def test_counts_follow_every_key(open_reader):
    async with open_reader(size=(200, 60)) as reader:
        assert "10 unread  ★0" in reader.status
        await reader.press("b", "N")
        reader.status_bar.clear_message()
        assert "9 unread  ★1" in reader.status
        assert reader.sidebar.counts.bookmarks == 1
        await reader.press("b", "u")
        reader.status_bar.clear_message()
        assert "9 unread  ★1" in reader.status


async def test_marks_another_program_makes_appear_by_themselves(open_reader, library):
    async with open_reader() as reader:
        paper = library.paper(library.table.newest[0])
        Library.open().save_and_adopt(
            [MarkChange(paper.id, paper.title, bookmark=True, note="from elsewhere")]
        )
        reader.controllers.sync.poll()
        await reader.wait_until_idle()
        assert "★" in row_of(reader, TITLES[0])
        assert any("from elsewhere" in line for line in rendered_lines(reader.detail))
        assert reader.counts.bookmarks == 1


async def test_the_last_visit_is_resumed_unless_something_new_came(open_reader, library):
    async with open_reader() as reader:
        await reader.press("j", "j", "j", "q")
    async with open_reader(Library.open()) as reader:
        assert reader.title == TITLES[3]
        assert reader.library.view_counts().new == 0


async def test_the_reader_opens_at_the_paper_it_was_asked_for(open_reader, library):
    async with open_reader(at=library.table.newest[7]) as reader:
        assert reader.paper_list.position == 7


@pytest.mark.parametrize("key", ["b", "N"])
async def test_a_read_only_notebook_says_so_and_keeps_nothing(open_reader, library, key):
    book = library.folder / "notebook.json"
    book.write_text('{"version": 99, "papers": {}}', encoding="utf-8")
    async with open_reader(Library.open()) as reader:
        assert reader.library.read_only
        await reader.press(key)
        assert not reader.library.marks
        assert any("Not saved" in message for message in reader.notifications)
    assert book.read_text(encoding="utf-8") == '{"version": 99, "papers": {}}'
