"""Build the content of a digest, independent of its format: new papers, grouped by subscription."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from msgspec import Struct

from paperreader.digest.entry import DigestEntry, entry_of
from paperreader.errors import StorageError
from paperreader.library import FOR_YOU as FOR_YOU_VIEW
from paperreader.library import Library, subscription_rows
from paperreader.subscriptions import Subscription
from paperreader.text.dates import format_long_date

MAX_GROUP_ENTRIES = 50
"""Papers listed per group. Of the others only the number is given."""

OTHER_PAPERS = "Other papers"
WATCHED_PAPERS = "Watched"
FOR_YOU = "For you"
FOR_YOU_BY_VOTES = "For you (no bookmarks yet: by votes)"
NEW_PAPERS = "New papers"
"""The name of the only group if there are no subscriptions."""


class Group(Struct, frozen=True):
    """The new papers of one subscription or of the watch list, most voted first; or those for the user, in the
    personal order.
    """

    name: str
    query: str
    """Empty for papers that match no subscription."""
    entries: tuple[DigestEntry, ...]
    omitted: int = 0
    """Number of papers beyond `entries`."""

    @property
    def more_label(self) -> str:
        """A sentence about the omitted papers; empty if there are none."""
        if not self.omitted:
            return ""
        return f"{self.omitted:,} more with fewer votes, shown in the reader."


class Digest(Struct, frozen=True):
    """The content of one digest."""

    created_at: dt.datetime
    """With time zone."""
    since: str
    """The ISO day since when papers count as new."""
    is_by_paper_date: bool
    """Whether `since` refers to the date of a paper rather than to when it was added to the library."""
    groups: tuple[Group, ...]
    """None is empty. A paper appears in its first group only, and lists the others."""

    @property
    def title(self) -> str:
        """`Papers added since 3 Oct 2025`, or `Papers of 3 Oct 2025 and later`."""
        day = format_long_date(self.since)
        return f"Papers of {day} and later" if self.is_by_paper_date else f"Papers added since {day}"

    @property
    def introduction(self) -> str:
        """`12 new papers · created on 4 Oct 2025`; `81 of 621 new papers · …` if some are omitted."""
        new = f"{self.count_label} new paper{'' if self.total == 1 else 's'}"
        return f"{new} · created on {format_long_date(self.created_at.date().isoformat())}"

    @property
    def count_label(self) -> str:
        """The number of papers: `12`, or `81 of 621` if some are omitted."""
        listed = len(self.entries)
        return f"{'' if listed == self.total else f'{listed:,} of '}{self.total:,}"

    @property
    def entries(self) -> tuple[DigestEntry, ...]:
        """The papers of all groups."""
        return tuple(entry for group in self.groups for entry in group.entries)

    @property
    def total(self) -> int:
        """Number of new papers, omitted ones included."""
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
    for_you: int = 0,
    watched: bool = False,
) -> Digest:
    """Group the papers at `rows` by the subscriptions that they match.

    With `include_other_papers`, or without subscriptions, papers that match none form a group of their own. With
    `watched`, the first group has those of the watch list. The next one has the `for_you` papers that fit the user
    best, of those that are neither read nor bookmarked.

    Raises:
        StorageError: there is no usable index.
    """
    new_rows = set(rows)
    matches: _Matches = [
        (entry, new_rows.intersection(map(int, subscription_rows(library, entry))) if new_rows else set())
        for entry in subscriptions
    ]
    groups: list[Group] = []
    listed: set[int] = set()
    if watched:
        papers = library.watch_list.papers(library.table)
        listed = new_rows & papers.rows
        names = _subscription_names(matches, listed)
        groups.append(_build_group(library, WATCHED_PAPERS, "is:watched", listed, names, papers.reasons))
    if for_you:
        name, best = _best_for_user(library, new_rows - listed, for_you)
        groups.append(Group(name, "", _entries(library, best, _subscription_names(matches, best))))
        listed |= set(best)
    for entry, matching in matches:
        names = _subscription_names(matches, matching, without=entry)
        groups.append(_build_group(library, entry.name, entry.query, matching - listed, names))
        listed |= matching
    if include_other_papers or not subscriptions:
        name = OTHER_PAPERS if subscriptions else NEW_PAPERS
        groups.append(_build_group(library, name, "", new_rows - listed, {}))
    return Digest(created_at, since, is_by_paper_date, tuple(group for group in groups if group.entries))


_Matches = list[tuple[Subscription, set[int]]]
"""Subscriptions, each with the new papers that match it."""


def _subscription_names(
    matches: _Matches, rows: Iterable[int], without: Subscription | None = None
) -> dict[int, list[str]]:
    """Return the names of the subscriptions that papers match, except for one of them."""
    return {
        row: [entry.name for entry, theirs in matches if entry is not without and row in theirs]
        for row in rows
    }


def _build_group(
    library: Library,
    name: str,
    query: str,
    rows: Iterable[int],
    other_groups: Mapping[int, Sequence[str]],
    watched: Callable[[int], Sequence[str]] = lambda row: (),
) -> Group:
    table = library.table
    age = {row: number for number, row in enumerate(table.newest)} if rows else {}
    ranked = sorted(
        rows,
        key=lambda row: (-1 if (votes := table.votes(row)) is None else votes, -age[row]),
        reverse=True,
    )
    entries = _entries(library, ranked, other_groups, watched)
    return Group(name, query, entries, len(ranked) - len(entries))


def _best_for_user(library: Library, rows: Collection[int], count: int) -> tuple[str, list[int]]:
    """Return the name of the group for the user, and its rows in the personal order; without bookmarks by votes."""
    table, marks = library.table, library.marks
    newest = [row for row in library.view(FOR_YOU_VIEW) if row in rows]
    best = library.for_you.sorted(newest, table, marks)
    if best is None:
        return FOR_YOU_BY_VOTES, sorted(newest, key=lambda row: -(table.votes(row) or 0))[:count]
    return FOR_YOU, list(best[:count])


def _entries(
    library: Library,
    rows: Iterable[int],
    other_groups: Mapping[int, Sequence[str]],
    watched: Callable[[int], Sequence[str]] = lambda row: (),
) -> tuple[DigestEntry, ...]:
    """Return the entries of a group, up to its limit."""
    entries: list[DigestEntry] = []
    for row in rows:
        if len(entries) == MAX_GROUP_ENTRIES:
            break
        try:
            entries.append(entry_of(library.paper(row), other_groups.get(row, ()), watched(row)))
        except StorageError:  # a damaged line, which `check` reports
            continue
    return tuple(entries)
