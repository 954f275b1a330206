"""A pool of worker processes that build index batches, some of them while an import is still running.

Rows that an import has just written are submitted with their table entries. A batch of a row is used at the end only if
its entry is still the same: a paper that changed in the meantime is processed again.
"""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from paperreader.catalog import CatalogTable
from paperreader.catalog.row_table.format import RECORD
from paperreader.errors import StorageError
from paperreader.library.index_workers import worker
from paperreader.models import CatalogVersion

if TYPE_CHECKING:
    import subprocess

    from paperreader.models import PaperTable
    from paperreader.search.index.segment_builder import StemProvider
    from paperreader.search.update.batch_builder import Batch, Progress

ROWS_PER_JOB = 5000
"""Papers in one job for a worker: some seconds of work, and 100 MB of its memory."""

MIN_ROWS_FOR_WORKERS = 2000
"""Fewer papers are processed in this process: a worker takes 0.3 s to start."""

MAX_WORKERS = 4

_PROGRESS_INTERVAL_SECONDS = 0.1


class _IndexJob(Struct):
    catalog_key: tuple[str, int]
    """UUID and generation of the catalog."""
    rows: array[int]
    records: bytes
    done: int = 0
    """Papers processed so far."""
    batches: list[Batch] | None = None
    """None after its end if no worker could do it."""
    stale_rows: Sequence[int] = ()
    """Rows whose results are not used."""


class IndexWorkerPool:
    """A `BatchBuilder` with worker processes. They end with the `with` statement, or with this process.

    Args:
        papers: path of `papers.jsonl`.
        cache: returns the folder of the index, once the library has a paper.
    """

    def __init__(self, papers: Path, cache: Callable[[], Path]) -> None:
        self._papers, self._cache = papers, cache
        self._exit_stack = ExitStack()
        self._build_folder: Path | None = None
        self._pending_jobs: queue.SimpleQueue[_IndexJob | None] = queue.SimpleQueue()
        self._finished_jobs: queue.SimpleQueue[_IndexJob] = queue.SimpleQueue()
        self._jobs: list[_IndexJob] = []
        self._unfinished = 0
        self._workers: list[tuple[subprocess.Popen[bytes], threading.Thread]] = []
        self._next_job: _IndexJob | None = None
        """Rows that are not enough for a job yet."""

    def __enter__(self) -> IndexWorkerPool:
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop_workers()
        self._exit_stack.close()

    def submit_rows(self, version: CatalogVersion, first: int, records: bytes) -> None:
        """Submit rows from `first` on that were just written. They are processed as soon as there are enough."""
        if _processor_count() < 2:
            return
        job, count = self._next_job, len(records) // RECORD.size
        if job is None:
            job = self._next_job = _IndexJob(_catalog_key(version), array("I"), b"")
        job.rows.extend(range(first, first + count))
        job.records += records
        if len(job.rows) >= ROWS_PER_JOB:
            self._submit(job, _processor_count() - 1)
            self._next_job = None

    def batches(
        self, table: PaperTable, rows: Sequence[int], progress: Progress, stems: StemProvider
    ) -> Iterator[Batch]:
        """Generate the batches of `rows`, see `BatchBuilder`."""
        from paperreader.search.update.batch_builder import InProcessBuilder

        assert isinstance(table, CatalogTable)
        self._next_job = None
        if any(job.catalog_key != _catalog_key(table.version) for job in self._jobs):
            self._jobs = []  # the catalog was rewritten in the meantime, and its rows renumbered
        pending = _PendingRows(table, rows)
        for job in self._jobs:
            pending.assign(job)
        remaining = pending.remaining()
        if len(remaining) >= MIN_ROWS_FOR_WORKERS and _processor_count() > 1:
            for start in range(0, len(remaining), ROWS_PER_JOB):
                part = remaining[start : start + ROWS_PER_JOB]
                job = _IndexJob(_catalog_key(table.version), part, b"".join(map(pending.record, part)))
                self._submit(job, _processor_count())
                pending.assign(job)
        self._start_workers(_processor_count())
        self._wait_for_jobs(len(rows), progress)
        self._stop_workers()  # merging the batches needs the memory
        for job in self._jobs:
            if job.batches is None:
                pending.unassign(job)
            else:
                yield from (replace(batch, stale_rows=job.stale_rows) for batch in job.batches)
        if remaining := pending.remaining():
            yield from InProcessBuilder(self._folder()).batches(table, remaining, progress, stems)

    def _submit(self, job: _IndexJob, max_workers: int) -> None:
        self._jobs.append(job)
        self._unfinished += 1
        self._pending_jobs.put(job)
        self._start_workers(max_workers)

    def _start_workers(self, max_workers: int) -> None:
        """Start as many workers as there are jobs, up to a maximum. If that fails, there are fewer or none."""
        if len(self._workers) >= min(max_workers, MAX_WORKERS, self._unfinished):
            return
        import subprocess  # a few papers need no worker

        with suppress(OSError, StorageError):
            while len(self._workers) < min(max_workers, MAX_WORKERS, self._unfinished):
                # -P: modules in the current folder are not imported.
                command = [
                    sys.executable,
                    "-P",
                    "-m",
                    worker.__name__,
                    str(self._papers),
                    str(self._folder()),
                ]
                process = subprocess.Popen(
                    command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
                )
                thread = threading.Thread(target=self._feed_worker, args=(process,), daemon=True)
                self._workers.append((process, thread))
                thread.start()

    def _stop_workers(self) -> None:
        for process, _ in self._workers:
            self._pending_jobs.put(None)
            process.kill()
        for process, thread in self._workers:
            thread.join()
            with suppress(OSError):  # input that was not delivered any more
                process.communicate()
        self._workers = []

    def _feed_worker(self, process: subprocess.Popen[bytes]) -> None:
        """Give jobs to a worker, one after the other, until the pool is closed."""
        while job := self._pending_jobs.get():
            with suppress(OSError, ValueError):  # if the worker has ended, this process does the job
                self._run_job(job, process)
            self._finished_jobs.put(job)

    def _run_job(self, job: _IndexJob, process: subprocess.Popen[bytes]) -> None:
        from paperreader.search.update.batch_builder import Batch

        assert process.stdin is not None
        assert process.stdout is not None
        worker.send_job(process.stdin, *job.catalog_key, job.rows, job.records)
        for line in process.stdout:
            message = json.loads(line)
            if "done" in message:
                job.done = message["done"]
                continue
            job.done = len(job.rows)
            if message["batches"] is not None:
                job.batches = [Batch(self._folder(), **batch) for batch in message["batches"]]
            return

    def _wait_for_jobs(self, total: int, progress: Progress) -> None:
        """Wait until every job with a worker has ended."""
        while self._unfinished and self._workers:
            progress(min(total, sum(job.done for job in self._jobs)), total)
            try:
                self._finished_jobs.get(timeout=_PROGRESS_INTERVAL_SECONDS)
                self._unfinished -= 1
            except queue.Empty:
                continue

    def _folder(self) -> Path:
        if self._build_folder is None:
            from paperreader.search.update import batch_builder

            self._build_folder = self._exit_stack.enter_context(batch_builder.build_folder(self._cache()))
        return self._build_folder


class _PendingRows:
    """The rows of a table that are not assigned to a job yet."""

    def __init__(self, table: CatalogTable, rows: Sequence[int]) -> None:
        self._table = table
        self._rows = rows
        self._is_pending = bytearray(table.size)
        for row in rows:
            self._is_pending[row] = 1

    def record(self, row: int) -> memoryview:
        """Return the entry of a row in the row table."""
        return self._table.records[row * RECORD.size : (row + 1) * RECORD.size]

    def remaining(self) -> array[int]:
        """Return the rows without a job."""
        return array("I", (row for row in self._rows if self._is_pending[row]))

    def assign(self, job: _IndexJob) -> None:
        """Assign to a job those of its rows that are unchanged in the table. Its other rows are stale."""
        stale = []
        for index, row in enumerate(job.rows):
            submitted = job.records[index * RECORD.size : (index + 1) * RECORD.size]
            if row < len(self._is_pending) and self._is_pending[row] and submitted == self.record(row):
                self._is_pending[row] = 0
            else:
                stale.append(row)
        job.stale_rows = stale

    def unassign(self, job: _IndexJob) -> None:
        """Return the rows of a job that was not done."""
        for row in set(job.rows).difference(job.stale_rows):
            self._is_pending[row] = 1


def _catalog_key(version: CatalogVersion) -> tuple[str, int]:
    return (version.uuid, version.generation)


def _processor_count() -> int:
    """Return the number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
