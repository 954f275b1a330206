"""Bringing the row table up to date with `papers.jsonl`, or making it anew."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from paperreader.catalog.journal.format import JournalHeader
from paperreader.catalog.row_table.builder import LineDamaged, RowTableBuilder
from paperreader.catalog.row_table.format import RowTableDamaged
from paperreader.catalog.row_table.loader import RowTableOutdated, load_row_table

ReadProgress = Callable[[int, int], None]
"""Told how many bytes of how many are read."""


def up_to_date_builder(
    descriptor: int, header: JournalHeader, path: Path, progress: ReadProgress | None = None
) -> tuple[RowTableBuilder, str]:
    """The row table of an open catalog, brought up to date; and why it had to be made anew, if it had to."""
    try:
        draft = RowTableBuilder(descriptor, header, load_row_table(descriptor, header, path))
        draft.apply_new_chunks(progress)
        return draft, ""
    except RowTableOutdated:
        why = ""
    except RowTableDamaged as error:
        why = str(error)
    except LineDamaged:
        why = "papers.jsonl was damaged behind its back"
    draft = rebuild_builder(descriptor, header, progress)
    return (
        draft,
        why if draft.has_changes else "",
    )  # nobody misses the row table of a catalog that is just beginning


def rebuild_builder(
    descriptor: int, header: JournalHeader, progress: ReadProgress | None = None
) -> RowTableBuilder:
    """The row table of an open catalog, made from every line of it."""
    draft = RowTableBuilder(descriptor, header)
    draft.apply_new_chunks(progress)
    return draft
