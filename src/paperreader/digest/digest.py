"""What is new, in groups: the content of a digest, whatever its form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence

from msgspec import Struct

from paperreader.digest.entry import Item, item_of
from paperreader.errors import StorageError
from paperreader.library import Library, subscribed_rows
from paperreader.subscriptions import Subscription
from paperreader.text.dates import long_day

MOST_ITEMS = 50
"""Papers of one group that are told; of the rest, how many there are."""

REST = "Everything else"
ALL = "New papers"
"""The name of the only group where there are no subscriptions."""


class Group(Struct, frozen=True):
    """The new papers of one subscription, most voted first."""

    name: str
    query: str
    """Empty for what belongs to no subscription."""
    items: tuple[Item, ...]
    left_out: int = 0
    """How many more there are than `items`."""

    @property
    def more(self) -> str:
        """Where the papers are that were left out; empty where none was."""
        if not self.left_out:
            return ""
        return f"And {self.left_out:,} more with fewer votes, in the reader."


class Digest(Struct, frozen=True):
    """Everything that one digest tells."""

    made: dt.datetime
    """With its time zone."""
    since: str
    """The ISO day from which on papers count as new."""
    by_day: bool
    """Whether by the day they are of, rather than by when they came into the library."""
    groups: tuple[Group, ...]
    """None of them empty; each paper stands in the first group it belongs to, which names the others."""

    @property
    def title(self) -> str:
        """`Papers that came in since 3 Oct 2025`, of whatever day; or `Papers of 3 Oct 2025 and later`."""
        day = long_day(self.since)
        return f"Papers of {day} and later" if self.by_day else f"Papers that came in since {day}"

    @property
    def lead(self) -> str:
        """`12 new papers · made on 4 Oct 2025`, or `81 of 621 new papers` where not all of them are told."""
        new = f"{self.number} new paper{'' if self.total == 1 else 's'}"
        return f"{new} · made on {long_day(self.made.date().isoformat())}"

    @property
    def number(self) -> str:
        """How many papers are told: `12`, or `81 of 621` where not all are."""
        told = len(self.items)
        return f"{'' if told == self.total else f'{told:,} of '}{self.total:,}"

    @property
    def items(self) -> tuple[Item, ...]:
        """The papers of all groups."""
        return tuple(item for group in self.groups for item in group.items)

    @property
    def total(self) -> int:
        """How many papers are new, told or not."""
        return sum(len(group.items) + group.left_out for group in self.groups)


def gather(
    library: Library,
    subscriptions: Sequence[Subscription],
    rows: Collection[int],
    *,
    since: str,
    by_day: bool,
    made: dt.datetime,
    everything: bool = False,
) -> Digest:
    """The papers at `rows` that answer to subscriptions, grouped by them.

    With `everything`, or without subscriptions, the papers of none follow as a group of their own.

    Raises:
        StorageError: there is no usable index, or a paper's line is damaged.
    """
    fresh = set(rows)
    members = [
        (entry, fresh.intersection(map(int, subscribed_rows(library, entry)))) if fresh else (entry, set())
        for entry in subscriptions
    ]
    groups: list[Group] = []
    told: set[int] = set()
    for entry, mine in members:
        also = {
            row: [other.name for other, theirs in members if other is not entry and row in theirs]
            for row in mine
        }
        groups.append(_group(library, entry.name, entry.query, mine - told, also))
        told |= mine
    if everything or not subscriptions:
        groups.append(_group(library, REST if subscriptions else ALL, "", fresh - told, {}))
    return Digest(made, since, by_day, tuple(group for group in groups if group.items))


def _group(library: Library, name: str, query: str, rows: Iterable[int], also: dict[int, list[str]]) -> Group:
    table = library.table
    place = {row: number for number, row in enumerate(table.newest)} if rows else {}
    ranked = sorted(
        rows,
        key=lambda row: (-1 if (votes := table.votes(row)) is None else votes, -place[row]),
        reverse=True,
    )
    items: list[Item] = []
    for row in ranked:
        if len(items) == MOST_ITEMS:
            break
        try:
            items.append(item_of(library.paper(row), also.get(row, ())))
        except StorageError:  # a damaged line, which `check` tells of: it costs that paper, not the digest
            continue
    return Group(name, query, tuple(items), len(ranked) - len(items))
