"""Interrupted imports: the papers so far are stored and reported, and repeating the import completes it."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from paperreader import paths
from paperreader.catalog.journal.format import CATALOG_LOCK_NAME
from paperreader.cli.commands.import_ import report_interruption
from paperreader.cli.progress import ProgressBar
from paperreader.library import Library, Progress
from paperreader.storage import lock
from tests.examples import endurance
from tests.inbox import dismiss_new
from tests.program import program_command
from tests.waiting import TIMEOUT_SECONDS

CHUNKS, PAPERS_PER_CHUNK = 3, 100
PAPERS = CHUNKS * PAPERS_PER_CHUNK
PROGRAM = f"""
import sys
from paperreader.__main__ import main
from paperreader.catalog.journal import format
from paperreader.catalog.write.writer import CatalogWriter
from paperreader.library import importing

def write_chunk(writer, operation):
    if len(written) == 2:
        print("before the third chunk", flush=True)
        sys.stdin.read(1)
    written.append(operation)
    return write_chunk_at_once(writer, operation)

format.PAPERS_PER_CHUNK = importing.PAPERS_PER_CHUNK = {PAPERS_PER_CHUNK}
written, write_chunk_at_once = [], CatalogWriter.write_chunk
CatalogWriter.write_chunk = write_chunk
sys.exit(main())
"""
"""Imports in small chunks, and waits for a character on standard input before it writes the third one."""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pages") / "papers.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number in range(PAPERS):
            day = f"2024-{number % 12 + 1:02}-{number % 28 + 1:02}"
            record = {"title": f"On the {number}th lantern of the harbour", "votes": 1, "published": day}
            print(json.dumps(record), file=file)
    return path


@pytest.fixture
def lock_stack() -> Iterator[ExitStack]:
    """A stack that holds a lock until it is closed."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def interruptible(page: Path, lock_stack: ExitStack) -> Iterator[subprocess.Popen[str]]:
    """An import that has committed two chunks, and waits for a lock before the next."""
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "import", str(page)], stdin=pipe, stdout=pipe, stderr=pipe, text=True
    )
    assert process.stdin is not None and process.stdout is not None
    assert process.stdout.readline() == "before the third chunk\n"
    lock_stack.enter_context(lock(paths.library_folder(None) / CATALOG_LOCK_NAME))
    process.stdin.write("\n")
    process.stdin.flush()
    yield process
    process.kill()
    process.communicate()


def chunks() -> int:
    catalog = paths.library_folder(None) / "papers.jsonl"
    return catalog.read_bytes().count(b'{"commit":') if catalog.exists() else 0


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_interrupted_import_reports_imported_papers(interruptible, number, code):
    interruptible.send_signal(number)
    _, errors = interruptible.communicate(timeout=TIMEOUT_SECONDS)
    assert interruptible.returncode == code
    match = re.fullmatch(
        r"paperreader: Interrupted after ([\d,]+) new papers. They are in the library; "
        r"repeat the import to complete it\.\n",
        errors,
    )
    assert match, errors
    imported = len(Library.open().table)
    assert imported == chunks() * PAPERS_PER_CHUNK < PAPERS
    assert int(match[1].replace(",", "")) == imported


@pytest.mark.parametrize(
    ("last", "message"),
    [
        (None, "before anything was read. The library is unchanged"),
        (Progress("reading", 0, None), "before anything was read. The library is unchanged"),
        (
            Progress("reading", 28_000, None),
            "after at least 28,000 papers were read. They are in the library",
        ),
        (Progress("indexing", 5, 9), ". All papers are in the library"),
    ],
)
def test_interruption_message_by_progress(tmp_path, last, message):
    with ProgressBar() as bar:
        if last is not None:
            bar(last)
        with (
            pytest.raises(KeyboardInterrupt, match=f"Interrupted ?{message}"),
            report_interruption(bar, Library(tmp_path)),
        ):
            raise KeyboardInterrupt


def test_check_after_interruption_reports_missing_index(interruptible, lock_stack):
    interruptible.send_signal(signal.SIGINT)
    interruptible.communicate(timeout=TIMEOUT_SECONDS)
    lock_stack.close()
    library = Library.open()
    assert [str(problem) for problem in library.maintenance.check()] == [
        "index: the index is not built yet; the reader, the next search or `paperreader reindex` builds it"
    ]
    library.maintenance.reindex()
    assert library.maintenance.check() == []


def test_killed_import_is_reported_at_next_start_and_can_be_repeated(interruptible, lock_stack, page):
    interruptible.kill()
    interruptible.wait()
    lock_stack.close()
    imported = chunks() * PAPERS_PER_CHUNK
    (warning,) = Library.open().pop_warnings()
    assert warning == (
        f"An import was interrupted after {imported:,} new papers. They are stored; "
        "import again to complete it."
    )
    assert Library.open().pop_warnings() == ()
    assert Library.open().imports.import_paths([str(page)]).unchanged == imported
    assert Library.open().search("lantern ").full_matches == PAPERS


@pytest.fixture
def waiting(home: Path, tmp_path: Path) -> str:
    """The title of the new paper of a library."""
    for name in ("First", "Waiting"):
        dismiss_new(Library.open())
        record = {"title": f"{name} Paper of the Morning", "votes": 1, "published": "2023-05-06"}
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(record))
        Library.open().imports.import_paths([str(tmp_path / f"{name}.jsonl")])
    return "Waiting Paper of the Morning"


@pytest.mark.parametrize("number", [signal.SIGKILL, endurance(signal.SIGTERM)])
def test_of_an_interrupted_import_only_the_newest_day_is_new(waiting, interruptible, lock_stack, number):
    def new_papers():
        library = Library.open()
        return [library.paper(row) for row in library.view("new")]

    interruptible.send_signal(number)
    interruptible.communicate(timeout=TIMEOUT_SECONDS)
    lock_stack.close()
    for _ in range(2):
        assert waiting in [paper.title for paper in new_papers()]
        days = {paper.date for paper in new_papers() if paper.title != waiting}
        assert len(new_papers()) < 50
        assert days == {"2024-12-28"}
        Library.open().pop_warnings()


def test_completed_import_is_not_reported_as_interrupted(page):
    done = subprocess.run(
        [*program_command(), "import", str(page)], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    assert Library.open().pop_warnings() == ()
