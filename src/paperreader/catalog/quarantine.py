"""The quarantine file of a catalog: copies of damaged lines, from which they may be recovered by hand."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from paperreader.catalog.journal.format import JournalLine
from paperreader.storage import PRIVATE_FILE, os_error_message

QUARANTINE_FILE_NAME = "papers.damaged.jsonl"
"""The file next to the catalog that gets a copy of each damaged line, once and unchanged."""


def quarantine_lines(folder: Path, lines: Sequence[JournalLine]) -> str:
    """Copy damaged lines into the quarantine file of a library folder. Return a warning."""
    path = folder / QUARANTINE_FILE_NAME
    count = "A line of papers.jsonl is" if len(lines) == 1 else f"{len(lines)} lines of papers.jsonl are"
    try:
        present = set(path.read_bytes().split(b"\n")) if path.exists() else set()
        missing = [line.data for line in lines if line.data not in present]
        if missing:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, PRIVATE_FILE)
            with os.fdopen(descriptor, "ab") as file:
                file.write(b"".join(data + b"\n" for data in missing))
                file.flush()
                os.fsync(file.fileno())
    except OSError as error:
        return (
            f"{count} damaged and skipped (no copy could be saved: {os_error_message(error)}). "
            "Run `paperreader check` to list the damage."
        )
    return f"{count} damaged and skipped (copied to {QUARANTINE_FILE_NAME}). Import those papers again."
