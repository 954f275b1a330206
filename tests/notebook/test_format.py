"""The format of the notebook: exact when written, tolerant when read, and recoverable when damaged."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperreader.models import Mark
from paperreader.notebook import format as notebook_format
from paperreader.notebook import merge_marks
from paperreader.notebook.format import (
    NotebookContents,
    NotebookDamaged,
    mark_line,
    parse_notebook,
    render_notebook,
    with_changed_marks,
)
from paperreader.notebook.recovery import recover_marks
from tests.notebook.strategies import marks, names, unknown

PAPERS = {
    "2403.01234": Mark(
        "Où est la thèse?", (True, 7), (True, 8), ("line 1\nline 2", 9), {"rl": (True, 3), "cv": (False, 4)}
    ),
    "1503.00001": Mark("First", read=(False, 5), extra={"colour": "red"}),
    "1503.00002": Mark(
        "Second",
        dismissed=(True, 6),
        hidden=(False, 7),
        deleted=(True, 8),
        queue=(2.5, 9),
        seen_version=(3, 9),
    ),
    "a-title-1f2e3d": Mark("A title", note=("", 6)),
}
TEXT = """{"version": 1,
 "library": {"of": "mine"},
 "papers": {
   "1503.00001": {"title": "First", "read": [false, 5], "colour": "red"},
   "1503.00002": {"title": "Second", "dismissed": [true, 6], "hidden": [false, 7], "deleted": [true, 8], \
"queue": [2.5, 9], "seen_version": [3, 9]},
   "2403.01234": {"title": "Où est la thèse?", "bookmark": [true, 7], "read": [true, 8], \
"note": ["line 1\\nline 2", 9], "tags": {"cv": [false, 4], "rl": [true, 3]}},
   "a-title-1f2e3d": {"title": "A title", "note": ["", 6]}
}}
"""


def written(papers: dict[str, Mark], extra: dict[str, Any] | None = None) -> bytes:
    return render_notebook(with_changed_marks(NotebookContents(extra=extra or {}), papers))


def test_file_has_documented_layout() -> None:
    assert written(PAPERS, {"library": {"of": "mine"}}).decode() == TEXT


def test_empty_notebook_is_valid() -> None:
    assert json.loads(written({})) == {"version": 1, "papers": {}}
    assert parse_notebook(written({})).marks == {}


@given(st.dictionaries(names, marks, max_size=4), unknown)
def test_notebook_round_trip(papers: dict[str, Mark], extra: dict[str, Any]) -> None:
    data = written(papers, extra)
    back = parse_notebook(data)
    assert back.marks == papers
    assert back.extra == extra
    assert render_notebook(back) == data
    assert list(json.loads(data)["papers"]) == sorted(papers)


@given(st.dictionaries(names, marks, max_size=4))
def test_each_paper_has_one_line(papers: dict[str, Mark]) -> None:
    assert len(written(papers).decode().splitlines()) == 3 + len(papers)


@pytest.mark.parametrize("layout", [{"indent": 4}, {"separators": (",", ":")}, {}])
def test_any_json_layout_is_parsed(layout: dict[str, Any]) -> None:
    data = json.dumps(json.loads(TEXT), **layout).encode()
    assert parse_notebook(data).marks == PAPERS
    assert parse_notebook(b"\xef\xbb\xbf" + data).marks == PAPERS
    assert parse_notebook(data.replace(b"\n", b"\r\n")).marks == PAPERS
    assert render_notebook(with_changed_marks(parse_notebook(data), {})).decode() == TEXT


def test_duplicate_ids_are_merged() -> None:
    lines = TEXT.splitlines(keepends=True)
    other = '   "2403.01234": {"title": "Où est la thèse?", "bookmark": [false, 99]},\n'
    both = merge_marks(PAPERS["2403.01234"], Mark("Où est la thèse?", (False, 99)))
    assert parse_notebook("".join([*lines[:4], other, *lines[4:]]).encode()).marks["2403.01234"] == both
    indented = "".join([*lines[:4], other, *lines[4:]]).replace('"version": 1', '"version":  1 ')
    assert parse_notebook(indented.encode()).marks["2403.01234"] == both


@pytest.mark.parametrize("size", [0, 1, 70, 200, 450, 1000])
def test_lines_are_split_in_parts_of_any_size(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(notebook_format, "_SPLIT_BYTES", size)
    contents = parse_notebook(TEXT.encode())
    assert contents.marks == PAPERS
    assert len(contents.lines) == len(PAPERS), "it was parsed line by line"
    with pytest.raises(NotebookDamaged):
        parse_notebook(TEXT.replace("\n}}", ",\n\n}}").encode())


def test_many_changed_lines_are_parsed_in_steps_to_the_same_marks() -> None:
    papers = {f"paper-{n:04}": Mark(f"Title {n}", note=(f"Note {n}", n)) for n in range(1_250)}
    before, after = written(papers), written({id: Mark(f"New {mark.title}") for id, mark in papers.items()})
    first = parse_notebook(before)
    for data in (after, after.replace(b'"paper-0400"', b'"paper-0399"'), before):
        assert parse_notebook(data, first).marks == parse_notebook(data).marks
    damaged = after.replace(b'"New Title 707"', b'"New Title 707')
    with pytest.raises(NotebookDamaged):
        parse_notebook(damaged, first)


def test_unchanged_lines_are_not_parsed_again() -> None:
    before = parse_notebook(TEXT.encode())
    after = parse_notebook(TEXT.replace("[true, 8]", "[false, 10]").encode(), before)
    assert after.marks["1503.00001"] is before.marks["1503.00001"]
    assert after.marks["2403.01234"].read == (False, 10)


OTHER_THINGS = [
    b"",
    b"\0" * 300,
    b"{}",
    b"[]",
    b"null",
    b'"papers"',
    b"3" * 5000,
    b"[" * 100_000,
    b'{"papers": {}}',
    b'{"version": 1}',
    b'{"version": true, "papers": {}}',
    b'{"version": null, "papers": {}}',
    b'{"version": "1", "papers": {}}',
    b'{"version": 1, "papers": []}',
    b'{"version": 1, "papers": {"a": []}}',
    b'{"version": 1, "papers": {"a": {"title": 3}}}',
    b'{"version": 1, "papers": {"a": {"title": "", "read": true}}}',
    b'{"version": 1, "papers": {"a": {"title": "", "read": [1, 5]}}}',
    b'{"version": 1, "papers": {"a": {"title": "", "read": [true, "5"]}}}',
    b'{"version": 1, "papers": {"a": {"title": "", "tags": ["rl"]}}}',
    b'{"version": 1, "papers": {"a": {"title": "\xff"}}}',
]


@pytest.mark.parametrize("data", OTHER_THINGS, ids=lambda data: repr(data[:40]))
def test_other_content_raises_damaged(data: bytes) -> None:
    with pytest.raises(NotebookDamaged):
        parse_notebook(data)


def test_damage_is_reported_with_line_number() -> None:
    with pytest.raises(NotebookDamaged) as caught:
        parse_notebook(TEXT.replace("[true, 8]", "[tru, 8]").encode())
    assert caught.value.line == 5


def test_newer_version_returns_readable_marks() -> None:
    newer = json.loads(TEXT) | {"version": 2}
    newer["papers"]["1503.00001"]["read"] = {"by": "me"}
    contents = parse_notebook(json.dumps(newer).encode())
    assert contents.version == 2
    assert contents.marks == {name: mark for name, mark in PAPERS.items() if name != "1503.00001"}


def test_complete_lines_of_truncated_file_are_recovered() -> None:
    data = TEXT.encode()
    ends = {
        name: data.index(mark_line(name, mark)) + len(mark_line(name, mark)) for name, mark in PAPERS.items()
    }
    for cut in range(len(data)):
        assert recover_marks(data[:cut]) == {name: PAPERS[name] for name, end in ends.items() if end <= cut}


def test_all_but_the_damaged_line_are_recovered() -> None:
    data = TEXT.encode()
    start = data.index(b"2403.01234")
    for offset in range(start, data.index(b"\n", start) - 1):
        damaged = data[:offset] + bytes([data[offset] ^ 0x80]) + data[offset + 1 :]
        saved = recover_marks(damaged)
        assert {name for name in saved if name in PAPERS} == PAPERS.keys() - {"2403.01234"}, damaged


def test_both_sides_of_git_conflict_are_recovered() -> None:
    lines = TEXT.splitlines(keepends=True)
    ours, theirs = (
        '   "x": {"title": "X", "read": [true, 3]},\n',
        '   "x": {"title": "X", "bookmark": [true, 4]},\n',
    )
    torn = "".join([*lines[:3], "<<<<<<< ours\n", ours, "=======\n", theirs, ">>>>>>> theirs\n", *lines[3:]])
    assert recover_marks(torn.encode()) == {**PAPERS, "x": Mark("X", (True, 4), (True, 3))}


def test_marks_of_single_line_file_are_recovered() -> None:
    data = json.dumps(json.loads(TEXT), separators=(",", ":")).encode()
    assert recover_marks(data[: data.index(b"a-title") + 20]).keys() == PAPERS.keys() - {"a-title-1f2e3d"}


@given(st.binary(max_size=60), st.integers(0, len(TEXT.encode())))
def test_noise_loses_only_the_line_it_is_in(noise: bytes, offset: int) -> None:
    data = TEXT.encode()
    saved = recover_marks(data[:offset] + noise + data[offset:])
    for name, mark in PAPERS.items():
        start = data.index(mark_line(name, mark))
        if offset >= start + len(mark_line(name, mark)) or (offset <= start and b'"' not in noise):
            assert merge_marks(saved[name], mark) == saved[name]


def test_own_keys_with_the_name_of_a_later_flag_are_kept() -> None:
    line = '"a": {"title": "A", "read": [true, 5], "hidden": "by the curtain", "deleted": null, "queue": ["b", 4]}'
    data = f'{{"version": 1,\n "papers": {{\n   {line}\n}}}}\n'.encode()
    contents = parse_notebook(data)
    assert not contents.marks["a"].is_hidden
    assert json.loads(render_notebook(with_changed_marks(contents, {"b": Mark("B")})))["papers"]["a"] == {
        "title": "A",
        "read": [True, 5],
        "hidden": "by the curtain",
        "deleted": None,
        "queue": ["b", 4],
    }


FLAG_VALUES = [
    "[true, 5]",
    "[false, 5.0]",
    "[true, -1]",
    "[true, 1e300]",
    "[1, 5]",
    "[true]",
    "[true, 5, 6]",
    "null",
]
STORED_VALUES = {
    "title": ['"A"', '"\\ud800"', '""', "null", "7"],
    "read": FLAG_VALUES,
    "hidden": [*FLAG_VALUES, '"by the curtain"', "[]"],
    "note": ['["text", 9]', '["", 0]', '["\\u00e9", 9]', '["text", true]', "[null, 9]"],
    "note_was": ['{"hash": 7}', '{"hash": 7.5}', '{"hash": -7}', "{}", "[]"],
    "tags": ['{"rl": [true, 5]}', '{"rl": [true, 5.5]}', "{}", '{"rl": null}', "[]"],
    "queue": ["[2, 9]", "[2.5, 9]", "[0, 9]", "[-0.0, 9]", "[1e17, 9]", "[NaN, 9]", "[2.5, 9, 1]", "null"],
    "seen_version": ["[3, 9]", "[0, 9]", "[1000, 9]", "[3.0, 9]", "[3.5, 9]", "[true, 9]"],
    "summaries": ['{"short": [{"text": "S"}, 9]}', '{"short": [null, 9]}', "{}", "7"],
    "extra": ['{"a": 1}', "7"],
}
"""Values by key, valid and not, of which some are read by a faster parser."""


@given(
    st.lists(
        st.sampled_from(sorted(STORED_VALUES)).flatmap(
            lambda key: st.tuples(st.just(key), st.sampled_from(STORED_VALUES[key]))
        ),
        max_size=5,
    )
)
def test_a_line_means_the_same_in_every_layout(stored: list[tuple[str, str]]) -> None:
    line = f"""   "a": {{{", ".join(f'"{key}": {value}' for key, value in stored)}}}"""
    by_line = f'{{"version": 1,\n "papers": {{\n   "b": {{"read": [true, 7]}},\n{line}\n}}}}\n'.encode()
    found: list[object] = []
    for data in (by_line, by_line.replace(b"\n", b" ")):
        try:
            contents = parse_notebook(data)
        except NotebookDamaged:
            found.append(None)
        else:
            found.append((contents.marks, contents.dropped, written(dict(contents.marks))))
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("stored", "queue"),
    [
        ("[2, 9]", (2.0, 9)),
        ("[-3.5, 9]", (0.0, 9)),
        ("[1e400, 9]", (0.0, 9)),
        ("[1e17, 9]", (0.0, 9)),
        ("[NaN, 9]", (0.0, 9)),
        (f"[{'3' * 500}, 9]", (0.0, 9)),
        ("[2.5, -1]", (2.5, 0)),
        ("[true, 9]", (0.0, 0)),
        ("[2.5]", (0.0, 0)),
    ],
)
def test_position_in_the_queue_out_of_range_counts_as_none(stored: str, queue: tuple[float, int]) -> None:
    line = f'   "a": {{"title": "A", "bookmark": [true, 5], "queue": {stored}}}'
    contents = parse_notebook(f'{{"version": 1,\n "papers": {{\n{line}\n}}}}\n'.encode())
    assert contents.marks["a"].queue == queue
    assert contents.marks["a"].queue_position == (queue[0] or 5.0)
    assert parse_notebook(written(dict(contents.marks))).marks["a"].queue == queue
