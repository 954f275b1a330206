"""Merge two notes on the same paper without losing a word of either.

A note consists of one or more sections: the newest comes first, each older one follows a header line with its date.
The notebook also stores fingerprints of the sections that were replaced, with the time (`note_was`). A section of one
notebook that was replaced in the other is dropped, because it is older. Sections that neither notebook has replaced
both stay. Sections and replaced sections are merged by union, where the later timestamp wins (a last-writer-wins
element set, Shapiro et al., "A comprehensive study of convergent and commutative replicated data types", 2011, section
3.3.3), so that merging in any order, any number of times, gives the same note.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from itertools import pairwise

from msgspec import Struct, field

from paperreader.checked_values import MAX_TIMESTAMP
from paperreader.lazy_pattern import lazy_pattern
from paperreader.models import Mark, Timestamp

SECTION_HEADER = lazy_pattern(
    r"^--- (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}) UTC ---[ \t]*\r?$", re.MULTILINE | re.ASCII
)
"""The line between two sections of a note, with the timestamp of the section below it."""

MAX_REPLACED_SECTIONS = 64
"""Replaced sections remembered per note. A copy that is older than this many edits counts as a different note."""

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class Note(Struct, frozen=True):
    """The text of a note, when it was last set, and the sections that it replaced (fingerprint to timestamp)."""

    text: str = ""
    when: Timestamp = 0
    replaced: Mapping[str, Timestamp] = field(default_factory=dict)

    @classmethod
    def of(cls, mark: Mark) -> Note:
        """Return the note of a mark."""
        return cls(*mark.note, mark.replaced_notes)


def fingerprint(section: str) -> str:
    """Return twelve hex digits that identify the text of a section."""
    import hashlib  # loads OpenSSL, which takes 2 ms

    return hashlib.blake2b(section.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def section_header(when: Timestamp) -> str:
    """Return the line above a section that was last set at `when`."""
    time = _EPOCH + dt.timedelta(milliseconds=min(max(when, 0), MAX_TIMESTAMP))
    # Not strftime: it does not pad years below 1000 on every system.
    return f"--- {time.replace(tzinfo=None).isoformat(' ', 'milliseconds')} UTC ---"


def edit_note(old: Note, text: str, when: Timestamp, base: str | None = None) -> Note:
    """Return the note after its text was replaced by `text`.

    `base` is the text that the edit began with, if that may differ from the text of `old`: sections that were added
    since then stay. The timestamp is `when`, or a later one if `old` is not older than that.
    """
    if base is not None and base != old.text and text == base:
        return old
    if _is_empty(old) and not _split_sections(text, 0):
        return old  # an empty note stays empty; a new timestamp would make it delete notes elsewhere
    when = max(when, old.when + 1, *(replaced_at + 1 for replaced_at in old.replaced.values()))
    current = sections_of(old)
    seen = current.keys() if base is None else _split_sections(base, 0).keys()
    written = _split_sections(text, when)
    revived = {part: when for part, at in written.items() if old.replaced.get(fingerprint(part), -1) >= at}
    fingerprints = {fingerprint(part) for part in written}
    replaced = {**old.replaced, **{fingerprint(part): when for part in seen if part not in written}}
    newest = sorted(
        ((at, digest) for digest, at in replaced.items() if digest not in fingerprints), reverse=True
    )
    replaced = {digest: at for at, digest in newest[:MAX_REPLACED_SECTIONS]}
    unseen = {part: at for part, at in current.items() if part not in seen and part not in written}
    if not unseen and not revived:
        return Note(text, when, replaced)
    return _join_sections({**unseen, **written, **revived}, replaced, when, {text.strip(): text})


def merge_notes(one: Note, other: Note) -> Note:
    """Merge two notes. Commutative and idempotent; merging a part of the result in again changes nothing."""
    if one == other:
        return one
    if _is_unset(one) or _is_unset(other):
        return next((note for note in (one, other) if not _is_unset(note)), Note())
    replaced = _latest_by_key(_replaced_sections(one), _replaced_sections(other))
    if one.text == other.text:
        return Note(one.text, max(one.when, other.when), replaced)
    alive: dict[str, Timestamp] = {}
    cleared = max(_cleared_at(one), _cleared_at(other))
    all_sections = _latest_by_key(sections_of(one), sections_of(other))
    for part, at in all_sections.items():
        digest = fingerprint(part)
        if at < cleared:
            replaced[digest] = max(cleared, replaced.get(digest, cleared))
        elif at > replaced.get(digest, -1):
            alive[part] = at
    if all_sections and not alive and not (_is_empty(one) or _is_empty(other)):
        # Each side replaced the other's text. Neither of them meant to delete the note.
        newest = max(all_sections, key=lambda part: (all_sections[part], part))
        alive = {newest: all_sections[newest]}
    original_text = {}
    for note in sorted((one, other), key=lambda note: (note.when, note.text)):
        original_text[note.text.strip()] = note.text
    return _join_sections(alive, replaced, max(one.when, other.when), original_text)


def add_sections(note: Note, new: Mapping[str, Timestamp], text: str) -> Note:
    """Return `note` with sections below its own. Without own ones, it gets `text` if that has no other sections."""
    replaced = {digest: at for digest, at in note.replaced.items() if digest not in map(fingerprint, new)}
    if not _is_empty(note):
        below = (f"{section_header(at)}\n{part}" for part, at in new.items())
        return Note("\n\n".join((note.text.rstrip(), *below)), note.when, replaced)
    when = max(note.when + 1, *new.values())
    if _split_sections(text, 0).keys() == new.keys():
        return Note(text, when, replaced)
    return _join_sections(new, replaced, when, {})


def remove_sections(note: Note, fingerprints: Container[str]) -> Note:
    """Return `note` without the sections that have one of the fingerprints. They count as replaced.

    The others stay to the letter, except for white space at their ends.
    """
    pieces = list(_pieces(note.text, max(note.when, 0)))
    removed = {part.strip(): at for part, at in pieces if fingerprint(part.strip()) in fingerprints}
    if not removed:
        return note
    replaced = {**note.replaced, **{fingerprint(part): at + 1 for part, at in removed.items()}}
    remaining = [(part.rstrip(), at) for part, at in pieces if part.strip() and part.strip() not in removed]
    if not remaining:
        return Note("", note.when + 1, replaced)
    (first, when), *others = remaining
    first = first if pieces[0][0].rstrip() == first else first.lstrip("\n")
    return Note("\n\n".join((first, *(f"{section_header(at)}{part}" for part, at in others))), when, replaced)


def _join_sections(
    sections: Mapping[str, Timestamp],
    replaced: Mapping[str, Timestamp],
    when: Timestamp,
    original_text: Mapping[str, str],
) -> Note:
    """Join sections into one note, newest first. A section that another one contains is replaced by that one.

    `when` is the timestamp of a note without sections. `original_text` gives the text of a section, with the
    surrounding white space, for the case that it is the only one.
    """
    absorbed = _absorbed(sections)
    order = sorted(
        (part for part in sections if part not in absorbed),
        key=lambda part: (-min(max(sections[part], 0), MAX_TIMESTAMP), part),
    )
    remaining = {fingerprint(part) for part in order}
    now_replaced = _latest_by_key(replaced, {fingerprint(part): sections[part] for part in absorbed})
    now_replaced = {digest: at for digest, at in now_replaced.items() if digest not in remaining}
    if not order:
        return Note("", when, now_replaced)
    first = order[0]
    if len(order) == 1:
        return Note(original_text.get(first, first), sections[first], now_replaced)
    older = (f"{section_header(sections[part])}\n{part}" for part in order[1:])
    return Note("\n\n".join((first, *older)), sections[first], now_replaced)


def _absorbed(sections: Iterable[str]) -> set[str]:
    """Return the sections that another one contains. Compares two of them only if that is likely."""
    ordered = sorted(sections)
    every = "\0".join(f"\n{part}\n" for part in ordered)
    candidates = {one for one, following in pairwise(ordered) if following.startswith(one)}
    for part in ordered:
        line = f"\n{part}\n"
        if every.find(line, every.find(line) + 1) >= 0:
            candidates.add(part)
    return {part for part in candidates if any(contains(one, part) for one in ordered if one != part)}


def contains(longer: str, part: str) -> bool:
    """Return whether `longer` is `part` with more text after it, or with more lines around it."""
    return longer.startswith(part) or f"\n{part}\n" in f"\n{longer}\n"


def sections_of(note: Note) -> dict[str, Timestamp]:
    """Return the sections of a note, without white space around them, with their timestamps."""
    return _split_sections(note.text, max(note.when, 0))


def _split_sections(text: str, when: Timestamp) -> dict[str, Timestamp]:
    """Split a text whose first section was set at `when` into sections, with their timestamps. Drop empty ones."""
    found: dict[str, Timestamp] = {}
    for piece, at in _pieces(text, when):
        if part := piece.strip():
            found[part] = max(at, found.get(part, at))
    return found


def _pieces(text: str, when: Timestamp) -> Iterator[tuple[str, Timestamp]]:
    """Yield the text above the first header, set at `when`, and below each header, with their timestamps."""
    start, timestamp = 0, when
    for line in SECTION_HEADER.finditer(text):
        below = _parse_timestamp(line[1])
        if below is not None:
            yield text[start : line.start()], timestamp
            start, timestamp = line.end(), below
    yield text[start:], timestamp


def _parse_timestamp(text: str) -> Timestamp | None:
    try:
        time = dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)
    except ValueError:
        return None  # 30 February: a line that the user wrote
    return (time - _EPOCH) // dt.timedelta(milliseconds=1)


def _replaced_sections(note: Note) -> dict[str, Timestamp]:
    """Return what the note replaced, without what it still contains (possible after an edit of the file by hand)."""
    contained = {fingerprint(part) for part in sections_of(note)}
    return {digest: at for digest, at in note.replaced.items() if digest not in contained}


def _is_empty(note: Note) -> bool:
    return not _split_sections(note.text, 0)


def _is_unset(note: Note) -> bool:
    return _is_empty(note) and note.when <= 0 and not note.replaced


def _cleared_at(note: Note) -> Timestamp:
    """Return the time before which every section counts as deleted, or -1.

    Only an empty note that does not know what it replaced deletes sections by time alone.
    """
    return note.when if _is_empty(note) and not note.replaced else -1


def _latest_by_key(one: Mapping[str, Timestamp], other: Mapping[str, Timestamp]) -> dict[str, Timestamp]:
    return {key: max(one.get(key, -1), other.get(key, -1)) for key in sorted({*one, *other})}
