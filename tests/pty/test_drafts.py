"""Typed text and the position survive a reader that is killed."""

from __future__ import annotations

import os
import signal

import pytest

from tests.program import run_command


def kill(screen):
    os.kill(screen.process.pid, signal.SIGKILL)
    screen.process.wait()
    screen.close()


def is_saved(home, text):
    """Return whether a state file contains the text."""
    return any(text in file.read_text() for file in home.rglob("state.json"))


def test_draft_survives_a_killed_reader(reader, filled, home):
    screen = reader(rows=24, columns=80)
    screen.wait_for("Sparse Lanterns")
    screen.send("jn")
    screen.wait_for("ctrl+s save")
    screen.send("Ask Ada about layer nine.")
    screen.wait_for(lambda text: "layer nine." in text and is_saved(home, "layer nine."))
    kill(screen)

    again = reader(rows=24, columns=80)
    again.wait_for("A note was not saved")
    again.send("w")
    again.wait_for("Ask Ada about layer nine.")
    again.send("\x13")
    again.wait_for("saved")
    again.send("q")
    assert again.wait_for_exit() == 0
    assert "Ask Ada about layer nine." in run_command("search", "--json")


@pytest.mark.endurance
def test_external_edit_survives_a_killed_reader(reader, filled, tmp_path):
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nprintf "typed in vi" > "$1"\nkill -9 $PPID\n')
    editor.chmod(0o755)
    screen = reader(rows=24, columns=80, env={"VISUAL": str(editor)})
    screen.wait_for("Sparse Lanterns")
    screen.send("e")
    screen.wait_for_exit()
    screen.close()

    again = reader(rows=24, columns=80)
    again.wait_for("A note was not saved")
    again.send("w")
    again.wait_for("typed in vi")
    again.send("\x13")
    again.wait_for("saved")
    again.send("q")
    assert again.wait_for_exit() == 0
    assert "typed in vi" in run_command("search", "--json")


@pytest.mark.endurance
def test_position_survives_a_killed_reader_and_new_papers_stay_new(reader, filled, home):
    screen = reader(rows=24, columns=80)
    screen.wait_for("Sparse Lanterns")
    screen.send("st")
    screen.wait_for("Sorted: by title")
    screen.send("j")
    screen.wait_for("2/3")
    screen.send("/")  # whose cursor blinks
    screen.wait_for(lambda text: is_saved(home, '"sort": "title"'))
    kill(screen)

    assert not is_saved(home, '"visited"')
    again = reader(rows=24, columns=80)
    again.wait_for(lambda text: "by title" in text and "2/3" in text)
    again.send("2")
    again.wait_for(lambda text: "New" in text and "/3" in text)
    again.send("q")
    assert again.wait_for_exit() == 0
    assert is_saved(home, '"visited"')
