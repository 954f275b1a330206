"""Making papers ready for the index, as a program of its own: see `crew`, which starts it and talks to it.

It reads jobs from standard input: a line of JSON (`uuid` and `generation` of the catalog, how many `rows`), then the
numbers of the rows (unsigned, 32 bits) and their records as they stand in the row table. For each it prints lines of
JSON: `{"done": n}` as it comes along, at last `{"batches": [{"name", "documents", "words"}, …]}`, or null for the list
where `papers.jsonl` is no longer the one the rows are of. It ends with its standard input, or when nobody listens.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from array import array
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from paperreader.catalog.journal.format import read_header
from paperreader.catalog.row_table.format import RECORD, RowTable, RowTableHeader
from paperreader.catalog.row_table.table import CatalogTable
from paperreader.models import CatalogVersion
from paperreader.storage import open_regular_file

PROGRESS_STEP = 250
"""Papers between two reports."""


def send_job(stream: IO[bytes], uuid: str, generation: int, rows: array[int], records: bytes) -> None:
    """Hand a job to a helper.

    Raises:
        OSError: it has ended.
    """
    head = json.dumps({"uuid": uuid, "generation": generation, "rows": len(rows)})
    stream.write(head.encode() + b"\n" + rows.tobytes() + records)
    stream.flush()


def main(arguments: Sequence[str]) -> int:
    """The program: the path of `papers.jsonl`, and the folder for what is made."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started it is told as well, and lets go of it
    papers, folder = map(Path, arguments)
    jobs = sys.stdin.buffer
    with suppress(BrokenPipeError):
        while head := jobs.readline():
            job = json.loads(head)
            rows = array("I", jobs.read(job["rows"] * 4))
            records = jobs.read(job["rows"] * RECORD.size)
            if len(records) < job["rows"] * RECORD.size:
                break
            table = _open_rows(papers, job["uuid"], job["generation"], records)
            _report({"batches": None if table is None else _build_batches(table, rows, folder)})
        return 0
    # Python would complain about the closed pipe when it ends.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1


def _open_rows(papers: Path, uuid: str, generation: int, records: bytes) -> CatalogTable | None:
    """Those rows as a table of their own, numbered from 0; None where the catalog has been written anew since."""
    descriptor = open_regular_file(papers)
    header = read_header(descriptor)
    table = CatalogTable(
        RowTable(RowTableHeader(CatalogVersion(uuid, generation, 0, 0), 0, 0), memoryview(records)),
        descriptor,
    )
    return table if header and (header.uuid, header.generation) == (uuid, generation) else None


def _build_batches(table: CatalogTable, rows: array[int], folder: Path) -> list[dict[str, Any]]:
    from paperreader.search.update import batch_builder

    def tell(done: int, total: int) -> None:
        if done % PROGRESS_STEP == 0:
            _report({"done": done})

    papers = (
        (rows[place], paper) for place, paper in batch_builder.read_papers(table, range(table.size), tell)
    )
    return [
        {"name": batch.name, "documents": batch.documents, "words": dict(batch.words)}
        for batch in batch_builder.build_batches(papers, folder)
    ]


def _report(told: dict[str, Any]) -> None:
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
