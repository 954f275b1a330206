"""The worker program: builds index batches of papers. `pool` starts it and communicates with it.

It reads jobs from standard input: a line of JSON (`uuid` and `generation` of the catalog, the number of `rows`), then
the row numbers (unsigned, 32 bits) and their entries in the row table. For each job it prints lines of JSON:
`{"done": n}` as progress, and at the end `{"batches": [{"name", "documents", "words"}, …]}`, with null for the list if
`papers.jsonl` does not belong to the rows any more. It ends with its standard input, or when its output is closed.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
from array import array
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from paperreader.catalog import CatalogTable
from paperreader.catalog.journal.format import read_header
from paperreader.catalog.row_table.format import RECORD, RowTable, RowTableHeader
from paperreader.models import CatalogVersion
from paperreader.storage import open_regular_file

PROGRESS_STEP = 250
"""Papers between two reports of progress."""

_GC_THRESHOLD = 100_000
"""Allocations before a garbage collection, as in the program itself: a job creates many objects, and no cycles."""


def send_job(stream: IO[bytes], uuid: str, generation: int, rows: array[int], records: bytes) -> None:
    """Write a job to the standard input of a worker.

    Raises:
        OSError: the worker has ended.
    """
    header = json.dumps({"uuid": uuid, "generation": generation, "rows": len(rows)})
    stream.write(header.encode() + b"\n" + rows.tobytes() + records)
    stream.flush()


def main(arguments: Sequence[str]) -> int:
    """Run the worker.

    Args:
        arguments: the path of `papers.jsonl`, and the folder for the batches.
    """
    gc.set_threshold(_GC_THRESHOLD, 10, 10)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent receives it as well, and ends this process
    papers, folder = map(Path, arguments)
    jobs = sys.stdin.buffer
    with suppress(BrokenPipeError):
        while header := jobs.readline():
            job = json.loads(header)
            rows = array("I", jobs.read(job["rows"] * 4))
            records = jobs.read(job["rows"] * RECORD.size)
            if len(records) < job["rows"] * RECORD.size:
                break
            table = _open_rows(papers, job["uuid"], job["generation"], records)
            _report({"batches": None if table is None else _build_batches(table, rows, folder)})
        return 0
    # Python would report the closed pipe at exit.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1


def _open_rows(papers: Path, uuid: str, generation: int, records: bytes) -> CatalogTable | None:
    """Return the rows as a table of their own, numbered from 0; None if the catalog was rewritten since."""
    descriptor = open_regular_file(papers)
    header = read_header(descriptor)
    row_table = RowTable(RowTableHeader(CatalogVersion(uuid, generation, 0, 0), 0, 0), memoryview(records))
    table = CatalogTable(row_table, descriptor)
    return table if header and (header.uuid, header.generation) == (uuid, generation) else None


def _build_batches(table: CatalogTable, rows: array[int], folder: Path) -> list[dict[str, Any]]:
    from paperreader.search.update import batch_builder

    def progress(done: int, total: int) -> None:
        if done % PROGRESS_STEP == 0:
            _report({"done": done})

    papers = (
        (rows[index], paper) for index, paper in batch_builder.read_papers(table, range(table.size), progress)
    )
    return [
        {"name": batch.name, "documents": batch.documents, "words": dict(batch.words)}
        for batch in batch_builder.build_batches(papers, folder)
    ]


def _report(message: dict[str, Any]) -> None:
    print(json.dumps(message), flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
