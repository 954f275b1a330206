"""The reading queue: the order of the bookmarks, moved, merged, restored and imported."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from itertools import count, pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperreader.library import Library, queue_changes, queue_order
from paperreader.library.reading_queue import changed_positions
from paperreader.models import Mark, MarkChange
from paperreader.notebook import notebook

TITLES = ("Kites on Short Strings", "Lamps for Moths", "Muddy Boots", "Nets of Rain", "Owls at Noon")

queues = st.lists(
    st.tuples(st.sampled_from([0.0, 1.0, 2.0, 2.0**-1074, 2.0**51]), st.integers(0, 3)).map(
        lambda drawn: Mark(bookmark=(True, drawn[1]), queue=(drawn[0], 1))
    ),
    min_size=1,
    max_size=8,
)


@given(queues, st.data())
def test_any_papers_can_be_moved_anywhere(queue: list[Mark], data: st.DataObject) -> None:
    marks = dict(enumerate(queue))
    position = {row: mark.queue_position or 0.0 for row, mark in marks.items()}
    before = sorted(marks, key=lambda row: position[row])
    moved = data.draw(st.lists(st.sampled_from(before), min_size=1, max_size=3, unique=True))
    rest = [row for row in before if row not in moved]
    start = data.draw(st.integers(0, len(rest)))
    order = [*rest[:start], *moved, *rest[start:]]
    changed = changed_positions(order, start, len(moved), marks)
    assert {*moved} <= changed.keys()
    assert all(value > 0 for value in changed.values())
    after = position | changed
    assert sorted(order, key=lambda row: after[row]) == order
    # Only neighbours of a moved paper may be equal to each other, because they were before.
    assert all(after[one] < after[other] for one, other in pairwise(order) if {one, other} & changed.keys())


def test_moving_one_paper_changes_one_mark() -> None:
    marks = {row: Mark(bookmark=(True, 1_700_000_000_000 + 1000 * row)) for row in range(50)}
    order = list(marks)
    for step in range(200):
        row = order.pop(step * 7 % 50)
        order.insert(step * 13 % 50, row)
        changed = changed_positions(order, order.index(row), 1, marks)
        assert changed.keys() == {row}
        marks[row] = Mark(bookmark=marks[row].bookmark, queue=(changed[row], step))


def write_papers(folder: Path, **mark: Any) -> str:
    """Write a file of JSON Lines; every paper has the mark."""
    file = folder / "papers.jsonl"
    lines = [
        {"paperreader": 1, "title": title, "records": [record], "mark": {"title": title, **mark}}
        for number, title in enumerate(TITLES)
        for record in [
            {
                "title": title,
                "arxiv": f"2503.0000{number}",
                "source": {"kind": "jsonl", "name": "a", "date": None, "key": str(number)},
            }
        ]
    ]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return str(file)


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    """A library of five papers without marks. Every change is a second later than the one before."""
    seconds = count(1_700_000_000)
    clock = SimpleNamespace(time_ns=lambda: next(seconds) * 1_000_000_000)
    monkeypatch.setattr(notebook, "time", clock)
    library = Library.open(tmp_path / "one")
    library.imports.import_paths([write_papers(tmp_path)])
    return library


def row_of(library: Library, number: int) -> int:
    return library.resolve(f"2503.0000{number}")


def bookmark(library: Library, *numbers: int, on: bool = True) -> None:
    for number in numbers:
        library.save_and_apply([MarkChange(f"2503.0000{number}", title=TITLES[number], bookmark=on)])


def queue(library: Library) -> list[int]:
    """The numbers of the papers in the queue, which search and reader agree on."""
    found = [int(library.paper(row).id[-1]) for row in queue_order(library)]
    hits = library.search("is:bookmarked sort:queue ")
    assert [int(library.paper(row).id[-1]) for row in hits.rows] == found
    return found


def move(library: Library, number: int, index: int) -> Sequence[MarkChange]:
    row = row_of(library, number)
    order = [each for each in queue_order(library) if each != row]
    order.insert(index, row)
    changes = queue_changes(library, order, index, 1)
    library.save_and_apply(changes)
    return changes


def test_bookmarks_are_in_the_order_in_which_they_were_set_or_moved(library: Library) -> None:
    assert queue(library) == []
    bookmark(library, 3, 1, 4, 0)
    assert queue(library) == [3, 1, 4, 0]
    assert len(move(library, 0, 1)) == 1
    assert queue(library) == [3, 0, 1, 4]
    move(library, 3, 3)
    move(library, 4, 0)
    assert queue(library) == [4, 0, 1, 3]
    bookmark(library, 2)
    assert queue(library) == [4, 0, 1, 3, 2], "a new bookmark is the last"
    bookmark(library, 0, on=False)
    assert queue(library) == [4, 1, 3, 2]
    bookmark(library, 0)
    assert queue(library) == [4, 1, 3, 2, 0], "and so is one that is set again"
    assert queue(Library.open(library.folder)) == [4, 1, 3, 2, 0]


def test_preview_of_a_move_or_removal_is_undone_with_the_place(library: Library) -> None:
    bookmark(library, 0, 1, 2)
    move(library, 2, 0)
    for change in (
        MarkChange("2503.00002", title=TITLES[2], bookmark=False),
        MarkChange("2503.00001", title=TITLES[1], queue=1.0),
        MarkChange("2503.00004", title=TITLES[4], bookmark=True, queue=1.0),
    ):
        inverse = library.preview([change])
        assert queue(library) != [2, 0, 1]
        library.preview(inverse)
        assert queue(library) == [2, 0, 1]


def test_moves_on_two_machines_are_merged(library: Library, tmp_path: Path) -> None:
    bookmark(library, 0, 1, 2, 3, 4)
    other = Library.open(shutil.copytree(library.folder, tmp_path / "two"))
    move(library, 0, 2)
    move(other, 4, 2)  # between the same two papers
    move(library, 3, 0)
    ours, theirs = (each.folder / "notebook.json" for each in (library, other))
    shutil.copy(ours, theirs.with_name("notebook.sync-conflict-20250301-101010-ABCDEFG.json"))
    shutil.copy(theirs, ours.with_name("notebook.sync-conflict-20250301-101010-ABCDEFG.json"))
    one, two = (Library.open(path.parent) for path in (ours, theirs))
    assert queue(one) == queue(two)
    assert queue(one)[0] == 3
    merged = queue(one)
    move(one, merged[2], 1)
    assert queue(one) == [merged[0], merged[2], merged[1], *merged[3:]]


def test_equal_positions_can_be_parted(library: Library) -> None:
    changes = [
        MarkChange(f"2503.0000{number}", title=title, bookmark=True) for number, title in enumerate(TITLES)
    ]
    library.save_and_apply(changes)
    assert len({mark.queue_position for mark in library.marks.values()}) == 1
    before = queue(library)
    move(library, before[3], 1)
    assert queue(library) == [before[0], before[3], before[1], before[2], before[4]]
    bookmark(library, before[0], on=False)
    bookmark(library, before[0])
    assert queue(library)[-1] == before[0]


def test_backup_and_export_contain_the_order(library: Library, tmp_path: Path) -> None:
    bookmark(library, 0, 1, 2)
    move(library, 2, 0)
    backup = Path(shutil.copy(library.folder / "notebook.json", tmp_path / "kept.json"))
    bookmark(library, 2, 0, on=False)
    move(library, 4, 0)
    exported = tmp_path / "exported.jsonl"
    library.exports.write(exported, library.exports.lines(queue_order(library), "jsonl"))
    assert queue(library) == [4, 1]
    library.maintenance.restore(str(backup))
    assert queue(Library.open(library.folder)) == [2, 0, 1]
    copy = Library.open(tmp_path / "copy")
    copy.imports.import_paths([str(exported)])
    assert queue(copy) == [4, 1]


def test_positions_of_an_import_apply_to_bookmarks_that_it_adds(library: Library, tmp_path: Path) -> None:
    bookmark(library, 0)
    before = library.mark(row_of(library, 0))
    file = write_papers(tmp_path, bookmark=[True, 1_700_000_000_000], queue=[7.5, 1_700_000_000_000])
    library.imports.import_paths([file])
    assert library.mark(row_of(library, 0)) == before
    assert library.mark(row_of(library, 1)).queue == (7.5, 1_700_000_000_000)
    library.imports.undo_import()
    assert queue(library) == [0]


def test_library_of_an_earlier_version_has_a_queue(tmp_path: Path) -> None:
    stored = Path(__file__).parent / "stored" / "visited"
    library = Library.open(shutil.copytree(stored, tmp_path / "visited"))
    lines = (library.folder / "notebook.json").read_text(encoding="utf-8").splitlines()
    order = queue_order(library)
    assert [library.paper(row).id for row in order] == ["2503.00001"]
    row = library.resolve("2503.00011")
    library.save_and_apply(queue_changes(library, [row, *order], 0, 1))
    assert queue_order(Library.open(library.folder)) == [row, *order]
    now = (library.folder / "notebook.json").read_text(encoding="utf-8").splitlines()
    assert [one for one, other in zip(lines, now, strict=True) if one != other] == [lines[4]]
