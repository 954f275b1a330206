"""Highlighted passages of full texts in the notebook: stored, merged, imported, restored, exported."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from msgspec.structs import replace

from paperreader.mark_codec import mark_from_json, mark_to_json
from paperreader.models import Highlight, Mark, MarkChange
from paperreader.notebook import Notebook, apply_change
from tests.notebook.keyed_values import assert_merged_values_are_the_latest_of_either_side
from tests.notebook.strategies import marks, passages

LAMPS = Highlight(
    "Lamps are lit at dusk.", block=7, offset=12, before="In short: ", comment="really?", version=2
)
RIVERS = Highlight("Rivers are slow.", block=3)


def set_highlight(*highlights: Highlight) -> MarkChange:
    return MarkChange("2510.00001", "Lamps", highlights={each.id: each for each in highlights})


def quotes(mark: Mark) -> list[str]:
    return [each.quote for each in mark.passages]


def test_highlights_are_stored_in_the_order_of_the_text(tmp_path: Path) -> None:
    Notebook(tmp_path).save([set_highlight(LAMPS, RIVERS)], when=1_700_000_000_000)
    (mark,) = Notebook(tmp_path).load().values()
    assert mark.passages == (RIVERS, LAMPS)
    assert mark.is_set
    assert mark.last_changed == 1_700_000_000_000


def test_removed_highlight_stays_removed_when_an_older_notebook_is_merged(tmp_path: Path) -> None:
    notebook = Notebook(tmp_path)
    old = dict(notebook.save([set_highlight(LAMPS)]).marks)
    notebook.save([MarkChange("2510.00001", highlights={LAMPS.id: None})])
    assert not notebook.merge(old).marks["2510.00001"].passages


def test_same_passage_highlighted_on_two_machines_is_one(tmp_path: Path) -> None:
    commented = replace(LAMPS, comment="from the other machine", version=3)
    one, other = Notebook(tmp_path / "one"), Notebook(tmp_path / "other")
    one.save([set_highlight(LAMPS)], when=1_700_000_000_000)
    other.save([set_highlight(commented, RIVERS)], when=1_700_000_000_001)
    merged = one.merge(other.load()).marks["2510.00001"]
    assert merged.passages == (RIVERS, commented)


@given(passages)
def test_id_does_not_depend_on_comment_and_place(highlight: Highlight) -> None:
    assert replace(highlight, comment="other", version=9, block=8, offset=1).id == highlight.id


@given(marks, marks)
def test_merged_highlights_are_those_of_either_side(one: Mark, other: Mark) -> None:
    assert_merged_values_are_the_latest_of_either_side(one, other, "highlights")


@given(marks)
def test_highlights_are_read_as_written(mark: Mark) -> None:
    assert mark_from_json(json.loads(json.dumps(mark_to_json(mark)))).highlights == mark.highlights


@pytest.mark.parametrize(
    "value", [5, "x", [], {"a": 5}, {"a": [{}, 5]}, {"a": [{"quote": 5}, 5]}, {"a": [None]}]
)
def test_unknown_form_of_highlights_is_preserved(value: object) -> None:
    data = {"title": "t", "bookmark": [True, 5], "highlights": value}
    assert mark_to_json(mark_from_json(data)) == data


def test_earlier_text_is_found_by_searching_notes() -> None:
    mark = apply_change(Mark(note=("mine", 5)), set_highlight(LAMPS), 6)
    assert mark.written_text == "mine\n\nLamps are lit at dusk.\n\nreally?"


def test_restoring_a_backup_restores_and_removes_highlights(tmp_path: Path) -> None:
    notebook = Notebook(tmp_path)
    old = notebook.save([set_highlight(LAMPS)]).marks
    (tmp_path / "old.json").write_bytes(notebook.path.read_bytes())
    notebook.save([MarkChange("2510.00001", highlights={LAMPS.id: None, RIVERS.id: RIVERS})])
    restored = notebook.restore(str(tmp_path / "old.json")).marks
    assert restored["2510.00001"].passages == old["2510.00001"].passages == (LAMPS,)


def test_highlights_move_with_a_mark(tmp_path: Path) -> None:
    notebook = Notebook(tmp_path)
    notebook.save([set_highlight(LAMPS)])
    moved = notebook.move({"2510.00001": "other-id"}).marks
    assert moved["other-id"].passages == (LAMPS,)
    assert not moved["2510.00001"].passages
