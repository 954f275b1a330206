"""The marks of the user, inverted: the rows with each kind of mark."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from paperreader.models import Mark
from paperreader.search.query.note_index import MarkTexts
from paperreader.text.sanitize import fold_for_search, single_line


class MarkIndex:
    """The user's marks, inverted: the rows with each kind of mark."""

    def __init__(self, marks: Mapping[int, Mark]) -> None:
        self.marks = marks
        """Must not change afterwards."""
        self.bookmarked = [row for row, mark in marks.items() if mark.bookmarked]
        self.read = [row for row, mark in marks.items() if mark.is_read]
        self.unlisted = [row for row, mark in marks.items() if not mark.is_listed]
        self.with_note = [row for row, mark in marks.items() if mark.note_text]
        self.rows_by_tag: defaultdict[str, list[int]] = defaultdict(list)
        """Rows by tag, in the spelling of the tag."""
        for row, mark in marks.items():
            if mark.tags:
                for tag in mark.tag_names:
                    self.rows_by_tag[tag].append(row)

    @property
    def with_summary(self) -> list[int]:
        return [row for row, mark in self.marks.items() if mark.summaries and mark.generated]

    @property
    def dismissed(self) -> list[int]:
        return [row for row, mark in self.marks.items() if mark.is_dismissed]

    @property
    def disliked(self) -> list[int]:
        return [row for row, mark in self.marks.items() if mark.is_disliked]

    @property
    def hidden(self) -> list[int]:
        return [row for row in self.unlisted if self.marks[row].is_hidden]

    @property
    def deleted(self) -> list[int]:
        return [row for row in self.unlisted if self.marks[row].is_deleted]

    def change_times(self, size: int) -> NDArray[np.int64]:
        """Return when each of `size` rows was last marked (UTC milliseconds); 0 for never."""
        times = np.zeros(size, np.int64)
        for row, mark in self.marks.items():
            if row < size:
                times[row] = mark.last_changed
        return times

    def queue_positions(self, size: int) -> NDArray[np.float64]:
        """Return the position of each of `size` rows in the reading queue; NaN for none."""
        positions = np.full(size, np.nan)
        for row, mark in self.marks.items():
            if row < size and (position := mark.queue_position) is not None:
                positions[row] = position
        return positions

    def rows_with_tag(self, name: str, *, allow_prefix: bool) -> list[int]:
        """Return the rows with that tag, ignoring case and accents; if none, those of tags with that prefix."""
        prefix = _fold_tag(name)
        folded_tags = {tag: _fold_tag(tag) for tag in self.rows_by_tag}
        matching = [tag for tag, folded in folded_tags.items() if folded == prefix]
        if allow_prefix and not matching:
            matching = [tag for tag, folded in folded_tags.items() if folded.startswith(prefix)]
        return [row for tag in matching for row in self.rows_by_tag[tag]]


class IndexedMarks:
    """The marks of the last search, indexed: only what has changed since is indexed again."""

    def __init__(self) -> None:
        self._index, self._texts = MarkIndex({}), MarkTexts()

    def index(self, marks: Mapping[int, Mark]) -> MarkIndex:
        """Return the index of marks, which must not change afterwards. For several threads."""
        index = self._index
        if index.marks is not marks:
            index = self._index = MarkIndex(marks)
        return index

    def texts(self, marks: Mapping[int, Mark]) -> MarkTexts:
        """Return what is searched of marks. For one thread at a time."""
        self._texts.refresh(marks)
        return self._texts


def _fold_tag(name: str) -> str:
    """Return a tag without case and accents, and without `#` before it and quotes in it, which no query can contain."""
    return fold_for_search(single_line(name)).replace('"', "").removeprefix("#")
