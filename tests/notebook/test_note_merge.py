"""Two notes become one: nothing written is lost, nothing edited away comes back, and nothing piles up."""

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
    """Free text, with lines in it that part sections and lines that only look like it."""
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
def test_merging_does_not_depend_on_the_order(one: Note, other: Note) -> None:
    assert merge_notes(one, other) == merge_notes(other, one)


@given(notes, notes)
def test_merging_again_changes_nothing(one: Note, other: Note) -> None:
    merged = merge_notes(one, other)
    assert merge_notes(one, one) == one
    assert merge_notes(merged, merged) == merged
    assert merge_notes(merged, one) == merged
    assert merge_notes(merged, other) == merged


edits = st.tuples(
    st.sampled_from(["replace", "add", "clear", "take"]),
    st.integers(0, 2),
    st.integers(0, 2),
    st.integers(0, 9),
)


def play(acts: list[tuple[str, int, int, int]]) -> tuple[Note, set[str], set[str]]:
    """Three people edit copies of one note by clocks that disagree, and take in each other's now and then.

    Gives everything merged, the words that were written, and the words that somebody took out.
    """
    copies = [Note(), Note(), Note()]
    written: set[str] = set()
    taken_out: set[str] = set()
    for number, (act, who, whose, clock) in enumerate(acts):
        old, word = copies[who], f"<{number}>"
        if act == "take":
            copies[who] = merge_notes(old, copies[whose])
            continue
        text = {"replace": word, "add": f"{word}\n{old.text}", "clear": ""}[act]
        copies[who] = edit_note(old, text, clock)
        if act != "clear":
            written.add(word)
        if act != "add":
            taken_out |= {found for found in written if found in old.text}
    return reduce(merge_notes, copies), written, taken_out


@given(st.lists(edits, max_size=14))
def test_no_word_is_lost_that_nobody_took_out(acts: list[tuple[str, int, int, int]]) -> None:
    merged, written, taken_out = play(acts)
    assert [word for word in written - taken_out if word not in merged.text] == []


@given(st.lists(edits.filter(lambda act: act[0] != "add"), max_size=14))
def test_no_word_comes_back_that_somebody_took_out(acts: list[tuple[str, int, int, int]]) -> None:
    merged, _, taken_out = play(acts)
    back = [word for word in taken_out if word in merged.text]
    # But for one: where each took out what the other kept, the newest stays, so that a note does not vanish.
    assert back in ([], [merged.text])


@given(notes, texts(), MOMENTS, texts())
def test_an_edit_keeps_the_new_text(old: Note, text: str, when: int, base: str) -> None:
    parts = [part.strip() for part in SECTION_HEADER.split(text)[::2]]
    assert [part for part in parts if part not in edit_note(old, text, when).text] == []
    if text != base:
        assert [part for part in parts if part not in edit_note(old, text, when, base).text] == []


def test_two_notes_are_parted_by_a_dated_line() -> None:
    merged = merge_notes(Note("mine", 1_700_000_000_000), Note("yours", 1_700_000_060_123))
    assert merged.text == "yours\n\n--- 2023-11-14 22:13:20.000 UTC ---\nmine"
    assert merged.when == 1_700_000_060_123


def test_three_notes_stay_three_whatever_is_merged_first() -> None:
    one, two, three = Note("one", 1), Note("two", 2), Note("three", 3)
    assert merge_notes(merge_notes(one, two), three) == merge_notes(one, merge_notes(three, two))


def test_an_older_text_of_the_same_note_is_no_conflict() -> None:
    first = edit_note(Note(), "read section 3", 10)
    second = edit_note(first, "all of it is good", 20)
    assert merge_notes(first, second) == second
    assert merge_notes(Note("read section 3", 10), second) == second


def test_an_edit_that_began_with_what_stands_there_replaces_it() -> None:
    assert edit_note(Note("a", 5), "b", 9, base="a").text == "b"


def test_an_edit_that_began_with_another_text_keeps_both() -> None:
    new = edit_note(Note("theirs", 5), "mine", 9, base="ours")
    assert new.text == f"mine\n\n{section_header(5)}\ntheirs"
    assert merge_notes(new, Note("ours", 3)) == new, "what both replaced does not come back"


def test_an_editor_closed_without_a_change_changes_nothing() -> None:
    stored = Note("theirs", 5)
    assert edit_note(stored, "ours", 9, base="ours") is stored


def test_emptying_a_note_that_was_changed_meanwhile_keeps_the_change() -> None:
    assert edit_note(Note("theirs", 5), "", 9, base="ours").text == "theirs"


def test_an_emptied_note_stays_empty_against_what_it_held() -> None:
    old = Note("gone", 5)
    emptied = edit_note(old, "", 9)
    assert merge_notes(old, emptied).text == ""
    assert merge_notes(emptied, Note("an edit of it elsewhere", 7)).text == "an edit of it elsewhere"


def test_an_empty_note_of_unknown_past_wins_by_its_moment() -> None:
    assert merge_notes(Note("older", 5), Note("", 9)).text == ""
    assert merge_notes(Note("newer", 12), Note("", 9)).text == "newer"


def test_a_note_put_back_beats_the_edit_it_undoes() -> None:
    first = edit_note(Note(), "a", 10)
    second = edit_note(first, "b", 20)
    undone = edit_note(second, "a", 30)
    assert merge_notes(second, undone).text == "a"
    assert merge_notes(merge_notes(first, second), undone).text == "a"


def test_a_section_put_back_under_its_old_line_is_dated_anew() -> None:
    both = merge_notes(Note("top", 20), Note("below", 10))
    cleaned = edit_note(both, "top", 30)
    undone = edit_note(cleaned, both.text, 40)
    assert "below" in merge_notes(undone, cleaned).text


def test_a_text_written_on_is_not_kept_beside_its_beginning() -> None:
    assert merge_notes(Note("try it", 5), Note("try it on Monday", 9)) == merge_notes(
        Note("try it on Monday", 9), Note("try it", 5)
    )
    assert merge_notes(Note("try it", 5), Note("try it on Monday", 9)).text == "try it on Monday"
    assert merge_notes(Note("second", 9), Note("first\nsecond\nthird", 5)).text == "first\nsecond\nthird"


def test_two_people_who_took_out_each_others_text_do_not_end_with_none() -> None:
    one = Note("x", 6, {fingerprint("y"): 6})
    other = Note("y", 6, {fingerprint("x"): 6})
    assert merge_notes(one, other).text == "y"


def test_outer_blanks_of_a_note_are_its_writers() -> None:
    kept = merge_notes(Note("  indented\n", 9), Note("", 5))
    assert kept.text == "  indented\n"


def test_the_past_of_a_note_is_bounded() -> None:
    note = Note()
    for number in range(3 * MAX_REPLACED_SECTIONS):
        note = edit_note(note, f"text {number}.", number)
    assert len(note.replaced) == MAX_REPLACED_SECTIONS
    assert fingerprint(f"text {3 * MAX_REPLACED_SECTIONS - 2}.") in note.replaced


@pytest.mark.parametrize("when", [-1, 0, 10**30])
def test_any_moment_has_a_dated_line(when: int) -> None:
    assert SECTION_HEADER.fullmatch(section_header(when))
