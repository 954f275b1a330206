"""What was typed, and where one was, outlive the reader, however it ends."""

from __future__ import annotations

import os
import signal

from tests.program import run_command


def kill(screen):
    os.kill(screen.process.pid, signal.SIGKILL)
    screen.process.wait()
    screen.close()


def kept(home, text):
    """Whether a state on the disk holds the text."""
    return any(text in file.read_text() for file in home.rglob("state.json"))


def test_a_note_outlives_a_reader_that_is_killed(reader, filled, home):
    screen = reader(rows=24, columns=80)
    screen.wait_for("Sparse Lanterns")
    screen.send("jn")
    screen.wait_for("ctrl+s save")
    screen.send("Ask Ada about layer nine.")
    screen.wait_for(lambda text: "layer nine." in text and kept(home, "layer nine."))
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


def test_what_an_editor_saves_outlives_the_reader_that_opened_it(reader, filled, tmp_path):
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


def test_the_place_and_the_visit_outlive_a_reader_that_is_killed(reader, filled, home):
    screen = reader(rows=24, columns=80)
    screen.wait_for("Sparse Lanterns")
    screen.send("st")
    screen.wait_for("Sorted: by title")
    screen.send("j")
    screen.wait_for("2/3")
    screen.send("/")  # whose cursor blinks
    screen.wait_for(lambda text: kept(home, '"sort": "title"') and kept(home, '"visiting"'))
    kill(screen)

    again = reader(rows=24, columns=80)
    again.wait_for(lambda text: "by title" in text and "2/3" in text)
    again.send("2")
    again.wait_for("No new papers since your last visit.")
    again.send("q")
    assert again.wait_for_exit() == 0
    assert not kept(home, '"visiting"')
