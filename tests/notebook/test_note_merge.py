"""Merging notes: no text is lost, no deleted text returns, and nothing accumulates."""

from __future__ import annotations

from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperreader.notebook.note_merge import (
    MAX_REPLACED_SECTIONS,
    SECTION_HEADER,
    Note,
    edit_note,
    fingerprint,
    merge_notes,
    section_header,
)

WORDS = ("alpha", "beta", "gamma", "delta", "alpha beta", "beta\ngamma", " epsilon ", "")
MOMENTS = st.integers(-10, 30) | st.sampled_from([10**12, 10**15, 10**19, -(10**19)])


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Generate text with section headers, and with lines that only resemble them."""
    lines = draw(
        st.lists(
            st.sampled_from(WORDS)
            | st.text(max_size=6)
            | MOMENTS.map(section_header)
            | st.sampled_from(["--- 2024-02-30 00:00:00.000 UTC ---", "--- later ---", "\r", "---"]),
            max_size=4,
        )
    )
    return "\n".join(lines)


notes = st.builds(
    Note,
    texts(),
    MOMENTS,
    st.dictionaries(st.sampled_from(WORDS).map(fingerprint), st.integers(0, 30), max_size=3),
)


@given(notes, notes)
def test_merge_is_commutative(one: Note, other: Note) -> None:
    assert merge_notes(one, other) == merge_notes(other, one)


@given(notes, notes)
def test_merge_is_idempotent(one: Note, other: Note) -> None:
    merged = merge_notes(one, other)
    assert merge_notes(one, one) == one
    assert merge_notes(merged, merged) == merged
    assert merge_notes(merged, one) == merged
    assert merge_notes(merged, other) == merged


edits = st.tuples(
    st.sampled_from(["replace", "add", "clear", "merge"]),
    st.integers(0, 2),
    st.integers(0, 2),
    st.integers(0, 9),
)


def run_operations(operations: list[tuple[str, int, int, int]]) -> tuple[Note, set[str], set[str]]:
    """Let three users edit copies of one note with different clocks, and sometimes merge each other's copies.

    Return the merge of all copies, the words that were written, and the words that were deleted.
    """
    copies = [Note(), Note(), Note()]
    written: set[str] = set()
    deleted: set[str] = set()
    for number, (operation, who, whose, clock) in enumerate(operations):
        old, word = copies[who], f"<{number}>"
        if operation == "merge":
            copies[who] = merge_notes(old, copies[whose])
            continue
        text = {"replace": word, "add": f"{word}\n{old.text}", "clear": ""}[operation]
        copies[who] = edit_note(old, text, clock)
        if operation != "clear":
            written.add(word)
        if operation != "add":
            deleted |= {found for found in written if found in old.text}
    return reduce(merge_notes, copies), written, deleted


@given(st.lists(edits, max_size=14))
def test_merge_loses_no_word_that_was_not_deleted(operations: list[tuple[str, int, int, int]]) -> None:
    merged, written, deleted = run_operations(operations)
    assert [word for word in written - deleted if word not in merged.text] == []


@given(st.lists(edits.filter(lambda operation: operation[0] != "add"), max_size=14))
def test_merge_restores_no_word_that_was_deleted(operations: list[tuple[str, int, int, int]]) -> None:
    merged, _, deleted = run_operations(operations)
    back = [word for word in deleted if word in merged.text]
    # With one exception: where each deleted the text of the other, the newest stays, so that the note is not lost.
    assert back in ([], [merged.text])


@given(notes, texts(), MOMENTS, texts())
def test_edit_contains_new_text(old: Note, text: str, when: int, base: str) -> None:
    parts = [part.strip() for part in SECTION_HEADER.split(text)[::2]]
    assert [part for part in parts if part not in edit_note(old, text, when).text] == []
    if text != base:
        assert [part for part in parts if part not in edit_note(old, text, when, base).text] == []


def test_two_notes_are_separated_by_section_header() -> None:
    merged = merge_notes(Note("mine", 1_700_000_000_000), Note("yours", 1_700_000_060_123))
    assert merged.text == "yours\n\n--- 2023-11-14 22:13:20.000 UTC ---\nmine"
    assert merged.when == 1_700_000_060_123


def test_merge_of_three_notes_is_associative() -> None:
    one, two, three = Note("one", 1), Note("two", 2), Note("three", 3)
    assert merge_notes(merge_notes(one, two), three) == merge_notes(one, merge_notes(three, two))


def test_older_text_of_same_note_is_no_conflict() -> None:
    first = edit_note(Note(), "read section 3", 10)
    second = edit_note(first, "all of it is good", 20)
    assert merge_notes(first, second) == second
    assert merge_notes(Note("read section 3", 10), second) == second


def test_edit_of_current_text_replaces_it() -> None:
    assert edit_note(Note("a", 5), "b", 9, base="a").text == "b"


def test_edit_of_other_text_keeps_both() -> None:
    new = edit_note(Note("theirs", 5), "mine", 9, base="ours")
    assert new.text == f"mine\n\n{section_header(5)}\ntheirs"
    assert merge_notes(new, Note("ours", 3)) == new, "text that both replaced does not return"


def test_edit_without_change_changes_nothing() -> None:
    stored = Note("theirs", 5)
    assert edit_note(stored, "ours", 9, base="ours") is stored


def test_clearing_a_concurrently_changed_note_keeps_the_change() -> None:
    assert edit_note(Note("theirs", 5), "", 9, base="ours").text == "theirs"


def test_cleared_note_stays_empty_against_its_old_text() -> None:
    old = Note("deleted", 5)
    emptied = edit_note(old, "", 9)
    assert merge_notes(old, emptied).text == ""
    assert merge_notes(emptied, Note("an edit of it elsewhere", 7)).text == "an edit of it elsewhere"


def test_cleared_note_without_history_wins_by_timestamp() -> None:
    assert merge_notes(Note("older", 5), Note("", 9)).text == ""
    assert merge_notes(Note("newer", 12), Note("", 9)).text == "newer"


def test_restored_text_wins_over_the_edit_it_undoes() -> None:
    first = edit_note(Note(), "a", 10)
    second = edit_note(first, "b", 20)
    undone = edit_note(second, "a", 30)
    assert merge_notes(second, undone).text == "a"
    assert merge_notes(merge_notes(first, second), undone).text == "a"


def test_restored_section_gets_new_timestamp() -> None:
    both = merge_notes(Note("top", 20), Note("below", 10))
    cleaned = edit_note(both, "top", 30)
    undone = edit_note(cleaned, both.text, 40)
    assert "below" in merge_notes(undone, cleaned).text


def test_extended_text_replaces_its_beginning() -> None:
    assert merge_notes(Note("try it", 5), Note("try it on Monday", 9)) == merge_notes(
        Note("try it on Monday", 9), Note("try it", 5)
    )
    assert merge_notes(Note("try it", 5), Note("try it on Monday", 9)).text == "try it on Monday"
    assert merge_notes(Note("second", 9), Note("first\nsecond\nthird", 5)).text == "first\nsecond\nthird"


def test_mutual_deletion_keeps_newest_text() -> None:
    one = Note("x", 6, {fingerprint("y"): 6})
    other = Note("y", 6, {fingerprint("x"): 6})
    assert merge_notes(one, other).text == "y"


def test_surrounding_whitespace_of_note_is_preserved() -> None:
    merged = merge_notes(Note("  indented\n", 9), Note("", 5))
    assert merged.text == "  indented\n"


def test_history_of_note_is_bounded() -> None:
    note = Note()
    for number in range(3 * MAX_REPLACED_SECTIONS):
        note = edit_note(note, f"text {number}.", number)
    assert len(note.replaced) == MAX_REPLACED_SECTIONS
    assert fingerprint(f"text {3 * MAX_REPLACED_SECTIONS - 2}.") in note.replaced


@pytest.mark.parametrize("when", [-1, 0, 10**30])
def test_any_timestamp_has_a_section_header(when: int) -> None:
    assert SECTION_HEADER.fullmatch(section_header(when))
