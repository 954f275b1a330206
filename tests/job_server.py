"""Jobs of the reader as forks of a prepared process: starting Python and importing takes longer than most jobs.

The server is a process without threads that has imported what jobs import. For each job it gets one message with the
arguments, the environment and three file descriptors: standard input, standard output, and a socket on which the job
sends its process id, and which is closed when it ends.
"""

from __future__ import annotations

import gc
import io
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from paperreader.jobs import client

_MODULES = (
    *("paperreader.jobs.main", "paperreader.fetch.session", "paperreader.fetch.http.transport"),
    *(
        "paperreader.fetch.pdf.download",
        "paperreader.fetch.full_texts.download",
        "paperreader.fetch.pictures",
    ),
    *(
        "paperreader.library.index_workers.pool",
        "paperreader.search.update.store",
        "paperreader.search.texts",
    ),
    *("paperreader.importers.daily_papers", "paperreader.importers.json", "paperreader.digest.trends.report"),
)
_MESSAGE_BYTES = 1 << 18

_start = client.Job._start
_open_until_end: list[socket.socket] = []
"""In a job."""


class ForkedJob:
    """The part of `subprocess.Popen` that `Job` uses."""

    def __init__(self, server: socket.socket, command: Sequence[str], stdin: int) -> None:
        reading, writing = os.pipe()
        self._ended, control = socket.socketpair()
        message = json.dumps([list(command), dict(os.environ), str(Path.cwd())]).encode()
        with control:
            socket.send_fds(server, [message], [stdin, writing, control.fileno()])
        os.close(writing)
        self.stdout = os.fdopen(reading, encoding="utf-8")
        self.pid = int(self._ended.recv(16))

    def __enter__(self) -> ForkedJob:
        return self

    def __exit__(self, *_: object) -> None:
        self.stdout.close()
        self._ended.recv(1)
        self._ended.close()

    def terminate(self) -> None:
        with suppress(ProcessLookupError):  # it has ended
            os.kill(self.pid, signal.SIGTERM)


class JobServer:
    """Starts jobs as forks of a process that is started for the first one."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._requests, self._served = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._lock = threading.Lock()
        self._owner = os.getpid()

    def start_job(self, job: client.Job) -> ForkedJob | subprocess.Popen[str]:
        """Start a job; one with a program of its own, or of another process, is started as usual."""
        program, arguments = job._command[: len(client.PROGRAM)], job._command[len(client.PROGRAM) :]
        # A reader in a terminal is a fork of the process of the tests, without its descriptors.
        if tuple(program) != client.PROGRAM or os.getpid() != self._owner:
            return _start(job)
        with self._lock:
            self._process = self._process or self._start_process()
            with client.anonymous_file(job._data) as stdin:
                return ForkedJob(self._requests, arguments, stdin.fileno())

    def _start_process(self) -> subprocess.Popen[bytes]:
        number = self._served.fileno()
        with self._served:
            return subprocess.Popen(
                [sys.executable, "-m", "tests.job_server", str(number)],
                pass_fds=[number],
                cwd=Path(__file__).parents[1],  # the first job may be that of a test in another folder
            )

    def close(self) -> None:
        self._requests.close()
        self._served.close()
        if self._process is not None:
            self._process.wait()


def _serve(requests: socket.socket) -> None:
    for module in _MODULES:
        import_module(module)
    import_module("tests.request_pace").shorten_pace()
    # With the lowest priority they would wait for the tests of other processes.
    sys.modules["paperreader.jobs.main"].lower_priority = lambda *_: None  # type: ignore[attr-defined]
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the forks
    while True:
        message, descriptors, _, _ = socket.recv_fds(requests, _MESSAGE_BYTES, 3)
        if not message:
            return
        if not os.fork():
            _run(requests, message, descriptors)
        for descriptor in descriptors:
            os.close(descriptor)


def _run(requests: socket.socket, message: bytes, descriptors: Sequence[int]) -> None:
    code = 1
    try:
        requests.close()
        arguments = _become_job(message, descriptors)
        code = sys.modules["paperreader.jobs.main"].main(arguments)
    except SystemExit as request:
        code = request.code if isinstance(request.code, int) else 1
    finally:
        sys.stdout.flush()
        os._exit(code)


def _become_job(message: bytes, descriptors: Sequence[int]) -> list[str]:
    """Take over the environment and the files of a job, and return its arguments."""
    arguments, environment, folder = json.loads(message)
    stdin, stdout, control = descriptors
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for number, descriptor in enumerate((stdin, stdout, os.open(os.devnull, os.O_WRONLY))):
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    random.seed()
    sys.stdin = io.TextIOWrapper(open(0, "rb", closefd=False), encoding="utf-8")  # noqa: SIM115
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    _open_until_end.append(socket.socket(fileno=control))
    _open_until_end[0].send(str(os.getpid()).encode())
    return list(arguments)


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
