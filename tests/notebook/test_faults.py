"""Disk errors at any step of a save: either an error and the old state, or the mark is saved."""

from __future__ import annotations

import errno
import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from paperreader.errors import StorageError
from paperreader.models import MarkChange
from paperreader.notebook import Notebook

CALLS = ("open", "fsync", "replace", "rename", "link", "unlink")
"""System calls of a save that can fail. `write` itself fails by a real limit below."""


@contextmanager
def failing_call(number: int, step: int) -> Iterator[list[str]]:
    """Let call number `step` fail with that error number. Give the list of calls made."""
    called: list[str] = []
    real = {name: getattr(os, name) for name in CALLS}

    def guarded(name: str) -> object:
        def call(*args: object, **kwargs: object) -> object:
            called.append(name)
            if len(called) - 1 == step:
                raise OSError(number, os.strerror(number))
            return real[name](*args, **kwargs)

        return call

    for name in CALLS:
        setattr(os, name, guarded(name))
    try:
        yield called
    finally:
        for name in CALLS:
            setattr(os, name, real[name])


def papers(folder: Path) -> set[str]:
    return set(json.loads((folder / "notebook.json").read_bytes())["papers"])


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EIO], ids=os.strerror)
def test_disk_error_at_any_step_leaves_old_state(tmp_path: Path, number: int) -> None:
    failures = step = 0
    while True:
        folder = tmp_path / str(step)
        Notebook(folder).save([MarkChange("old", bookmark=True)])
        notebook = Notebook(folder)
        before = notebook.load()
        data = (folder / "notebook.json").read_bytes()
        with failing_call(number, step) as called:
            try:
                notebook.save([MarkChange("new", bookmark=True)])
                saved = True
            except StorageError as error:
                saved = False
                assert os.strerror(number).lower() in str(error)
                assert str(error).endswith(".")
        if saved:
            assert papers(folder) == notebook.load().keys() == {"old", "new"}
        else:
            failures += 1
            assert (folder / "notebook.json").read_bytes() == data
            assert notebook.load() == before
            assert notebook.poll() is None
        assert notebook.save([MarkChange("next", bookmark=True)]).marks.keys() >= {"old", "next"}
        assert papers(folder) >= {"old", "next"}
        assert list(folder.glob(".*")) == [] or called[step] == "unlink"
        if step >= len(called):
            break
        step += 1
    assert {"open", "fsync", "replace"} <= set(called)
    assert failures >= 5, "lock, temporary file, its fsync, rename, fsync of the folder"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES], ids=os.strerror)
def test_failed_first_save_leaves_no_files(tmp_path: Path, number: int) -> None:
    step = 0
    while True:
        folder = tmp_path / str(step)
        notebook = Notebook(folder)
        with failing_call(number, step) as called:
            try:
                notebook.save([MarkChange("new", bookmark=True)])
            except StorageError:
                assert not (folder / "notebook.json").exists()
                assert notebook.load() == {}
            else:
                assert papers(folder) == {"new"}
        if step >= len(called):
            break
        step += 1


FULL = """
import resource, sys
from pathlib import Path
from paperreader.errors import StorageError
from paperreader.models import MarkChange
from paperreader.notebook import Notebook
notebook = Notebook(Path(sys.argv[1]))
notebook.load()
resource.setrlimit(resource.RLIMIT_FSIZE, (3000, resource.RLIM_INFINITY))
try:
    notebook.save([MarkChange("new", note="x" * 5000)])
except StorageError as error:
    print(error)
"""


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="needs a limit on file sizes")
def test_write_beyond_size_limit_changes_nothing(tmp_path: Path) -> None:
    Notebook(tmp_path).save([MarkChange("old", bookmark=True)])
    data = (tmp_path / "notebook.json").read_bytes()
    ran = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert "Cannot write" in ran.stdout
    assert "nothing was changed" in ran.stdout
    assert (tmp_path / "notebook.json").read_bytes() == data
    assert list(tmp_path.glob(".*")) == []
