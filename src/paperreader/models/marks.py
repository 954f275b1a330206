"""What the reader says of papers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

Timestamp = int
"""A moment: UTC milliseconds since 1970."""


class Mark(Struct, frozen=True):
    """What the reader has said about one paper. Every field carries the moment it was last set.

    `False` and `""` with a moment are tombstones: they win over an older `True` when two notebooks are merged.
    A moment of 0 means that the field was never set.
    """

    title: str = ""
    bookmark: tuple[bool, Timestamp] = (False, 0)
    read: tuple[bool, Timestamp] = (False, 0)
    note: tuple[str, Timestamp] = ("", 0)
    tags: Mapping[str, tuple[bool, Timestamp]] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Keys of the notebook this version does not know, preserved."""
    replaced_notes: Mapping[str, Timestamp] = field(default_factory=dict)
    """Fingerprints of the note's earlier texts, and when each was replaced: tells a later edit from a conflict."""

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
    def last_changed(self) -> Timestamp:
        """When anything was said about the paper last, were it to take something back; 0 for never."""
        return max(self.bookmark[1], self.read[1], self.note[1], *(when for _, when in self.tags.values()))

    @property
    def tag_names(self) -> tuple[str, ...]:
        """The tags in force, sorted."""
        return tuple(sorted(name for name, (on, _) in self.tags.items() if on))


EMPTY_MARK = Mark()
"""The mark of a paper nothing was said about."""


class MarkChange(Struct, frozen=True):
    """One act of the reader on one paper; None leaves a field alone."""

    id: str
    title: str = ""
    bookmark: bool | None = None
    read: bool | None = None
    note: str | None = None
    note_base: str | None = None
    """The note the editor was opened on: when the stored note is another by now, both texts are kept."""
    tags: Mapping[str, bool] = field(default_factory=dict)
