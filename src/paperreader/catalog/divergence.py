"""Find out whether another program has replaced `papers.jsonl` by a file that lacks something."""

from __future__ import annotations

from paperreader.catalog.journal.chunk_reader import chunk_crc_at
from paperreader.catalog.journal.format import has_commit_at, read_header
from paperreader.catalog.row_table.table import CatalogTable
from paperreader.models import CatalogVersion


def has_diverged(table: CatalogTable, fresh: CatalogTable) -> bool:
    """Return whether `fresh` neither extends `table` nor is a compaction of it, and the file of `table` is intact.

    Of a file that was overwritten in place, nothing is left to restore. One whose first line is damaged (generation 0)
    is rewritten by the next change.
    """
    if not len(table) or not table.generation or fresh.signature[:2] == table.signature[:2]:
        return False
    with table.open_descriptor() as descriptor:
        if not has_commit_at(descriptor, table.version.committed, *table.last_commit_line):
            return False
        if _is_compaction(fresh, descriptor, table.version):
            return False
    old, new = table.version, fresh.version
    is_same_generation = (old.uuid, old.generation) == (new.uuid, new.generation)
    return not (is_same_generation and fresh.has_version(old))


def _is_compaction(fresh: CatalogTable, descriptor: int, version: CatalogVersion) -> bool:
    """Return whether a table is of the next generation of an open catalog, with all that it had at its end."""
    if not fresh.version.uuid:
        return False
    with fresh.open_descriptor() as fresh_descriptor:
        header = read_header(fresh_descriptor)
    if header is None or header.compacted is None:
        return False
    if (header.uuid, header.generation) != (version.uuid, version.generation + 1):
        return False
    committed, crc = header.compacted
    return version.committed <= committed and chunk_crc_at(descriptor, committed) == crc
