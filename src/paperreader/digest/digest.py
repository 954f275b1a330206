"""What is new, in groups: the content of a digest, whatever its form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence

from msgspec import Struct

from paperreader.digest.entry import DigestEntry, entry_of
from paperreader.errors import StorageError
from paperreader.library import Library, subscription_rows
from paperreader.subscriptions import Subscription
from paperreader.text.dates import format_long_date

MOST_ITEMS = 50
"""Papers of one group that are told; of the rest, how many there are."""

OTHER_PAPERS = "Everything else"
NEW_PAPERS = "New papers"
"""The name of the only group where there are no subscriptions."""


class Group(Struct, frozen=True):
    """The new papers of one subscription, most voted first."""

    name: str
    query: str
    """Empty for what belongs to no subscription."""
    entries: tuple[DigestEntry, ...]
    omitted: int = 0
    """How many more there are than `items`."""

    @property
    def more_label(self) -> str:
        """Where the papers are that were left out; empty where none was."""
        if not self.omitted:
            return ""
        return f"And {self.omitted:,} more with fewer votes, in the reader."


class Digest(Struct, frozen=True):
    """Everything that one digest tells."""

    created_at: dt.datetime
    """With its time zone."""
    since: str
    """The ISO day from which on papers count as new."""
    is_by_paper_date: bool
    """Whether by the day they are of, rather than by when they came into the library."""
    groups: tuple[Group, ...]
    """None of them empty; each paper stands in the first group it belongs to, which names the others."""

    @property
    def title(self) -> str:
        """`Papers that came in since 3 Oct 2025`, of whatever day; or `Papers of 3 Oct 2025 and later`."""
        day = format_long_date(self.since)
        return f"Papers of {day} and later" if self.is_by_paper_date else f"Papers that came in since {day}"

    @property
    def introduction(self) -> str:
        """`12 new papers · made on 4 Oct 2025`, or `81 of 621 new papers` where not all of them are told."""
        new = f"{self.count_label} new paper{'' if self.total == 1 else 's'}"
        return f"{new} · made on {format_long_date(self.created_at.date().isoformat())}"

    @property
    def count_label(self) -> str:
        """How many papers are told: `12`, or `81 of 621` where not all are."""
        told = len(self.entries)
        return f"{'' if told == self.total else f'{told:,} of '}{self.total:,}"

    @property
    def entries(self) -> tuple[DigestEntry, ...]:
        """The papers of all groups."""
        return tuple(item for group in self.groups for item in group.entries)

    @property
    def total(self) -> int:
        """How many papers are new, told or not."""
        return sum(len(group.entries) + group.omitted for group in self.groups)


def build_digest(
    library: Library,
    subscriptions: Sequence[Subscription],
    rows: Collection[int],
    *,
    since: str,
    is_by_paper_date: bool,
    created_at: dt.datetime,
    include_other_papers: bool = False,
) -> Digest:
    """The papers at `rows` that answer to subscriptions, grouped by them.

    With `everything`, or without subscriptions, the papers of none follow as a group of their own.

    Raises:
        StorageError: there is no usable index, or a paper's line is damaged.
    """
    fresh = set(rows)
    members = [
        (entry, fresh.intersection(map(int, subscription_rows(library, entry)))) if fresh else (entry, set())
        for entry in subscriptions
    ]
    groups: list[Group] = []
    told: set[int] = set()
    for entry, mine in members:
        also = {
            row: [other.name for other, theirs in members if other is not entry and row in theirs]
            for row in mine
        }
        groups.append(_build_group(library, entry.name, entry.query, mine - told, also))
        told |= mine
    if include_other_papers or not subscriptions:
        groups.append(
            _build_group(library, OTHER_PAPERS if subscriptions else NEW_PAPERS, "", fresh - told, {})
        )
    return Digest(created_at, since, is_by_paper_date, tuple(group for group in groups if group.entries))


def _build_group(
    library: Library, name: str, query: str, rows: Iterable[int], other_groups: dict[int, list[str]]
) -> Group:
    table = library.table
    place = {row: number for number, row in enumerate(table.newest)} if rows else {}
    ranked = sorted(
        rows,
        key=lambda row: (-1 if (votes := table.votes(row)) is None else votes, -place[row]),
        reverse=True,
    )
    items: list[DigestEntry] = []
    for row in ranked:
        if len(items) == MOST_ITEMS:
            break
        try:
            items.append(entry_of(library.paper(row), other_groups.get(row, ())))
        except StorageError:  # a damaged line, which `check` tells of: it costs that paper, not the digest
            continue
    return Group(name, query, tuple(items), len(ranked) - len(items))
