"""Merge two notebooks: find the marks that one of them lacks. Pure functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec.structs import replace

from paperreader import sync_copies
from paperreader.models import EMPTY_MARK, MARK_FLAGS, SINGLE_VALUES, Mark, MarkChange, Timestamp
from paperreader.notebook.format import (
    VERSION,
    NotebookContents,
    NotebookDamaged,
    parse_notebook,
    with_changed_marks,
)
from paperreader.notebook.mark_merge import apply_change, keep_newer_fields, merge_marks
from paperreader.system.pacing import with_pauses

_MERGE_COST = 15
"""`with_pauses` of merging two marks with notes."""

MarksById = Mapping[str, Mark]


def marks_to_add(own: MarksById, other: MarksById) -> dict[str, Mark]:
    """Return the marks of `own` that change when `other` is merged into it."""
    return _changed_marks(own, other, merge_marks)


def moved_marks(own: MarksById, ids: Mapping[str, str], when: Timestamp) -> dict[str, Mark]:
    """Return the marks of `own` that change when marks are moved to other ids at `when`.

    They are set a moment after they are removed, so that they win as long as both ids belong to one paper.
    """
    changed: dict[str, Mark] = {}
    for old, new in ids.items():
        mark = changed.get(old) or own.get(old, EMPTY_MARK)
        if not mark.is_set:
            continue
        addition = replace(
            MarkChange(
                new,
                title=mark.title,
                note=mark.note_text or None,
                tags=dict.fromkeys(mark.tag_names, True),
                highlights={id: each for id, (each, _) in mark.highlights.items() if each is not None},
                summaries=mark.generated,
                queue=mark.queue_position,
                seen_version=mark.seen_version[0] or None,
            ),
            **{name: True for name in MARK_FLAGS if getattr(mark, name)[0]},
        )
        removal = replace(
            addition,
            note="" if addition.note else None,
            queue=None,
            seen_version=0 if addition.seen_version else None,
            tags=dict.fromkeys(addition.tags, False),
            highlights=dict.fromkeys(addition.highlights),
            summaries=dict.fromkeys(addition.summaries),
            **dict.fromkeys(addition.flags, False),
        )
        changed[old] = apply_change(mark, removal, when)
        latest = max(getattr(changed[old], name)[1] for name in SINGLE_VALUES)
        moved = apply_change(Mark(extra=mark.extra), addition, max(latest, changed[old].last_changed) + 1)
        changed[new] = merge_marks(changed.get(new) or own.get(new, EMPTY_MARK), moved)
    return changed


def missing_marks(theirs: MarksById, own: MarksById) -> dict[str, Mark]:
    """Return the marks that a notebook which replaced `own` lacks, in whole or in part (see `keep_newer_fields`)."""
    return _changed_marks(theirs, own, keep_newer_fields)


def duplicated_notes(before: MarksById, other: MarksById, changed: MarksById) -> list[str]:
    """Return the ids whose note holds the texts of both sides after merging `other` into `before` gave `changed`."""
    return [
        id
        for id, mark in changed.items()
        if mark.note_text not in (before.get(id, EMPTY_MARK).note_text, other.get(id, EMPTY_MARK).note_text)
    ]


def resolve_merge_markers(data: bytes) -> NotebookContents | None:
    """Merge both sides of a notebook with git's conflict markers. Return None if the data is anything else."""
    sides = sync_copies.split_merge_conflict(data)
    if sides is None:
        return None
    try:
        one, other = (parse_notebook(side) for side in sides)
    except NotebookDamaged:
        return None
    if max(one.version, other.version) > VERSION:
        return None
    merged = with_changed_marks(one, marks_to_add(one.marks, other.marks))
    return NotebookContents(merged.version, merged.marks, merged.lines, {**other.extra, **one.extra})


def merge_message(count: int, conflicts: int) -> str:
    """Return a clause that reports a merge in which `count` marks changed, `conflicts` of them with two notes."""
    added = {0: "nothing in it was new", 1: "1 mark was added or updated"}.get(
        count, f"{count:,} marks were added or updated"
    )
    if not conflicts:
        return added
    papers = "one paper" if conflicts == 1 else f"{conflicts:,} papers"
    return f"{added}, and the notes on {papers} differed: both texts were saved"


def _changed_marks(base: MarksById, other: MarksById, merge: Callable[[Mark, Mark], Mark]) -> dict[str, Mark]:
    changed: dict[str, Mark] = {}
    # Unchanged lines are not parsed again, so nearly every mark is the same object.
    different = [(id, mark) for id, mark in other.items() if base.get(id, EMPTY_MARK) is not mark]
    for id, mark in with_pauses(different, _MERGE_COST):
        if (new := merge(base.get(id, EMPTY_MARK), mark)) != base.get(id):
            changed[id] = new
    return changed
