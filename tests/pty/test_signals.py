"""Signals that end the reader: the terminal is restored, the draft saved, and the exit status is 128 + N."""

from __future__ import annotations

import json
import os
import signal

import pytest

from tests.examples import endurance
from tests.waiting import TIMEOUT_SECONDS

MODES = (1000, 1003, 1004, 1006, 1015, 1049, 2004)
"""Mouse, focus events, alternate screen, bracketed paste."""


def drafts(home) -> list[str]:
    """Return the drafts in all state files."""
    states = (json.loads(file.read_text()) for file in home.rglob("state.json"))
    return [draft for state in states for draft in state.get("drafts", {}).values()]


@pytest.fixture
def writing(reader, filled):
    """A reader with an unsaved note, and the attributes of its terminal before it started."""
    screen = reader(rows=24, columns=80)
    before = screen.first_attributes
    screen.wait_for("Sparse Lanterns")
    assert screen.attributes != before
    screen.send("n")
    screen.wait_for("ctrl+s save")
    screen.send("Ask Ada")
    screen.wait_for("Ask Ada")
    return screen, before


@pytest.mark.parametrize("name", ["SIGTERM", endurance("SIGQUIT"), endurance("SIGHUP"), endurance("SIGINT")])
def test_signal_restores_the_terminal_and_saves_the_draft(writing, home, name):
    screen, before = writing
    number = int(getattr(signal, name))
    os.kill(screen.process.pid, number)
    assert screen.wait_for_exit() == 128 + number
    assert screen.attributes == before
    assert not [mode for mode in MODES if screen.is_on(mode)]
    assert screen.is_on(25)  # the cursor
    assert screen.is_on(7)  # line wrap
    assert screen.raw.count(b"\x1b[<u") == screen.raw.count(b"\x1b[>25u")
    assert b"Traceback" not in screen.raw
    assert drafts(home) == ["Ask Ada"]


def test_closed_terminal_saves_the_draft(writing, home):
    screen, _ = writing
    screen.hang_up()
    assert screen.process.wait(TIMEOUT_SECONDS) == 128 + signal.SIGHUP
    assert drafts(home) == ["Ask Ada"]


def test_signal_while_an_editor_is_open(reader, filled, tmp_path):
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nprintf "typed in vi" > "$1"\nkill -TERM $PPID\n')
    editor.chmod(0o755)
    screen = reader(rows=24, columns=80, env={"VISUAL": str(editor)})
    before = screen.first_attributes
    screen.wait_for("Sparse Lanterns")
    screen.send("e")
    assert screen.wait_for_exit() == 128 + signal.SIGTERM
    assert screen.attributes == before
    screen.close()

    again = reader(rows=24, columns=80)
    again.wait_for("A note was not saved")
    again.send("w")
    again.wait_for("typed in vi")
