"""The lines that add entries, with the one that makes this undoable."""

from __future__ import annotations

from collections.abc import Sequence

from paperreader.catalog.journal.undo_records import OperationId, import_line
from paperreader.catalog.write.changes import DEFAULT_POLICY, AddPolicy, ChangeSet
from paperreader.catalog.write.prepared_entry import PreparedEntry
from paperreader.catalog.write.types import AddOutcome, NewLines


def add_prepared(
    changes: ChangeSet,
    entries: Sequence[PreparedEntry],
    policy: AddPolicy = DEFAULT_POLICY,
    operation_id: OperationId | None = None,
) -> tuple[NewLines, list[tuple[AddOutcome, str]]]:
    """Return the lines that add the entries, and the outcome and paper id of each.

    With `operation_id`, the lines include one that makes the import with that id undoable.
    """
    outcomes = changes.add(entries, policy)
    lines = changes.papers.lines()
    if lines and operation_id is not None:
        undo_line = import_line(operation_id, changes.new_source_keys, changes.papers.replaced_papers())
        lines.append((undo_line, None))
    return lines, outcomes
