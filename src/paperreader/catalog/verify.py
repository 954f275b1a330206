"""Check a catalog and its row table for damage, and describe the repair."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from paperreader.catalog.journal.format import CATALOG_LOCK_NAME, JournalHeader, JournalLine, read_header
from paperreader.catalog.quarantine import (
    QUARANTINE_FILE_NAME,
    is_too_much_to_remove,
    lines_with_content,
    quarantine_lines,
)
from paperreader.catalog.row_table.builder import RowTableBuilder
from paperreader.catalog.row_table.encoding import RowTableDamaged, encode_row_table
from paperreader.catalog.row_table.loader import clear_row_table_cache, rebuild_builder, up_to_date_builder
from paperreader.catalog.write.recovery import tail_lines
from paperreader.errors import RepairRefused, StorageError
from paperreader.models import Problem
from paperreader.storage import lock, open_regular_file, os_error_message


def verify_catalog(path: Path, row_table_path: Callable[[str], Path]) -> list[Problem]:
    """Read a catalog and its row table from beginning to end, and return everything that is wrong.

    Raises:
        StorageError: the catalog cannot be read at all, or a newer version wrote it.
    """
    with _opened(path) as (descriptor, header):
        return _find_problems(path, descriptor, header, row_table_path(header.uuid)) if header else []


def check_losses(path: Path) -> None:
    """Check that a repair removes only a few lines. Copies of them do not count: the papers would be missing.

    Raises:
        RepairRefused: it would remove more.
        StorageError: the catalog cannot be read at all, or a newer version wrote it.
    """
    with _opened(path) as (descriptor, header):
        if header is None:
            return
        builder = rebuild_builder(descriptor, header)
        tail = tail_lines(builder)
        unreadable = (line for line in tail if not line.is_json_object)
        lost = lines_with_content([*builder.damaged_lines, *unreadable])
        total = builder.header.total_lines + len(tail)
    if is_too_much_to_remove(len(lost), total):
        lost.sort(key=lambda line: line.number)
        raise RepairRefused(
            f"{len(lost):,} of {total:,} lines of {path.name} are damaged, and nothing was changed. Restore the file "
            "from a copy, or run `paperreader check --repair --force` to remove these lines.",
            tuple(f"{path.name}:{line.number}: would be removed: {_start_of(line)}" for line in lost),
        )


@contextmanager
def _opened(path: Path) -> Iterator[tuple[int, JournalHeader | None]]:
    """Open a catalog for the body; the header is None if the file is empty or missing."""
    try:
        descriptor = open_regular_file(path)
    except FileNotFoundError:
        yield -1, None
        return
    except OSError as error:
        raise StorageError(f"Cannot read {path}: {os_error_message(error)}.") from error
    try:
        yield descriptor, read_header(descriptor)
    finally:
        os.close(descriptor)


def _start_of(line: JournalLine) -> str:
    return line.data[:60].decode("utf-8", "replace")


def repair_messages(problems: Sequence[Problem]) -> list[str]:
    """Return the messages that report the repair of those problems."""
    lines = sum(problem.line is not None for problem in problems)
    messages = []
    if lines:
        count = "a damaged line" if lines == 1 else f"{lines} damaged lines"
        messages.append(f"Rewrote papers.jsonl without {count}.")
    if lines < len(problems):
        messages.append("Rebuilt the row table from papers.jsonl.")
    return messages


def _find_problems(path: Path, descriptor: int, header: JournalHeader, row_table_path: Path) -> list[Problem]:
    problems = []
    if header.damaged:
        problems.append(Problem(path.name, 1, "the first line, which identifies the library, is damaged"))
    rebuilt = rebuild_builder(descriptor, header)
    for line in sorted(rebuilt.damaged_lines, key=lambda line: line.number):
        message = f"the line is damaged; {QUARANTINE_FILE_NAME} has a copy"
        problems.append(Problem(path.name, line.number, message))
    if rebuilt.damaged_lines:
        quarantine_lines(path.parent, rebuilt.damaged_lines)
    if _has_uncommitted_tail(path, descriptor, rebuilt):
        line_number = rebuilt.header.total_lines + 1
        message = (
            "the end of the file is incomplete; the next import, or a repair, recovers its complete lines"
        )
        problems.append(Problem(path.name, line_number, message))
    clear_row_table_cache()  # the table in memory may be intact where the file is damaged
    stored, reason = up_to_date_builder(descriptor, header, row_table_path)
    try:
        if not reason and _encoded(stored) != _encoded(rebuilt):
            reason = "it does not match papers.jsonl"
    except RowTableDamaged as error:
        reason = str(error)
    if reason:
        message = f"the row table has to be rebuilt, because {reason}"
        problems.append(Problem(row_table_path.name, None, message))
    return problems


def _encoded(builder: RowTableBuilder) -> bytes:
    return b"".join(encode_row_table(builder.build()))


def _has_uncommitted_tail(path: Path, descriptor: int, builder: RowTableBuilder) -> bool:
    """Return whether an unfinished chunk follows the last good commit, and no process is writing it right now."""
    if not tail_lines(builder):
        return False
    with suppress(StorageError), lock(path.parent / CATALOG_LOCK_NAME):
        builder.apply_new_chunks()
        return bool(tail_lines(builder))
    return False
