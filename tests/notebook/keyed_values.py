"""What holds for all values of a mark that have a key and a time each: highlights and summaries."""

from __future__ import annotations

from paperreader.models import Mark
from paperreader.notebook import merge_marks


def assert_merged_values_are_the_latest_of_either_side(one: Mark, other: Mark, field: str) -> None:
    """Check that merging is commutative and idempotent, and takes for each key the latest value of either side."""
    merged = merge_marks(one, other)
    assert getattr(merge_marks(other, one), field) == getattr(merged, field)
    assert getattr(merge_marks(merged, one), field) == getattr(merged, field)
    for key, value in getattr(merged, field).items():
        sides = [getattr(mark, field)[key] for mark in (one, other) if key in getattr(mark, field)]
        assert value in sides
        assert value[1] == max(when for _, when in sides)
