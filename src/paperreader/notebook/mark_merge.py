"""Change a mark, and merge two marks of the same paper. Pure functions."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any, TypeVar, cast

from msgspec.structs import replace

from paperreader.mark_codec import highlight_to_json, summary_to_json
from paperreader.models import (
    KEYED_VALUES,
    NO_POSITION,
    SINGLE_VALUES,
    Highlight,
    Mark,
    MarkChange,
    Summary,
    Timestamp,
)
from paperreader.notebook.note_merge import Note, edit_note, merge_notes

_Keyed = Mapping[str, tuple[Any, Timestamp]]
_Timestamped = TypeVar("_Timestamped", bound=tuple[Any, Timestamp])


def apply_change(mark: Mark, change: MarkChange, when: Timestamp) -> Mark:
    """Return `mark` after a change that the user made at `when`.

    A field with a later timestamp (from a clock that ran ahead) gets one that is a millisecond later still, so that
    the change made last wins. If the note was changed since the editor was opened (`note_base`), both texts stay, and
    so do comments (`comment_bases`).
    """
    changed: dict[str, Any] = {}
    if change.title:
        changed["title"] = change.title
    for name, is_set in change.flags.items():
        changed[name] = (is_set, _timestamp_after(getattr(mark, name)[1], when))
    if (position := _changed_position(mark, change)) is not None:
        changed["queue"] = (position, _timestamp_after(mark.queue[1], when))
    if change.seen_version is not None:
        changed["seen_version"] = (change.seen_version, _timestamp_after(mark.seen_version[1], when))
    if change.tags:
        tags = {
            name: (is_set, _timestamp_after(mark.tags[name][1] if name in mark.tags else 0, when))
            for name, is_set in change.tags.items()
        }
        changed["tags"] = {**mark.tags, **tags}
    for name in KEYED_VALUES:
        if values := getattr(change, name):
            before = getattr(mark, name)
            if name == "highlights":
                values = {key: _with_new_comment(before, key, value, change) for key, value in values.items()}
            new = {
                key: (value, _timestamp_after(before.get(key, (None, 0))[1], when))
                for key, value in values.items()
            }
            changed[name] = {**before, **new}
    if change.note is not None:
        note = edit_note(Note.of(mark), change.note, when, change.note_base)
        changed |= {"note": (note.text, note.when), "replaced_notes": note.replaced}
    return replace(mark, **changed)


def _with_new_comment(
    stored: _Keyed, key: str, value: Highlight | None, change: MarkChange
) -> Highlight | None:
    """Return a highlight to store, with the comment that was stored since the change began."""
    base, old = change.comment_bases.get(key), stored.get(key, (None, 0))[0]
    if base is None or old is None or old.comment in ("", base):
        return value
    if value is None:
        return cast("Highlight", old)
    if value.comment == old.comment:
        return value
    return replace(value, comment=f"{old.comment}\n\n{value.comment}".strip())


def has_other_comment(mark: Mark, change: MarkChange) -> bool:
    """Return whether a mark has, after a change, a comment that was stored since the change began."""
    return any(mark.highlights[id][0] != change.highlights[id] for id in change.comment_bases)


def merge_marks(one: Mark, other: Mark) -> Mark:
    """Merge two marks of the same paper: the newer value of each field wins, and notes are merged (`note_merge`).

    Commutative and idempotent; merging either side into the result again changes nothing.
    """
    if one == other:
        return one
    note = merge_notes(Note.of(one), Note.of(other))
    keyed: dict[str, Any] = {
        name: _newer_values(getattr(one, name), getattr(other, name)) for name in KEYED_VALUES
    }
    return Mark(
        # Only for people, so any rule will do that does not depend on the order.
        title=min(one.title, other.title, key=lambda title: (-len(title), title)),
        note=(note.text, note.when),
        tags={
            name: _newer_field(one.tags.get(name, (False, 0)), other.tags.get(name, (False, 0)))
            for name in sorted({*one.tags, *other.tags})
        },
        extra=merge_unknown_keys(one.extra, other.extra),
        replaced_notes=note.replaced,
        **keyed,
        **{name: _newer_field(getattr(one, name), getattr(other, name)) for name in SINGLE_VALUES},
    )


def merge_all(marks: Sequence[Mark]) -> Mark:
    """Merge any number of marks of the same paper: in pairs, so that many notes take no time out of proportion."""
    while len(marks) > 1:
        pairs = zip_longest(marks[::2], marks[1::2])
        marks = [one if other is None else merge_marks(one, other) for one, other in pairs]
    return marks[0]


def keep_newer_fields(theirs: Mark, own: Mark) -> Mark:
    """Return `theirs`, which replaced `own` on disk, with those values of `own` that are newer.

    Unlike in a merge, `theirs` wins where both sides have the same timestamp: the user edited the file by hand.
    """
    if theirs == own:
        return theirs
    by_hand = theirs.note[1] == own.note[1] and theirs.replaced_notes == own.replaced_notes
    note = Note.of(theirs) if by_hand else merge_notes(Note.of(theirs), Note.of(own))
    newer_tags = {
        name: value for name, value in own.tags.items() if value[1] > theirs.tags.get(name, (False, -1))[1]
    }
    return replace(
        theirs,
        title=theirs.title or own.title,
        extra=theirs.extra or own.extra,
        note=(note.text, note.when),
        replaced_notes=note.replaced,
        tags={**theirs.tags, **newer_tags} if newer_tags else theirs.tags,
        **{name: _with_newer(getattr(theirs, name), getattr(own, name)) for name in KEYED_VALUES},
        **{
            name: value
            for name in SINGLE_VALUES
            if (value := getattr(own, name))[1] > getattr(theirs, name)[1]
        },
    )


def merge_unknown_keys(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keys of both sides. Where they differ, the value with the longer, then greater JSON text wins."""
    merged = {**one, **other}
    for key in one.keys() & other.keys():
        merged[key] = max(one[key], other[key], key=_json_order)
    return merged


def _changed_position(mark: Mark, change: MarkChange) -> float | None:
    """Return the position in the reading queue after a change; None if it leaves the field unchanged."""
    if change.queue is not None:
        return change.queue
    if change.bookmark is None:
        return None
    if change.bookmark != mark.bookmarked:
        return NO_POSITION if mark.queue[0] else None
    # A bookmark that is set once more gets a later timestamp, but keeps its place.
    return None if mark.queue[0] else mark.queue_position or None


def _newer_values(one: _Keyed, other: _Keyed) -> _Keyed:
    """Return the newer value of each key; of two with the same time, that with the longer, then greater text."""
    return {
        key: max(
            one.get(key, (None, 0)), other.get(key, (None, 0)), key=lambda field: (field[1], _order(field[0]))
        )
        for key in sorted({*one, *other})
    }


def _with_newer(theirs: _Keyed, own: _Keyed) -> _Keyed:
    newer = {key: value for key, value in own.items() if value[1] > theirs.get(key, (None, -1))[1]}
    return {**theirs, **newer} if newer else theirs


def _order(value: Any) -> tuple[int, str]:
    """Return the order of highlights and of summaries, and of None before both."""
    to_json = summary_to_json if isinstance(value, Summary) else highlight_to_json
    return _json_order(value and to_json(value))


def _json_order(value: Any) -> tuple[int, str]:
    text = json.dumps(value, sort_keys=True)
    return len(text), text


def _timestamp_after(stored: Timestamp, when: Timestamp) -> Timestamp:
    return max(when, stored + 1)


def _newer_field(one: _Timestamped, other: _Timestamped) -> _Timestamped:
    return max(one, other, key=lambda field: (field[1], field[0]))
