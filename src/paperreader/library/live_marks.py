"""Marks by row: those of the notebook, and changes that are not saved yet."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from paperreader.catalog import CatalogTable
from paperreader.errors import StorageError
from paperreader.models import EMPTY_MARK, Mark, MarkChange
from paperreader.notebook import apply_change, merge_marks
from paperreader.system.pacing import with_pauses


class _RowLookup:
    """Rows of ids in one table, looked up once: a save changes one mark among thousands."""

    def __init__(self, table: CatalogTable) -> None:
        self.table = table
        self._rows: dict[str, tuple[int, ...]] = {}
        self.ambiguous: list[str] = []
        """Ids with several rows."""
        self.found_by_title: set[str] = set()
        """Ids that the table does not have any more."""

    def row(self, name: str, title: str) -> int | None:
        """Return the row of an id, or else of the only paper with that title.

        A catalog that was lost and imported again from other sources may have the paper under another id.
        """
        if (rows := self._rows.get(name)) is None:
            rows = self._rows[name] = self._possible_rows(name, title)
            if len(rows) > 1:
                self.ambiguous.append(name)
        return rows[0] if len(rows) == 1 else None

    def rows(self, name: str) -> tuple[int, ...]:
        """Return all rows of an id that was looked up."""
        return self._rows[name]

    def prepare(self, notebook: Mapping[str, Mark]) -> None:
        """Look up all ids of a notebook. For a worker: pauses when there are many."""
        for name in with_pauses([name for name in notebook if name not in self._rows]):
            self.row(name, notebook[name].title)

    def _possible_rows(self, name: str, title: str) -> tuple[int, ...]:
        row = self.table.row_of(name)
        if row is not None:
            return (row,)
        if not len(self.table):
            return ()
        self.found_by_title.add(name)
        if same_title := self.table.rows_with_slug(name):
            # If there is one, it is another work than the one that was marked, which was removed.
            return tuple(same_title) if len(same_title) > 1 else ()
        try:
            return tuple(self.table.rows_by_title(title, name)) if title else ()
        except StorageError:
            return ()  # the line of the paper is damaged, which `check` reports


class LiveMarks:
    """The marks that the user sees.

    `by_row` is replaced and never changed in place, so a worker thread can continue to read an older one.
    """

    def __init__(self, notebook: Mapping[str, Mark], table: CatalogTable) -> None:
        self._notebook = notebook
        self._lookup = self._prepared = _RowLookup(table)
        self._pending: tuple[MarkChange, ...] = ()
        self.by_row: Mapping[int, Mark] = {}
        self.unlisted: frozenset[int] = frozenset()
        """Rows of hidden and deleted papers; replaced like `by_row`."""
        self._recompute()

    def prepare(self, notebook: Mapping[str, Mark] | None, table: CatalogTable) -> None:
        """Look up the rows that `apply_update` will need, for a worker: five microseconds for each id."""
        lookup = self._lookup if table is self._lookup.table else _RowLookup(table)
        lookup.prepare(self._notebook if notebook is None else notebook)
        self._prepared = lookup

    def apply_update(
        self, notebook: Mapping[str, Mark] | None, table: CatalogTable, saved_changes: Sequence[MarkChange]
    ) -> None:
        """Use another notebook or table. Pending changes in `saved_changes` are in that notebook, or discarded."""
        if notebook is None and table is self._lookup.table and not saved_changes:
            return
        if notebook is not None:
            self._notebook = notebook
        if table is not self._lookup.table:
            prepared = self._prepared
            self._lookup = self._prepared = prepared if table is prepared.table else _RowLookup(table)
        done = {id(change) for change in saved_changes}
        self._pending = tuple(change for change in self._pending if id(change) not in done)
        self._recompute()

    def preview(self, changes: Sequence[MarkChange]) -> tuple[MarkChange, ...]:
        """Apply `changes` before they are saved, and return the changes that undo them."""
        inverse = tuple(self._inverse(change) for change in changes)
        self._pending += tuple(changes)
        marks = dict(self.by_row)
        self._apply(marks, changes)
        if any(change.hidden is not None or change.deleted is not None for change in changes):
            self.unlisted = _unlisted_rows(marks)
        self.by_row = marks
        return inverse

    def _recompute(self) -> None:
        marks: dict[int, Mark] = {}
        for name, mark in self._notebook.items():
            if (row := self._lookup.row(name, mark.title)) is not None:
                if mark.is_deleted and name in self._lookup.found_by_title:
                    mark = replace(mark, deleted=(False, 0))  # another work with the same title was deleted
                # Marks set under an alias are merged with those set under the id.
                marks[row] = merge_marks(marks[row], mark) if row in marks else mark
        self._apply(marks, self._pending)
        self.unlisted, self.by_row = _unlisted_rows(marks), marks

    @property
    def ambiguous(self) -> dict[str, tuple[int, ...]]:
        """Ids in the notebook that may belong to any of several papers with one title, and the rows of these papers.
        Their marks are not shown.
        """
        return {
            name: self._lookup.rows(name)
            for name in self._lookup.ambiguous
            if self._notebook.get(name, EMPTY_MARK).is_set
        }

    def _apply(self, marks: dict[int, Mark], changes: Sequence[MarkChange]) -> None:
        now = time.time_ns() // 1_000_000
        for change in changes:
            if (row := self._lookup.row(change.id, change.title)) is not None:
                marks[row] = apply_change(marks.get(row, EMPTY_MARK), change, now)

    def _inverse(self, change: MarkChange) -> MarkChange:
        row = self._lookup.row(change.id, change.title)
        mark = self.by_row.get(row, EMPTY_MARK) if row is not None else EMPTY_MARK
        # A bookmark that is set again gets its place back.
        was_moved = change.queue is not None or (change.bookmark is not None and mark.queue[0])
        return replace(
            change,
            queue=mark.queue[0] if was_moved else None,
            seen_version=None if change.seen_version is None else mark.seen_version[0],
            note=None if change.note is None else mark.note_text,
            note_base=None if change.note is None else change.note,
            tags={name: name in mark.tag_names for name in change.tags},
            highlights={id: mark.highlights.get(id, (None, 0))[0] for id in change.highlights},
            comment_bases={
                id: new.comment if (new := change.highlights[id]) else "" for id in change.comment_bases
            },
            summaries={name: mark.summaries.get(name, (None, 0))[0] for name in change.summaries},
            **{name: getattr(mark, name)[0] for name in change.flags},
        )


def _unlisted_rows(marks: Mapping[int, Mark]) -> frozenset[int]:
    return frozenset(row for row, mark in marks.items() if not mark.is_listed)
