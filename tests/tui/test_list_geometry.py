"""Positions and lines of a list, and finding papers in it."""

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperreader.tui.widgets.paper_list.geometry import ListGeometry, find_change, index_of_row

lists = st.builds(
    ListGeometry,
    st.integers(0, 50),
    st.integers(1, 2),
    st.none() | st.integers(0, 50),
).filter(lambda lines: lines.separator_at is None or lines.separator_at < max(1, lines.count))


@given(lists)
def test_every_line_is_a_line_of_one_paper_or_the_rule(lines):
    found = [lines.at(line) for line in range(lines.total)]
    wanted = [(at, part) for at in range(lines.count) for part in range(lines.height)]
    assert [place for place in found if place is not None] == wanted
    rules = [line for line in range(lines.total) if lines.is_separator(line)]
    assert len(rules) == found.count(None) == (lines.separator_at is not None)


@given(lists)
def test_a_paper_begins_at_its_line(lines):
    for position in range(lines.count):
        assert lines.at(lines.first_line(position)) == (position, 0)
        assert lines.first_complete(lines.first_line(position)) == position
    assert lines.at(-1) is None
    assert lines.at(lines.total) is None
    assert lines.first_complete(lines.total) == lines.count


def test_the_rule_stands_before_the_first_paper_without_all_words():
    lines = ListGeometry(5, 2, 3)
    assert lines.is_separator(6)
    assert lines.position_at(5) == (2, 1)
    assert lines.position_at(7) == (3, 0)
    assert lines.first_complete(6) == 3


@given(st.lists(st.integers(0, 2**32 - 1), unique=True, max_size=200), st.integers(0, 300), st.data())
def test_finds_a_row_wherever_it_stands(rows, near, data):
    wanted = data.draw(st.sampled_from(rows) if rows else st.just(7))
    place = rows.index(wanted) if wanted in rows else None
    for kind in (list, tuple, lambda rows: memoryview(array("I", rows))):
        assert index_of_row(kind(rows), wanted, near) == place


def test_finds_no_row_between_two_others_in_a_map():
    # 0x01000000 00000001: the bytes of 65536 stand across the two.
    rows = memoryview(array("I", [0x00010000, 1, *range(100, 200), 0x01000000]))
    assert index_of_row(rows, 0x00000100, 60) is None
    assert index_of_row(rows, 0x01000000) == 102
    assert index_of_row(rows, -1) is None


@given(st.integers(0, 200), st.integers(0, 200), st.integers(-5, 210))
def test_next_change_finds_the_first_in_few_looks(start, end, turn):
    looked = []

    def changed(at):
        looked.append(at)
        return at >= turn if end > start else at <= turn

    places = range(start, end) if end > start else range(start, end, -1)
    wanted = next((at for at in places if (at >= turn if end > start else at <= turn)), None)
    assert find_change(start, end, changed) == wanted
    assert all(at in places for at in looked)
    assert len(looked) <= 2 * (len(places) + 1).bit_length() + 2


@pytest.mark.parametrize("rows", [[], memoryview(array("I"))])
def test_an_empty_list_has_no_row(rows):
    assert index_of_row(rows, 3) is None
