"""What is known of papers beside their text, as masks over catalog rows: dates, votes, links, marks, names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from paperreader.models import (
    CODE_FLAG,
    DATA_FLAG,
    MODEL_FLAG,
    PROJECT_FLAG,
    UNKNOWN,
    Columns,
    Mark,
    PaperTable,
)
from paperreader.search.metadata.lookup import Names
from paperreader.search.query.plan import Named, Unit
from paperreader.text.clean import fold
from paperreader.text.ids import arxiv_id, doi
from paperreader.text.query import Days, Has, Is, Votes

Mask = NDArray[np.bool_]
"""For every row, whether its paper answers."""

RECENT, VOTED = 0.03, 0.03
"""What being new or liked adds to a score at most: enough to decide between papers that fit about equally well."""

HALF_LIFE = 2.0
"""Years."""

MANY_VOTES = 500

_FLAGS = {"code": CODE_FLAG, "project": PROJECT_FLAG, "model": MODEL_FLAG, "data": DATA_FLAG}


def column(columns: Columns, name: str, size: int, absent: int) -> NDArray[np.int64]:
    """One column for `size` rows; `absent` for those that the table does not have."""
    kind, at = columns.places[name]
    there = min(columns.size, size)
    found = np.full(size, absent, np.int64)
    if there:
        found[:there] = np.ndarray((there,), f"={kind}", columns.data, at, (columns.stride,))
    return found


def priors(days: NDArray[np.int64], votes: NDArray[np.int64]) -> NDArray[np.float32]:
    """How much is said for each paper before anybody asks: `1 + RECENT * 2^(-age / HALF_LIFE) + VOTED * log votes`.

    The age counts from the newest paper, so that the same library always answers alike; the logarithm grows from 0 for
    none to 1 for `MANY_VOTES`. So a paper is put before another that fits better by a few hundredths at most.
    """
    years = days // 10_000 + (days // 100 % 100) / 12 + days % 100 / 365
    age = np.where(days > 0, years.max(initial=0) - years, np.inf)
    liked = np.log1p(np.clip(votes, 0, MANY_VOTES)) / np.log1p(MANY_VOTES)
    found: NDArray[np.float32] = (1 + RECENT * 2 ** (-age / HALF_LIFE) + VOTED * liked).astype(np.float32)
    return found


class Facts:
    """The numbers of one table."""

    def __init__(self, table: PaperTable, size: int) -> None:
        self.stamp = table.stamp
        self.size = size
        self.days = column(table.columns, "day", size, 0)
        """YYYYMMDD of every row; 0 for none."""
        self.votes = column(table.columns, "votes", size, UNKNOWN)
        """`UNKNOWN` for none."""
        self.flags = column(table.columns, "flags", size, 0)
        self.priors = priors(self.days, self.votes)
        """What a score is multiplied by (float32)."""


class Marked:
    """The reader's marks, turned over: rows by what was said of them."""

    def __init__(self, marks: Mapping[int, Mark]) -> None:
        self.marks = marks
        """Taken to stay as they are."""
        self.bookmarked = [row for row, mark in marks.items() if mark.bookmarked]
        self.read = [row for row, mark in marks.items() if mark.is_read]
        self.noted = [row for row, mark in marks.items() if mark.note_text]
        self.tags: defaultdict[str, list[int]] = defaultdict(list)
        """Rows by tag, in the tag's own spelling."""
        for row, mark in marks.items():
            if mark.tags:
                for tag in mark.tag_names:
                    self.tags[tag].append(row)

    def latest(self, size: int) -> NDArray[np.int64]:
        """For each of `size` rows when it was marked last (UTC milliseconds), 0 for never."""
        found = np.zeros(size, np.int64)
        for row, mark in self.marks.items():
            if row < size:
                found[row] = mark.latest
        return found

    def tagged(self, name: str, *, beginning: bool) -> list[int]:
        """The rows with that tag, whatever its case and accents; if there is none, of tags that begin so."""
        wanted = fold(name)
        folded = {tag: fold(tag) for tag in self.tags}
        chosen = [tag for tag, plain in folded.items() if plain == wanted]
        if beginning and not chosen:
            chosen = [tag for tag, plain in folded.items() if plain.startswith(wanted)]
        return [row for tag in chosen for row in self.tags[tag]]


class Filters:
    """Answers filters over one table and one state of the marks.

    Args:
        names: gives authors, ids and sources, which may have to be read first.
        new: the first row that is new, and those behind it that are not.
    """

    def __init__(
        self,
        table: PaperTable,
        facts: Facts,
        marked: Marked,
        names: Callable[[], Names],
        new: tuple[int, Collection[int]],
    ) -> None:
        self._table = table
        self._facts = facts
        self.marked = marked
        """What the filters on marks are answered from."""
        self._names = names
        self._new = new

    def mask(self, filter: Days | Votes | Has | Is | Named | Unit) -> Mask:
        """The rows whose paper answers, live or not; of units, those that name an author."""
        facts = self._facts
        if isinstance(filter, Days):
            return (facts.days >= max(filter.first, 1)) & (facts.days <= filter.last)
        if isinstance(filter, Votes):
            return (facts.votes >= filter.least) & (facts.votes <= filter.most)
        if isinstance(filter, Has):
            if filter.kind == "note":
                return self._rows(self.marked.noted)
            linked: Mask = (facts.flags & _FLAGS[filter.kind]) != 0
            return linked
        if isinstance(filter, Is):
            return self._state(filter)
        return self._rows(self._by(filter) if isinstance(filter, Unit) else self._named(filter))

    def _state(self, filter: Is) -> Mask:
        if filter.state == "new":
            start, again = self._new
            new: Mask = np.arange(self._facts.size) >= start
            return new & ~self._rows(again)
        if filter.state == "bookmarked":
            return self._rows(self.marked.bookmarked)
        read = self._rows(self.marked.read)
        return read if filter.state == "read" else ~read

    def _by(self, author: Unit) -> NDArray[np.int64]:
        *before, last = author.slots
        lasts = dict.fromkeys((last.word, *(self._names().near_author(last.word) if last.near else ())))
        start = "".join(f"{slot.word} " for slot in before)
        return self._names().author_rows([start + word for word in lasts], open=last.open)

    def _named(self, filter: Named) -> Iterable[int] | NDArray[np.int64]:
        if filter.where == "tag":
            return self.marked.tagged(filter.name, beginning=filter.beginning)
        if filter.where == "source":
            return self._names().source_rows(fold(filter.name))
        for exact in (filter.name, arxiv_id(filter.name), doi(filter.name)):
            row = self._table.row_of(exact) if exact else None
            if row is not None:
                return [row]
        return self._names().id_rows(doi(filter.name) or filter.name.lower())

    def _rows(self, rows: Iterable[int] | NDArray[np.int64]) -> Mask:
        mask = np.zeros(self._facts.size, np.bool_)
        chosen = rows if isinstance(rows, np.ndarray) else np.fromiter(rows, np.int64)
        mask[chosen[chosen < self._facts.size]] = True
        return mask
