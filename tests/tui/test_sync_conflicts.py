"""The notebook changed by other programs while the reader runs: noticed, merged, reported."""

from __future__ import annotations

import asyncio
import json
import os
import shutil

import pytest

from paperreader import storage
from paperreader.library import Library
from paperreader.models import MarkChange
from tests.tui.fakes import rendered_lines


@pytest.fixture
def marks(library, tmp_path):
    """Three bookmarks here, and the notebook of another machine that has three others and a note."""
    papers = [library.paper(row) for row in library.table.newest]
    library.save_and_apply([MarkChange(paper.id, paper.title, bookmark=True) for paper in papers[:3]])
    library.save_and_apply([MarkChange(papers[0].id, note="written here")])
    shutil.copytree(library.folder, tmp_path / "there")
    there = Library(tmp_path / "there")
    there.save_and_apply([MarkChange(papers[0].id, note="written there")])
    there.save_and_apply([MarkChange(paper.id, paper.title, bookmark=True) for paper in papers[3:6]])
    # With the same timestamp and history as there, the text there would count as an edit of the file by hand.
    for text in ("rewriting here", "rewritten here"):
        library.save_and_apply([MarkChange(papers[0].id, note=text)])
    return tmp_path / "there" / "notebook.json"


def bookmarks(reader):
    """The number of bookmarks that the reader counts."""
    return reader.counts.bookmarks


async def look(reader):
    """Poll as the reader does every second."""
    reader.controllers.sync.poll()
    await reader.wait_until_idle()


async def test_conflict_copy_is_merged_while_the_reader_runs(open_reader, library, marks):
    copy = library.folder / "notebook.sync-conflict-20251003-101500-ABCDEFG.json"
    async with open_reader(Library.open()) as reader:
        assert bookmarks(reader) == 3
        marks.rename(copy)
        await look(reader)
        assert bookmarks(reader) == 6
        assert any("merged" in message and "both texts" in message for message in reader.notifications)
        note = reader.library.mark(reader.paper_list.cursor).note_text
        assert "rewritten here" in note
        assert "written there" in note
        assert "rewritten here" in "".join(rendered_lines(reader.detail))
    assert not copy.exists()


async def test_replaced_notebook_keeps_marks_of_the_reader(open_reader, library, marks):
    async with open_reader(Library.open()) as reader:
        await reader.press("G", "b")
        marks.replace(library.folder / "notebook.json")
        await look(reader)
        assert bookmarks(reader) == 7
        assert any("both texts" in message for message in reader.notifications)
    stored = json.loads((library.folder / "notebook.json").read_bytes())["papers"]
    assert sum(mark["bookmark"][0] for mark in stored.values() if "bookmark" in mark) == 7


async def test_deleted_notebook_is_written_again(open_reader, library, marks, monkeypatch):
    async with open_reader(Library.open()) as reader:
        (library.folder / "notebook.json").unlink()
        await look(reader)
        monkeypatch.setattr("paperreader.sync_copies.PARTIAL_WRITE_SECONDS", 0.0)
        await look(reader)
        assert bookmarks(reader) == 3
        assert any("was missing" in message for message in reader.notifications)
    assert len(Library.open().marks) == 3


@pytest.mark.parametrize("name", ["papers.jsonl", "notebook.json"])
async def test_store_replaced_by_a_fifo_is_reported_and_never_waited_for(open_reader, library, name):
    async with open_reader(Library.open()) as reader:
        (library.folder / name).unlink(missing_ok=True)
        os.mkfifo(library.folder / name)
        await asyncio.wait_for(look(reader), 20)
        assert any("not an ordinary file" in message for message in reader.notifications)
        await asyncio.wait_for(reader.press("b", "d"), 20)
        assert reader.app.is_running
    assert (library.folder / name).is_fifo()


async def test_notebook_of_newer_version_is_shown_and_not_changed(open_reader, library, marks):
    newer = json.loads(marks.read_bytes()) | {"version": 2}
    async with open_reader(Library.open()) as reader:
        (library.folder / "notebook.json").write_text(json.dumps(newer))
        await look(reader)
        assert any("newer paperreader" in message for message in reader.notifications)
        assert bookmarks(reader) == 6
        await reader.press("G", "b")
        assert any("Not saved" in message for message in reader.notifications)
        assert bookmarks(reader) == 6
    assert json.loads((library.folder / "notebook.json").read_bytes()) == newer


async def test_lock_timeout_is_reported_and_mark_reverted(open_reader, library, marks, monkeypatch):
    monkeypatch.setattr(storage, "LOCK_TIMEOUT_SECONDS", 0.05)
    async with open_reader(Library.open()) as reader:
        with storage.lock(library.folder / "notebook.lock"):
            await reader.press("G", "b", "n")
            await reader.type("unsaved")
            await reader.press("ctrl+s")
            assert any("held by another paperreader" in message for message in reader.notifications)
            assert bookmarks(reader) == 3
            assert reader.mode == "note"
            assert reader.note_editor.value == "unsaved"
        await reader.press("ctrl+s", "b")
        assert bookmarks(reader) == 4
