"""Trends found in a process of its own, so that the reader's keys echo at once meanwhile.

The child is this module run as a program. It prints one JSON object: the trends, or `{"error": sentence}`.
"""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from paperreader.digest.trends import WEEKS, Trends, trends
from paperreader.errors import PaperreaderError
from paperreader.library import Library


class TrendsChild:
    """Looks for the trends of the library in `folder`."""

    def __init__(self, folder: Path, weeks: int = WEEKS) -> None:
        self._command = [sys.executable, "-m", __name__, str(folder), str(weeks)]
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False

    def run(self) -> Trends | None:
        """Wait for the trends: for a worker. None where it was stopped.

        Raises:
            PaperreaderError: the library cannot be read.
        """
        with subprocess.Popen(
            self._command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # ctrl+c in an editor that has the terminal is not meant for it
        ) as process:
            self._process = process
            if self._stopped:
                process.terminate()
            assert process.stdout is not None
            said = process.stdout.read()
        if self._stopped:
            return None
        try:
            told = json.loads(said)
        except ValueError as error:
            raise PaperreaderError(
                "The search for trends was ended before it had found any; try again."
            ) from error
        if "error" in told:
            raise PaperreaderError(told["error"])
        return Trends.from_json(told)

    def stop(self) -> None:
        """End the search: nobody wants the trends any more."""
        self._stopped = True
        if self._process is not None:
            self._process.terminate()


def main(arguments: Sequence[str]) -> int:
    """The child's side: folder and weeks. Gives the exit code."""
    folder, weeks = arguments
    try:
        found = trends(Library(Path(folder)), int(weeks), today=dt.datetime.now(dt.UTC).date())
    except PaperreaderError as error:
        print(json.dumps({"error": str(error)}))
        return 1
    print(json.dumps(found.to_json()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
