"""Changing and merging marks: the last change wins, regardless of the clock."""

from __future__ import annotations

import gc

import pytest
from hypothesis import given

from paperreader.models import EMPTY_MARK, Mark, MarkChange
from paperreader.notebook import apply_change, merge_marks
from tests.notebook.strategies import marks


@given(marks, marks)
def test_merge_is_commutative(one: Mark, other: Mark) -> None:
    assert merge_marks(one, other) == merge_marks(other, one)


@given(marks, marks)
def test_merge_is_idempotent(one: Mark, other: Mark) -> None:
    merged = merge_marks(one, other)
    assert merge_marks(one, one) == one
    assert merge_marks(merged, one) == merged
    assert merge_marks(other, merged) == merged


@given(marks)
def test_empty_mark_changes_nothing(mark: Mark) -> None:
    assert merge_marks(mark, EMPTY_MARK) == mark


def test_newer_value_of_each_field_wins() -> None:
    one = Mark(
        "T", bookmark=(True, 5), read=(False, 9), tags={"rl": (True, 5), "nlp": (True, 1)}, hidden=(True, 4)
    )
    other = Mark(
        "T",
        bookmark=(False, 6),
        read=(True, 8),
        tags={"rl": (False, 6)},
        dismissed=(True, 3),
        hidden=(False, 2),
    )
    merged = merge_marks(one, other)
    assert (merged.dismissed, merged.hidden, merged.deleted) == ((True, 3), (True, 4), (False, 0))
    assert (merged.bookmark, merged.read) == ((False, 6), (False, 9))
    assert merged.tag_names == ("nlp",)
    assert merged.tags["rl"] == (False, 6), "a removed tag stays as a tombstone"


def test_change_leaves_other_fields() -> None:
    mark = Mark("T", read=(True, 3), note=("n", 4), tags={"rl": (True, 5)}, extra={"colour": "red"})
    changed = apply_change(mark, MarkChange("id", bookmark=True), 7)
    assert changed == Mark(
        "T", (True, 7), read=(True, 3), note=("n", 4), tags={"rl": (True, 5)}, extra={"colour": "red"}
    )


def test_last_change_wins_despite_earlier_clock() -> None:
    mark = Mark(bookmark=(True, 500), read=(True, 500), note=("old", 500), tags={"rl": (True, 500)})
    changed = apply_change(
        mark, MarkChange("id", bookmark=False, read=False, note="new", tags={"rl": False}), 100
    )
    assert (changed.bookmark, changed.read) == ((False, 501), (False, 501))
    assert changed.note == ("new", 501)
    assert changed.tags == {"rl": (False, 501)}
    assert merge_marks(mark, changed) == changed


@pytest.mark.parametrize(
    ("mark", "change", "position", "queue"),
    [
        (Mark(), MarkChange("", bookmark=True), 9.0, (0.0, 0)),
        (Mark(bookmark=(True, 5)), MarkChange("", read=True), 5.0, (0.0, 0)),
        (Mark(bookmark=(True, 5)), MarkChange("", bookmark=True), 5.0, (5.0, 9)),
        (Mark(bookmark=(True, 5)), MarkChange("", queue=2.5), 2.5, (2.5, 9)),
        (Mark(bookmark=(True, 50), queue=(3.0, 40)), MarkChange("", queue=2.5), 2.5, (2.5, 41)),
        (Mark(), MarkChange("", bookmark=True, queue=2.5), 2.5, (2.5, 9)),
        (Mark(bookmark=(True, 5), queue=(3.0, 6)), MarkChange("", bookmark=True), 3.0, (3.0, 6)),
        (Mark(bookmark=(True, 5), queue=(3.0, 6)), MarkChange("", bookmark=False), None, (0.0, 9)),
        (Mark(), MarkChange("", bookmark=False), None, (0.0, 0)),
        (Mark(bookmark=(False, 5), queue=(3.0, 6)), MarkChange("", bookmark=True), 9.0, (0.0, 9)),
        (Mark(bookmark=(False, 5), queue=(3.0, 6)), MarkChange("", read=True), None, (3.0, 6)),
    ],
)
def test_position_in_the_queue_ends_with_the_bookmark(
    mark: Mark, change: MarkChange, position: float | None, queue: tuple[float, int]
) -> None:
    changed = apply_change(mark, change, 9)
    assert (changed.queue_position, changed.queue) == (position, queue)
    assert merge_marks(mark, changed) == changed


def test_empty_title_does_not_replace_known_one() -> None:
    assert apply_change(Mark("Known"), MarkChange("id", read=True), 1).title == "Known"
    assert apply_change(Mark("Known"), MarkChange("id", "Better known"), 1).title == "Better known"


def test_unknown_keys_of_both_sides_are_preserved() -> None:
    merged = merge_marks(Mark(extra={"colour": "red", "stars": 3}), Mark(extra={"place": "top", "stars": 4}))
    assert merged.extra == {"colour": "red", "place": "top", "stars": 4}


@given(marks)
def test_merging_an_exported_mark_back_changes_nothing(mark: Mark) -> None:
    later = apply_change(mark, MarkChange("id", note="written since"), 1_800_000_000_000)
    assert merge_marks(later, mark) == later


def test_garbage_collector_skips_marks_and_changes() -> None:
    change = MarkChange("a", "A", tags={"x": True}, note="n")
    assert not gc.is_tracked(change)
    assert not gc.is_tracked(apply_change(EMPTY_MARK, change, 1))
