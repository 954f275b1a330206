"""Long work in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading

import pytest

from paperreader import paths
from paperreader.errors import LockTimeout, PaperreaderError
from paperreader.library import Library, Progress
from paperreader.library.child import Job
from tests.pages import THREE_PAPERS


@pytest.fixture
def page(tmp_path):
    file = tmp_path / "daily-2025-03-14.txt"
    file.write_text(THREE_PAPERS, encoding="utf-8")
    return file


def test_a_child_imports_and_tells_how_far_it_is(tmp_path, page):
    told = []
    report = Job(tmp_path / "library", "import", [str(page)]).run(told.append)
    assert {key: report[key] for key in ("read", "new", "merged", "unchanged", "unreadable")} == {
        "read": 3,
        "new": 3,
        "merged": 0,
        "unchanged": 0,
        "unreadable": 0,
    }
    assert told
    assert all(isinstance(progress, Progress) for progress in told)
    library = Library.open(tmp_path / "library")
    assert len(library.table) == 3
    assert library.index_is_current()


def test_what_lies_in_the_current_folder_is_not_run(tmp_path, page, monkeypatch):
    (tmp_path / "json.py").write_text("raise SystemExit('a stranger ran')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert Job(tmp_path / "library", "import", [str(page)]).run(lambda _: None)["new"] == 3


def test_problems_come_back_as_sentences(tmp_path):
    report = Job(tmp_path / "library", "import", [str(tmp_path / "absent.txt")]).run(lambda _: None)
    assert report["unreadable"] == 1
    assert "absent.txt" in report["problems"][0]


def test_a_child_builds_the_index(tmp_path, page):
    Job(tmp_path / "library", "import", [str(page)]).run(lambda _: None)
    assert Job(tmp_path / "library", "reindex").run(lambda _: None) == {}


def test_a_child_tends_the_index(tmp_path, page):
    Job(tmp_path / "library", "import", [str(page)]).run(lambda _: None)
    assert Job(tmp_path / "library", "tend").run(lambda _: None) == {"mended": []}
    library = Library.open(tmp_path / "library")
    postings = next(paths.cache_folder(library.uuid).glob("index/*.pst"))
    content = postings.read_bytes()
    postings.write_bytes(bytes([content[0] ^ 1]) + content[1:])
    assert library.index_is_current()
    (sentence,) = Job(tmp_path / "library", "tend").run(lambda _: None)["mended"]
    assert "built anew" in sentence
    assert library.check() == []
    assert library.search("the").rows


def test_a_failure_is_one_sentence(tmp_path):
    (tmp_path / "library").write_text("not a folder")
    with pytest.raises(PaperreaderError) as failed:
        Job(tmp_path / "library", "import", [str(tmp_path)]).run(lambda _: None)
    assert "\n" not in str(failed.value)


def test_a_lock_held_by_another_process_is_told_apart(tmp_path, page, monkeypatch):
    folder = tmp_path / "library"
    Job(folder, "import", [str(page)]).run(lambda _: None)
    script = (
        "import sys; from paperreader.errors import LockTimeout; import paperreader.library.child as child\n"
    )
    script += "def held(*a, **k): raise LockTimeout('index.lock is held; try again.')\n"
    script += "child.Library.reindex = held; sys.exit(child.main(sys.argv[1:]))"
    monkeypatch.setattr(Job, "__init__", lambda self, *command: setattr(self, "_command", list(command)))
    with pytest.raises(LockTimeout, match="try again"):
        Job(sys.executable, "-c", script, str(folder), "reindex").run(lambda _: None)


@pytest.mark.parametrize(("task", "said"), [("reindex", "stopped"), ("import", "repeating it completes it")])
def test_a_child_that_is_stopped_says_so(tmp_path, monkeypatch, task, said):
    script = (
        'import time; print(\'{"stage": "reading", "done": 1, "total": null}\', flush=True); time.sleep(60)'
    )
    child, begun = Job(tmp_path, task), threading.Event()
    monkeypatch.setattr(child, "_command", [sys.executable, "-c", script])
    threading.Thread(target=lambda: (begun.wait(10), child.stop())).start()
    with pytest.raises(PaperreaderError, match=said):
        child.run(lambda _: begun.set())


def test_an_import_goes_on_when_the_reader_has_gone(tmp_path, page):
    folder = tmp_path / "library"
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "paperreader.library.child", str(folder), "import", str(page)],
        stdout=write,
        stderr=subprocess.PIPE,
        check=False,
        preexec_fn=lambda: signal.signal(signal.SIGPIPE, signal.SIG_IGN),
    )
    os.close(write)
    assert done.stderr == b""
    assert len(Library.open(folder).table) == 3
