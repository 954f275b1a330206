"""How two notes on one paper become one, without losing a word of either.

A note is one or more sections: the newest on top, each older one under a dated line. Beside the text the notebook
keeps fingerprints of the sections that were edited away, with the moment (`note_was`). A section of the one notebook
that the other has edited away came first, and goes; sections of which neither notebook knows that it replaced the
other both stay. Sections and replaced sections grow by union, the later moment winning (a last-writer-wins element
set, Shapiro et al., "A comprehensive study of convergent and commutative replicated data types", 2011, section 3.3.3),
so merging in any order, any number of times, gives the same note.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Mapping

from msgspec import Struct, field

from paperreader.models import Timestamp

SECTION_HEADER = re.compile(
    r"^--- (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}) UTC ---[ \t]*\r?$", re.MULTILINE | re.ASCII
)
"""Parts the sections of a note; the moment is that of the section below it."""

MAX_REPLACED_SECTIONS = 64
"""Replaced texts remembered per note: a copy older than that many edits counts as a note of its own."""

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MAX_TIMESTAMP = 253_402_300_799_999
"""The last millisecond that has a date (31 December 9999)."""


class Note(Struct, frozen=True):
    """The text of a note as it is shown, when it was last set, and what it replaced (fingerprint to moment)."""

    text: str = ""
    when: Timestamp = 0
    replaced: Mapping[str, Timestamp] = field(default_factory=dict)


def fingerprint(section: str) -> str:
    """Twelve hex digits that stand for a section's text."""
    return hashlib.blake2b(section.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def section_header(when: Timestamp) -> str:
    """The line above a section last set at that moment."""
    moment = _EPOCH + dt.timedelta(milliseconds=min(max(when, 0), _MAX_TIMESTAMP))
    # Not strftime: it does not pad years below 1000 on every system.
    return f"--- {moment.replace(tzinfo=None).isoformat(' ', 'milliseconds')} UTC ---"


def edit_note(old: Note, text: str, when: Timestamp, base: str | None = None) -> Note:
    """`old` after somebody replaced it by `text`.

    `base` is the text the edit began with, where that may be another than `old`'s: sections which came in since then
    are kept. The moment is `when`, or later where `old` is not older than that.
    """
    if base is not None and base != old.text and text == base:
        return old
    if _is_empty(old) and not _split_sections(text, 0):
        return old  # there was nothing to take out, so nothing elsewhere is to yield to it
    when = max(when, old.when + 1, *(moment + 1 for moment in old.replaced.values()))
    current = _sections(old)
    seen = current.keys() if base is None else _split_sections(base, 0).keys()
    written = _split_sections(text, when)
    revived = {part: when for part, at in written.items() if old.replaced.get(fingerprint(part), -1) >= at}
    prints = {fingerprint(part) for part in written}
    was = {**old.replaced, **{fingerprint(part): when for part in seen if part not in written}}
    newest = sorted(((at, print_) for print_, at in was.items() if print_ not in prints), reverse=True)
    was = {print_: at for at, print_ in newest[:MAX_REPLACED_SECTIONS]}
    unseen = {part: at for part, at in current.items() if part not in seen and part not in written}
    if not unseen and not revived:
        return Note(text, when, was)
    return _join_sections({**unseen, **written, **revived}, was, when, {text.strip(): text})


def merge_notes(one: Note, other: Note) -> Note:
    """Both notes in one. Commutative and idempotent; merging a part of the result in again changes nothing."""
    if one == other:
        return one
    if _is_unset(one) or _is_unset(other):
        return next((note for note in (one, other) if not _is_unset(note)), Note())
    was = _latest_by_key(_replaced_sections(one), _replaced_sections(other))
    if one.text == other.text:
        return Note(one.text, max(one.when, other.when), was)
    alive: dict[str, Timestamp] = {}
    cleared = max(_cleared_at(one), _cleared_at(other))
    everything = _latest_by_key(_sections(one), _sections(other))
    for part, at in everything.items():
        print_ = fingerprint(part)
        if at < cleared:
            was[print_] = max(cleared, was.get(print_, cleared))
        elif at > was.get(print_, -1):
            alive[part] = at
    if everything and not alive and not (_is_empty(one) or _is_empty(other)):
        # Each side edited the other's text away. Nobody meant to have no note at all.
        newest = max(everything, key=lambda part: (everything[part], part))
        alive = {newest: everything[newest]}
    raw = {}
    for note in sorted((one, other), key=lambda note: (note.when, note.text)):
        raw[note.text.strip()] = note.text
    return _join_sections(alive, was, max(one.when, other.when), raw)


def _join_sections(
    sections: Mapping[str, Timestamp],
    was: Mapping[str, Timestamp],
    emptied: Timestamp,
    raw: Mapping[str, str],
) -> Note:
    """The sections as one note: newest first; a section that another one continues is replaced by it.

    `emptied` is the moment of a note without sections, `raw` the spelling (outer blanks) of a section on its own.
    """
    absorbed = {
        part for part in sections if any(_continues(longer, part) for longer in sections if longer != part)
    }
    order = sorted(
        (part for part in sections if part not in absorbed),
        key=lambda part: (-min(max(sections[part], 0), _MAX_TIMESTAMP), part),
    )
    kept = {fingerprint(part) for part in order}
    replaced = _latest_by_key(was, {fingerprint(part): sections[part] for part in absorbed})
    replaced = {print_: at for print_, at in replaced.items() if print_ not in kept}
    if not order:
        return Note("", emptied, replaced)
    top = order[0]
    if len(order) == 1:
        return Note(raw.get(top, top), sections[top], replaced)
    lower = (f"{section_header(sections[part])}\n{part}" for part in order[1:])
    return Note("\n\n".join((top, *lower)), sections[top], replaced)


def _continues(longer: str, part: str) -> bool:
    """Whether `longer` is `part` with more written after it, or around it on lines of its own."""
    return longer.startswith(part) or f"\n{part}\n" in f"\n{longer}\n"


def _sections(note: Note) -> dict[str, Timestamp]:
    return _split_sections(note.text, max(note.when, 0))


def _split_sections(text: str, when: Timestamp) -> dict[str, Timestamp]:
    """The sections of a text whose first was set at `when`, each with its moment; empty ones are left out."""
    found: dict[str, Timestamp] = {}
    start, moment = 0, when
    for line in SECTION_HEADER.finditer(text):
        below = _parse_timestamp(line[1])
        if below is None:
            continue
        _add_section(found, text[start : line.start()], moment)
        start, moment = line.end(), below
    _add_section(found, text[start:], moment)
    return found


def _add_section(found: dict[str, Timestamp], part: str, when: Timestamp) -> None:
    if part := part.strip():
        found[part] = max(when, found.get(part, when))


def _parse_timestamp(text: str) -> Timestamp | None:
    try:
        moment = dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)
    except ValueError:
        return None  # the 30th of February is somebody's own line
    return (moment - _EPOCH) // dt.timedelta(milliseconds=1)


def _replaced_sections(note: Note) -> dict[str, Timestamp]:
    """What the note replaced. A note never replaced what it shows, whatever a hand-made notebook says."""
    shown = {fingerprint(part) for part in _sections(note)}
    return {print_: at for print_, at in note.replaced.items() if print_ not in shown}


def _is_empty(note: Note) -> bool:
    return not _split_sections(note.text, 0)


def _is_unset(note: Note) -> bool:
    return _is_empty(note) and note.when <= 0 and not note.replaced


def _cleared_at(note: Note) -> Timestamp:
    """Before which moment an emptied note that does not know what it replaced makes every other note void."""
    return note.when if _is_empty(note) and not note.replaced else -1


def _latest_by_key(one: Mapping[str, Timestamp], other: Mapping[str, Timestamp]) -> dict[str, Timestamp]:
    return {key: max(one.get(key, -1), other.get(key, -1)) for key in sorted({*one, *other})}
