"""Long work on a library in a process of its own, so that the reader's keys echo at once whatever goes on behind.

The child is this module run as a program, or another one that calls `serve`. It prints one JSON object a line: the
fields of a `Progress` as it comes along, and last `{"result": …}`, or `{"error": sentence, "locked": whether another
process was in the way}`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

from msgspec import to_builtins

from paperreader.errors import LockTimeout, PaperreaderError
from paperreader.library.library import Library
from paperreader.library.types import Progress
from paperreader.system.priority import BACKGROUND, IDLE, lower_priority

Task = Literal["reindex", "import", "undo-import", "tend", "fetch", "add", "export", "trends"]

_INTERRUPTED_MESSAGES: dict[Task, str] = {
    "import": "The import was cut off; what it had brought in stays, and repeating it completes it.",
    "trends": "The search for trends was ended before it had found any; try again.",
}
"""What to say when a child ends without a word."""

_STOPPED_MESSAGE = "The work behind was stopped before its end; it goes on at the next start."


class Job:
    """One piece of work in another process.

    Args:
        folder: the library's folder.
        task: `reindex` brings the search index up to date, `import` brings files and folders in, `undo-import`
            takes the last import back (its result is empty where there was none), `tend` reads the
            index through and tidies it (its result has `mended`: sentences), giving way to everything else.
        names: what to import, or what else the task is about.
        program: the module to run, for tasks that are not this module's.
    """

    _process: subprocess.Popen[str] | None = None
    _stop_requested = False
    """It was stopped, be it before it began."""

    def __init__(
        self, folder: Path, task: Task, names: Sequence[str] = (), *, program: str = __name__
    ) -> None:
        self._task = task
        # -P: whatever lies in the current folder is no module of ours.
        self._command = [sys.executable, "-P", "-m", program, str(folder), task, *names]

    def run(self, progress: Callable[[Progress], None]) -> dict[str, Any]:
        """Do the work and wait for it: for a worker. Gives what the child says at its end.

        Raises:
            LockTimeout: another process was at it.
            PaperreaderError: it failed, or was stopped.
        """
        last: dict[str, Any] = {}
        with subprocess.Popen(
            self._command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # ctrl+c in an editor that has the terminal is not meant for it
            text=True,
            encoding="utf-8",
        ) as process:
            self._process = process
            if self._stop_requested:  # by somebody who was quicker than the system
                process.terminate()
            assert process.stdout is not None
            for line in process.stdout:
                last = json.loads(line)
                if "stage" in last:
                    progress(Progress(**last))
        if "error" in last:
            raise (LockTimeout if last["locked"] else PaperreaderError)(last["error"])
        if "result" not in last:
            raise PaperreaderError(_INTERRUPTED_MESSAGES.get(self._task, _STOPPED_MESSAGE))
        return dict(last["result"])

    def stop(self) -> None:
        """End the process; finished chunks of its work stay."""
        self._stop_requested = True
        if self._process is not None:
            self._process.terminate()


def serve(
    work: Callable[[Callable[[Progress], None]], dict[str, Any]], *, survives_parent: bool = False
) -> int:
    """The child's side: do the work, print how far it is, and at last what came of it. Gives the exit code.

    `work` is given what tells of its progress. `outlives`: it goes on when nobody listens any more; otherwise it ends.
    """

    def tell(progress: Progress) -> None:
        try:
            _send(to_builtins(progress))
        except BrokenPipeError:
            if not survives_parent:
                raise
            _detach_stdout()

    try:
        _send({"result": work(tell)})
    except PaperreaderError as error:
        _send({"error": str(error), "locked": isinstance(error, LockTimeout)})
        return 1
    except BrokenPipeError:
        _detach_stdout()
        return 1
    return 0


def main(arguments: Sequence[str]) -> int:
    """Folder, task, names. Gives the exit code."""
    folder, task, *names = arguments

    def work(tell: Callable[[Progress], None]) -> dict[str, Any]:
        lower_priority(IDLE if task == "tend" else BACKGROUND)
        library = Library(Path(folder))
        if task == "import":
            report = library.import_paths(names, progress=tell)
            return {**to_builtins(report), "problems": [str(problem) for problem in report.problems]}
        if task == "undo-import":
            undone = library.undo_import(tell)
            return to_builtins(undone) if undone is not None else {}
        if task == "tend":
            return {"mended": library.maintain(tell)}
        library.reindex(tell)
        return {}

    # Papers that were asked for are brought in all the same; an index can be built when the reader comes back.
    return serve(work, survives_parent=task == "import")


def _detach_stdout() -> None:
    """Print to nowhere from here on: Python would complain about the closed pipe when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _send(told: dict[str, Any]) -> None:
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
