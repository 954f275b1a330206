"""A disk that is full, read-only or broken never ends the reader: what fails is reported, and the reader continues."""

from __future__ import annotations

import errno
from contextlib import nullcontext

import pytest

from paperreader.library import Library
from paperreader.tui.controllers.papers.drafts import DraftsController
from tests.examples import endurance
from tests.faults import FAULTS

# `tests.endurance.disk` presses every key, and uses real disks.
KEYS = [
    *"ybN",
    "space",
    "Y",
    "escape",
    "R",
    "escape",
    "s",
    "escape",
    "T",
    "escape",
    "slash",
    "l",
    "enter",
    "S",
]
KEYS += ["escape", "escape", *"enx", "ctrl+s"]
"""Marks, copies, lists, queries, subscriptions, the external editor and a note."""

SAVES_FAIL, READS_FAIL = {"full", "no space", "read-only", "write error"}, {"read error", "stale"}


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """A clipboard program and an editor that work."""
    for name, script in {"xclip": f"cat > {tmp_path}/copied", "editor": 'printf "written" > "$1"'}.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setenv("DISPLAY", ":99")
    monkeypatch.setenv("EDITOR", str(tmp_path / "editor"))


async def test_start_on_a_failing_disk_is_reported(open_reader, monkeypatch):
    offer = DraftsController.offer

    def offer_on_a_failing_disk(self):
        with FAULTS["stale"]():
            offer(self)
        raise OSError(errno.ESTALE, "Stale file handle", "state")

    monkeypatch.setattr(DraftsController, "offer", offer_on_a_failing_disk)
    async with open_reader() as reader:
        assert any("stale file handle" in message for message in reader.notifications)
        await reader.press("b")
        assert reader.app.is_running


@pytest.mark.parametrize("fault", [endurance("no temporary folder"), "full", endurance("stale")])
async def test_no_key_ends_the_reader(open_reader, library, programs, tmp_path, monkeypatch, fault):
    async with open_reader() as reader:
        monkeypatch.setattr(reader.app, "suspend", nullcontext)
        said = []
        with FAULTS[fault]():
            for key in KEYS:
                await reader.press(key)
                said += reader.notifications
                reader.app._notifications.clear()
                assert (reader.app.is_running, reader.app.unhandled_error) == (True, None), key
        assert not any("Errno" in message or "backup" in message for message in said), said
        assert any(message.startswith("Not saved: ") for message in said) == (fault in SAVES_FAIL), said
        assert any("the editor" in message for message in said) == (fault in SAVES_FAIL), said
        if reader.note_editor is not None:
            await reader.press("ctrl+s")
        await reader.press("escape", "escape", "escape", "f")
    marks = Library.open().marks.values()
    assert any("x" in mark.note_text for mark in marks) or fault in READS_FAIL, "typed while the disk failed"
    assert any(mark.bookmarked for mark in marks)
    if fault == "no temporary folder":
        assert (tmp_path / "copied").read_text().startswith("https://")
