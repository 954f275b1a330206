"""A row table in a file gives the same answers whether pieces of it are read or all of it."""

from __future__ import annotations

import os
import random
from array import array
from pathlib import Path

import pytest

from paperreader.catalog.key_index import KeyIndex
from paperreader.catalog.row_table.encoding import BLOCK_BYTES, RowTableDamaged, encode_row_table
from paperreader.catalog.row_table.format import RECORD, RowTable, RowTableHeader
from paperreader.catalog.row_table.stored_table import StoredRowTable
from paperreader.catalog.row_table.table_file import RowTableFile
from paperreader.models import CatalogVersion

ROWS = 40 * BLOCK_BYTES // RECORD.size


def make_table(hashes: list[int], rows: int = 10) -> RowTable:
    """Return a table with those hashes, of which the n-th belongs to row n."""
    records = b"".join(RECORD.pack(number, 1, 2, 20260101, number % 7, 0, 0, 0, 0) for number in range(rows))
    pairs = sorted(zip(hashes, range(len(hashes)), strict=True))
    return RowTable(
        RowTableHeader(CatalogVersion("uuid", 1, 2, 3), 4, 5, live_rows=rows),
        memoryview(records),
        memoryview(array("I", reversed(range(rows)))),
        KeyIndex(
            memoryview(array("Q", (each for each, _ in pairs))),
            memoryview(array("I", (each for _, each in pairs))),
        ),
    )


def stored(table: RowTable, path: Path) -> StoredRowTable:
    def rebuild(header: RowTableHeader) -> RowTable:
        raise RowTableDamaged("it is damaged")

    path.write_bytes(b"".join(encode_row_table(table)))
    return StoredRowTable(RowTableFile(os.open(path, os.O_RDONLY)), rebuild)


@pytest.mark.parametrize("kind", ["uniform", "in one place", "repeated", "small", "few", "one", "none"])
def test_keys_are_found_wherever_they_are(kind: str, tmp_path: Path) -> None:
    rng = random.Random(5)
    hashes = {
        "uniform": [rng.getrandbits(64) for _ in range(30_000)],
        "in one place": [rng.getrandbits(20) + (1 << 63) for _ in range(10_000)],
        "repeated": [each << 52 for each in rng.choices(range(4096), k=200)] + [7 << 60] * 5000,
        "small": list(range(5000)),
        "few": [0, 0, 1 << 63, 2**64 - 1, 2**64 - 1],
        "one": [1 << 40],
        "none": [],
    }[kind]
    table = make_table(hashes)
    wanted = [0, 2**64 - 1, 7 << 60, *(rng.getrandbits(64) for _ in range(20))]
    wanted += [*hashes[:5], *hashes[-5:], *rng.choices(hashes or [0], k=60)]
    file = stored(table, tmp_path / "rows.bin")
    for each in wanted:
        assert file.key_index.find(each) == table.key_index.find(each), each
        one = stored(table, tmp_path / "rows.bin")
        assert one.key_index.find(each) == table.key_index.find(each), each


def test_rows_are_the_same_in_pieces_and_as_a_whole(tmp_path: Path) -> None:
    table = make_table([], ROWS)
    file = stored(table, tmp_path / "rows.bin")
    step = 3 * BLOCK_BYTES // RECORD.size - 1
    for number in (0, ROWS - 1, *range(0, ROWS, step)):
        assert file.row(number) == table.row(number)
    for number in (-1, ROWS):
        with pytest.raises(IndexError):
            file.row(number)
    assert (file.order, file.records, file.size) == (table.order, table.records, table.size)
    assert file.load() == table
    for number in (0, ROWS - 1):
        assert file.row(number) == table.row(number)


def test_intact_pieces_can_be_used_beside_a_damaged_one(tmp_path: Path) -> None:
    table = make_table([1, 2, 3], 20 * BLOCK_BYTES // RECORD.size)
    file = stored(table, tmp_path / "rows.bin")
    content = bytearray((tmp_path / "rows.bin").read_bytes())
    content[content.index(bytes(table.records)) + BLOCK_BYTES] ^= 1
    (tmp_path / "rows.bin").write_bytes(content)
    assert file.row(0) == table.row(0)
    assert file.key_index.find(2) == [1]
    damaged = BLOCK_BYTES // RECORD.size
    for use in (lambda: file.row(damaged), lambda: file.records, file.load):
        with pytest.raises(RowTableDamaged):
            use()
    assert file.row(table.size - 1) == table.row(table.size - 1)
