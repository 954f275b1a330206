"""Two notebooks in one: what one side has that the other lacks. Pure functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from paperreader import sync_copies
from paperreader.models import EMPTY_MARK, Mark
from paperreader.notebook import format as notebook_format
from paperreader.notebook.format import NotebookContents, NotebookDamaged
from paperreader.notebook.mark_merge import keep_newer_fields, merge_marks

MarksById = Mapping[str, Mark]


def marks_to_add(own: MarksById, other: MarksById) -> dict[str, Mark]:
    """The marks of `own` that become others when `other` is merged in."""
    return _changed_marks(own, other, merge_marks)


def missing_marks(theirs: MarksById, own: MarksById) -> dict[str, Mark]:
    """The marks that a notebook which has taken the place of `own` lacks, whole or in part (see `keep_newer`)."""
    return _changed_marks(theirs, own, keep_newer_fields)


def duplicated_notes(before: MarksById, other: MarksById, changed: MarksById) -> list[str]:
    """The ids whose note holds the texts of both sides after `changed` came out of merging `other` into `before`."""
    return [
        name
        for name, mark in changed.items()
        if mark.note_text
        not in (before.get(name, EMPTY_MARK).note_text, other.get(name, EMPTY_MARK).note_text)
    ]


def resolve_merge_markers(data: bytes) -> NotebookContents | None:
    """A notebook in which git could not merge two versions, merged mark by mark; None where that is not what it is."""
    both = sync_copies.split_merge_conflict(data)
    if both is None:
        return None
    try:
        one, other = (notebook_format.parse_notebook(side) for side in both)
    except NotebookDamaged:
        return None
    if max(one.version, other.version) > notebook_format.VERSION:
        return None
    merged = notebook_format.with_changed_marks(one, marks_to_add(one.marks, other.marks))
    return NotebookContents(merged.version, merged.marks, merged.lines, {**other.extra, **one.extra})


def merge_message(count: int, conflicts: int) -> str:
    """What taking in another notebook came to, as the middle of a sentence."""
    came = {0: "nothing in it was new", 1: "1 mark came from it"}.get(count, f"{count:,} marks came from it")
    if not conflicts:
        return came
    of = "one paper" if conflicts == 1 else f"{conflicts:,} papers"
    return f"{came}, and the notes on {of} differed: both texts are kept"


def _changed_marks(base: MarksById, other: MarksById, join: Callable[[Mark, Mark], Mark]) -> dict[str, Mark]:
    changed: dict[str, Mark] = {}
    for name, mark in other.items():
        old = base.get(name, EMPTY_MARK)
        # Lines that did not change are not parsed again, so nearly every mark is the very same object.
        if old is not mark and (new := join(old, mark)) != base.get(name):
            changed[name] = new
    return changed
