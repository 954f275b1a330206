"""Long work in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from typing import get_args

import pytest

from paperreader import paths
from paperreader.errors import LockTimeout, PaperreaderError
from paperreader.jobs.client import Job, TaskName
from paperreader.jobs.main import TASKS
from paperreader.library import Library, Progress
from tests.pages import THREE_PAPERS
from tests.search.small_model import model_in, write_model
from tests.waiting import TIMEOUT_SECONDS


@pytest.fixture
def page(tmp_path):
    file = tmp_path / "daily-2025-03-14.txt"
    file.write_text(THREE_PAPERS, encoding="utf-8")
    return file


def filled(folder, page):
    """Return a library with the page, imported in this process: only another job is tested."""
    library = Library.open(folder)
    library.imports.import_paths([str(page)])
    return library


def test_every_task_name_has_a_row():
    assert set(get_args(TaskName)) == set(TASKS)


def test_import_job_reports_progress_and_result(tmp_path, page):
    reported = []
    report = Job(tmp_path / "library", "import", [str(page)]).run(reported.append)
    assert {key: report[key] for key in ("read", "new", "merged", "unchanged", "unreadable")} == {
        "read": 3,
        "new": 3,
        "merged": 0,
        "unchanged": 0,
        "unreadable": 0,
    }
    assert reported
    assert all(isinstance(progress, Progress) for progress in reported)
    library = Library.open(tmp_path / "library")
    assert len(library.table) == 3
    assert library.maintenance.index_is_current()


def test_modules_in_the_current_folder_are_not_imported(tmp_path, page, monkeypatch):
    (tmp_path / "json.py").write_text(
        "raise SystemExit('imported from the current folder')", encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    assert Job(tmp_path / "library", "import", [str(page)]).run(lambda _: None)["new"] == 3


def test_problems_are_returned_as_sentences(tmp_path):
    report = Job(tmp_path / "library", "import", [str(tmp_path / "absent.txt")]).run(lambda _: None)
    assert report["unreadable"] == 1
    assert "absent.txt" in report["problems"][0]


def test_reindex_job_builds_the_index(tmp_path, page):
    filled(tmp_path / "library", page)
    assert Job(tmp_path / "library", "reindex").run(lambda _: None) == {}


@pytest.mark.endurance
def test_maintain_job_repairs_a_damaged_index(tmp_path, page):
    filled(tmp_path / "library", page)
    assert Job(tmp_path / "library", "maintain").run(lambda _: None) == {"repaired": []}
    library = Library.open(tmp_path / "library")
    postings = next(paths.cache_folder(library.uuid).glob("index/*.pst"))
    content = postings.read_bytes()
    postings.write_bytes(bytes([content[0] ^ 1]) + content[1:])
    assert library.maintenance.index_is_current()
    (sentence,) = Job(tmp_path / "library", "maintain").run(lambda _: None)["repaired"]
    assert "rebuilt" in sentence
    assert library.maintenance.check() == []
    assert library.search("the").rows


def test_maintain_job_computes_vectors_that_are_missing_or_damaged(tmp_path, page):
    library = filled(tmp_path / "library", page)
    model = tmp_path / "model.bin"
    write_model(model)
    with model_in(model):
        assert library.maintenance.update_vectors().computed == len(library.table)
    (vectors,) = paths.cache_folder(library.uuid).glob("index/*.vec")
    whole = vectors.read_bytes()
    vectors.write_bytes(whole[:-1])
    assert [problem.file for problem in library.maintenance.check()] == [str(vectors)]
    with model_in(model):
        (message,) = library.maintenance.repair()
    assert "meaning" in message
    assert library.maintenance.check() == []
    assert vectors.read_bytes() == whole


def test_failure_is_one_sentence(tmp_path):
    (tmp_path / "library").write_text("not a folder")
    with pytest.raises(PaperreaderError) as failed:
        Job(tmp_path / "library", "import", [str(tmp_path)]).run(lambda _: None)
    assert "\n" not in str(failed.value)


def test_lock_held_by_another_process_raises_lock_timeout(tmp_path, page):
    folder = tmp_path / "library"
    filled(folder, page)
    script = """
import sys
from paperreader.errors import LockTimeout
from paperreader.jobs.main import main
from paperreader.library.maintenance import MaintenanceService
def locked(*args, **options): raise LockTimeout("index.lock is held; try again.")
MaintenanceService.reindex = locked
sys.exit(main(sys.argv[1:]))
"""
    with pytest.raises(LockTimeout, match="try again"):
        Job(folder, "reindex", program=(sys.executable, "-c", script)).run(lambda _: None)


@pytest.mark.parametrize(
    ("task", "message"), [("reindex", "stopped"), ("import", "import again to complete it")]
)
def test_stopped_job_raises_an_error(tmp_path, task, message):
    script = (
        'import time; print(\'{"stage": "reading", "done": 1, "total": null}\', flush=True); time.sleep(60)'
    )
    started = threading.Event()
    job = Job(tmp_path, task, program=(sys.executable, "-c", script))
    threading.Thread(target=lambda: (started.wait(TIMEOUT_SECONDS), job.stop())).start()
    with pytest.raises(PaperreaderError, match=message):
        job.run(lambda _: started.set())


def test_import_continues_after_the_reader_has_ended(tmp_path, page):
    folder = tmp_path / "library"
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "paperreader.jobs.main", str(folder), "import", str(page)],
        stdout=write,
        stderr=subprocess.PIPE,
        check=False,
        preexec_fn=lambda: signal.signal(signal.SIGPIPE, signal.SIG_IGN),
    )
    os.close(write)
    assert done.stderr == b""
    assert len(Library.open(folder).table) == 3
