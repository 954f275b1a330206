"""Several processes: two that save marks concurrently, and one that is killed while saving."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from paperreader.models import MarkChange
from paperreader.notebook import Notebook, backup_rotation

SAVING_PROGRAM = """
import sys
from pathlib import Path
from paperreader.models import MarkChange
from paperreader.notebook import Notebook
folder, name, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
notebook = Notebook(folder)
for number in range(count):
    notebook.save([MarkChange(f"{name}-{number}", "A title", bookmark=True, note="x" * number)])
    print(f"{name}-{number}", flush=True)
"""


def saving_process(folder: Path, name: str, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SAVING_PROGRAM, str(folder), name, str(count)],
        stdout=subprocess.PIPE,
        text=True,
    )


def papers(folder: Path) -> set[str]:
    return set(json.loads((folder / "notebook.json").read_bytes())["papers"])


@pytest.mark.endurance
def test_two_processes_saving_200_marks_each_lose_none(tmp_path: Path) -> None:
    both = [saving_process(tmp_path, name, 200) for name in ("one", "two")]
    for process in both:
        out, _ = process.communicate()
        assert process.returncode == 0
        assert len(out.split()) == 200
    assert papers(tmp_path) == {f"{name}-{number}" for name in ("one", "two") for number in range(200)}
    assert Notebook(tmp_path).verify() == []


def test_acknowledged_marks_survive_a_kill(tmp_path: Path) -> None:
    acknowledged: set[str] = set()
    for trial, line_count in enumerate((1, 4, 11, 27)):
        process = saving_process(tmp_path, f"trial-{trial}", 100_000)
        assert process.stdout is not None
        acknowledged |= {process.stdout.readline().strip() for _ in range(line_count)}
        process.kill()
        acknowledged |= set(process.stdout.read().split())  # printed before it was killed
        process.wait()
        process.stdout.close()
        assert acknowledged <= papers(tmp_path)
    notebook = Notebook(tmp_path)
    assert acknowledged <= notebook.load().keys()
    assert notebook.warnings == []
    assert notebook.verify() == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_kill_at_any_step_of_a_save_leaves_old_or_new_state(tmp_path: Path) -> None:
    steps = 0
    while True:
        folder = tmp_path / str(steps)
        for number in range(4):
            Notebook(folder).save([MarkChange("old", note=f"state {number}")])
        child = os.fork()
        if child == 0:
            exit_at(steps)
            Notebook(folder).save([MarkChange("new", bookmark=True)])
            os._exit(0)
        _, status = os.waitpid(child, 0)
        assert papers(folder) == {"old"} or papers(folder) == {"old", "new"}
        backups = backup_rotation.list_backups(folder / "notebook.json")
        assert all(json.loads(backup.read_bytes())["papers"].keys() == {"old"} for backup in backups)
        assert len(backups) >= 3
        assert Notebook(folder).save([MarkChange("next", bookmark=True)]).marks.keys() >= {"old", "next"}
        if os.waitstatus_to_exitcode(status) == 0:
            assert papers(folder) == {"old", "new", "next"}
            break
        steps += 1
    assert steps > 10, "open, fsync, rename and fsync of the folder, for a backup and the file itself"


def exit_at(step: int) -> None:
    """Make this process exit without clean-up at call number `step` of those that change the disk."""
    left = step

    def exiting(name: str) -> None:
        real = getattr(os, name)

        def call(*args: object, **kwargs: object) -> object:
            nonlocal left
            if left == 0:
                os._exit(9)
            left -= 1
            return real(*args, **kwargs)

        setattr(os, name, call)

    for name in ("open", "fsync", "replace", "rename", "link", "unlink"):
        exiting(name)
