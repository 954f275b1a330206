"""What becomes of a mark: a change applied to it, and two marks of one paper in one. Pure functions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeVar

from msgspec.structs import replace

from paperreader.models import Mark, MarkChange, Timestamp
from paperreader.notebook.note_merge import Note, edit_note, merge_notes

_Timestamped = TypeVar("_Timestamped", bound=tuple[Any, Timestamp])


def apply_change(mark: Mark, change: MarkChange, when: Timestamp) -> Mark:
    """`mark` after an act of the reader at `when`.

    A field that was set later than that, by a clock that ran ahead, is set one millisecond after itself: the act that
    is made last wins. A note that was changed since the editor was opened (`note_base`) is kept beside the new one.
    """
    changed: dict[str, Any] = {}
    if change.title:
        changed["title"] = change.title
    if change.bookmark is not None:
        changed["bookmark"] = (change.bookmark, _timestamp_after(mark.bookmark[1], when))
    if change.read is not None:
        changed["read"] = (change.read, _timestamp_after(mark.read[1], when))
    if change.tags:
        set_now = {
            name: (on, _timestamp_after(mark.tags[name][1] if name in mark.tags else 0, when))
            for name, on in change.tags.items()
        }
        changed["tags"] = {**mark.tags, **set_now}
    if change.note is not None:
        note = edit_note(_note_of(mark), change.note, when, change.note_base)
        changed |= {"note": (note.text, note.when), "replaced_notes": note.replaced}
    return replace(mark, **changed)


def merge_marks(one: Mark, other: Mark) -> Mark:
    """Two marks of one paper in one: per field the newer wins, and notes are merged (see `notes`).

    Commutative and idempotent; merging either side in again changes nothing.
    """
    if one == other:
        return one
    note = merge_notes(_note_of(one), _note_of(other))
    return Mark(
        # For people only, so any rule will do that does not depend on the order.
        title=min(one.title, other.title, key=lambda title: (-len(title), title)),
        bookmark=_newer_field(one.bookmark, other.bookmark),
        read=_newer_field(one.read, other.read),
        note=(note.text, note.when),
        tags={
            name: _newer_field(one.tags.get(name, (False, 0)), other.tags.get(name, (False, 0)))
            for name in sorted({*one.tags, *other.tags})
        },
        extra=merge_unknown_keys(one.extra, other.extra),
        replaced_notes=note.replaced,
    )


def keep_newer_fields(theirs: Mark, own: Mark) -> Mark:
    """`theirs`, which has taken the place of `own` behind our back, with whatever `own` says that is newer.

    Unlike in a merge, what both sides set at the same moment is as `theirs` has it: somebody edited the file by hand.
    """
    if theirs == own:
        return theirs
    by_hand = theirs.note[1] == own.note[1] and theirs.replaced_notes == own.replaced_notes
    note = _note_of(theirs) if by_hand else merge_notes(_note_of(theirs), _note_of(own))
    newer = {name: set_ for name, set_ in own.tags.items() if set_[1] > theirs.tags.get(name, (False, -1))[1]}
    return replace(
        theirs,
        title=theirs.title or own.title,
        extra=theirs.extra or own.extra,
        bookmark=own.bookmark if own.bookmark[1] > theirs.bookmark[1] else theirs.bookmark,
        read=own.read if own.read[1] > theirs.read[1] else theirs.read,
        note=(note.text, note.when),
        replaced_notes=note.replaced,
        tags={**theirs.tags, **newer} if newer else theirs.tags,
    )


def merge_unknown_keys(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Both sides' keys; where they differ, the value whose JSON is longer, then greater, as nothing is known of it."""
    merged = {**one, **other}
    for key in one.keys() & other.keys():
        merged[key] = max(one[key], other[key], key=_json_order)
    return merged


def _json_order(value: Any) -> tuple[int, str]:
    text = json.dumps(value, sort_keys=True)
    return len(text), text


def _note_of(mark: Mark) -> Note:
    return Note(mark.note[0], mark.note[1], mark.replaced_notes)


def _timestamp_after(stored: Timestamp, when: Timestamp) -> Timestamp:
    return max(when, stored + 1)


def _newer_field(one: _Timestamped, other: _Timestamped) -> _Timestamped:
    return max(one, other, key=lambda field: (field[1], field[0]))
