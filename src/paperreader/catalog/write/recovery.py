"""Recover what follows the last closed chunk of a catalog: a chunk whose end was never written, or was lost."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence

from paperreader.catalog.journal.chunk_reader import read_tail
from paperreader.catalog.journal.format import JournalLine
from paperreader.catalog.journal.paper_line import decode_paper
from paperreader.catalog.quarantine import QUARANTINE_FILE_NAME
from paperreader.catalog.row_table.builder import RowTableBuilder
from paperreader.catalog.write.additions import add_prepared
from paperreader.catalog.write.changes import AddPolicy, ChangeSet
from paperreader.catalog.write.prepared_entry import PreparedEntry, prepare_entry
from paperreader.catalog.write.types import NewLines


def tail_lines(builder: RowTableBuilder) -> list[JournalLine]:
    """Return the lines after the last closed chunk. The last of them may be incomplete."""
    header = builder.header
    return list(read_tail(builder.descriptor, header.version.committed, header.total_lines + 1))


def papers_on(lines: Iterable[JournalLine]) -> list[PreparedEntry]:
    """Return the papers on those lines.

    Nothing else is recovered: a removal without the other lines of its chunk could remove too much.
    """
    return [entry for line in lines for entry in _paper_on(line)]


def add_recovered(changes: ChangeSet, entries: Sequence[PreparedEntry]) -> tuple[NewLines, int]:
    """Return the lines that add recovered papers, as an import, and how many of them changed something.

    Records that the catalog has already stay as they are, because the recovered ones may be older.
    """
    lines, outcomes = add_prepared(
        changes, entries, AddPolicy(keep_known=True), operation_id=time.time_ns() // 1_000_000
    )
    return lines, sum(outcome != "unchanged" for outcome, _ in outcomes)


def recovery_message(count: int) -> str:
    """Return the warning about a catalog whose end was incomplete."""
    recovered = "1 paper was" if count == 1 else f"{count:,} papers were"
    return (
        f"The end of papers.jsonl was incomplete. {recovered} recovered; "
        f"{QUARANTINE_FILE_NAME} has a copy of the incomplete part."
    )


def _paper_on(line: JournalLine) -> list[PreparedEntry]:
    try:
        merged = decode_paper(line.data)
    except ValueError:
        return []
    return [prepare_entry(merged.records, "", (merged.paper.id, *merged.paper.aliases))]
