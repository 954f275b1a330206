"""Names for processes that stay valid when process ids are reused, and on other machines and in containers.

A process id alone says little: ids are reused, each container has its own, and a home folder may be shared by several
machines.
"""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

from msgspec import Struct

_INITIAL_NAMESPACE = "pid:[4026531836]"
"""The namespace of process ids outside of all containers, see `PROC_PID_INIT_INO` in Linux's `proc_ns.h`."""

_MAX_PID = 2**31 - 1
"""The largest value of `pid_t`. Files that name a process may contain any number."""

_ENDED_STATES = ("Z", "X")
"""States of processes that have ended: their parent has not asked for the exit code yet."""


class ProcessIdentity(Struct, frozen=True):
    """One process. Empty texts are unknown."""

    machine: str
    """The name of the machine or container."""
    boot: str
    """Identifies the machine and when it was started: the same in all its containers."""
    namespace: str
    """The namespace of process ids."""
    pid: int
    started: str
    """When the process was started, in a unit that depends on the platform."""


def current_process() -> ProcessIdentity:
    """Return the identity of this process."""
    return process_identity(os.getpid())


def process_identity(pid: int) -> ProcessIdentity:
    """Return the identity of a running process of this machine."""
    return ProcessIdentity(*_surroundings(), pid, _start_time(pid))


def is_running(process: ProcessIdentity) -> bool | None:
    """Return whether a process is running; None for one of another machine or container, which cannot be seen."""
    machine, boot, namespace = _surroundings()
    if process.boot != boot:
        # The same machine after a restart. Containers of one image may have the same name on several machines.
        same_machine = process.machine == machine and process.namespace == namespace == _INITIAL_NAMESPACE
        return False if same_machine else None
    if process.namespace != namespace:
        return None
    known = process.started and _start_time(process.pid)
    return is_pid_used(process.pid) and (not known or known == process.started)


def is_pid_used(pid: int) -> bool:
    """Return whether a process has that id, other than one that has ended and waits for its parent."""
    if not 0 < pid <= _MAX_PID:  # 0 and negative numbers mean groups of processes, which always exist
        return False
    if sys.platform == "win32":
        return _is_running_on_windows(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True  # the process of another user
    # In containers, the first process often does not collect the exit codes of orphans, which then stay forever.
    return _state(pid) not in _ENDED_STATES


if sys.platform == "win32":

    def _is_running_on_windows(pid: int) -> bool:
        """Return whether a process has that id. There, `os.kill(pid, 0)` would send ctrl+c to it."""
        import ctypes

        # Constants of winnt.h, winerror.h and minwinbase.h
        query_limited_information, access_denied, still_active = 0x1000, 5, 259
        kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel32.OpenProcess.restype = ctypes.c_void_p
        handle = ctypes.c_void_p(kernel32.OpenProcess(query_limited_information, False, pid & 0xFFFFFFFF))
        if not handle:
            return ctypes.get_last_error() == access_denied
        try:
            code = ctypes.c_ulong()
            return (
                bool(kernel32.GetExitCodeProcess(handle, ctypes.byref(code))) and code.value == still_active
            )
        finally:
            kernel32.CloseHandle(handle)


def started_after(pid: int, time: float) -> bool:
    """Return whether the process with that id was started after `time` (seconds since 1970); False if unknown."""
    try:
        ticks = int(_start_time(pid))
        stat = Path("/proc/stat").read_text(encoding="ascii")
        boot_time = next(int(line.split()[1]) for line in stat.splitlines() if line.startswith("btime "))
    except (OSError, ValueError, StopIteration):
        return False
    # The time of the start is rounded, and so is the one of the boot.
    return boot_time + ticks / os.sysconf("SC_CLK_TCK") > time + 2


@cache
def _surroundings() -> tuple[str, str, str]:
    machine = os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "")
    if not sys.platform.startswith("linux"):
        return machine, machine, ""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return machine, boot, str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        return machine, machine, ""


def _state(pid: int) -> str:
    """Return the letter of a process's state, such as `S` for one that waits; empty if unknown."""
    return _process_field(pid, stat_index=0, ps_keyword="state")[:1]


def _start_time(pid: int) -> str:
    """Return when a process was started; empty if unknown. Its unit on Linux: ticks since the boot."""
    return _process_field(pid, stat_index=19, ps_keyword="lstart")


def _process_field(pid: int, *, stat_index: int, ps_keyword: str) -> str:
    """Return what the system knows about a process, see proc(5) and ps(1); empty if unknown.

    Args:
        pid: the process id.
        stat_index: the position in `/proc/PID/stat`, counted after the name of the program.
        ps_keyword: the keyword of `ps -o` on systems without `/proc`.
    """
    try:
        if sys.platform.startswith("linux"):
            # The name of the program is in parentheses and may contain anything.
            fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
            return fields[stat_index]
        if sys.platform != "win32":
            command = ["ps", "-o", f"{ps_keyword}=", "-p", str(pid)]
            environment = {**os.environ, "LC_ALL": "C"}  # dates are compared with those of other processes
            return subprocess.run(
                command, capture_output=True, text=True, timeout=2, check=False, env=environment
            ).stdout.strip()
    except (OSError, IndexError, subprocess.SubprocessError):
        pass
    return ""
