"""Whether another process is still running."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from msgspec import json
from msgspec.structs import replace

from paperreader.system.owner_file import OwnerFile
from paperreader.system.process_identity import current_process, is_pid_used, is_running, process_identity


def test_this_process_is_running():
    assert is_running(current_process())


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
