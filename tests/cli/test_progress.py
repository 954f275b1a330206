"""The progress bar: for people only, and gone when the work is done."""

from __future__ import annotations

import sys

import pytest

from paperreader.cli.progress import bar
from tests.terminal import Terminal


@pytest.mark.parametrize(
    ("done", "total", "shown"),
    [
        (1234, None, "reading  1,234 papers"),
        (0, 10, "reading ------------------------   0%  0 of 10 papers"),
        (5, 10, "reading ############------------  50%  5 of 10 papers"),
        (10, 10, "reading ######################## 100%  10 of 10 papers"),
        (11, 10, "reading ######################## 100%  11 of 10 papers"),
        (0, 0, "reading  0 papers"),
    ],
)
def test_a_bar_for_every_stage_of_the_work(done, total, shown):
    assert bar("reading", done, total) == shown


def test_a_person_sees_a_bar_that_leaves_no_trace(page):
    with Terminal([sys.executable, "-m", "paperreader", "import", str(page)]) as terminal:
        assert terminal.wait_end() == 0
        assert b"\rreading" in terminal.raw
        assert terminal.text.splitlines()[0] == "3 read, 3 new, 0 merged, 0 unchanged"


def test_a_pipe_gets_none(filled, page):
    assert filled("import", page).err == ""
