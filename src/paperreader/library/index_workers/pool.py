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
from paperreader.catalog.row_table.table import Table
from paperreader.errors import StorageError
from paperreader.library.index_workers import worker
from paperreader.models import CatalogStamp

if TYPE_CHECKING:
    import subprocess

    from paperreader.models import PaperTable
    from paperreader.search.index.segment_builder import Stems
    from paperreader.search.update.batch_builder import Batch, Progress

JOB = 5000
"""Papers that a helper is given at a time: some seconds of work, and 100 MB of its memory."""

WORTH = 2000
"""Fewer papers are made ready in this process: a helper takes 0.3 s to start."""

MOST_HELPERS = 4

_BEAT = 0.1
"""Seconds between two reports of progress."""


class _Job(Struct):
    stamp: tuple[str, int]
    """Library and generation of the catalog."""
    rows: array[int]
    records: bytes
    done: int = 0
    """Papers that the helper told of so far."""
    batches: list[Batch] | None = None
    """None after its end: no helper could do it."""
    dead: Sequence[int] = ()
    """Rows that do not count."""


class Crew:
    """A `search.building.Maker` with helpers. They end with the body of the `with` statement, or with this process.

    Args:
        papers: the path of `papers.jsonl`.
        cache: gives the folder in which the index stands, once there is a paper.
    """

    def __init__(self, papers: Path, cache: Callable[[], Path]) -> None:
        self._papers, self._cache = papers, cache
        self._open = ExitStack()
        self._place: Path | None = None
        self._waiting: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._ended: queue.SimpleQueue[_Job] = queue.SimpleQueue()
        self._given: list[_Job] = []
        self._running = 0
        self._helpers: list[tuple[subprocess.Popen[bytes], threading.Thread]] = []
        self._next: _Job | None = None
        """Rows that are not enough for a job yet."""

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_error: object) -> None:
        for process, _ in self._helpers:
            self._waiting.put(None)
            process.kill()
        for process, thread in self._helpers:
            thread.join()
            with suppress(OSError):  # what it was not given any more
                process.communicate()
        self._open.close()

    def take(self, stamp: CatalogStamp, first: int, records: bytes) -> None:
        """Rows from `first` on were just written: have them made ready as soon as there are enough of them."""
        if _processors() < 2:
            return
        job, count = self._next, len(records) // RECORD.size
        if job is None:
            job = self._next = _Job(_catalog(stamp), array("I"), b"")
        job.rows.extend(range(first, first + count))
        job.records += records
        if len(job.rows) >= JOB:
            self._give(job, _processors() - 1)
            self._next = None

    def batches(
        self, table: PaperTable, rows: Sequence[int], progress: Progress, stems: Stems
    ) -> Iterator[Batch]:
        """See `search.building.Maker`."""
        from paperreader.search.update.batch_builder import Alone

        assert isinstance(table, Table)
        self._next = None
        if any(job.stamp[:2] != _catalog(table.stamp) for job in self._given):
            self._given = []  # The catalog was written anew meanwhile, and its rows with it.
        wanted = _Wanted(table, rows)
        for job in self._given:
            wanted.settle(job)
        left = wanted.left()
        if len(left) >= WORTH and _processors() > 1:  # one processor has nothing to share
            for start in range(0, len(left), JOB):
                part = left[start : start + JOB]
                job = _Job(_catalog(table.stamp), part, b"".join(map(wanted.record, part)))
                self._give(job, _processors())
                wanted.settle(job)
        self._hire(_processors())
        self._wait(len(rows), progress)
        for job in self._given:
            if job.batches is None:
                wanted.reopen(job)
            else:
                yield from (replace(batch, dead=job.dead) for batch in job.batches)
        if left := wanted.left():
            yield from Alone(self._folder()).batches(table, left, progress, stems)

    def _give(self, job: _Job, most: int) -> None:
        """Queue a job for at most so many helpers."""
        self._given.append(job)
        self._running += 1
        self._waiting.put(job)
        self._hire(most)

    def _hire(self, most: int) -> None:
        """Have as many helpers as there is work for, but no more than that. Where none can be had, there are none."""
        if len(self._helpers) >= min(most, MOST_HELPERS, self._running):
            return
        import subprocess  # few papers need no helper

        with suppress(OSError, StorageError):
            while len(self._helpers) < min(most, MOST_HELPERS, self._running):
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
                thread = threading.Thread(target=self._serve, args=(process,), daemon=True)
                self._helpers.append((process, thread))
                thread.start()

    def _serve(self, process: subprocess.Popen[bytes]) -> None:
        """Hand jobs to a helper, one after the other, for as long as the crew is needed."""
        while job := self._waiting.get():
            with suppress(OSError, ValueError):  # Where it has ended, the job is left for this process to do.
                self._do(job, process)
            self._ended.put(job)

    def _do(self, job: _Job, process: subprocess.Popen[bytes]) -> None:
        from paperreader.search.update.batch_builder import Batch

        assert process.stdin is not None
        assert process.stdout is not None
        worker.send(process.stdin, *job.stamp, job.rows, job.records)
        for line in process.stdout:
            told = json.loads(line)
            if "done" in told:
                job.done = told["done"]
                continue
            job.done = len(job.rows)
            if told["batches"] is not None:
                job.batches = [Batch(self._folder(), **batch) for batch in told["batches"]]
            return

    def _wait(self, total: int, progress: Progress) -> None:
        """Until every job has ended that somebody does."""
        while self._running and self._helpers:
            progress(min(total, sum(job.done for job in self._given)), total)
            try:
                self._ended.get(timeout=_BEAT)
                self._running -= 1
            except queue.Empty:
                continue

    def _folder(self) -> Path:
        if self._place is None:
            from paperreader.search.update import batch_builder

            self._place = self._open.enter_context(batch_builder.workplace(self._cache()))
        return self._place


class _Wanted:
    """Which rows of a table are still to be made ready."""

    def __init__(self, table: Table, rows: Sequence[int]) -> None:
        self._records = table.records
        self._rows = rows
        self._open = bytearray(table.size)
        for row in rows:
            self._open[row] = 1

    def record(self, row: int) -> memoryview:
        """The row's record."""
        return self._records[row * RECORD.size : (row + 1) * RECORD.size]

    def left(self) -> array[int]:
        """The rows that no job has."""
        return array("I", (row for row in self._rows if self._open[row]))

    def settle(self, job: _Job) -> None:
        """Take out the rows that a job has as they are in the table; its others do not count."""
        dead = []
        for place, row in enumerate(job.rows):
            old = job.records[place * RECORD.size : (place + 1) * RECORD.size]
            if row < len(self._open) and self._open[row] and old == self.record(row):
                self._open[row] = 0
            else:
                dead.append(row)
        job.dead = dead

    def reopen(self, job: _Job) -> None:
        """Nobody did that job."""
        for row in set(job.rows).difference(job.dead):
            self._open[row] = 1


def _catalog(stamp: CatalogStamp) -> tuple[str, int]:
    return (stamp.uuid, stamp.generation)


def _processors() -> int:
    """How many this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
