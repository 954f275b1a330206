"""The first frame is on the terminal before Textual is loaded, and Textual paints the same cells."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import termios

import pytest

from paperreader import paths
from paperreader.library import Library
from paperreader.models import MarkChange
from tests.examples import endurance
from tests.terminal import Terminal

pytestmark = pytest.mark.usefixtures("filled")

KEYBOARD_MODE = b"\x1b[>25u"
"""Textual has taken over when this was written."""

COUNTS = "3 unread"
"""Counted in the background, after the first frame."""


def visit(reader, keys: str = "", arguments: tuple[str, ...] = (), **size) -> None:
    """Open the reader, send keys, and quit."""
    screen = reader(*arguments, **size)
    screen.wait_for("? help")
    screen.send(f"{keys}q")
    assert screen.wait_for_exit() == 0


def saved_frame() -> str:
    return paths.first_frame_file().read_text().partition("\n")[2]


def is_shown_early(screen: Terminal) -> bool:
    """Whether the list was there before Textual had taken over."""
    screen.wait_for(COUNTS)
    before, _, _ = screen.raw.partition(KEYBOARD_MODE)
    return b"Sparse Lanterns" in before


def cells(screen: Terminal) -> list[dict]:
    """The cells of all rows, by column."""
    return [dict(screen.screen.buffer[row]) for row in range(screen.screen.lines)]


def changes(before: list[dict], after: list[dict]) -> list[tuple]:
    """Row, column and both cells of the first cells that differ."""
    return [
        (row, column, old[column], new.get(column))
        for row, (old, new) in enumerate(zip(before, after, strict=True))
        if old != new
        for column in old
        if old[column] != new.get(column)
    ][:10]


@pytest.mark.parametrize(("rows", "columns"), [(24, 80), endurance(40, 120), endurance(60, 200)])
def test_no_cell_changes_when_textual_takes_over(reader, rows, columns):
    visit(reader, "j", rows=rows, columns=columns)
    screen = reader(rows=rows, columns=columns)
    screen.wait_for(COUNTS)
    output, frame = bytes(screen.raw), saved_frame().replace("\n", "\r\n").encode()
    start = output.index(frame) + len(frame)
    end = output.index(frame, output.index(KEYBOARD_MODE)) + len(frame)
    replayed = Terminal.replay(rows, columns)
    replayed.feed_screen(output[:start])
    before = cells(replayed)
    assert "2/3" in replayed.text
    for place in range(start, end, 64):
        replayed.feed_screen(output[place : min(place + 64, end)])
        assert changes(before, cells(replayed)) == []


@pytest.mark.endurance
def test_the_sample_library_has_a_frame_of_its_own(reader):
    visit(reader, arguments=("--sample",))
    screen = reader("--sample")
    screen.wait_for("82 unread")
    before = screen.raw.partition(KEYBOARD_MODE)[0]
    assert b"Sample papers" in before and b"SAM 3" in before
    screen.send("q")
    assert screen.wait_for_exit() == 0
    screen = reader()
    screen.wait_for("Sparse Lanterns")
    assert b"SAM 3" not in screen.raw


def test_keys_pressed_at_the_frame_take_effect(installed_reader):
    visit(installed_reader)
    screen = installed_reader()
    screen.wait_for("Sparse Lanterns")
    screen.send("jb")
    screen.wait_for("Bookmarked")
    screen.send("q")
    assert screen.wait_for_exit() == 0
    (mark,) = Library.open().marks.values()
    assert mark.bookmarked
    assert b"jb" not in screen.raw, "the shell echoes nothing"


def test_the_terminal_is_restored_at_the_end(reader):
    visit(reader)
    screen = reader()
    before = screen.first_attributes
    assert is_shown_early(screen)
    assert screen.attributes != before
    screen.send("q")
    assert screen.wait_for_exit() == 0
    assert screen.attributes == before
    assert not screen.is_on(1049) and screen.is_on(25) and screen.is_on(7)


def change_paper() -> None:
    library = Library.open()
    library.removals.remove([library.table.paper(2).id])


def change_mark() -> None:
    library = Library.open()
    paper = library.paper(0)
    library.save([MarkChange(paper.id, paper.title, read=True)])


def change_settings() -> None:
    paths.config_folder().mkdir(parents=True, exist_ok=True)
    (paths.config_folder() / "config.toml").write_text('[appearance]\ntheme = "paperreader-light"\n')


def make_readable() -> None:
    paths.first_frame_file().chmod(0o644)


def insert_sequence() -> None:
    path = paths.first_frame_file()
    path.write_text(path.read_text().replace("\x1b[2;1H", "\x1b]52;c;aGk=\x07\x1b[2;1H"))


def cut() -> None:
    path = paths.first_frame_file()
    path.write_bytes(path.read_bytes()[:100])


def assert_not_shown_early(screen: Terminal) -> None:
    screen.wait_for("Sparse Lanterns")
    assert b"Sparse Lanterns" not in screen.raw.partition(KEYBOARD_MODE)[0]
    assert b"]52;" not in screen.raw
    screen.close()


@pytest.mark.parametrize("change", [endurance(change_paper), change_mark, change_settings])
def test_a_frame_that_may_be_wrong_is_not_shown(reader, change):
    visit(reader)
    change()
    assert_not_shown_early(reader())


@pytest.mark.endurance
def test_a_frame_that_others_may_have_written_is_not_shown(reader):
    visit(reader)
    path = paths.first_frame_file()
    saved = path.read_bytes()
    for change in (make_readable, insert_sequence, cut):
        path.write_bytes(saved)
        path.chmod(0o600)
        change()
        assert_not_shown_early(reader())


@pytest.mark.endurance
def test_another_terminal_does_not_show_it(reader):
    visit(reader)
    for settings in ({"rows": 25}, {"env": {"TERM": "xterm"}}, {"env": {"LC_ALL": "C.UTF-8"}}):
        assert_not_shown_early(reader(**settings))


def test_the_file_is_private(reader):
    visit(reader)
    assert paths.first_frame_file().stat().st_mode & 0o777 == 0o600


def show_and_then(ending: str) -> list[str]:
    """A program that shows the saved frame and then ends, before Textual is loaded."""
    code = f"""
import os, signal, sys
from pathlib import Path
from paperreader.cli.commands import reader
from paperreader.cli.main import run
from paperreader.errors import PaperreaderError
def opened(folder):
    {ending}
reader.open_folder = opened
sys.exit(run([]))
"""
    return [sys.executable, "-c", code]


ENDINGS = (
    ("os.kill(os.getpid(), signal.SIGTERM)", 128 + signal.SIGTERM),
    ("os.kill(os.getpid(), signal.SIGHUP)", 128 + signal.SIGHUP),
    ("raise PaperreaderError('The disk is gone.')", 1),
    ("raise RuntimeError('a fault')", 1),
    ("raise KeyboardInterrupt", 130),
)
"""How a start ends before Textual is loaded, and the exit status."""


@pytest.mark.endurance
def test_the_terminal_is_restored_if_the_reader_does_not_start(reader):
    visit(reader)
    for ending, status in ENDINGS:
        with Terminal(show_and_then(ending)) as screen:
            before = screen.first_attributes
            assert screen.wait_for_exit() == status
            assert b"Sparse Lanterns" in screen.raw, ending
            assert screen.attributes == before
            assert not screen.is_on(1049) and screen.is_on(25) and screen.is_on(7)
            assert "Traceback" not in screen.text
            assert "disk" not in ending or "The disk is gone." in screen.text


def test_keys_are_not_echoed_at_the_frame(reader):
    visit(reader)
    with Terminal(show_and_then("sys.stdin.read(1); raise PaperreaderError('End.')")) as screen:
        screen.wait_for("Sparse Lanterns")
        assert not screen.attributes[3] & (termios.ECHO | termios.ICANON | termios.ISIG)
        screen.send("\x03")
        assert screen.wait_for_exit() == 1, "ctrl+c is a key"
        assert b"^C" not in screen.raw


def test_what_a_frame_depends_on_contains_no_value_of_another_variable(reader):
    visit(reader, env={"PAPERREADER_SMTP_PASSWORD": "sesame"})
    header = json.loads(paths.first_frame_file().read_text().partition("\n")[0])
    assert "sesame" not in json.dumps(header)
    assert header["variables"].keys() <= {*os.environ, "TERM", "COLORTERM"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", header["day"])
