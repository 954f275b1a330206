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


def row_of(desk, title):
    return next(line for line in rendered_lines(desk.screen.papers) if title[:20] in line)


def stored(library):
    return json.loads((library.folder / "notebook.json").read_text(encoding="utf-8"))["papers"]


async def test_a_bookmark_is_on_the_screen_at_once_and_durable_when_settled(reading, library, monkeypatch):
    going = block_saves(library, monkeypatch)
    async with reading(size=(120, 40)) as desk:
        desk.send("j", "b")
        await desk.pilot.pause()
        assert "★" in row_of(desk, TITLES[1])
        assert "★1" in desk.status or "Bookmarked" in desk.status
        assert not (library.folder / "notebook.json").exists()
        going.set()
        await desk.settle()
        assert "★" in row_of(desk, TITLES[1])
        (mark,) = stored(library).values()
        assert mark["bookmark"][0] is True
        assert mark["title"] == TITLES[1]
        assert desk.status.startswith("LIST   Bookmarked Slow Rivers")
        assert "u undoes" in desk.status


async def test_a_failed_save_puts_the_star_out_again_and_says_why(reading, library, monkeypatch):
    def full(changes):
        raise StorageError("Cannot write notebook.json: no space left on device; nothing was changed.")

    monkeypatch.setattr(library, "save", full)
    async with reading() as desk:
        await desk.press("b")
        assert "★" not in row_of(desk, TITLES[0])
        assert desk.notifications == [
            "Not saved: Cannot write notebook.json: no space left on device; nothing was changed."
        ]
        assert "Bookmarked" not in desk.status
        await desk.press("u")
        assert "Nothing to undo" in desk.status


async def test_acts_are_saved_in_their_order_however_slow_the_disk(reading, library, monkeypatch):
    going = block_saves(library, monkeypatch)
    async with reading() as desk:
        desk.send("b", "b", "b", "b", "b", "N", "N")
        await desk.pilot.pause()
        going.set()
        await desk.settle()
        (mark,) = stored(library).values()
        assert mark["bookmark"][0] is True
        assert mark["read"][0] is False


async def test_one_failure_among_several_takes_back_its_own_act_only(reading, library, monkeypatch):
    save, calls = library.save, []

    def once(changes):
        calls.append(len(changes))
        if len(calls) == 1:
            raise LockTimeout("notebook.lock is held by another paperreader; try again when it has finished.")
        return save(changes)

    monkeypatch.setattr(library, "save", once)
    async with reading() as desk:
        desk.send("b")
        desk.send("N")
        await desk.settle()
        mark = desk.library.mark(desk.screen.papers.cursor)
        assert calls == [1, 1]
        assert (mark.bookmarked, mark.is_read) == (False, True)


async def test_undo_and_redo_go_through_bookmarks_and_read_marks(reading):
    async with reading() as desk:
        await desk.press("b", "j", "N")
        assert desk.library.view_counts().bookmarks == 1
        await desk.press("u")
        assert "Undone: read mark, Slow Rivers" in desk.status
        await desk.press("u")
        counts = desk.library.view_counts()
        assert (counts.bookmarks, counts.unread) == (0, 10)
        await desk.press("u")
        assert "Nothing to undo" in desk.status
        await desk.press("U", "U")
        counts = desk.library.view_counts()
        assert (counts.bookmarks, counts.unread) == (1, 9)
        await desk.press("U")
        assert "Nothing to redo" in desk.status
        await desk.press("u", "b", "U")
        assert "Nothing to redo" in desk.status


async def test_read_papers_stay_in_the_unread_view_until_it_is_shown_anew(reading):
    async with reading() as desk:
        await desk.press("3", "j", "N", "N", "N", "j", "N")
        assert len(desk.titles) == 10
        assert desk.title.startswith("Café Chess")
        await desk.press("3")
        assert len(desk.titles) == 8
        assert TITLES[1] not in desk.titles


async def test_counts_follow_every_key(reading):
    async with reading(size=(200, 60)) as desk:
        assert "10 unread  ★0" in desk.status
        await desk.press("b", "N")
        desk.screen.status.clear_message()
        assert "9 unread  ★1" in desk.status
        assert desk.screen.views.counts.bookmarks == 1
        await desk.press("b", "u")
        desk.screen.status.clear_message()
        assert "9 unread  ★1" in desk.status


async def test_marks_another_program_makes_appear_by_themselves(reading, library):
    async with reading() as desk:
        paper = library.paper(library.table.newest[0])
        Library.open().save_and_adopt(
            [MarkChange(paper.id, paper.title, bookmark=True, note="from elsewhere")]
        )
        desk.screen.poll()
        await desk.settle()
        assert "★" in row_of(desk, TITLES[0])
        assert any("from elsewhere" in line for line in rendered_lines(desk.screen.detail))
        assert desk.screen.counts.bookmarks == 1


async def test_the_last_visit_is_resumed_unless_something_new_came(reading, library):
    async with reading() as desk:
        await desk.press("j", "j", "j", "q")
    async with reading(Library.open()) as desk:
        assert desk.title == TITLES[3]
        assert desk.library.view_counts().new == 0


async def test_the_reader_opens_at_the_paper_it_was_asked_for(reading, library):
    async with reading(at=library.table.newest[7]) as desk:
        assert desk.screen.papers.position == 7


@pytest.mark.parametrize("key", ["b", "N"])
async def test_a_read_only_notebook_says_so_and_keeps_nothing(reading, library, key):
    book = library.folder / "notebook.json"
    book.write_text('{"version": 99, "papers": {}}', encoding="utf-8")
    async with reading(Library.open()) as desk:
        assert desk.library.read_only
        await desk.press(key)
        assert not desk.library.marks
        assert any("Not saved" in toast for toast in desk.notifications)
    assert book.read_text(encoding="utf-8") == '{"version": 99, "papers": {}}'
