"""Marks: what the user sets on papers: bookmark, read mark, note, tags, and what New and the views leave out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from paperreader.models.highlights import Highlight
from paperreader.models.summaries import Summary

Timestamp = int
"""UTC milliseconds since 1970."""

MARK_FLAGS = ("bookmark", "read", "dismissed", "hidden", "deleted", "disliked")
"""Fields of a mark that are set or not, by their names in `Mark`, in `MarkChange` and in the notebook."""

SINGLE_VALUES = (*MARK_FLAGS, "queue", "seen_version")
"""Fields of a mark with one value, of which the newer one wins in a merge."""

KEYED_VALUES = ("highlights", "summaries")
"""Fields of a mark with values by key, of which None is a tombstone, and the newer one wins in a merge."""

NO_POSITION = 0.0
"""A paper in the reading queue that was not moved: the time at which it was bookmarked is its position."""


class Mark(Struct, frozen=True, gc=False):
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
    dismissed: tuple[bool, Timestamp] = (False, 0)
    """Not new any more, though unread."""
    hidden: tuple[bool, Timestamp] = (False, 0)
    """In no view, search or export, except for `is:hidden`."""
    deleted: tuple[bool, Timestamp] = (False, 0)
    """As `hidden`, except for `is:deleted`, until compaction removes the paper. A fetch does not add it again."""
    disliked: tuple[bool, Timestamp] = (False, 0)
    """“Less of this”: papers like it come later in the personal order. It stays in all views."""
    highlights: Mapping[str, tuple[Highlight | None, Timestamp]] = field(default_factory=dict)
    """Highlights of the full text by id; None is a tombstone."""
    queue: tuple[float, Timestamp] = (NO_POSITION, 0)
    """Position in the reading queue, see `queue_position`; `NO_POSITION` is a tombstone as well."""
    seen_version: tuple[int, Timestamp] = (0, 0)
    """The version at arXiv that the user has marked as seen; 0 for none."""
    summaries: Mapping[str, tuple[Summary | None, Timestamp]] = field(default_factory=dict)
    """Summaries by the names of the commands that made them; None is a tombstone."""

    @property
    def bookmarked(self) -> bool:
        return self.bookmark[0]

    @property
    def queue_position(self) -> float | None:
        """Position in the reading queue, the lowest first; None without a bookmark.

        Until the paper is moved, it is the time of bookmarking, so that bookmarks follow each other and a new one is
        the last. Moving a paper between two others changes no other mark.
        """
        return (self.queue[0] or float(self.bookmark[1])) if self.bookmark[0] else None

    @property
    def is_read(self) -> bool:
        return self.read[0]

    @property
    def is_dismissed(self) -> bool:
        return self.dismissed[0]

    @property
    def is_hidden(self) -> bool:
        return self.hidden[0]

    @property
    def is_deleted(self) -> bool:
        return self.deleted[0]

    @property
    def is_disliked(self) -> bool:
        return self.disliked[0]

    @property
    def is_listed(self) -> bool:
        """Whether views, searches and exports contain the paper."""
        return not (self.hidden[0] or self.deleted[0])

    @property
    def may_be_new(self) -> bool:
        """Whether the paper is new if it has arrived."""
        return not (self.read[0] or self.dismissed[0]) and self.is_listed

    @property
    def note_text(self) -> str:
        return self.note[0]

    @property
    def last_looked_at(self) -> Timestamp:
        """Timestamp of the bookmark or the read mark, whichever is later; 0 if neither is set."""
        return max(when for is_set, when in (self.bookmark, self.read, (True, 0)) if is_set)

    @property
    def is_set(self) -> bool:
        """Whether the paper has a mark of any kind."""
        return any(getattr(self, name)[0] for name in MARK_FLAGS) or bool(
            self.note_text or self.tag_names or self.passages or self.generated
        )

    @property
    def last_changed(self) -> Timestamp:
        """Timestamp of the last change of what the user made, except flags of the inbox; 0 for never.

        These are bookmark, read mark, note, tags, highlights and summaries. Removals count.
        """
        many = (*self.tags.values(), *self.highlights.values(), *self.summaries.values())
        return max(self.bookmark[1], self.read[1], self.note[1], *(when for _, when in many))

    @property
    def tag_names(self) -> tuple[str, ...]:
        """The tags that are set, sorted."""
        return tuple(sorted(name for name, (on, _) in self.tags.items() if on)) if self.tags else ()

    @property
    def passages(self) -> tuple[Highlight, ...]:
        """The highlights that are set, in the order of the text."""
        present = (highlight for highlight, _ in self.highlights.values() if highlight is not None)
        return tuple(sorted(present, key=lambda highlight: highlight.order))

    @property
    def generated(self) -> Mapping[str, Summary]:
        """The summaries that are set, by command, in the order of the names."""
        return {name: each for name, (each, _) in sorted(self.summaries.items()) if each is not None}

    @property
    def generated_text(self) -> str:
        """All summaries: what a search for them finds."""
        return "\n\n".join(each.text for each in self.generated.values()) if self.summaries else ""

    @property
    def written_text(self) -> str:
        """The note, and the highlighted passages with their comments: what a search for notes finds."""
        if not self.highlights:
            return self.note[0]
        passages = (text for each in self.passages for text in (each.quote, each.comment) if text)
        return "\n\n".join(filter(None, (self.note[0], *passages)))


EMPTY_MARK = Mark()
"""The mark of a paper without marks."""


class MarkChange(Struct, frozen=True, gc=False):
    """One change of the user to one paper. None leaves a field unchanged."""

    id: str
    title: str = ""
    bookmark: bool | None = None
    read: bool | None = None
    note: str | None = None
    note_base: str | None = None
    """The note that the editor started from. If the stored note is a different one by now, both texts are stored."""
    tags: Mapping[str, bool] = field(default_factory=dict)
    highlights: Mapping[str, Highlight | None] = field(default_factory=dict)
    """Highlights to set, or to remove (None), by their ids."""
    comment_bases: Mapping[str, str] = field(default_factory=dict)
    """The comments that highlights of `highlights` had when the change began. If a stored comment is a different one by
    now, it is kept: both texts are stored, and the highlight is not removed."""
    summaries: Mapping[str, Summary | None] = field(default_factory=dict)
    """Summaries to set, or to remove (None), by their commands."""
    dismissed: bool | None = None
    hidden: bool | None = None
    deleted: bool | None = None
    disliked: bool | None = None
    queue: float | None = None
    """The position in the reading queue. A change of the bookmark without one forgets the position."""
    seen_version: int | None = None
    """The version at arXiv that the user has seen."""

    @property
    def flags(self) -> dict[str, bool]:
        """Those of `MARK_FLAGS` that change, with their new values."""
        return {name: value for name in MARK_FLAGS if (value := getattr(self, name)) is not None}
