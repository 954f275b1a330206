"""Undo of the last import: new papers are removed, and merged ones are restored."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from paperreader.catalog.journal import format as journal_format
from paperreader.models import ImportedEntry, SourceRecord
from tests.catalog.records import (
    catalog_in,
    entry,
    numbered_entries,
    paper_lines,
    papers_by_id,
    papers_file,
    row_table_file,
    temporary_folder,
)
from tests.catalog.test_merge import record_sets
from tests.examples import examples

LONG = "A title that is long enough"


def test_undo_removes_new_papers_and_restores_merged_ones(tmp_path: Path) -> None:
    catalog = catalog_in(tmp_path)
    catalog.add([*numbered_entries(3), entry(LONG, "a:0", abstract="What was known.")])
    before = paper_lines(catalog)
    catalog.add(
        [entry(LONG, "b:0", arxiv="2403.00001", votes=7, name="day.json"), *numbered_entries(2, "more")]
    )
    assert "2403.00001" in papers_by_id(catalog)
    undone = catalog.undo_import()
    assert undone is not None
    assert (undone.removed, undone.restored, undone.source_names) == (2, 1, ("day.json", "page.txt"))
    assert paper_lines(catalog) == before
    assert catalog.verify() == []
    assert catalog.warnings == []


def test_imports_are_undone_latest_first(tmp_path: Path) -> None:
    catalog = catalog_in(tmp_path)
    states = []
    for number in range(3):
        states.append(paper_lines(catalog))
        catalog.add([*numbered_entries(2, f"import {number}"), entry(LONG, f"x:{number}", votes=number)])
    catalog.add([entry(LONG, "x:1", votes=1)])  # adds nothing, so there is nothing to undo
    for before in reversed(states):
        assert catalog.undo_import() is not None
        assert paper_lines(catalog) == before
    assert catalog.undo_import() is None


def test_import_of_many_chunks_is_undone_as_one(tmp_path: Path) -> None:
    catalog = catalog_in(tmp_path)
    catalog.add(numbered_entries(30))
    before = paper_lines(catalog)
    later = [
        replace(one.records[0], votes=5, source=replace(one.records[0].source, key=f"later:{index}"))
        for index, one in enumerate(numbered_entries(60))
    ]
    with mock.patch.object(journal_format, "PAPERS_PER_CHUNK", 7):
        catalog.add([ImportedEntry((one,)) for one in later])
        undone = catalog.undo_import()
    assert undone is not None
    assert (undone.removed, undone.restored) == (30, 30)
    assert paper_lines(catalog) == before


def test_undo_leaves_later_operations(tmp_path: Path) -> None:
    catalog = catalog_in(tmp_path)
    catalog.add([entry(LONG, "a:0")])
    catalog.add([entry(LONG, "b:0", arxiv="2403.00001"), *numbered_entries(1)])
    catalog.remove([next(id for id in papers_by_id(catalog) if "00000" in id)])
    catalog.add(numbered_entries(1, "later"))
    later = set(papers_by_id(catalog)) - {"2403.00001"}
    catalog.undo_import()
    assert set(papers_by_id(catalog)).isdisjoint(later)
    catalog.undo_import()
    assert [paper.arxiv for paper in papers_by_id(catalog).values()] == [""]


def test_undo_drops_ids_of_the_import_unless_marked(tmp_path: Path) -> None:
    for marked in ((), ("2403.00001",)):
        catalog = catalog_in(tmp_path / str(len(marked)), marked_ids=marked)
        catalog.add([entry(LONG, "a:0")])
        before = papers_by_id(catalog)
        catalog.add([entry(LONG, "b:0", arxiv="2403.00001")])
        catalog.undo_import()
        ((id, paper),) = papers_by_id(catalog).items()
        assert [id] == list(before)
        assert paper.aliases == marked


def test_undo_keeps_the_ids_of_papers_that_the_import_did_not_touch(tmp_path: Path) -> None:
    catalog = catalog_in(tmp_path)
    records = [
        replace(
            entry("Learning to read papers in the terminal", f"{number:016}:{number}").records[0],
            entry_type=type,
        )
        for number, type in enumerate(("", "book", "article", ""))
    ]
    with mock.patch.object(journal_format, "PAPERS_PER_CHUNK", 1):
        catalog.add([ImportedEntry((record,)) for record in records[:3]])
        before = paper_lines(catalog)
        catalog.add([ImportedEntry((records[3],))])
        catalog.undo_import()
    assert paper_lines(catalog) == before


def test_undo_restores_earlier_content_of_reread_source(tmp_path: Path) -> None:
    catalog = catalog_in(tmp_path)
    catalog.add([entry(LONG, "a:0", abstract="Cut o")])
    before = paper_lines(catalog)
    catalog.add([entry(LONG, "a:0", abstract="Cut off no longer.")])
    assert paper_lines(catalog) != before
    undone = catalog.undo_import()
    assert undone is not None
    assert (undone.removed, undone.restored) == (0, 1)
    assert paper_lines(catalog) == before


def test_last_import_can_be_undone_after_compaction(tmp_path: Path) -> None:
    catalog = catalog_in(tmp_path)
    catalog.add(numbered_entries(3))
    catalog.add([entry(LONG, "a:0")])
    before = paper_lines(catalog)
    catalog.add([*numbered_entries(5), entry(LONG, "b:0", arxiv="2403.00001")])
    catalog.compact()
    catalog.compact()
    rows = row_table_file(tmp_path).read_bytes()
    row_table_file(tmp_path).unlink()
    catalog_in(tmp_path).open()
    assert row_table_file(tmp_path).read_bytes() == rows
    assert catalog.undo_import() is not None
    assert paper_lines(catalog) == before
    assert catalog.undo_import() is None, "compaction keeps only the last one"


def test_import_line_is_short(tmp_path: Path) -> None:
    catalog = catalog_in(tmp_path)
    catalog.add(numbered_entries(1000))
    (import_line,) = [
        line for line in papers_file(tmp_path).read_bytes().splitlines() if line.startswith(b'{"imported"')
    ]
    assert len(import_line) < 100, "consecutive positions are stored as one run"


def reread(one: SourceRecord, votes: int) -> SourceRecord:
    """Return the same source, read again with other content."""
    return replace(one, votes=votes, summary=one.summary + " Read again.")


@examples(12)
@given(
    record_sets(),
    st.integers(0, 7),
    st.lists(st.integers(0, 6), max_size=3),
    st.integers(1, 3),
    st.booleans(),
)
def test_undo_of_any_import_restores_previous_state(
    records: list[SourceRecord], cut: int, again: list[int], chunk: int, compacted: bool
) -> None:
    first, second = records[:cut], records[cut:]
    second += [reread(first[index], index) for index in again if index < len(first)]
    with temporary_folder() as folder, mock.patch.object(journal_format, "PAPERS_PER_CHUNK", chunk):
        catalog = catalog_in(folder)
        catalog.add([ImportedEntry((one,)) for one in first])
        before = paper_lines(catalog)
        report = catalog.add([ImportedEntry((one,)) for one in second])
        if compacted:
            catalog.compact()
        if report.new or report.merged:
            catalog.undo_import()
        assert paper_lines(catalog) == before
        assert catalog.verify() == []
