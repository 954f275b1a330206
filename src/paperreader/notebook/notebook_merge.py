"""Two notebooks in one: what one side has that the other lacks. Pure functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from paperreader import sync_copies
from paperreader.models import NO_MARK, Mark
from paperreader.notebook import format as notebook_format
from paperreader.notebook.format import Contents, Damaged
from paperreader.notebook.mark_merge import keep_newer, merge_marks

Marks = Mapping[str, Mark]


def additions(own: Marks, other: Marks) -> dict[str, Mark]:
    """The marks of `own` that become others when `other` is merged in."""
    return _changed(own, other, merge_marks)


def left_out(theirs: Marks, own: Marks) -> dict[str, Mark]:
    """The marks that a notebook which has taken the place of `own` lacks, whole or in part (see `keep_newer`)."""
    return _changed(theirs, own, keep_newer)


def twice(before: Marks, other: Marks, changed: Marks) -> list[str]:
    """The ids whose note holds the texts of both sides after `changed` came out of merging `other` into `before`."""
    return [
        name
        for name, mark in changed.items()
        if mark.note_text not in (before.get(name, NO_MARK).note_text, other.get(name, NO_MARK).note_text)
    ]


def two_sided(data: bytes) -> Contents | None:
    """A notebook in which git could not merge two versions, merged mark by mark; None where that is not what it is."""
    both = sync_copies.sides(data)
    if both is None:
        return None
    try:
        one, other = (notebook_format.parse(side) for side in both)
    except Damaged:
        return None
    if max(one.version, other.version) > notebook_format.VERSION:
        return None
    merged = notebook_format.with_marks(one, additions(one.marks, other.marks))
    return Contents(merged.version, merged.marks, merged.lines, {**other.extra, **one.extra})


def told(count: int, conflicts: int) -> str:
    """What taking in another notebook came to, as the middle of a sentence."""
    came = {0: "nothing in it was new", 1: "1 mark came from it"}.get(count, f"{count:,} marks came from it")
    if not conflicts:
        return came
    of = "one paper" if conflicts == 1 else f"{conflicts:,} papers"
    return f"{came}, and the notes on {of} differed: both texts are kept"


def _changed(base: Marks, other: Marks, join: Callable[[Mark, Mark], Mark]) -> dict[str, Mark]:
    changed: dict[str, Mark] = {}
    for name, mark in other.items():
        old = base.get(name, NO_MARK)
        # Lines that did not change are not parsed again, so nearly every mark is the very same object.
        if old is not mark and (new := join(old, mark)) != base.get(name):
            changed[name] = new
    return changed
