"""Notes: typed beside the abstract, never lost."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import contextmanager

import pytest
from textual.geometry import Region

from paperreader.errors import StorageError
from paperreader.library import Library
from paperreader.models import MarkChange
from paperreader.text.markdown import note_parser
from paperreader.tui.controllers import notes
from tests.pages import HOSTILE
from tests.tui.fakes import rendered_lines
from tests.tui.library_pages import TITLES


def note_of(library, number=0):
    return library.mark(library.table.newest[number]).note_text


async def test_a_note_is_typed_under_the_abstract_and_saved(reading, library):
    async with reading(size=(80, 24)) as desk:
        await desk.press("n")
        assert desk.mode == "note"
        assert not desk.is_visible(desk.screen.papers)
        assert desk.screen.detail.size.height >= 11, "the abstract stays in sight"
        await desk.type("Ask Ada, q: why jk?")
        assert desk.screen.note.written == "Ask Ada, q: why jk?"
        await desk.press("ctrl+s")
        assert desk.mode == "list"
        assert desk.screen.note is None
        assert "Note saved on Sparse Lanterns" in desk.status
        assert any("Ask Ada, q: why jk?" in line for line in rendered_lines(desk.screen.detail))
    assert note_of(Library.open()) == "Ask Ada, q: why jk?"


async def test_on_a_wide_screen_list_and_abstract_stay(reading):
    async with reading(size=(120, 40)) as desk:
        await desk.press("n")
        assert desk.is_visible(desk.screen.papers)
        assert desk.is_visible(desk.screen.detail)
        assert desk.screen.note.region.y > desk.screen.detail.region.y


async def test_keys_behind_the_text_wait_for_it(reading, library):
    async with reading() as desk:
        desk.send("n", *"abc", "backspace", "d", "ctrl+s", "j", "b")
        await desk.settle()
        assert note_of(library) == "abd"
        assert [library.paper(row).title for row in library.view("bookmarks")] == [TITLES[1]]


async def test_leaving_asks_only_when_something_changed(reading, library):
    async with reading() as desk:
        await desk.press("n", "escape")
        assert desk.mode == "list"
        await desk.press("n", "x", "escape")
        assert desk.app.screen is not desk.screen
        await desk.press("w")
        assert desk.mode == "note"
        await desk.press("escape", "d")
        assert desk.mode == "list"
        assert not library.marks
        await desk.press("n")
        assert desk.screen.note.written == ""
        await desk.press("y", "escape", "s")
        assert note_of(library) == "y"


async def test_saving_nothing_new_writes_nothing(reading, library):
    async with reading() as desk:
        await desk.press("n", "x", "backspace", "ctrl+s")
        assert desk.mode == "list"
    assert not (library.folder / "notebook.json").exists()


async def test_an_emptied_note_is_gone(reading, library):
    async with reading() as desk:
        await desk.press("n", "x", "ctrl+s", "n", "backspace", "ctrl+s")
        assert note_of(library) == ""
        await desk.press("u")
        assert note_of(library) == "x"


async def test_a_note_that_cannot_be_saved_stays_in_the_editor_and_outlives_the_reader(
    reading, library, monkeypatch
):
    def full(changes):
        raise StorageError("Cannot write notebook.json: no space left on device; nothing was changed.")

    with monkeypatch.context() as patch:
        patch.setattr(library, "save", full)
        async with reading() as desk:
            await desk.press("n")
            await desk.type("worth keeping")
            await desk.press("ctrl+s")
            assert desk.mode == "note"
            assert desk.screen.note.written == "worth keeping"
            assert any("no space left" in toast for toast in desk.notifications)
            assert note_of(library) == ""
            await desk.press("ctrl+q")
    async with reading(Library.open()) as desk:
        assert "A note was not saved" in desk.screen_text
        await desk.press("w")
        assert desk.screen.note.written == "worth keeping"
        assert "draft" in desk.status
        await desk.press("ctrl+s")
        assert note_of(desk.library) == "worth keeping"
        assert desk.library.state.draft(desk.screen.paper.id) == ""


@pytest.mark.parametrize(
    ("call", "number"),
    [("fsync", errno.EIO), ("fsync", errno.ENOSPC), ("replace", errno.EACCES), ("open", errno.EROFS)],
)
async def test_a_disk_that_refuses_leaves_the_note_in_the_editor(reading, library, monkeypatch, call, number):
    paper = library.paper(library.table.newest[0])
    library.save_and_adopt([MarkChange(paper.id, paper.title, note="the old one")])
    before = (library.folder / "notebook.json").read_bytes()
    real = getattr(os, call)

    def refusing(target, *rest, **named):
        if isinstance(target, int) or str(library.folder) in str(target):
            raise OSError(number, os.strerror(number))
        return real(target, *rest, **named)

    async with reading(Library.open()) as desk:
        await desk.press("n", "end", "!")
        with monkeypatch.context() as patch:
            patch.setattr(os, call, refusing)
            await desk.press("ctrl+s")
            assert desk.mode == "note"
            assert desk.screen.note.written == "the old one!"
            assert any(os.strerror(number).lower() in toast for toast in desk.notifications)
        assert (library.folder / "notebook.json").read_bytes() == before
        await desk.press("ctrl+s")
        assert desk.mode == "list"
    assert note_of(Library.open()) == "the old one!"


async def test_what_was_typed_is_kept_as_a_draft_beside(reading, library):
    async with reading() as desk:
        await desk.press("n")
        await desk.type("half a thought")
        desk.screen.keep_draft()
        await desk.settle()
        assert library.state.draft(desk.screen.paper.id) == "half a thought"
        await desk.press("escape", "d")
        assert library.state.draft(desk.screen.paper.id) == ""


async def test_a_note_changed_elsewhere_meanwhile_keeps_both_texts(reading, library):
    paper = library.paper(library.table.newest[0])
    async with reading() as desk:
        await desk.press("n")
        await desk.type("mine")
        Library.open().save_and_adopt([MarkChange(paper.id, paper.title, note="theirs")])
        await desk.press("ctrl+s")
        assert "mine" in note_of(library)
        assert "theirs" in note_of(library)
        assert any("both texts" in toast for toast in desk.notifications)


async def test_hostile_notes_reach_the_editor_without_their_controls(reading, library):
    paper = library.paper(library.table.newest[0])
    library.save_and_adopt([MarkChange(paper.id, paper.title, note=f"before {HOSTILE} after")])
    async with reading() as desk:
        await desk.press("n")
        assert not set(desk.screen.note.written) & set("\x1b\x00\x07\x9b\u202e")
        await desk.press("escape")
        assert desk.mode == "list", "showing it is not changing it"
    assert note_of(library) == f"before {HOSTILE} after"


@pytest.fixture
def editor(tmp_path, monkeypatch):
    """Makes a program of shell lines the user's editor."""

    def made(script):
        program = tmp_path / "editor"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("VISUAL", f"'{program}' --wait")

    return made


@contextmanager
def suspended(desk, monkeypatch):
    """Lets the app make room, which a test's terminal cannot, and sees that it comes back."""
    steps = []

    @contextmanager
    def suspend():
        steps.append("away")
        yield
        steps.append("back")  # as in Textual: not after an exception

    with monkeypatch.context() as patch:
        patch.setattr(desk.app, "suspend", suspend)
        yield
    assert steps == ["away", "back"]


async def test_e_writes_in_the_users_own_editor(reading, library, editor, monkeypatch):
    editor('printf "from vi\\n\\n" >> "$2"')
    async with reading() as desk:
        with suspended(desk, monkeypatch):
            await desk.press("e")
        assert note_of(library) == "from vi"
        assert "Note saved" in desk.status
        editor("true")
        with suspended(desk, monkeypatch):
            await desk.press("e")
        assert "as it was" in desk.status


async def test_ctrl_g_takes_the_text_along_and_back(reading, library, editor, monkeypatch):
    editor('printf " and back" >> "$2"')
    async with reading() as desk:
        await desk.press("n")
        await desk.type("there")
        with suspended(desk, monkeypatch):
            await desk.press("ctrl+g")
        assert desk.screen.note.written == "there and back"
        assert not library.marks
        await desk.press("ctrl+s")
        assert note_of(library) == "there and back"


@pytest.mark.parametrize(
    ("visual", "said"),
    [
        ("false", "ended with an error"),
        ("/no/such/editor", "could not be started"),
        ("'", "VISUAL cannot be"),
    ],
)
async def test_an_editor_that_fails_changes_nothing_and_is_told(reading, library, monkeypatch, visual, said):
    monkeypatch.setenv("VISUAL", visual)
    async with reading() as desk:
        with suspended(desk, monkeypatch):
            await desk.press("e")
        assert any(said in toast for toast in desk.notifications)
        assert not library.marks


async def test_a_terminal_that_cannot_make_room_is_told(reading, monkeypatch):
    monkeypatch.setenv("EDITOR", os.devnull)
    async with reading() as desk:
        await desk.press("e")
        assert any("n writes the note here" in toast for toast in desk.notifications)


async def test_a_draft_that_is_put_off_waits_at_its_paper(reading, library):
    papers = [library.paper(row) for row in library.table.newest]
    library.state.keep_draft(papers[3].id, "half a thought")
    library.state.keep_draft(papers[0].id, "")
    library.state.keep_draft("nobody-knows-this", "lost")
    async with reading() as desk:
        assert "A note was not saved" in desk.screen_text
        await desk.press("l")
        assert desk.app.screen is desk.screen
        await desk.press("j", "j", "j", "n")
        assert desk.screen.note.written == "half a thought"


async def test_a_draft_leads_to_its_paper_and_one_that_was_saved_is_forgotten(reading, library):
    papers = [library.paper(row) for row in library.table.newest]
    library.save_and_adopt([MarkChange(papers[0].id, papers[0].title, note="saved")])
    library.state.keep_draft(papers[0].id, "saved\n")
    library.state.keep_draft(papers[4].id, "half a thought")
    async with reading() as desk:
        await desk.press("w")
        assert desk.screen.paper.id == papers[4].id
        assert desk.screen.note.written == "half a thought"
        assert library.state.drafts == {papers[4].id: "half a thought"}


async def test_a_draft_is_thrown_away_when_one_says_so_twice(reading, library):
    id = library.paper(library.table.newest[3]).id
    library.state.keep_draft(id, "half a thought")
    async with reading() as desk:
        await desk.press("t", "k")
        assert library.state.draft(id) == "half a thought"
    async with reading() as desk:
        await desk.press("t", "t")
        assert "The draft is gone" in desk.status
    assert library.state.drafts == {}


async def test_keys_meant_for_the_list_are_not_taken_by_the_question_about_a_draft(reading, library):
    library.state.keep_draft(library.paper(library.table.newest[3]).id, "half a thought")
    async with reading() as desk:
        await desk.press("l")
        desk.screen.offer_drafts()
        await desk.settle()
        assert desk.app.screen is desk.screen
        assert any(
            "A note was not saved" in toast and "n on the paper" in toast for toast in desk.notifications
        )


async def test_e_goes_on_with_a_draft_and_loses_nothing_of_it(reading, library, editor, monkeypatch):
    id = library.paper(library.table.newest[0]).id
    library.state.keep_draft(id, "half a thought")
    editor("true")
    async with reading() as desk:
        await desk.press("l")
        with suspended(desk, monkeypatch):
            await desk.press("e")
        assert "not saved" in desk.status
        assert library.state.draft(id) == "half a thought"
        assert not library.marks
        editor('printf " and the rest" >> "$2"')
        with suspended(desk, monkeypatch):
            await desk.press("e")
        assert note_of(library) == "half a thought and the rest"
    assert library.state.drafts == {}


async def test_a_draft_is_kept_while_somebody_types_without_a_pause(reading, library):
    async with reading() as desk:
        await desk.press("n", "a")
        timer = desk.screen._draft_timer
        await desk.type("bcdef")
        assert desk.screen._draft_timer is timer, "every key put the draft off"
        desk.screen.keep_draft()
        await desk.press("g")
        assert desk.screen._draft_timer is not timer


async def test_an_editor_that_is_gone_may_be_painted_once_more(reading):
    async with reading() as desk:
        await desk.press("n")
        text, head = desk.screen.note.text, desk.screen.note.header
        await desk.press("escape")
        assert desk.screen.note is None
        # Textual takes the styles of a widget away before the screen has forgotten its place.
        for widget in (text, head):
            (line,) = widget.render_lines(Region(0, 0, 12, 1))
            assert line.text.strip() == ""


async def test_what_shows_notes_is_loaded_while_the_list_is_looked_at(reading, library, monkeypatch):
    monkeypatch.setattr(notes, "MARKDOWN_PRELOAD_SECONDS", 0.001)
    note_parser.cache_clear()
    async with reading() as desk:
        await desk.press("n")
        assert note_parser.cache_info().currsize, "what is written will be shown"
    last = library.paper(library.table.newest[-1])
    library.save_and_adopt([MarkChange(last.id, last.title, note="some *signs*")])
    note_parser.cache_clear()
    async with reading(Library.open()) as desk:
        while not note_parser.cache_info().currsize:
            await desk.pilot.pause(0)
        assert desk.screen.papers.position == 0
