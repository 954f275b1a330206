"""Summaries by commands of the user in the notebook: stored, replaced, deleted, merged, restored, moved."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given

from paperreader.mark_codec import mark_from_json, mark_to_json
from paperreader.models import Mark, MarkChange, Summary
from paperreader.notebook import Notebook, apply_change
from tests.notebook.keyed_values import assert_merged_values_are_the_latest_of_either_side
from tests.notebook.strategies import marks

SHORT = Summary("Few lamps suffice.", "2026-11-29")
LONG = Summary("Lamps in every corner are\n\n- expensive\n- bright", "2026-11-30")
ID = "2510.00001"


def change(**summaries: Summary | None) -> MarkChange:
    return MarkChange(ID, "Lamps", summaries=summaries)


def test_summary_is_stored_replaced_and_deleted(tmp_path: Path) -> None:
    notebook = Notebook(tmp_path)
    notebook.save([change(tldr=SHORT, german=LONG)], when=1_700_000_000_000)
    (mark,) = Notebook(tmp_path).load().values()
    assert mark.generated == {"german": LONG, "tldr": SHORT}
    assert mark.is_set
    assert mark.last_changed == 1_700_000_000_000
    assert mark.generated_text == f"{LONG.text}\n\n{SHORT.text}"
    assert not mark.written_text, "a search for notes does not find it"
    notebook.save([change(tldr=LONG, german=None)])
    (mark,) = Notebook(tmp_path).load().values()
    assert mark.generated == {"tldr": LONG}


def test_deleted_summary_stays_deleted_when_an_older_notebook_is_merged(tmp_path: Path) -> None:
    notebook = Notebook(tmp_path)
    old = dict(notebook.save([change(tldr=SHORT)]).marks)
    notebook.save([change(tldr=None)])
    assert not notebook.merge(old).marks[ID].generated


def test_newer_summary_of_two_machines_wins_and_others_stay(tmp_path: Path) -> None:
    one, other = Notebook(tmp_path / "one"), Notebook(tmp_path / "other")
    one.save([change(tldr=SHORT, german=SHORT)], when=1_700_000_000_000)
    other.save([change(tldr=LONG)], when=1_700_000_000_001)
    assert one.merge(other.load()).marks[ID].generated == {"german": SHORT, "tldr": LONG}


@given(marks, marks)
def test_merged_summaries_are_those_of_either_side(one: Mark, other: Mark) -> None:
    assert_merged_values_are_the_latest_of_either_side(one, other, "summaries")


@given(marks)
def test_summaries_are_read_as_written(mark: Mark) -> None:
    assert mark_from_json(json.loads(json.dumps(mark_to_json(mark)))).summaries == mark.summaries


@pytest.mark.parametrize(
    "value", [5, [], {"a": 5}, {"a": [{}, 5]}, {"a": [{"text": 5}, 5]}, {"a": [{"text": "x", "day": 5}, 5]}]
)
def test_unknown_form_of_summaries_is_preserved(value: object) -> None:
    data = {"title": "t", "bookmark": [True, 5], "summaries": value}
    assert mark_to_json(mark_from_json(data)) == data


def test_day_that_is_none_is_left_out() -> None:
    data = {"title": "t", "summaries": {"a": [{"text": "x", "day": "2026-02-31"}, 5]}}
    assert mark_from_json(data).generated == {"a": Summary("x")}


def test_restoring_a_backup_restores_and_removes_summaries(tmp_path: Path) -> None:
    notebook = Notebook(tmp_path)
    notebook.save([change(tldr=SHORT)])
    (tmp_path / "old.json").write_bytes(notebook.path.read_bytes())
    notebook.save([change(tldr=LONG, german=LONG)])
    assert notebook.restore(str(tmp_path / "old.json")).marks[ID].generated == {"tldr": SHORT}


def test_summaries_move_with_a_mark(tmp_path: Path) -> None:
    notebook = Notebook(tmp_path)
    notebook.save([change(tldr=SHORT)])
    moved = notebook.move({ID: "other-id"}).marks
    assert moved["other-id"].generated == {"tldr": SHORT}
    assert not moved[ID].generated


def test_later_change_wins_over_a_clock_that_ran_ahead() -> None:
    mark = apply_change(Mark(), change(tldr=SHORT), 10)
    assert apply_change(mark, change(tldr=None), 5).summaries == {"tldr": (None, 11)}
