"""Whether another process is still running."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest
from msgspec import json
from msgspec.structs import replace

from paperreader.system import process_identity as process_identity_module
from paperreader.system.owner_file import OwnerFile
from paperreader.system.process_identity import current_process, is_pid_used, is_running, process_identity


@pytest.fixture(params=["linux", "darwin"])
def system(request, monkeypatch):
    """Both ways of asking for processes, if this system has them."""
    if request.param == "linux" != sys.platform:
        pytest.skip("reads /proc")
    if request.param == "darwin" and shutil.which("ps") is None:
        pytest.skip("runs ps")
    process_identity_module._surroundings.cache_clear()
    monkeypatch.setattr(process_identity_module.sys, "platform", request.param)
    yield
    process_identity_module._surroundings.cache_clear()


@pytest.mark.usefixtures("system")
def test_this_process_is_running():
    assert current_process().started
    assert is_running(current_process())


@pytest.mark.usefixtures("system")
def test_later_process_with_the_same_id_is_another_one():
    assert not is_running(replace(current_process(), started="Thu Jan  1 00:00:00 1970"))


def test_time_of_the_start_does_not_depend_on_the_language(request, monkeypatch, tmp_path):
    request.addfinalizer(process_identity_module._surroundings.cache_clear)
    ps = tmp_path / "ps"
    ps.write_text('#!/bin/sh\necho "$LC_ALL"\n')
    ps.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    monkeypatch.setattr(process_identity_module.sys, "platform", "darwin")
    assert process_identity(os.getpid()).started == "C"


@pytest.mark.usefixtures("system")
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no zombie processes")
def test_ended_process_is_not_running_before_and_after_its_exit_code_is_collected():
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    identity = process_identity(process.pid)
    assert is_running(identity)

    process.stdin.close()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # wait, but leave the exit code for its parent
    assert not is_running(identity)
    assert not is_pid_used(process.pid)

    process.wait()
    assert not is_running(identity)
    assert not is_pid_used(process.pid)


@pytest.mark.parametrize("pid", [0, -1, -5, 2**31, 2**63, 10**400])
def test_number_that_is_no_process_id_is_of_no_process(pid):
    assert not is_pid_used(pid)
    assert is_running(replace(current_process(), pid=pid)) is False


def test_lock_file_with_such_a_number_is_removed(tmp_path):
    for pid in (0, -1, 2**40):
        file = tmp_path / "notebook.lock.owner"
        file.write_bytes(json.encode(replace(current_process(), pid=pid)))
        lock = OwnerFile(file, 0o600)
        assert lock.try_acquire() is None, "this attempt removes the file"
        release = lock.try_acquire()
        assert release is not None
        release()
