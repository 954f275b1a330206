"""What a job prints for the process that started it: one JSON object a line.

Progress is printed as the fields of `Progress`. The last line is `{"result": {...}}`, or `{"error": MESSAGE, "locked":
BOOL}`, where `locked` says that another process held a lock.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import Any

from msgspec import to_builtins

from paperreader.errors import LockTimeout, PaperreaderError
from paperreader.library import Progress
from paperreader.storage import describe_os_error

OnProgress = Callable[[Progress], None]


def serve(work: Callable[[OnProgress], dict[str, Any]], *, survives_parent: bool = False) -> int:
    """Do the work of a job, print its progress and its result, and return the exit code.

    Args:
        work: called with a function that prints progress.
        survives_parent: whether the work continues when the parent process has ended.
    """

    def report(progress: Progress) -> None:
        try:
            _send(to_builtins(progress))
        except BrokenPipeError:
            if not survives_parent:
                raise
            _detach_stdout()

    try:
        _send({"result": work(report)})
    except PaperreaderError as error:
        _send({"error": str(error), "locked": isinstance(error, LockTimeout)})
        return 1
    except BrokenPipeError:
        _detach_stdout()
        return 1
    except OSError as error:
        _send({"error": describe_os_error(error), "locked": False})
        return 1
    return 0


def read_message(line: str, progress: OnProgress) -> dict[str, Any] | None:
    """Pass a line of progress to `progress`; return the result of a job, or None if it is not the last line.

    Raises:
        LockTimeout: the job found a lock held by another process.
        PaperreaderError: the job failed.
    """
    message = json.loads(line)
    if "error" in message:
        raise (LockTimeout if message["locked"] else PaperreaderError)(message["error"])
    if "result" in message:
        return dict(message["result"])
    progress(Progress(**message))
    return None


def _send(message: dict[str, Any]) -> None:
    print(json.dumps(message), flush=True)


def _detach_stdout() -> None:
    """Redirect standard output to the null device: Python would report the closed pipe at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
