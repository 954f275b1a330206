"""What is wrong with a catalog on disk, and where its damaged lines go."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from paperreader.catalog.journal.format import JournalHeader, JournalLine, read_header
from paperreader.catalog.row_table.builder import RowTableBuilder
from paperreader.catalog.row_table.catchup import rebuild_builder, up_to_date_builder
from paperreader.catalog.row_table.format import encode_row_table
from paperreader.catalog.row_table.loader import clear_row_table_cache
from paperreader.errors import StorageError
from paperreader.models import Problem
from paperreader.storage import PRIVATE_FILE, lock, open_regular_file, os_error_message

CATALOG_LOCK_NAME = "catalog.lock"
"""Beside the catalog: held for each chunk that is written."""

QUARANTINE_FILE_NAME = "papers.damaged.jsonl"
"""Beside the catalog: every damaged line that was ever met, as it was found, once."""


def quarantine_lines(folder: Path, lines: Sequence[JournalLine]) -> str:
    """Copy damaged lines into a file of their own, where somebody may still read something out of them; and the
    sentence that tells the reader so.
    """
    path = folder / QUARANTINE_FILE_NAME
    count = "A line" if len(lines) == 1 else f"{len(lines)} lines"
    be = "is" if len(lines) == 1 else "are"
    told = f"{count} of papers.jsonl {be} damaged and passed over"
    try:
        there = set(path.read_bytes().split(b"\n")) if path.exists() else set()
        missing = [line.data for line in lines if line.data not in there]
        if missing:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, PRIVATE_FILE)
            with os.fdopen(descriptor, "ab") as file:
                file.write(b"".join(data + b"\n" for data in missing))
                file.flush()
                os.fsync(file.fileno())
    except OSError as error:
        return f"{told} (no copy could be kept: {os_error_message(error)}); `paperreader check` says which."
    return f"{told}, with a copy in {QUARANTINE_FILE_NAME}; import those papers again to have them back."


def verify_catalog(path: Path, rows_path: Callable[[str], Path]) -> list[Problem]:
    """Everything that is wrong with a catalog and its row table.

    Raises:
        StorageError: the catalog cannot be read at all, or a newer version wrote it.
    """
    try:
        descriptor = open_regular_file(path)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StorageError(f"Cannot read {path}: {os_error_message(error)}.") from error
    try:
        header = read_header(descriptor)
        if header is None:
            return []
        return _find_problems(path, descriptor, header, rows_path(header.uuid))
    finally:
        os.close(descriptor)


def repair_messages(problems: Sequence[Problem]) -> list[str]:
    """What mending those problems comes to, in sentences for the reader."""
    lines = sum(problem.line is not None for problem in problems)
    done = []
    if lines:
        what = "a line" if lines == 1 else f"{lines} lines"
        done.append(f"papers.jsonl was written anew without {what} that could not be used.")
    if lines < len(problems):
        done.append("The row table was made anew from papers.jsonl.")
    return done


def _find_problems(path: Path, descriptor: int, header: JournalHeader, rows_path: Path) -> list[Problem]:
    problems = []
    if header.damaged:
        problems.append(Problem(path.name, 1, "the first line, which names the library, is damaged"))
    draft = rebuild_builder(descriptor, header)
    for line in sorted(draft.damaged_lines, key=lambda line: line.number):
        problems.append(
            Problem(path.name, line.number, f"the line is damaged; {QUARANTINE_FILE_NAME} has a copy")
        )
    if draft.damaged_lines:
        quarantine_lines(path.parent, draft.damaged_lines)
    if _has_uncommitted_tail(path, descriptor, draft):
        where = draft.header.total_lines + 1
        problems.append(Problem(path.name, where, "an import was interrupted here; repeat it to complete it"))
    clear_row_table_cache()  # what this process remembers may be in order where the file is not
    kept, why = up_to_date_builder(descriptor, header, rows_path)
    if not why and b"".join(encode_row_table(kept.build())) != b"".join(encode_row_table(draft.build())):
        why = "it does not say what papers.jsonl says"
    if why:
        problems.append(Problem(rows_path.name, None, f"the row table has to be made anew, because {why}"))
    return problems


def _has_uncommitted_tail(path: Path, descriptor: int, draft: RowTableBuilder) -> bool:
    """Whether something unfinished stands behind the last good commit, and nobody is just writing it."""
    if os.fstat(descriptor).st_size == draft.header.stamp.committed:
        return False
    with suppress(StorageError), lock(path.parent / CATALOG_LOCK_NAME):
        draft.apply_new_chunks()
        return os.fstat(descriptor).st_size != draft.header.stamp.committed
    return False
