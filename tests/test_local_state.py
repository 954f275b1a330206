"""Local state: a file that is lost or damaged breaks nothing, and errors are only logged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperreader import paths, storage
from paperreader.local_state import MAX_HISTORY, LocalState
from tests.endurance import state as state_script


def test_new_state_is_empty_and_writes_nothing(tmp_path: Path) -> None:
    state = LocalState(tmp_path / "state")
    assert (state.get("visited"), state.get("visited", 3), state.query_history, state.draft("a")) == (
        None,
        3,
        (),
        "",
    )
    assert list(tmp_path.iterdir()) == []


def test_values_are_restored(tmp_path: Path) -> None:
    state = LocalState(tmp_path / "deep" / "state")
    state.set("position", {"id": "2403.01234", "query": "flow", "scroll": 7})
    state.remember_query("flow matching")
    state.save_draft("2403.01234", "half a thou")
    again = LocalState(tmp_path / "deep" / "state")
    assert again.get("position") == {"id": "2403.01234", "query": "flow", "scroll": 7}
    assert again.query_history == ("flow matching",)
    assert again.draft("2403.01234") == "half a thou"
    assert (tmp_path / "deep" / "state" / "state.json").stat().st_mode & 0o777 == 0o600


def test_none_and_empty_draft_delete_keys(tmp_path: Path) -> None:
    state = LocalState(tmp_path)
    state.set("position", 3)
    state.set("position", None)
    state.save_draft("a", "text")
    state.save_draft("a", "")
    assert json.loads((tmp_path / "state.json").read_bytes()) == {}
    assert state.get("position", "default") == "default"


def test_history_is_unique_and_newest_first(tmp_path: Path) -> None:
    state = LocalState(tmp_path)
    for query in ("a", "b", " a ", "", "  ", *(f"query {number}" for number in range(MAX_HISTORY))):
        state.remember_query(query)
    assert state.query_history[0] == f"query {MAX_HISTORY - 1}"
    assert len(state.query_history) == len(set(state.query_history)) == MAX_HISTORY
    state.remember_query("query 50")
    assert state.query_history[0] == "query 50"
    assert len(state.query_history) == MAX_HISTORY


def test_two_processes_preserve_each_others_values(tmp_path: Path) -> None:
    one, other = LocalState(tmp_path), LocalState(tmp_path)
    one.set("visited", 1)
    other.save_draft("a", "from the other")
    one.save_draft("b", "from the one")
    other.remember_query("flow")
    assert LocalState(tmp_path).get("visited") == 1
    assert LocalState(tmp_path).get("drafts") == {"a": "from the other", "b": "from the one"}


def test_unknown_keys_are_preserved(tmp_path: Path) -> None:
    (tmp_path / "state.json").write_text('{"cursors": {"arxiv": "2024"}, "visited": 1}')
    LocalState(tmp_path).set("visited", 2)
    assert json.loads((tmp_path / "state.json").read_bytes()) == {"cursors": {"arxiv": "2024"}, "visited": 2}


@pytest.mark.parametrize(
    "data",
    [b"", b"\0\0\0", b"[]", b'"x"', b'{"a": ', b"\xff", pytest.param(b"[" * 100_000, id="nested deeply")],
)
def test_damaged_file_counts_as_empty(tmp_path: Path, data: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "state.json").write_bytes(data)
    state = LocalState(tmp_path)
    assert state.query_history == ()
    assert "counts as empty" in paths.log_file().read_text()
    assert capfd.readouterr() == ("", "")
    state.remember_query("flow")
    assert LocalState(tmp_path).query_history == ("flow",)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@given(st.fixed_dictionaries({"history": values, "drafts": values}))
def test_values_of_any_shape_are_tolerated(
    tmp_path_factory: pytest.TempPathFactory, stored: dict[str, Any]
) -> None:
    folder = tmp_path_factory.mktemp("state")
    (folder / "state.json").write_text(json.dumps(stored))
    state = LocalState(folder)
    assert all(isinstance(query, str) for query in state.query_history)
    assert isinstance(state.draft("a"), str)
    state.remember_query("flow")
    state.save_draft("a", "text")
    assert LocalState(folder).query_history[0] == "flow"
    assert LocalState(folder).draft("a") == "text"


def test_state_without_a_folder_is_in_memory() -> None:
    state = LocalState(None)
    state.set("visited", 1)
    state.remember_query("flow")
    assert (state.folder, state.get("visited"), state.query_history) == (None, 1, ("flow",))


def test_unwritable_folder_keeps_values_in_memory(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    state = LocalState(tmp_path / "file" / "state")
    state.set("visited", 1)
    state.remember_query("flow")
    assert (state.get("visited"), state.query_history) == (1, ("flow",))
    assert "Cannot" in paths.log_file().read_text()
    assert capfd.readouterr() == ("", "")


# Several processes


@pytest.mark.endurance
def test_processes_that_write_at_the_same_time_lose_nothing(tmp_path: Path) -> None:
    state_script.run(tmp_path, 60, 2)


def test_changes_that_could_not_be_written_are_written_with_the_next(tmp_path: Path) -> None:
    folder = tmp_path / "folder" / "state"
    state = LocalState(folder)
    (tmp_path / "folder").touch()
    state.remember_query("one")
    state.set("visited", 1)
    state.set("visited", 2)
    assert state.write_failed
    (tmp_path / "folder").unlink()
    LocalState(folder).remember_query("of another process")
    state.remember_query("two")
    assert not state.write_failed
    stored = LocalState(folder)
    assert stored.query_history == ("two", "one", "of another process")
    assert stored.get("visited") == 2


def test_file_that_cannot_be_read_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    LocalState(tmp_path).set("visited", 1)
    with monkeypatch.context() as patched:

        def fail(_: Path) -> int:
            raise OSError(5, "Input/output error")

        patched.setattr(storage, "open_regular_file", fail)
        state = LocalState(tmp_path)
        state.save_draft("a", "text")
        assert (state.get("visited"), state.draft("a")) == (None, "text")
    state.save_draft("b", "more")
    assert LocalState(tmp_path).get("visited") == 1
    assert LocalState(tmp_path).drafts == {"a": "text", "b": "more"}


def test_damaged_file_is_kept_under_another_name(tmp_path: Path) -> None:
    (tmp_path / "state.json").write_text('{"drafts": {"a": "half')
    LocalState(tmp_path).set("visited", 1)
    assert (tmp_path / "state.json.damaged").read_text() == '{"drafts": {"a": "half'
    assert LocalState(tmp_path).get("visited") == 1
