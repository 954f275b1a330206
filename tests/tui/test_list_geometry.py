"""Tests of the geometry of the paper list."""

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperreader.tui.widgets.paper_list.geometry import ListGeometry, find_change, index_of_row

geometries = st.builds(
    ListGeometry,
    st.integers(0, 50),
    st.integers(1, 2),
    st.none() | st.integers(0, 50),
).filter(lambda lines: lines.separator_at is None or lines.separator_at < max(1, lines.count))


@given(geometries)
def test_every_line_belongs_to_a_paper_or_the_separator(lines):
    found = [lines.position_at(line) for line in range(lines.total_lines)]
    expected = [(at, part) for at in range(lines.count) for part in range(lines.row_height)]
    assert [index for index in found if index is not None] == expected
    separators = [line for line in range(lines.total_lines) if lines.is_separator(line)]
    assert len(separators) == found.count(None) == (lines.separator_at is not None)


@given(geometries)
def test_first_line_of_a_paper(lines):
    for position in range(lines.count):
        assert lines.position_at(lines.first_line(position)) == (position, 0)
        assert lines.first_complete(lines.first_line(position)) == position
    assert lines.position_at(-1) is None
    assert lines.position_at(lines.total_lines) is None
    assert lines.first_complete(lines.total_lines) == lines.count


def test_separator_precedes_first_partial_match():
    lines = ListGeometry(5, 2, 3)
    assert lines.is_separator(6)
    assert lines.position_at(5) == (2, 1)
    assert lines.position_at(7) == (3, 0)
    assert lines.first_complete(6) == 3


@given(st.lists(st.integers(0, 2**32 - 1), unique=True, max_size=200), st.integers(0, 300), st.data())
def test_index_of_row_finds_any_row(rows, near, data):
    expected = data.draw(st.sampled_from(rows) if rows else st.just(7))
    index = rows.index(expected) if expected in rows else None
    for kind in (list, tuple, lambda rows: memoryview(array("I", rows))):
        assert index_of_row(kind(rows), expected, near) == index


def test_index_of_row_ignores_unaligned_bytes():
    # 0x01000000 00000001: the bytes of 65536 occur across the two.
    rows = memoryview(array("I", [0x00010000, 1, *range(100, 200), 0x01000000]))
    assert index_of_row(rows, 0x00000100, 60) is None
    assert index_of_row(rows, 0x01000000) == 102
    assert index_of_row(rows, -1) is None


@given(st.integers(0, 200), st.integers(0, 200), st.integers(-5, 210))
def test_find_change_is_logarithmic(start, end, turn):
    calls = []

    def changed(at):
        calls.append(at)
        return at >= turn if end > start else at <= turn

    positions = range(start, end) if end > start else range(start, end, -1)
    expected = next((at for at in positions if (at >= turn if end > start else at <= turn)), None)
    assert find_change(start, end, changed) == expected
    assert all(at in positions for at in calls)
    assert len(calls) <= 2 * (len(positions) + 1).bit_length() + 2


@pytest.mark.parametrize("rows", [[], memoryview(array("I"))])
def test_empty_list_has_no_row(rows):
    assert index_of_row(rows, 3) is None
