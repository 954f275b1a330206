"""Whether another process is still running."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

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
