"""Marks: bookmark, read flag, note and tags that the user sets on papers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

Timestamp = int
"""UTC milliseconds since 1970."""


class Mark(Struct, frozen=True):
    """The marks of one paper. Each field has the timestamp of its last change.

    `False` and `""` with a timestamp are tombstones: they win over an older `True` when two notebooks are merged.
    A timestamp of 0 means that the field was never set.
    """

    title: str = ""
    bookmark: tuple[bool, Timestamp] = (False, 0)
    read: tuple[bool, Timestamp] = (False, 0)
    note: tuple[str, Timestamp] = ("", 0)
    tags: Mapping[str, tuple[bool, Timestamp]] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Keys of the notebook that this version does not know. They are preserved."""
    replaced_notes: Mapping[str, Timestamp] = field(default_factory=dict)
    """Hashes of earlier sections of the note and when they were replaced. They distinguish a later edit from a
    conflict.
    """

    @property
    def bookmarked(self) -> bool:
        return self.bookmark[0]

    @property
    def is_read(self) -> bool:
        return self.read[0]

    @property
    def note_text(self) -> str:
        return self.note[0]

    @property
    def is_set(self) -> bool:
        """Whether the paper has a bookmark, a read mark, a note or a tag."""
        return self.bookmarked or self.is_read or bool(self.note_text or self.tag_names)

    @property
    def last_changed(self) -> Timestamp:
        """Timestamp of the last change, removals included; 0 for never."""
        return max(self.bookmark[1], self.read[1], self.note[1], *(when for _, when in self.tags.values()))

    @property
    def tag_names(self) -> tuple[str, ...]:
        """The tags that are set, sorted."""
        return tuple(sorted(name for name, (on, _) in self.tags.items() if on))


EMPTY_MARK = Mark()
"""The mark of a paper without marks."""


class MarkChange(Struct, frozen=True):
    """One change of the user to one paper. None leaves a field unchanged."""

    id: str
    title: str = ""
    bookmark: bool | None = None
    read: bool | None = None
    note: str | None = None
    note_base: str | None = None
    """The note that the editor started from. If the stored note is a different one by now, both texts are stored."""
    tags: Mapping[str, bool] = field(default_factory=dict)
