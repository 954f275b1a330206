"""Several processes on one library: killed ones, two that write concurrently, and one that reads meanwhile."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.catalog.records import catalog_in, numbered_entries, paper_lines, papers_in_table
from tests.examples import endurance

PAPERS_PER_CHUNK = 40

IMPORTER = """
import sys
sys.path[:0] = {path!r}
from pathlib import Path
from paperreader.catalog.journal import format as journal_format
from tests.catalog.records import catalog_in, numbered_entries
journal_format.PAPERS_PER_CHUNK = {chunk}
catalog = catalog_in(Path({folder!r}))
print("ready", flush=True)
sys.stdin.readline()
def progress(done):
    print(done, flush=True)
    if {stepwise}:
        sys.stdin.readline()
report = catalog.add({entries}, progress=progress)
print("read", report.read, "new", report.new, flush=True)
"""


@pytest.fixture
def processes() -> Iterator[list[subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []
    yield started
    for process in started:
        process.kill()
        process.communicate()


def importer(
    folder: Path, entries: str, processes: list[subprocess.Popen[str]], *, stepwise: bool = False
) -> subprocess.Popen[str]:
    """Start a process that waits for a line and then imports. It prints its progress after every chunk, and with
    `stepwise` waits for another line each time.
    """
    path = [str(Path(__file__).parents[2]), *sys.path]
    code = IMPORTER.format(
        path=path, chunk=PAPERS_PER_CHUNK, folder=str(folder), entries=entries, stepwise=stepwise
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    processes.append(process)
    assert read_line(process) == "ready"
    return process


def send_line(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def read_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, "the process has ended"
    return line.strip()


@pytest.mark.parametrize("chunks", [endurance(1), 4, endurance(9)])
def test_killed_import_leaves_finished_chunks(
    tmp_path: Path, processes: list[subprocess.Popen[str]], chunks: int
) -> None:
    process = importer(tmp_path, "numbered_entries(400)", processes)
    send_line(process)
    while read_line(process) != str(chunks * PAPERS_PER_CHUNK):
        pass
    process.kill()
    process.wait()
    catalog = catalog_in(tmp_path)
    found = paper_lines(catalog)
    assert len(found) >= chunks * PAPERS_PER_CHUNK
    assert len(found) % PAPERS_PER_CHUNK == 0
    report = catalog.add(numbered_entries(400))
    assert (report.new, report.unchanged) == (400 - len(found), len(found))
    complete = paper_lines(catalog)
    assert found.items() <= complete.items()
    assert catalog.verify() == []


def test_two_concurrent_imports_lose_nothing(tmp_path: Path, processes: list[subprocess.Popen[str]]) -> None:
    left = importer(tmp_path, "numbered_entries(300, 'left') + numbered_entries(200, 'both')", processes)
    right = importer(tmp_path, "numbered_entries(200, 'both') + numbered_entries(300, 'right')", processes)
    send_line(left)
    send_line(right)
    reports = [process.communicate()[0].split()[-4:] for process in (left, right)]
    assert [report[:2] for report in reports] == [["read", "500"]] * 2
    assert sum(int(report[3]) for report in reports) == 800, "each paper has to be new exactly once"
    catalog = catalog_in(tmp_path)
    assert len(paper_lines(catalog)) == 800
    assert catalog.warnings == []
    assert catalog.verify() == []


def test_polling_sees_concurrent_imports_and_compaction(
    tmp_path: Path, processes: list[subprocess.Popen[str]]
) -> None:
    catalog = catalog_in(tmp_path)
    catalog.add(numbered_entries(150))
    first = table = catalog.open()
    before = papers_in_table(first)
    process = importer(tmp_path, "numbered_entries(400, 'more')", processes, stepwise=True)
    send_line(process)
    sizes = [len(table)]
    while read_line(process) != "read 400 new 400":
        if len(sizes) == 3:
            catalog_in(tmp_path).compact()
        fresh = catalog.poll(table)
        if fresh is not None:
            table = fresh
            sizes.append(len(papers_in_table(table)))
        send_line(process)
    assert sizes == [150 + done for done in range(0, 401, PAPERS_PER_CHUNK)]
    last = catalog.poll(table) or table
    assert len(last) == 550
    assert last.generation >= 2
    assert papers_in_table(first) == before, "an old table does not change"
    assert catalog.verify() == []
