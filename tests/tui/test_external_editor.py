"""Notes in an external editor: what it saved is never lost, however it ended."""

from __future__ import annotations

import dataclasses
import os
import stat
import subprocess
import sys
from contextlib import nullcontext

import msgspec
import pytest

from paperreader.errors import StorageError
from paperreader.library import Library
from paperreader.models import MarkChange
from paperreader.system.process_identity import current_process
from paperreader.tui.controllers.papers import external_editing
from paperreader.tui.model.note_drafts import unsaved_drafts
from paperreader.tui.terminal import edit_folder, external_editor
from paperreader.tui.terminal.edit_folder import EditFolder
from tests.tui.reader_driver import wait_until


@pytest.fixture
def editor(tmp_path, monkeypatch):
    """A function that makes a shell script the external editor. Its file is `$1`."""

    def made(script, name="editor"):
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("EDITOR", str(program))

    return made


@pytest.fixture
def opened(open_reader, monkeypatch):
    """A reader that lets the editor have the terminal, which the test terminal cannot."""

    class Opened:
        async def __aenter__(self):
            self.context = open_reader()
            reader = await self.context.__aenter__()
            monkeypatch.setattr(reader.app, "suspend", nullcontext)
            return reader

        async def __aexit__(self, *error):
            return await self.context.__aexit__(*error)

    return Opened


def folders(library):
    return EditFolder.list_in(library.state.folder)


@dataclasses.dataclass(frozen=True)
class Case:
    script: str
    note: str = "before"
    draft: str = ""
    said: str = ""


CASES = {
    "saved": Case('printf "after" > "$1"', note="after"),
    "status 1": Case(
        'printf "after" > "$1"; exit 1', draft="after", said="exited with status 1. What it saved"
    ),
    "killed": Case(
        'printf "after" > "$1"; kill -9 $$', draft="after", said="interrupted by SIGKILL. What it saved"
    ),
    "deleted and rewritten": Case('rm "$1"; printf "after" > "$1"', note="after"),
    "renamed over": Case('printf "after" > "$1~"; mv "$1~" "$1"', note="after"),
    "renamed over, status 1": Case('printf "after" > "$1~"; mv "$1~" "$1"; exit 1', draft="after"),
    "deleted": Case('rm "$1"'),
    "emptied by a failure": Case(': > "$1"; exit 1', said="exited with status 1"),
    "emptied": Case(': > "$1"', note=""),
    "unchanged": Case("true"),
    "unchanged, status 3": Case("exit 3", said="exited with status 3. The note was not changed."),
    "Latin-1": Case(r'printf "caf\351" > "$1"', note="café"),
    "UTF-16": Case(r'printf "\377\376a\000b\000" > "$1"', note="ab"),
    "byte order mark": Case(r'printf "\357\273\277after" > "$1"', note="after"),
    "CRLF": Case(r'printf "one\r\ntwo\r\n" > "$1"', note="one\ntwo"),
    "link": Case('printf "after" > "$1.new"; ln -sf "$1.new" "$1"', note="after"),
    "folder": Case('rm "$1"; mkdir "$1"', said="not an ordinary file"),
    "too long": Case('head -c 5000000 /dev/zero > "$1"', said="too long for a note. It is still in"),
}


async def test_saved_text_becomes_the_note_or_a_draft(opened, library, editor):
    paper = library.paper(library.table.newest[0])
    async with opened() as reader:
        for name, case in CASES.items():
            library.save_and_apply([MarkChange(paper.id, paper.title, note="before")])
            library.state.save_draft(paper.id, "")
            reader.app._notifications.clear()
            editor(case.script, name="vi")  # one that never returns before it is closed
            await reader.press("e")
            assert (library.mark(0).note_text, library.state.draft(paper.id)) == (case.note, case.draft), name
            assert any(case.said in message for message in reader.notifications) or not case.said, (
                name,
                reader.notifications,
            )
    kept = folders(library)
    assert len(kept) == 2, "the folder, and the text that is too long, stay"


async def test_draft_is_added_to_one_that_is_there(opened, library, editor):
    paper = library.paper(library.table.newest[0])
    library.state.save_draft(paper.id, "typed before")
    editor('printf "written" > "$1"; exit 1')
    async with opened() as reader:
        await reader.press("e")
        assert library.state.draft(paper.id) == "typed before\n\nwritten"


async def test_failed_editor_leaves_its_text_in_the_open_note(opened, editor):
    editor('printf " and back" >> "$1"; exit 1')
    async with opened() as reader:
        await reader.press("n")
        await reader.type("there")
        await reader.press("ctrl+g")
        assert reader.note_editor.value == "there and back"
        assert any("exited with status 1" in message for message in reader.notifications)
        await reader.press("ctrl+z")
        assert reader.note_editor.value == "there"


async def test_text_is_kept_when_nothing_can_be_saved(opened, library, editor, monkeypatch):
    editor('printf "after" > "$1"')

    def full(*_, **__):
        raise StorageError("the disk is full")

    async with opened() as reader:
        with monkeypatch.context() as patch:
            patch.setattr(library._stores.notebook, "save", full)
            patch.setattr(library.state, "save_draft", lambda *_: None)
            await reader.press("e")
        assert any("the disk is full" in message for message in reader.notifications)
        assert [folder.read() for folder in folders(library)] == ["after"]


# Editors that return at once

LATER = '(while [ ! -e "{go}" ]; do sleep 0.01; done; printf "later" > "$1"; : > "{done}") > /dev/null 2>&1 &'


async def test_what_an_editor_saves_after_it_returned_becomes_the_note(
    opened, library, editor, tmp_path, monkeypatch
):
    monkeypatch.setattr(external_editing, "WATCH_SECONDS", 0.01)
    editor(LATER.format(go=tmp_path / "go", done=tmp_path / "done"))
    async with opened() as reader:
        await reader.press("e")
        assert any("--wait" in message for message in reader.notifications)
        assert "Note unchanged" in reader.status
        (tmp_path / "go").touch()
        await wait_until(lambda: library.mark(0).note_text == "later")
        folders(library)[0].file.write_text("later still")
        await wait_until(lambda: library.mark(0).note_text == "later still")


async def test_what_an_editor_saves_later_replaces_the_text_of_the_open_note(
    opened, library, editor, monkeypatch
):
    monkeypatch.setattr(external_editing, "WATCH_SECONDS", 0.01)
    editor("true")
    async with opened() as reader:
        await reader.press("n", "a", "ctrl+g")
        folders(library)[0].file.write_text("a and later")
        await wait_until(lambda: reader.note_editor.value == "a and later")
        await reader.press("ctrl+z")
        assert reader.note_editor.value == "a"


async def test_what_an_editor_saved_last_is_saved_when_the_reader_quits(opened, library, editor, monkeypatch):
    monkeypatch.setattr(external_editing, "WATCH_SECONDS", 600.0)
    editor("true")
    async with opened() as reader:
        await reader.press("e")
        folders(library)[0].file.write_text("at the last moment")
        await reader.press("q")
    assert Library.open().mark(0).note_text == "at the last moment"


async def test_text_saved_after_the_reader_quit_is_offered(opened, open_reader, library, editor):
    editor("true")
    async with opened() as reader:
        await reader.press("e", "q")
    assert unsaved_drafts(library) == []
    folders(library)[0].file.write_text("after the end")
    async with open_reader(Library.open()) as again:
        assert "A note was not saved" in again.screen_text
        await again.press("w")
        assert again.note_editor.value == "after the end"
        await again.press("ctrl+s")
    folders(library)[0].file.write_text("much later")
    assert len(unsaved_drafts(Library.open())) == 1, "the editor may still be open"


async def test_second_edit_uses_the_file_that_may_still_be_open(opened, library, editor, tmp_path):
    editor(f'printf "%s\\n" "$1" >> {tmp_path}/files')
    async with opened() as reader:
        await reader.press("e", "e")
    first, second = (tmp_path / "files").read_text().splitlines()
    assert first == second


async def test_unchanged_file_of_an_editor_that_waits_is_deleted(opened, library, editor):
    editor("true", name="vim")
    async with opened() as reader:
        await reader.press("e")
        assert reader.notifications == []
        assert folders(library) == []


# Files that a killed reader left


@pytest.fixture
def left(library):
    """A function that makes the folder of a killed reader."""

    def left(text="left", **processes):
        folder = EditFolder.create(library.state.folder, library.paper(0).id, "before")
        folder.release()
        record = msgspec.json.decode((folder.path / "edit.json").read_bytes())
        ended = {**msgspec.to_builtins(current_process()), "started": "1"}
        record |= {"reader": ended} | processes
        (folder.path / "edit.json").write_bytes(msgspec.json.encode(record))
        folder.file.write_text(text)
        return folder

    return left


def identity(**changes):
    return {**msgspec.to_builtins(current_process()), **changes}


def test_text_of_a_killed_reader_becomes_a_draft_though_its_process_id_is_used(library, left):
    folder = left()
    assert unsaved_drafts(library) == [(library.paper(0).id, library.paper(0).title)]
    assert library.state.draft(library.paper(0).id) == "left"
    assert not folder.path.exists()


@pytest.mark.parametrize(
    "processes",
    [
        {"reader": identity()},
        {"editor": identity()},
        {"reader": identity(boot="b", machine="m")},
        {"reader": identity(boot="b", namespace="pid:[1]")},
        {"reader": identity(boot="b", machine="m"), "editor": identity(boot="b", machine="m", pid=1)},
    ],
    ids=["reader runs", "editor runs", "another machine", "a container elsewhere", "both elsewhere"],
)
def test_text_is_not_taken_from_an_editor_that_is_open(library, left, processes):
    folder = left(**processes)
    assert unsaved_drafts(library) == []
    assert folder.read() == "left"


def test_text_of_a_container_of_this_machine_is_offered(library, left):
    left(reader=identity(namespace="pid:[1]"))
    assert len(unsaved_drafts(library)) == 1


def test_text_of_another_machine_is_offered_after_a_day_and_stays_there(library, left):
    folder = left(reader=identity(boot="b", machine="m"))
    os.utime(folder.file, (0, 0))
    assert len(unsaved_drafts(library)) == 1
    assert folder.read() == "left"
    library.state.save_draft(library.paper(0).id, "")
    assert unsaved_drafts(library) == [], "offered once"


def test_text_is_not_taken_while_the_editor_of_a_killed_reader_has_the_lock(library, left):
    folder = left()
    lock = os.open(folder.path / "lock", os.O_RDWR)
    assert edit_folder.try_flock(lock)
    editor = subprocess.Popen(
        [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, pass_fds=[lock]
    )
    os.close(lock)
    assert unsaved_drafts(library) == []
    editor.kill()
    editor.communicate()
    assert len(unsaved_drafts(library)) == 1


@pytest.mark.parametrize(("written", "offered"), [(0, 1), (None, 0)], ids=["id used again", "reader runs"])
def test_folder_of_an_earlier_version(library, written, offered):
    folder = library.state.folder / f"editing-{os.getpid()}"
    folder.mkdir()
    (folder / "note.md").write_text("left")
    if written is not None:
        os.utime(folder / "note.md", (written, written))
    library.state.set("editing", {str(os.getpid()): library.paper(0).id, "999999999": "x"})
    assert len(unsaved_drafts(library)) == offered
    assert folder.exists() == (not offered)
    assert library.state.get("editing") == ({str(os.getpid()): library.paper(0).id} if not offered else None)


def test_text_that_is_the_note_already_is_not_offered(library, left):
    library.save_and_apply([MarkChange(library.paper(0).id, note="left")])
    folder = left("left\n")
    assert unsaved_drafts(library) == []
    assert not folder.path.exists()


def test_folder_whose_record_is_damaged_is_kept(library, left):
    folder = left()
    (folder.path / "edit.json").write_text("{")
    assert unsaved_drafts(library) == []
    assert folder.read() == "left"


def test_editor_gets_the_variables_of_its_command(tmp_path):
    file = tmp_path / "note.md"
    file.touch()
    command = external_editor.editor_command({"EDITOR": f"WORD=1 sh -c 'echo $WORD > {file}'"})
    assert external_editor.run_editor(command, file).failure == ""
    assert file.read_text() == "1\n"
