"""`paperreader restore`: list backups, restore marks, and undo that."""

from __future__ import annotations

import json
from pathlib import Path

import pytest


@pytest.fixture
def marked(filled, ids):
    """The command line after three changes: a bookmark, a note, and the removal of both."""
    filled("mark", ids["Slow"], "--bookmark")
    filled("mark", ids["Slow"], "--note", "sediment")
    filled("mark", ids["Slow"], "--no-bookmark", "--note", "")
    return filled


def shown(command, id):
    (found,) = command("show", "--json", id).objects
    return found["bookmarked"], found["note"]


def test_restore_without_argument_lists_backups(marked):
    listed = marked("restore")
    assert listed.out == marked("restore", "--list").out
    first, second = listed.out.splitlines()
    assert first.startswith(" 1  20")
    assert "1 paper marked, 1 with a note" in first
    assert "1 paper marked, 0 with a note" in second


def test_restore_and_undo_it(marked, ids):
    assert "marks of 1 paper" in marked("restore", "1").out
    assert shown(marked, ids["Slow"]) == (True, "sediment")
    assert marked("restore", "1").code == 0
    assert shown(marked, ids["Slow"]) == (False, None)


def test_restore_any_notebook_file(marked, ids, tmp_path):
    file = tmp_path / "old.json"
    mark = {"title": "Slow Rivers", "note": ["from a drawer", 5]}
    file.write_text(json.dumps({"version": 1, "papers": {ids["Slow"]: mark}}))
    assert marked("restore", file).code == 0
    assert shown(marked, ids["Slow"]) == (False, "from a drawer")
    assert "Nothing to restore" in marked("restore", file).out


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["9"], 1, "no backup 9"),
        (["missing.json"], 1, "no file"),
        (["/dev/null"], 1, "not an ordinary file"),
        (["/"], 1, "not an ordinary file"),
        ([Path(__file__)], 1, "is not a notebook"),
        (["--list", "1"], 2, "cannot be combined"),
    ],
)
def test_invalid_restore_is_reported_in_one_line(marked, ids, arguments, code, message):
    result = marked("restore", *arguments)
    assert result.code == code
    assert message in result.err
    assert len(result.err.splitlines()) == 1
    assert shown(marked, ids["Slow"]) == (False, None)


def test_no_backups_is_reported(filled):
    result = filled("restore")
    assert result.code == 0
    assert "No backups yet" in result.out
