"""Trends found in a process of its own, so that the reader's keys echo at once meanwhile.

The child is this module run as a program, `python -m paperreader.digest.child FOLDER trends`. It prints what
`paperreader.library.child` says; the result is `Trends.to_json`.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path

from paperreader.digest.trends.report import compute_trends
from paperreader.library import Library
from paperreader.library.child import serve


def main(arguments: Sequence[str]) -> int:
    """The child's side: folder and task. Gives the exit code."""
    folder, _ = arguments
    today = dt.datetime.now(dt.UTC).date()
    return serve(lambda _: compute_trends(Library(Path(folder)), today=today).to_json())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
