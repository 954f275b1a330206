"""Opening one paper, and exits after errors."""

from __future__ import annotations

import pytest

from paperreader import paths
from paperreader.tui.controllers.papers.marks import MarksController
from paperreader.tui.terminal.input.parser import InputParser
from tests.program import run_command


def test_open_starts_at_the_paper(reader, filled):
    screen = reader("open", "slow-rivers")
    screen.wait_for("ten numbers")
    screen.send("q")
    assert screen.wait_for_exit() == 0


def test_unknown_id_opens_nothing(installed_reader, filled):
    screen = installed_reader("open", "2999.99999")
    assert screen.wait_for_exit() == 1
    assert 'No paper "2999.99999"' in screen.text
    assert b"\x1b" not in screen.raw


def unexpected(self, *given):
    raise ZeroDivisionError("unexpected")


@pytest.mark.parametrize(("place", "name"), [(MarksController, "toggle_bookmark"), (InputParser, "feed")])
def test_unhandled_exception_restores_terminal_and_is_logged(reader, filled, monkeypatch, place, name):
    monkeypatch.setattr(place, name, unexpected)
    with reader() as terminal:
        terminal.wait_for("Sparse Lanterns")
        terminal.send("b")
        assert terminal.wait_for_exit() == 1
        assert b"\x1b[?1049l" in terminal.raw  # back on the ordinary screen
        after = bytes(terminal.raw).rpartition(b"\x1b[?1049l")[2].decode()
    assert "An unexpected error occurred" in after
    assert "Traceback" not in after
    log = paths.log_file().read_text(encoding="utf-8")
    assert "Traceback" in log
    assert "unexpected" in log


def test_invalid_utf8_input_does_not_crash(reader, filled):
    screen = reader(rows=24, columns=80)
    screen.wait_for("Sparse Lanterns")
    screen.send(b"\xe9\xff\x1b[200~caf\xe9\x1b[201~n")
    screen.wait_for("ctrl+s save")
    screen.send(b"caf\xe9 \x80and more")
    screen.wait_for("and more")
    screen.send("\x13")
    screen.wait_for("saved")
    screen.send("q")
    assert screen.wait_for_exit() == 0
    assert "and more" in run_command("search", "--json")
