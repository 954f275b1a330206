"""The parent side of a job: start it, follow its progress, stop it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from paperreader.errors import PaperreaderError
from paperreader.jobs.protocol import OnProgress, read_message
from paperreader.storage import os_error_message
from paperreader.system.subprocesses import anonymous_file

TaskName = Literal[
    "reindex",
    "index-texts",
    "maintain",
    "import",
    "undo-import",
    "export",
    "fetch",
    "add",
    "pdf",
    "full-text",
    "full-texts",
    "picture",
    "enrich",
    "find",
    "citations",
    "add-records",
    "zotero-send",
    "trends",
]
"""The tasks, see `jobs.main`."""

PROGRAM = (sys.executable, "-P", "-m", "paperreader.jobs.main")
"""`-P`: modules in the current folder are not imported."""

_INTERRUPTED_MESSAGES: dict[TaskName, str] = {
    "import": "The import was interrupted. The papers read so far are stored; import again to complete it.",
    "export": "The export was interrupted; nothing was written.",
    "pdf": "The download was interrupted. Complete files are there, and no incomplete one; start again to continue.",
    "full-text": "Fetching the full text was interrupted. Open it again.",
    "full-texts": "Fetching full texts was interrupted. Those that arrived are stored; start again to continue.",
    "find": "The search was interrupted. Search again.",
    "citations": "The request was interrupted. Ask for the list again.",
    "add-records": "Adding was interrupted. Add the paper again.",
    "enrich": "Looking up citations was interrupted. Start again: what has arrived is stored.",
    "zotero-send": "Sending to Zotero was interrupted. Send again: what has arrived is skipped.",
    "picture": "Fetching the picture was interrupted.",
    "trends": "Computing the trends was interrupted. Try again.",
}
_STOPPED_MESSAGE = "The background work was stopped. It continues at the next start."


class Job:
    """One task in another process.

    Args:
        folder: the folder of the library.
        task: what to do.
        arguments: what the task needs, such as the files to import.
        program: the command of the child process.
        data: its standard input.
    """

    def __init__(
        self,
        folder: Path,
        task: TaskName,
        arguments: Sequence[str] = (),
        *,
        program: Sequence[str] = PROGRAM,
        data: bytes = b"",
    ) -> None:
        self._task, self._data = task, data
        self._command = [*program, str(folder), task, *arguments]
        self._process: subprocess.Popen[str] | None = None
        self._stop_requested = False

    def run(self, progress: OnProgress) -> dict[str, Any]:
        """Run the task, wait for it, and return its result. For a worker thread.

        Raises:
            LockTimeout: another process held a lock.
            PaperreaderError: it failed, or was stopped.
        """
        result: dict[str, Any] | None = None
        with self._start() as process:
            self._process = process
            if self._stop_requested:  # before the process had started
                process.terminate()
            assert process.stdout is not None
            for line in process.stdout:
                result = read_message(line, progress)
        if result is None:
            raise PaperreaderError(_INTERRUPTED_MESSAGES.get(self._task, _STOPPED_MESSAGE))
        return result

    def _start(self) -> subprocess.Popen[str]:
        try:
            with anonymous_file(self._data) as stdin:
                return subprocess.Popen(
                    self._command,
                    stdin=stdin,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,  # ctrl+c in an editor that has the terminal must not reach it
                    text=True,
                    encoding="utf-8",
                )
        except OSError as error:
            raise PaperreaderError(
                f"Cannot start the work in the background: {os_error_message(error)}. Try again later."
            ) from error

    def stop(self) -> None:
        """Stop the process. The chunks that it has committed stay."""
        self._stop_requested = True
        if self._process is not None:
            self._process.terminate()


def full_texts_job(folder: Path, ids: Sequence[str]) -> Job:
    """Return a job that fetches the full texts of many papers, at the pace that arXiv asks for."""
    return Job(folder, "full-texts", data="\n".join(ids).encode())


def pdfs_job(folder: Path, ids: Sequence[str]) -> Job:
    """Return a job that downloads the PDFs of papers."""
    return Job(folder, "pdf", data="\n".join(ids).encode())


def enrich_job(folder: Path, ids: Sequence[str]) -> Job:
    """Return a job that requests the citation counts of papers."""
    return Job(folder, "enrich", data="\n".join(ids).encode())


def zotero_job(folder: Path, ids: Sequence[str]) -> Job:
    """Return a job that sends papers to Zotero."""
    return Job(folder, "zotero-send", data="\n".join(ids).encode())


def export_job(folder: Path, format_name: str, file: Path, generation: int, rows: Sequence[int]) -> Job:
    """Return a job that writes the papers at `rows` of the table of that generation to a file.

    It fails if the catalog has another generation now.
    """
    arguments = (format_name, str(file), str(generation))
    return Job(folder, "export", arguments, data="\n".join(map(str, rows)).encode())
