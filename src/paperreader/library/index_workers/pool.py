"""Several processes that make papers ready for the index, some of them while an import still goes on.

Rows that an import has just written are handed on with their records. What was made of a row counts at the end only if
its record is still the same: a paper that changed meanwhile is made ready once more.
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

from paperreader.catalog.row_table.format import RECORD
from paperreader.catalog.row_table.table import CatalogTable
from paperreader.errors import StorageError
from paperreader.library.index_workers import worker
from paperreader.models import CatalogVersion

if TYPE_CHECKING:
    import subprocess

    from paperreader.models import PaperTable
    from paperreader.search.index.segment_builder import StemProvider
    from paperreader.search.update.batch_builder import Batch, Progress

ROWS_PER_JOB = 5000
"""Papers that a helper is given at a time: some seconds of work, and 100 MB of its memory."""

MIN_ROWS_FOR_WORKERS = 2000
"""Fewer papers are made ready in this process: a helper takes 0.3 s to start."""

MAX_WORKERS = 4

_PROGRESS_INTERVAL_SECONDS = 0.1
"""Seconds between two reports of progress."""


class _IndexJob(Struct):
    catalog_key: tuple[str, int]
    """Library and generation of the catalog."""
    rows: array[int]
    records: bytes
    done: int = 0
    """Papers that the helper told of so far."""
    batches: list[Batch] | None = None
    """None after its end: no helper could do it."""
    stale_rows: Sequence[int] = ()
    """Rows that do not count."""


class IndexWorkerPool:
    """A `search.building.Maker` with helpers. They end with the body of the `with` statement, or with this process.

    Args:
        papers: the path of `papers.jsonl`.
        cache: gives the folder in which the index stands, once there is a paper.
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
        for process, _ in self._workers:
            self._pending_jobs.put(None)
            process.kill()
        for process, thread in self._workers:
            thread.join()
            with suppress(OSError):  # what it was not given any more
                process.communicate()
        self._exit_stack.close()

    def submit_rows(self, stamp: CatalogVersion, first: int, records: bytes) -> None:
        """Rows from `first` on were just written: have them made ready as soon as there are enough of them."""
        if _processor_count() < 2:
            return
        job, count = self._next_job, len(records) // RECORD.size
        if job is None:
            job = self._next_job = _IndexJob(_catalog_key(stamp), array("I"), b"")
        job.rows.extend(range(first, first + count))
        job.records += records
        if len(job.rows) >= ROWS_PER_JOB:
            self._submit(job, _processor_count() - 1)
            self._next_job = None

    def batches(
        self, table: PaperTable, rows: Sequence[int], progress: Progress, stems: StemProvider
    ) -> Iterator[Batch]:
        """See `search.building.Maker`."""
        from paperreader.search.update.batch_builder import InProcessBuilder

        assert isinstance(table, CatalogTable)
        self._next_job = None
        if any(job.catalog_key[:2] != _catalog_key(table.version) for job in self._jobs):
            self._jobs = []  # The catalog was written anew meanwhile, and its rows with it.
        wanted = _PendingRows(table, rows)
        for job in self._jobs:
            wanted.assign(job)
        left = wanted.remaining()
        if len(left) >= MIN_ROWS_FOR_WORKERS and _processor_count() > 1:  # one processor has nothing to share
            for start in range(0, len(left), ROWS_PER_JOB):
                part = left[start : start + ROWS_PER_JOB]
                job = _IndexJob(_catalog_key(table.version), part, b"".join(map(wanted.record, part)))
                self._submit(job, _processor_count())
                wanted.assign(job)
        self._start_workers(_processor_count())
        self._wait_for_jobs(len(rows), progress)
        for job in self._jobs:
            if job.batches is None:
                wanted.unassign(job)
            else:
                yield from (replace(batch, stale_rows=job.stale_rows) for batch in job.batches)
        if left := wanted.remaining():
            yield from InProcessBuilder(self._folder()).batches(table, left, progress, stems)

    def _submit(self, job: _IndexJob, max_workers: int) -> None:
        """Queue a job for at most so many helpers."""
        self._jobs.append(job)
        self._unfinished += 1
        self._pending_jobs.put(job)
        self._start_workers(max_workers)

    def _start_workers(self, max_workers: int) -> None:
        """Have as many helpers as there is work for, but no more than that. Where none can be had, there are none."""
        if len(self._workers) >= min(max_workers, MAX_WORKERS, self._unfinished):
            return
        import subprocess  # few papers need no helper

        with suppress(OSError, StorageError):
            while len(self._workers) < min(max_workers, MAX_WORKERS, self._unfinished):
                # -P: whatever lies in the current folder is no module of ours.
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

    def _feed_worker(self, process: subprocess.Popen[bytes]) -> None:
        """Hand jobs to a helper, one after the other, for as long as the crew is needed."""
        while job := self._pending_jobs.get():
            with suppress(OSError, ValueError):  # Where it has ended, the job is left for this process to do.
                self._run_job(job, process)
            self._finished_jobs.put(job)

    def _run_job(self, job: _IndexJob, process: subprocess.Popen[bytes]) -> None:
        from paperreader.search.update.batch_builder import Batch

        assert process.stdin is not None
        assert process.stdout is not None
        worker.send_job(process.stdin, *job.catalog_key, job.rows, job.records)
        for line in process.stdout:
            told = json.loads(line)
            if "done" in told:
                job.done = told["done"]
                continue
            job.done = len(job.rows)
            if told["batches"] is not None:
                job.batches = [Batch(self._folder(), **batch) for batch in told["batches"]]
            return

    def _wait_for_jobs(self, total: int, progress: Progress) -> None:
        """Until every job has ended that somebody does."""
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
    """Which rows of a table are still to be made ready."""

    def __init__(self, table: CatalogTable, rows: Sequence[int]) -> None:
        self._records = table.records
        self._rows = rows
        self._is_pending = bytearray(table.size)
        for row in rows:
            self._is_pending[row] = 1

    def record(self, row: int) -> memoryview:
        """The row's record."""
        return self._records[row * RECORD.size : (row + 1) * RECORD.size]

    def remaining(self) -> array[int]:
        """The rows that no job has."""
        return array("I", (row for row in self._rows if self._is_pending[row]))

    def assign(self, job: _IndexJob) -> None:
        """Take out the rows that a job has as they are in the table; its others do not count."""
        dead = []
        for place, row in enumerate(job.rows):
            old = job.records[place * RECORD.size : (place + 1) * RECORD.size]
            if row < len(self._is_pending) and self._is_pending[row] and old == self.record(row):
                self._is_pending[row] = 0
            else:
                dead.append(row)
        job.stale_rows = dead

    def unassign(self, job: _IndexJob) -> None:
        """Nobody did that job."""
        for row in set(job.rows).difference(job.stale_rows):
            self._is_pending[row] = 1


def _catalog_key(stamp: CatalogVersion) -> tuple[str, int]:
    return (stamp.uuid, stamp.generation)


def _processor_count() -> int:
    """How many this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
