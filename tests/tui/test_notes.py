"""Notes: typed under the abstract, never lost."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import contextmanager

import msgspec
import pytest
from textual.geometry import Region

from paperreader.errors import StorageError
from paperreader.library import Library
from paperreader.local_state import LocalState
from paperreader.models import MarkChange
from paperreader.system.process_identity import current_process
from paperreader.text.markdown import note_parser
from paperreader.tui.controllers.papers import notes
from paperreader.tui.model.note_drafts import unsaved_drafts
from tests.pages import HOSTILE
from tests.tui.fakes import rendered_lines
from tests.tui.library_pages import TITLES


def note_of(library, number=0):
    return library.mark(library.table.newest[number]).note_text


async def test_note_is_typed_under_the_abstract_and_saved(open_reader, library):
    async with open_reader(size=(80, 24)) as reader:
        await reader.press("n")
        assert reader.mode == "note"
        assert not reader.is_visible(reader.paper_list)
        assert reader.detail.size.height >= 11, "the abstract stays visible"
        await reader.type("Ask Ada, q: why jk?")
        assert reader.note_editor.value == "Ask Ada, q: why jk?"
        await reader.press("ctrl+s")
        assert reader.mode == "list"
        assert reader.note_editor is None
        assert "Note saved on Sparse Lanterns" in reader.status
        assert any("Ask Ada, q: why jk?" in line for line in rendered_lines(reader.detail))
    assert note_of(Library.open()) == "Ask Ada, q: why jk?"


async def test_long_note_is_for_an_editor(open_reader, library):
    id = library.table.id_of(library.table.newest[0])
    library.save_and_apply([MarkChange(id, TITLES[0], note="words " * 40_000)])
    async with open_reader() as reader:
        await reader.press("n")
        assert (reader.mode, reader.note_editor) == ("list", None)
        assert "Press e for your editor" in reader.status


async def test_wide_screen_shows_list_and_abstract_with_note(open_reader):
    async with open_reader(size=(120, 40)) as reader:
        await reader.press("n")
        assert reader.is_visible(reader.paper_list)
        assert reader.is_visible(reader.detail)
        assert reader.note_editor.region.y > reader.detail.region.y


async def test_keys_after_note_text_wait_for_it(open_reader, library):
    async with open_reader() as reader:
        reader.send_keys("n", *"abc", "backspace", "d", "ctrl+s", "j", "b")
        await reader.wait_until_idle()
        assert note_of(library) == "abd"
        assert [library.paper(row).title for row in library.view("bookmarks")] == [TITLES[1]]


async def test_closing_asks_only_if_note_changed(open_reader, library):
    async with open_reader() as reader:
        await reader.press("n", "escape")
        assert reader.mode == "list"
        await reader.press("n", "x", "escape")
        assert reader.app.screen is not reader.screen
        await reader.press("w")
        assert reader.mode == "note"
        await reader.press("escape", "d")
        assert reader.mode == "list"
        assert not library.marks
        await reader.press("n")
        assert reader.note_editor.value == ""
        await reader.press("y", "escape", "s")
        assert note_of(library) == "y"


async def test_unchanged_note_is_not_written(open_reader, library):
    async with open_reader() as reader:
        await reader.press("n", "x", "backspace", "ctrl+s")
        assert reader.mode == "list"
    assert not (library.folder / "notebook.json").exists()


async def test_emptied_note_is_deleted(open_reader, library):
    async with open_reader() as reader:
        await reader.press("n", "x", "ctrl+s", "n", "backspace", "ctrl+s")
        assert note_of(library) == ""
        await reader.press("u")
        assert note_of(library) == "x"


async def test_unsaved_note_stays_in_editor_and_survives_restart(open_reader, library, monkeypatch):
    def full(changes):
        raise StorageError("Cannot write notebook.json: no space left on device; nothing was changed.")

    with monkeypatch.context() as patch:
        patch.setattr(library, "save", full)
        async with open_reader() as reader:
            await reader.press("n")
            await reader.type("worth keeping")
            await reader.press("ctrl+s")
            assert reader.mode == "note"
            assert reader.note_editor.value == "worth keeping"
            assert any("no space left" in message for message in reader.notifications)
            assert note_of(library) == ""
            await reader.press("ctrl+q")
    async with open_reader(Library.open()) as reader:
        assert "A note was not saved" in reader.screen_text
        await reader.press("w")
        assert reader.note_editor.value == "worth keeping"
        assert "draft" in reader.status
        await reader.press("ctrl+s")
        assert note_of(reader.library) == "worth keeping"
        assert reader.library.state.draft(reader.paper.id) == ""


DISK_ERRORS = [
    *(("fsync", errno.EIO), ("fsync", errno.ENOSPC), ("replace", errno.EACCES), ("open", errno.EROFS)),
]


async def test_disk_error_leaves_note_in_editor(open_reader, library, monkeypatch):
    paper = library.paper(library.table.newest[0])
    library.save_and_apply([MarkChange(paper.id, paper.title, note="the old one")])

    def failing(call, number):
        real = getattr(os, call)

        def refusing(target, *rest, **named):
            if isinstance(target, int) or str(library.folder) in str(target):
                raise OSError(number, os.strerror(number))
            return real(target, *rest, **named)

        return refusing

    note = "the old one"
    async with open_reader(Library.open()) as reader:
        for call, number in DISK_ERRORS:
            before = (library.folder / "notebook.json").read_bytes()
            await reader.press("n", "end", "!")
            note += "!"
            with monkeypatch.context() as patch:
                patch.setattr(os, call, failing(call, number))
                await reader.press("ctrl+s")
                assert reader.mode == "note"
                assert reader.note_editor.value == note
                assert any(os.strerror(number).lower() in message for message in reader.notifications)
            assert (library.folder / "notebook.json").read_bytes() == before
            await reader.press("ctrl+s")
            assert reader.mode == "list"
            assert note_of(Library.open()) == note


async def test_typed_text_is_saved_as_draft(open_reader, library):
    async with open_reader() as reader:
        await reader.press("n")
        await reader.type("half a thought")
        reader.controllers.notes.save_draft()
        await reader.wait_until_idle()
        assert library.state.draft(reader.paper.id) == "half a thought"
        await reader.press("escape", "d")
        assert library.state.draft(reader.paper.id) == ""


async def test_note_changed_elsewhere_keeps_both_texts(open_reader, library):
    paper = library.paper(library.table.newest[0])
    async with open_reader() as reader:
        await reader.press("n")
        await reader.type("mine")
        Library.open().save_and_apply([MarkChange(paper.id, paper.title, note="theirs")])
        await reader.press("ctrl+s")
        assert "mine" in note_of(library)
        assert "theirs" in note_of(library)
        assert any("Both texts" in message for message in reader.notifications)


async def test_hostile_note_is_edited_to_the_letter(open_reader, library):
    paper = library.paper(library.table.newest[0])
    library.save_and_apply([MarkChange(paper.id, paper.title, note=f"before {HOSTILE} after")])
    async with open_reader() as reader:
        await reader.press("n")
        assert reader.note_editor.value == f"before {HOSTILE} after"
        assert not set(reader.screen_text) & set("\x1b\x00\x07\x9b\u202e")
        await reader.press("escape")
        assert reader.mode == "list", "showing it is not changing it"
    assert note_of(library) == f"before {HOSTILE} after"


@pytest.fixture
def editor(tmp_path, monkeypatch):
    """Use a shell script as the external editor."""

    def made(script):
        program = tmp_path / "editor"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("VISUAL", f"'{program}' --wait")

    return made


@contextmanager
def suspended(reader, monkeypatch):
    """Let the app suspend, which the test terminal cannot, and check that it resumes."""
    steps = []

    @contextmanager
    def suspend():
        steps.append("away")
        yield
        steps.append("back")  # as in Textual: not after an exception

    with monkeypatch.context() as patch:
        patch.setattr(reader.app, "suspend", suspend)
        yield
    assert steps == ["away", "back"]


async def test_e_opens_external_editor(open_reader, library, editor, monkeypatch):
    editor('printf "from vi\\n\\n" >> "$2"')
    async with open_reader() as reader:
        with suspended(reader, monkeypatch):
            await reader.press("e")
        assert note_of(library) == "from vi"
        assert "Note saved" in reader.status
        editor("true")
        with suspended(reader, monkeypatch):
            await reader.press("e")
        assert "Note unchanged" in reader.status


async def test_ctrl_g_continues_in_external_editor(open_reader, library, editor, monkeypatch):
    editor('printf " and back" >> "$2"')
    async with open_reader() as reader:
        await reader.press("n")
        await reader.type("there")
        with suspended(reader, monkeypatch):
            await reader.press("ctrl+g")
        assert reader.note_editor.value == "there and back"
        assert not library.marks
        await reader.press("ctrl+s")
        assert note_of(library) == "there and back"


@pytest.mark.parametrize(
    ("visual", "said"),
    [
        ("false", "exited with status 1"),
        ("sh -c 'kill -INT $$'", "sh was interrupted by SIGINT. The note was not changed."),
        ("/no/such/editor", "Cannot start"),
    ],
)
async def test_failing_external_editor_changes_nothing_and_is_reported(
    open_reader, library, monkeypatch, visual, said
):
    monkeypatch.setenv("VISUAL", visual)
    async with open_reader() as reader:
        with suspended(reader, monkeypatch):
            await reader.press("e")
        assert any(said in message for message in reader.notifications)
        assert not library.marks


@pytest.mark.parametrize(
    ("visual", "said"),
    [("'", "Cannot parse $VISUAL: a quote is not closed"), ("vi; rm x", "contains ;, which only a shell")],
)
async def test_editor_command_that_needs_a_shell_is_reported(open_reader, monkeypatch, visual, said):
    monkeypatch.setenv("VISUAL", visual)
    async with open_reader() as reader:
        await reader.press("e")
        assert any(said in message for message in reader.notifications)


async def test_terminal_that_cannot_be_suspended_is_reported(open_reader, monkeypatch):
    monkeypatch.setenv("EDITOR", os.devnull)
    async with open_reader() as reader:
        await reader.press("e")
        assert any("Press n to write the note here" in message for message in reader.notifications)


def with_drafts(library, drafts):
    """Return the library as a later session opens it, with drafts of an earlier one."""
    for id, text in drafts.items():
        library.state.save_draft(id, text)
    return Library.open()


async def test_postponed_draft_is_restored_at_its_paper(open_reader, library):
    papers = [library.paper(row) for row in library.table.newest]
    drafts = {papers[3].id: "half a thought", papers[0].id: "", "nobody-knows-this": "lost"}
    async with open_reader(with_drafts(library, drafts)) as reader:
        assert "A note was not saved" in reader.screen_text
        await reader.press("l")
        assert reader.app.screen is reader.screen
        await reader.press("j", "j", "j", "n")
        assert reader.note_editor.value == "half a thought"


async def test_draft_opens_its_paper_and_saved_draft_is_removed(open_reader, library):
    papers = [library.paper(row) for row in library.table.newest]
    library.save_and_apply([MarkChange(papers[0].id, papers[0].title, note="saved")])
    library = with_drafts(library, {papers[0].id: "saved\n", papers[4].id: "half a thought"})
    async with open_reader(library) as reader:
        await reader.press("w")
        assert reader.paper.id == papers[4].id
        assert reader.note_editor.value == "half a thought"
        assert library.state.drafts == {papers[4].id: "half a thought"}


async def test_draft_is_discarded_after_confirmation(open_reader, library):
    id = library.paper(library.table.newest[3]).id
    library = with_drafts(library, {id: "half a thought"})
    async with open_reader(library) as reader:
        await reader.press("d", "l")
        assert reader.app.screen is reader.screen
        assert library.state.draft(id) == "half a thought"
    async with open_reader(library) as reader:
        await reader.press("d", "d")
        assert "Draft discarded" in reader.status
    assert library.state.drafts == {}


async def test_draft_dialog_does_not_open_after_a_key_was_pressed(open_reader, library):
    library = with_drafts(library, {library.paper(library.table.newest[3]).id: "half a thought"})
    async with open_reader(library) as reader:
        await reader.press("l")
        reader.controllers.drafts.offer()
        await reader.wait_until_idle()
        assert reader.app.screen is reader.screen
        assert any(
            "A note was not saved" in message and "n on the paper" in message
            for message in reader.notifications
        )


async def test_draft_of_a_running_reader_is_not_offered(open_reader, library):
    own, other, left = (library.paper(row).id for row in library.table.newest[:3])
    here = msgspec.to_builtins(current_process())
    with_drafts(library, {other: "written elsewhere", left: "left"})
    running, ended = {**here, "pid": os.getppid(), "started": ""}, {**here, "started": "1"}
    library.state.set("draft_writers", {other: running, left: ended})
    library = Library.open()
    async with open_reader(library) as reader:
        await reader.press("l", "n")
        await reader.type("just written")
        reader.controllers.notes.save_draft()
        await reader.wait_until_idle()
        assert set(library.state.drafts) == {own, other, left}
        assert [id for id, _ in unsaved_drafts(library)] == [left]
        await reader.press("ctrl+s")
        assert set(library.state.get("draft_writers")) == {other, left}


@pytest.mark.parametrize("writers", [7, [], {"a": 3}, {"a": {"pid": "x"}}, {"a": None}])
def test_writers_of_drafts_that_are_damaged_count_as_ended(tmp_path, writers):
    state = LocalState(tmp_path)
    state.set("drafts", {"a": "text"})
    state.set("draft_writers", writers)
    assert not state.is_being_written("a")
    state.save_draft("a", "more")
    assert state.is_being_written("a")


async def test_external_editor_continues_a_draft(open_reader, library, editor, monkeypatch):
    id = library.paper(library.table.newest[0]).id
    library.state.save_draft(id, "half a thought")
    editor("true")
    async with open_reader() as reader:
        with suspended(reader, monkeypatch):
            await reader.press("e")
        assert "not saved" in reader.status
        assert library.state.draft(id) == "half a thought"
        assert not library.marks
        editor('printf " and the rest" >> "$2"')
        with suspended(reader, monkeypatch):
            await reader.press("e")
        assert note_of(library) == "half a thought and the rest"
    assert library.state.drafts == {}


async def test_draft_is_saved_while_typing_without_pause(open_reader, library):
    async with open_reader() as reader:
        await reader.press("n", "a")
        timer = reader.controllers.notes._draft_timer
        await reader.type("bcdef")
        assert reader.controllers.notes._draft_timer is timer, "every key put the draft off"
        reader.controllers.notes.save_draft()
        await reader.press("g")
        assert reader.controllers.notes._draft_timer is not timer


async def test_removed_editor_can_be_painted_once_more(open_reader):
    async with open_reader() as reader:
        await reader.press("n")
        text, head = reader.note_editor.text_area, reader.note_editor.header
        await reader.press("escape")
        assert reader.note_editor is None
        # Textual takes the styles of a widget away before the screen has forgotten its place.
        for widget in (text, head):
            (line,) = widget.render_lines(Region(0, 0, 12, 1))
            assert line.text.strip() == ""


async def test_markdown_parser_is_preloaded(open_reader, library, monkeypatch):
    monkeypatch.setattr(notes, "MARKDOWN_PRELOAD_SECONDS", 0.001)
    note_parser.cache_clear()
    async with open_reader() as reader:
        await reader.press("n")
        assert note_parser.cache_info().currsize, "what is written will be shown"
    last = library.paper(library.table.newest[-1])
    library.save_and_apply([MarkChange(last.id, last.title, note="some *signs*")])
    note_parser.cache_clear()
    async with open_reader(Library.open()) as reader:
        while not note_parser.cache_info().currsize:
            await reader.pilot.pause(0)
        assert reader.paper_list.position == 0
