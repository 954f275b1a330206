"""Commands next to others that hold locks: they wait, use the index as it is, or leave the update to others."""

from __future__ import annotations

import subprocess
from contextlib import contextmanager

import pytest

from paperreader.cli import library_access, output
from paperreader.digest import delivery
from paperreader.library import Library
from paperreader.storage import lock
from tests.program import program_command

HELD = "Another paperreader is updating the search index"


@contextmanager
def held(path):
    """Hold a lock as another process does: locks of flock(2) belong to open files."""
    with lock(path):
        yield


def cache_folder():
    return Library.open()._stores.cache_folder


@pytest.fixture
def impatient(monkeypatch):
    for name in ("LOCK_WAIT_SECONDS", "INDEX_WAIT_SECONDS", "FIRST_INDEX_WAIT_SECONDS"):
        monkeypatch.setattr(library_access, name, 0.05)
    monkeypatch.setattr("paperreader.cli.commands.reindex.FIRST_INDEX_WAIT_SECONDS", 0.05)
    monkeypatch.setattr(delivery, "LOCK_TIMEOUT_SECONDS", 0.05)


@pytest.fixture
def outdated(filled, tmp_path, impatient):
    """A library with an index that lacks one paper, while another process writes the index."""
    later = tmp_path / "later.jsonl"
    later.write_text(
        '{"title": "Moss on Slow Rivers", "abstract": "Rivers carry moss.", "arxiv_id": "2601.00001"}'
    )
    with held(cache_folder() / "index.lock"):
        result = filled("import", later)
        assert (result.code, result.err) == (0, "")
        yield filled


@pytest.mark.parametrize(
    "command",
    [
        ("search", "the"),
        ("export", "the", "--format", "bibtex"),
        ("digest", "--since", "2025-01-01", "--subscription", "The"),
        ("subscriptions",),
    ],
    ids=lambda command: command[0],
)
def test_commands_use_the_index_as_it_is(outdated, command):
    outdated("subscribe", "The", "the")
    result = outdated(*command)
    assert result.code == 0
    assert HELD in result.err
    assert result.out


@pytest.mark.parametrize(
    "command", [("mark", "2601.00001", "--bookmark"), ("show", "2601.00001"), ("inbox",), ("trends",)]
)
def test_commands_that_need_no_index_do_not_mention_it(outdated, command):
    result = outdated(*command)
    assert (result.code, result.err) == (0, "")


def test_reindex_leaves_the_index_to_the_process_that_writes_it(outdated):
    result = outdated("reindex")
    assert result.code == 0
    assert "completes it" in result.err


def test_second_digest_is_left_out(filled, impatient):
    with held(Library.open().state.folder / "digest.lock"):
        result = filled("digest", "--once-a-day")
    assert (result.code, result.out) == (0, "")
    assert "still being sent" in result.err


def test_a_person_is_told_that_a_command_waits(filled, monkeypatch, capsys):
    monkeypatch.setattr("paperreader.storage._WAIT_BEFORE_REPORT_SECONDS", 0.01)
    monkeypatch.setattr(library_access, "LOCK_WAIT_SECONDS", 0.05)
    monkeypatch.setattr(output, "is_terminal", lambda stream: True)
    with held(Library.open().folder / "notebook.lock"):
        result = filled("mark", filled("search", "--json").objects[0]["id"], "--read")
    assert "Waiting for another paperreader" in result.err
    assert result.code == 1


@pytest.mark.endurance
def test_reindex_next_to_searches(filled):
    """The former index is searched until the new one is complete."""
    expected = filled("search", "--json", "the").objects
    command = [*program_command(), "reindex"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as rebuilding:
        while rebuilding.poll() is None:
            result = filled("search", "--json", "the")
            assert (result.code, result.err, result.objects) == (0, "", expected)
        assert (rebuilding.returncode, rebuilding.stderr.read()) == (0, b"")
