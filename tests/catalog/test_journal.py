"""`papers.jsonl`: format, truncation, quarantine of damaged lines, and compaction."""

from __future__ import annotations

import json
import random
import zlib
from pathlib import Path

import pytest

from paperreader.catalog import Catalog
from paperreader.errors import StorageError
from tests.catalog.records import (
    catalog_in,
    entry,
    numbered_entries,
    paper_lines,
    papers_by_id,
    papers_file,
    papers_in_table,
    row_table_file,
)


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return catalog_in(tmp_path)


def test_file_is_a_header_and_committed_chunks(catalog: Catalog, tmp_path: Path) -> None:
    catalog.add(numbered_entries(1500))
    content = papers_file(tmp_path).read_bytes()
    assert content.endswith(b"\n")
    header, *rest = [json.loads(line) for line in content.splitlines()]
    assert header == {"paperreader": 1, "library": catalog.uuid, "generation": 1}
    sizes, chunk, start = [], [], content.index(b"\n") + 1
    position = start
    for line, data in zip(content.splitlines(keepends=True)[1:], rest, strict=True):
        if "commit" in data:
            assert data["commit"] == len(chunk)
            assert data["crc"] == zlib.crc32(content[start:position])
            assert data["sums"] == "".join(f"{zlib.crc32(one[:-1]):08x}" for one in chunk)
            sizes.append(len(chunk))
            chunk, start = [], position + len(line)
        else:
            assert data["id"] if "id" in data else data["imported"]
            chunk.append(line)
        position += len(line)
    assert (sizes, chunk) == ([1001, 501], []), "each chunk ends with an import line"


def test_empty_library_creates_no_files(catalog: Catalog, tmp_path: Path) -> None:
    table = catalog.open()
    assert (len(table), list(table.newest), table.row_of("x"), catalog.uuid) == (0, [], None, "")
    assert catalog.poll(table) is None
    assert catalog.add([]).read == 0
    assert catalog.remove(["x"]).ids == ()
    assert catalog.undo_removal() is None
    assert (catalog.verify(), catalog.repair()) == ([], [])
    catalog.compact()
    assert list(tmp_path.iterdir()) == []


def test_merges_and_removals_write_alias_and_removal_lines(catalog: Catalog, tmp_path: Path) -> None:
    catalog.add([entry("A title that is long enough", "a:0")])
    (old,) = papers_by_id(catalog)
    catalog.add([entry("A title that is long enough", "b:0", arxiv="2403.00001")])
    catalog.remove(["2403.00001"])
    objects = [json.loads(line) for line in papers_file(tmp_path).read_bytes().splitlines()]
    assert {"alias": old, "id": "2403.00001"} in objects
    assert [line["paper"]["id"] for line in objects if line.get("removed") == "2403.00001"] == ["2403.00001"]
    assert papers_by_id(catalog) == {}


@pytest.mark.parametrize("cut", [2, 5, 40, 300, 700])
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"], ids=["lf", "crlf"])
def test_cut_file_loses_no_complete_line(catalog: Catalog, tmp_path: Path, cut: int, line_end: bytes) -> None:
    catalog.add(numbered_entries(3))
    committed = paper_lines(catalog)
    catalog.add(numbered_entries(3, "more"))
    every = paper_lines(catalog)
    content = papers_file(tmp_path).read_bytes().replace(b"\n", line_end)[: -cut - len(line_end)]
    papers_file(tmp_path).write_bytes(content)
    complete = {id: line for id, line in every.items() if line + line_end in content}
    incomplete = content.rpartition(b"\n")[2]
    table = catalog.open()
    assert paper_lines(catalog) == committed, "another process may be writing"
    assert [problem.line for problem in catalog.verify()] == [
        content.count(b"\n", 0, content.index(b"more")) + 1
    ]
    assert papers_in_table(catalog.recover_end(table)).keys() == complete.keys()
    assert paper_lines(catalog) == complete
    assert incomplete in papers_file(tmp_path).with_name("papers.damaged.jsonl").read_bytes().split(b"\n")
    assert catalog.verify() == []
    assert catalog.add(numbered_entries(3, "more")).new == 6 - len(complete)
    assert paper_lines(catalog) == every


def test_lost_end_of_the_last_line_costs_nothing(catalog: Catalog, tmp_path: Path) -> None:
    catalog.add(numbered_entries(3))
    every = paper_lines(catalog)
    papers_file(tmp_path).write_bytes(papers_file(tmp_path).read_bytes().rstrip(b"\n"))
    assert paper_lines(catalog) == every
    assert catalog.verify() == []
    assert catalog.recover_end(table := catalog.open()) is table
    catalog.add(numbered_entries(2, "more"))
    assert (len(papers_by_id(catalog)), catalog.verify()) == (5, [])
    row_table_file(tmp_path).unlink()
    assert (len(papers_by_id(catalog)), catalog.verify()) == (5, [])
    assert not papers_file(tmp_path).with_name("papers.damaged.jsonl").exists()


def test_end_is_not_recovered_without_a_copy(catalog: Catalog, tmp_path: Path) -> None:
    catalog.add(numbered_entries(3))
    content = papers_file(tmp_path).read_bytes()[:-4]
    papers_file(tmp_path).write_bytes(content)
    papers_file(tmp_path).with_name("papers.damaged.jsonl").mkdir()
    with pytest.raises(StorageError, match="No copy of damaged lines could be saved"):
        catalog.add(numbered_entries(1, "more"))
    assert papers_file(tmp_path).read_bytes() == content


def test_line_ends_of_git_on_windows_are_read_and_extended(catalog: Catalog, tmp_path: Path) -> None:
    catalog.add(numbered_entries(3))
    catalog.add(numbered_entries(2, "more"))
    every, table = paper_lines(catalog), catalog.open()
    converted = papers_file(tmp_path).read_bytes().replace(b"\n", b"\r\n")
    papers_file(tmp_path).with_name("incoming").write_bytes(converted)
    papers_file(tmp_path).with_name("incoming").rename(papers_file(tmp_path))
    assert catalog.poll(table) is not None
    assert paper_lines(catalog) == every
    assert papers_file(tmp_path).read_bytes() == converted, "nothing was missing"
    assert catalog.verify() == []
    assert catalog.add([*numbered_entries(1), *numbered_entries(1, "new")]).new == 1
    assert (len(papers_by_id(catalog)), catalog.verify()) == (6, [])
    catalog.undo_import()
    assert paper_lines(catalog) == every
    catalog.compact()
    assert b"\r" not in papers_file(tmp_path).read_bytes()
    assert paper_lines(catalog) == every


def test_row_table_newer_than_a_restored_file_is_rebuilt(catalog: Catalog, tmp_path: Path) -> None:
    catalog.add(numbered_entries(3))
    old = papers_file(tmp_path).read_bytes()
    catalog.add(numbered_entries(3, "more"))
    table = catalog.open()
    papers_file(tmp_path).write_bytes(old)
    fresh = catalog.poll(table)
    assert fresh is not None
    assert len(fresh) == 3
    assert fresh.changed_since(table.version) is None


def flip(path: Path, pattern: bytes, offset: int = 0) -> None:
    """Flip one bit of the file, `offset` bytes after the first `pattern`."""
    content = bytearray(path.read_bytes())
    content[content.index(pattern) + offset] ^= 1
    path.write_bytes(content)


def without_table(tmp_path: Path) -> Catalog:
    for rows in (tmp_path / "cache").glob("*/rows.bin"):
        rows.unlink()
    return catalog_in(tmp_path)


@pytest.mark.parametrize(
    "where", [b'{"id"', b"part 00002", b'"abstract":"On 2', b'"key":"many:2"', b'many:2"}]}\n']
)
def test_damaged_line_loses_only_that_line(catalog: Catalog, tmp_path: Path, where: bytes) -> None:
    catalog.add(numbered_entries(5))
    before = paper_lines(catalog)
    flip(papers_file(tmp_path), where, len(where) - 1)
    catalog = without_table(tmp_path)
    after = paper_lines(catalog)
    assert len(before.items() - after.items()) in (1, 2), "a flipped line end joins two lines"
    assert after.items() <= before.items()
    assert any("damaged" in warning for warning in catalog.warnings)
    damaged = (tmp_path / "library" / "papers.damaged.jsonl").read_bytes()
    assert any(line in papers_file(tmp_path).read_bytes().splitlines() for line in damaged.splitlines())
    (problem,) = catalog.verify()
    assert problem.file == "papers.jsonl"
    assert problem.line is not None
    report = catalog.add(numbered_entries(5))
    assert report.new == len(before) - len(after), "importing again restores it"
    assert paper_lines(catalog) == before
    assert catalog.repair()
    assert (catalog.verify(), paper_lines(catalog)) == ([], before)
    assert (tmp_path / "library" / "papers.damaged.jsonl").read_bytes() == damaged, "quarantined once"


def test_damaged_line_falls_back_to_older_line_of_same_paper(catalog: Catalog, tmp_path: Path) -> None:
    catalog.add([entry("A title that is long enough", "a:0", abstract="Old.")])
    before = paper_lines(catalog)
    catalog.add([entry("A title that is long enough", "b:0", arxiv="2403.00001", abstract="New.")])
    flip(papers_file(tmp_path), b"New.")
    assert paper_lines(without_table(tmp_path)) == before


@pytest.mark.parametrize("where", [b'"commit":4', b'{"commit":4', b'"sums"', b'"crc"'])
def test_damaged_commit_line_loses_no_paper(catalog: Catalog, tmp_path: Path, where: bytes) -> None:
    catalog.add(numbered_entries(3))
    catalog.add(numbered_entries(4, "more"))
    before = paper_lines(catalog)
    flip(papers_file(tmp_path), where, len(where) - 1)
    catalog = without_table(tmp_path)
    assert paper_lines(catalog) == before
    catalog.repair()
    assert (paper_lines(catalog), catalog.verify()) == (before, [])


def test_damaged_last_commit_line_loses_no_paper(catalog: Catalog, tmp_path: Path) -> None:
    catalog.add(numbered_entries(3))
    before = paper_lines(catalog)
    flip(papers_file(tmp_path), b'"sums":"', 20)
    catalog = without_table(tmp_path)
    assert paper_lines(catalog) == before
    assert len(catalog.verify()) == 1
    catalog.add(numbered_entries(3, "more"))
    assert before.items() < paper_lines(catalog).items()
    assert paper_lines(without_table(tmp_path)) == paper_lines(catalog)


def test_damage_in_neighbouring_chunks_loses_two_lines(catalog: Catalog, tmp_path: Path) -> None:
    catalog.add(numbered_entries(3))
    catalog.add(numbered_entries(4, "more"))
    before = paper_lines(catalog)
    flip(papers_file(tmp_path), b'{"commit":4')
    flip(papers_file(tmp_path), b"On 3")
    flip(papers_file(tmp_path), b"many in its part 00001", 21)
    after = paper_lines(without_table(tmp_path))
    # Without its commit line a chunk has no checksums: a line that can still be parsed is used.
    assert len(after) == 6
    assert len(after.items() - before.items()) <= 1


def test_any_flipped_bit_loses_at_most_three_lines(tmp_path: Path) -> None:
    catalog = catalog_in(tmp_path)
    catalog.add(numbered_entries(3))
    catalog.add([*numbered_entries(2, "more"), *numbered_entries(1)])
    whole, before = papers_file(tmp_path).read_bytes(), paper_lines(catalog)
    randomness = random.Random(7)
    for offset in sorted(randomness.sample(range(len(whole)), 60)):
        content = bytearray(whole)
        content[offset] ^= 1 << randomness.randrange(8)
        papers_file(tmp_path).write_bytes(content)
        catalog = without_table(tmp_path)
        after = paper_lines(catalog)
        assert after.items() <= before.items()
        assert len(before) - len(after) <= 3, "a line, two joined ones, or a chunk whose end cannot be found"
        assert catalog.verify() or after == before
        catalog.add([*numbered_entries(3), *numbered_entries(2, "more")])
        assert paper_lines(catalog) == before
        assert paper_lines(without_table(tmp_path)) == before


@pytest.mark.parametrize("where", [b'{"paperreader"', b'"generation', b'"generation":1}\n'])
def test_damaged_header_is_rewritten_with_same_uuid(catalog: Catalog, tmp_path: Path, where: bytes) -> None:
    catalog.add(numbered_entries(3))
    uuid, before = catalog.uuid, paper_lines(catalog)
    flip(papers_file(tmp_path), where, len(where) - 1)
    catalog = catalog_in(tmp_path)
    if where.endswith(b"\n"):
        before = {
            id: line for id, line in before.items() if b"part 00000" not in line
        }  # joined with the header
    assert paper_lines(catalog) == before
    assert any("first line" in warning for warning in catalog.warnings)
    assert [problem.line for problem in catalog.verify()][:1] == [1]
    assert catalog.uuid == uuid
    catalog.add(numbered_entries(1, "more"))
    assert json.loads(papers_file(tmp_path).read_bytes().splitlines()[0])["library"] == uuid
    assert before.items() < paper_lines(catalog).items()
    assert catalog.verify() == []


def test_missing_header_loses_only_the_uuid(catalog: Catalog, tmp_path: Path) -> None:
    catalog.add(numbered_entries(3))
    before = paper_lines(catalog)
    papers_file(tmp_path).write_bytes(papers_file(tmp_path).read_bytes().partition(b"\n")[2])
    assert paper_lines(catalog_in(tmp_path)) == before
    assert paper_lines(catalog_in(tmp_path)) == before
    catalog = catalog_in(tmp_path)
    catalog.repair()
    assert (paper_lines(catalog), catalog.verify()) == (before, [])


def test_newer_version_is_rejected_and_not_changed(catalog: Catalog, tmp_path: Path) -> None:
    catalog.add(numbered_entries(3))
    newer = papers_file(tmp_path).read_bytes().replace(b'{"paperreader":1', b'{"paperreader":2', 1)
    papers_file(tmp_path).write_bytes(newer)
    fresh = catalog_in(tmp_path)
    for operation in (fresh.open, fresh.verify, lambda: fresh.add(numbered_entries(4)), fresh.compact):
        with pytest.raises(StorageError, match="newer paperreader"):
            operation()
    assert papers_file(tmp_path).read_bytes() == newer


def test_truncated_file_is_an_empty_catalog(catalog: Catalog, tmp_path: Path) -> None:
    catalog.add(numbered_entries(3))
    papers_file(tmp_path).write_bytes(b"")
    fresh = catalog_in(tmp_path)
    assert len(fresh.open()) == 0
    assert fresh.add(numbered_entries(2)).new == 2
    assert len(papers_by_id(fresh)) == 2


def test_compaction_writes_live_lines_as_new_generation(catalog: Catalog, tmp_path: Path) -> None:
    catalog.add([entry("A title that is long enough", "a:0"), *numbered_entries(3)])
    catalog.add([entry("A title that is long enough", "b:0", arxiv="2403.00001")])
    catalog.remove([next(id for id in papers_by_id(catalog) if "00001" in id and id != "2403.00001")])
    before, table = paper_lines(catalog), catalog.open()
    catalog.compact()
    content = papers_file(tmp_path).read_bytes()
    assert json.loads(content.splitlines()[0])["generation"] == 2
    assert sum(line.startswith(b'{"id"') for line in content.splitlines()) == len(before)
    fresh = catalog.poll(table)
    assert fresh is not None
    assert (fresh.generation, fresh.size, fresh.changed_since(table.version)) == (2, len(before), None)
    assert paper_lines(catalog) == before
    assert [path.name for path in sorted((tmp_path / "library").iterdir())] == [
        "catalog.lock",
        "papers.jsonl",
    ]
    assert {table.line(row) for row in table.newest} == set(before.values()), "an open table stays readable"


def test_catalog_is_compacted_when_a_quarter_of_lines_are_dead(catalog: Catalog) -> None:
    catalog.add(numbered_entries(400))
    for round in range(1, 6):
        assert catalog.open().generation == 1
        catalog.add(
            [
                entry(
                    f"A study of many in its part {number:05d}",
                    f"{round}:{number}",
                    votes=round,
                    observed=f"2024-05-0{round}",
                )
                for number in range(32)
            ]
        )
    table = catalog.open()
    assert (table.generation, table.size, len(table)) == (2, 400, 400)
    assert sum(table.votes(row) == 5 for row in table.newest) == 32


def test_last_removal_can_be_undone_after_compaction(catalog: Catalog) -> None:
    catalog.add(numbered_entries(150))
    before, ids = paper_lines(catalog), sorted(papers_by_id(catalog))
    catalog.remove(ids[:1])
    catalog.remove(ids[1:140])
    assert catalog.open().generation == 2, "the catalog was compacted because of dead lines"
    assert catalog.undo_removal().removed == 139
    assert paper_lines(catalog) == {id: line for id, line in before.items() if id != ids[0]}
    catalog.compact()
    assert catalog.undo_removal() is None


def test_removals_are_undone_latest_first(catalog: Catalog) -> None:
    catalog.add(numbered_entries(4))
    before, ids = paper_lines(catalog), sorted(papers_by_id(catalog))
    catalog.remove(ids[:2])
    catalog.remove([ids[2], "unknown"])
    assert set(papers_by_id(catalog)) == {ids[3]}
    assert catalog.undo_removal().ids == (ids[2],)
    assert set(catalog.undo_removal().ids) == set(ids[:2])
    assert catalog.undo_removal() is None
    assert paper_lines(catalog) == before


def test_undo_of_removal_after_reimport_adds_nothing(catalog: Catalog) -> None:
    catalog.add(numbered_entries(2))
    before = paper_lines(catalog)
    catalog.remove(list(before))
    assert catalog.add(numbered_entries(2)).new == 2
    report = catalog.undo_removal()
    assert report is not None
    assert report.removed == 0
    assert paper_lines(catalog) == before


def test_symbolic_link_is_followed(catalog: Catalog, tmp_path: Path) -> None:
    (tmp_path / "synced").mkdir()
    (tmp_path / "library").mkdir()
    catalog.add(numbered_entries(1))
    papers_file(tmp_path).rename(tmp_path / "synced" / "papers.jsonl")
    papers_file(tmp_path).symlink_to(tmp_path / "synced" / "papers.jsonl")
    catalog.add(numbered_entries(2))
    catalog.compact()
    assert papers_file(tmp_path).is_symlink()
    assert len(papers_by_id(catalog)) == 2
