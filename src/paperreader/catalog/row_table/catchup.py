"""Bringing the row table up to date with `papers.jsonl`, or making it anew."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from paperreader.catalog.journal.format import Header
from paperreader.catalog.row_table.builder import Draft, LineLost
from paperreader.catalog.row_table.format import DamagedRows
from paperreader.catalog.row_table.loader import OutdatedRows, fitting_rows

Progress = Callable[[int, int], None]
"""Told how many bytes of how many are read."""


def current_draft(
    descriptor: int, header: Header, path: Path, progress: Progress | None = None
) -> tuple[Draft, str]:
    """The row table of an open catalog, brought up to date; and why it had to be made anew, if it had to."""
    try:
        draft = Draft(descriptor, header, fitting_rows(descriptor, header, path))
        draft.catch_up(progress)
        return draft, ""
    except OutdatedRows:
        why = ""
    except DamagedRows as error:
        why = str(error)
    except LineLost:
        why = "papers.jsonl was damaged behind its back"
    draft = rebuilt(descriptor, header, progress)
    return (
        draft,
        why if draft.changed else "",
    )  # nobody misses the row table of a catalog that is just beginning


def rebuilt(descriptor: int, header: Header, progress: Progress | None = None) -> Draft:
    """The row table of an open catalog, made from every line of it."""
    draft = Draft(descriptor, header)
    draft.catch_up(progress)
    return draft
