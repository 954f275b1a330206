"""Marks that come with an import only add: bookmarks, tags and notes of the user are never removed or replaced.

Nor does an import hide a paper that has one of these, or delete any.

Timestamps in a file are claims of its author, so they decide nothing against the user's marks. A bookmark, read
mark, tag or section of a note is added if the user neither has it nor removed it. What was added is recorded with the
import, by its timestamp, so that undoing the import takes back exactly that, unless it was changed since. Pure
functions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from paperreader.checked_values import is_number, timestamp
from paperreader.models import KEYED_VALUES, Mark, Timestamp
from paperreader.notebook.note_merge import (
    Note,
    add_sections,
    contains,
    fingerprint,
    remove_sections,
    sections_of,
)
from paperreader.text.sanitize import single_line

UNDONE_KEY = "undone"
"""Key of a mark, unknown to `Mark`: what undoing an import removed, with the time of that removal. It was no removal by
the user, so that the same import, repeated, adds it again."""

Flag = tuple[bool, Timestamp]

_ADDED_FIELDS = ("flags", "tags", "notes", "highlights", "summaries")

IMPORTED_FLAGS = ("bookmark", "read", "dismissed", "hidden", "disliked")


class AddedMarks(Struct, frozen=True):
    """What an import added to the marks of one paper, with the timestamp of each."""

    flags: Mapping[str, Timestamp] = field(default_factory=dict)
    """Times by flag: `IMPORTED_FLAGS`."""
    tags: Mapping[str, Timestamp] = field(default_factory=dict)
    notes: Mapping[str, Timestamp] = field(default_factory=dict)
    """Sections of the note, by their fingerprint."""

    highlights: Mapping[str, Timestamp] = field(default_factory=dict)
    summaries: Mapping[str, Timestamp] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in _ADDED_FIELDS)

    def to_json(self) -> dict[str, Any]:
        """Return an object without empty fields; `from_json` is the inverse."""
        fields = ((name, getattr(self, name)) for name in _ADDED_FIELDS)
        return {name: dict(sorted(values.items())) for name, values in fields if values}

    @classmethod
    def from_json(cls, data: Any) -> AddedMarks:
        """Parse an object of `to_json`. What is not valid is left out: it cannot be undone."""
        fields = {name: data.get(name) for name in _ADDED_FIELDS} if isinstance(data, dict) else {}
        return cls(
            **{
                name: {key: int(when) for key, when in values.items() if is_number(when) and timestamp(when)}
                for name, values in fields.items()
                if isinstance(values, dict)
            }
        )


def add_imported(stored: Mark, live: Mark, imported: Mark, now: Timestamp) -> tuple[Mark, AddedMarks]:
    """Add the marks that a file contains to those of a paper.

    Args:
        stored: the mark under the id of the paper.
        live: what the user sees: `stored`, merged with marks under former ids of the paper.
        imported: from the file. Its timestamps count up to `now`.
        now: the time of the import.

    Returns `stored` with the additions, and what they are.
    """
    changed: dict[str, Any] = {}
    undone = AddedMarks.from_json(live.extra.get(UNDONE_KEY))
    flags: dict[str, Timestamp] = {}
    for name in IMPORTED_FLAGS:
        if name in ("hidden", "disliked") and (
            live.bookmarked or live.note_text or live.tag_names or live.passages
        ):
            continue
        if when := _time_to_set(getattr(live, name), getattr(imported, name), now, undone.flags.get(name)):
            changed[name], flags[name] = (True, when), when
    tags = {
        name: when
        for name, flag in imported.tags.items()
        if single_line(name)  # else nobody could see or remove it
        and (when := _time_to_set(live.tags.get(name, (False, 0)), flag, now, undone.tags.get(name)))
    }
    if tags:
        changed["tags"] = {**stored.tags, **{name: (True, when) for name, when in tags.items()}}
    keyed: dict[str, dict[str, Timestamp]] = {}
    for field_name in KEYED_VALUES:
        values, has, before = (getattr(each, field_name) for each in (imported, live, undone))
        keyed[field_name] = {
            key: when
            for key, (value, at) in values.items()
            if (when := _time_to_set(_presence(has, key), (value is not None, at), now, before.get(key)))
        }
        if added := {key: (values[key][0], when) for key, when in keyed[field_name].items()}:
            changed[field_name] = {**getattr(stored, field_name), **added}
    note, notes = _add_note(Note.of(stored), Note.of(live), imported, now, undone.notes)
    if notes:
        changed |= {"note": (note.text, note.when), "replaced_notes": note.replaced}
    unknown = {
        key: value for key, value in imported.extra.items() if key not in live.extra and key != UNDONE_KEY
    }
    if unknown:
        changed["extra"] = {**stored.extra, **unknown}
    if "bookmark" in changed and imported.queue[0]:
        changed["queue"] = (imported.queue[0], max(flags["bookmark"], stored.queue[1] + 1))
    if flags and imported.seen_version[0] > live.seen_version[0]:
        seen, when = imported.seen_version
        changed["seen_version"] = (seen, max(min(when, now), stored.seen_version[1] + 1))
    if changed:
        changed["title"] = stored.title or imported.title
    return replace(stored, **changed), AddedMarks(flags, tags, notes, **keyed)


def take_back(stored: Mark, added: AddedMarks) -> Mark:
    """Return a mark without what an import added to it, except where it was changed since."""
    flags = {
        name: when + 1
        for name, when in added.flags.items()
        if name in IMPORTED_FLAGS and getattr(stored, name) == (True, when)
    }
    tags = {name: when + 1 for name, when in added.tags.items() if stored.tags.get(name) == (True, when)}
    old = Note.of(stored)
    note = remove_sections(old, added.notes)
    notes = {digest: at for digest, at in note.replaced.items() if old.replaced.get(digest) != at}
    keyed = {
        name: {
            key: when + 1
            for key, when in getattr(added, name).items()
            if _presence(getattr(stored, name), key) == (True, when)
        }
        for name in KEYED_VALUES
    }
    removed = AddedMarks(flags, tags, notes, **keyed)
    if not removed:
        return stored
    before = AddedMarks.from_json(stored.extra.get(UNDONE_KEY))
    undone = AddedMarks(
        **{name: {**getattr(before, name), **getattr(removed, name)} for name in _ADDED_FIELDS}
    )
    return replace(
        stored,
        tags={**stored.tags, **{name: (False, when) for name, when in tags.items()}},
        note=(note.text, note.when),
        replaced_notes=note.replaced,
        extra={**stored.extra, UNDONE_KEY: undone.to_json()},
        **{name: (False, when) for name, when in flags.items()},
        **{
            name: {**getattr(stored, name), **{key: (None, when) for key, when in removals.items()}}
            for name, removals in keyed.items()
        },
    )


def _presence(values: Mapping[str, tuple[Any, Timestamp]], key: str) -> Flag:
    """Return whether a highlight or summary is there, and since when."""
    value, when = values.get(key, (None, 0))
    return value is not None, when


def _time_to_set(live: Flag, imported: Flag, now: Timestamp, undone_at: Timestamp | None) -> Timestamp:
    """Return the time with which a flag is set; 0 if it is not, because it is set already or the user removed it."""
    is_set, removed_at = live
    if is_set or not imported[0] or (removed_at and removed_at != undone_at):
        return 0
    return max(_claimed_time(imported[1], now), removed_at + 1)


def _add_note(
    stored: Note, live: Note, imported: Mark, now: Timestamp, undone: Mapping[str, Timestamp]
) -> tuple[Note, dict[str, Timestamp]]:
    """Add the sections of an imported note that differ from those of the user, below them."""
    own = sections_of(live)
    text, claimed = imported.note_text, _claimed_time(imported.note[1], now)
    # When notes are merged, later sections come first.
    latest = min(claimed, max(live.when - 1, 1)) if own else claimed
    new: dict[str, Timestamp] = {}
    for index, section in enumerate(sections_of(Note(text, claimed))):
        removed_at = live.replaced.get(fingerprint(section), 0)
        is_known = any(section == known or contains(known, section) for known in own)
        if not is_known and (not removed_at or removed_at == undone.get(fingerprint(section))):
            new[section] = max(latest - index, removed_at + 1, 1)
    if not new:
        return stored, {}
    note = add_sections(stored, new, text)
    return note, {fingerprint(part): when for part, when in sections_of(note).items() if part in new}


def _claimed_time(when: Timestamp, now: Timestamp) -> Timestamp:
    return max(1, min(when, now))
