"""The changes of many marks, which a thread computes: each is a line of the catalog to be parsed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from paperreader.errors import PaperreaderError
from paperreader.models import EMPTY_MARK, Mark, MarkChange, PaperTable
from paperreader.tui.model.undo_history import is_effective


def changes_for(
    table: PaperTable, marks: Mapping[int, Mark], rows: Iterable[int], change: MarkChange
) -> tuple[list[MarkChange], PaperreaderError | None]:
    """Return the change for each paper that has other marks, and the error of the last one that cannot be read."""
    changes: list[MarkChange] = []
    error = None
    for row in rows:
        if not is_effective(marks.get(row, EMPTY_MARK), change):
            continue
        try:
            paper = table.paper(row)
        except PaperreaderError as damaged:
            error = damaged
        else:
            changes.append(replace(change, id=paper.id, title=paper.title))
    return changes, error
