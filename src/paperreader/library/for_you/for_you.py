"""The personal order: what is learned from the marks, the scores of the papers, and the reasons.

Everything is derived from marks and papers, and stays on this machine. Papers that were read and not bookmarked are no
dislikes; hidden papers and those with “less of this” are.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from paperreader.catalog import CatalogTable
from paperreader.checked_values import is_number
from paperreader.errors import StorageError
from paperreader.library.stores import Stores
from paperreader.models import Mark, Paper, SearchHits, Timestamp

if TYPE_CHECKING:
    from paperreader.search.for_you.recommender import PersonalScores, Recommender
    from paperreader.search.for_you.scoring import Scores

MAX_LIKED, MAX_DISLIKED = 1000, 200
"""Papers from which is learned, those marked last. More change little and cost time."""

NO_BOOKMARKS = "No bookmarks yet: sorted by votes"
NO_TAGGED_PAPERS = "No papers with this tag: sorted by votes"

_SINCE_KEY = "for_you_since"
"""Key of the local state: marks that were set earlier (UTC milliseconds) do not count."""

_MAX_WORDS = 20
_MAX_READ = 100
"""Papers in which the spellings of words are looked up."""


class Explanation(Struct, frozen=True):
    """Why a paper fits."""

    words: tuple[str, ...]
    """Words of the paper that are in several of the user's papers."""
    nearest: Paper | None
    """The nearest of the user's papers."""


class Learned(Struct, frozen=True):
    """What was learned."""

    liked: tuple[int, ...]
    """Rows of the papers from which was learned."""
    disliked: tuple[int, ...]
    words: tuple[str, ...]
    """What the liked papers have more of than the library, the most characteristic first."""
    unwanted: tuple[str, ...]
    """What the disliked ones have more of than both."""
    since: Timestamp
    """Marks that were set earlier do not count; 0 for all."""


class ForYou:
    """The personal order of a library. May be used from several threads; one at a time learns or scores."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores
        self._lock = threading.RLock()

    @property
    def path(self) -> Path:
        """The file with what was derived from the user's papers. Needs a library with a UUID."""
        from paperreader.paths import FOR_YOU_FILE_NAME

        return self._stores.cache_folder / FOR_YOU_FILE_NAME

    def _taste(
        self, table: CatalogTable, marks: Mapping[int, Mark], tag: str
    ) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Return the rows of liked and of disliked papers: bookmarks, or the papers with a tag. Costs little."""
        since = self.since
        liked: dict[int, Timestamp] = {}
        disliked: dict[int, Timestamp] = {}
        for row, mark in marks.items():
            if not table.is_live(row) or mark.is_deleted:
                continue
            against = [flag[1] for flag in (mark.hidden, mark.disliked) if flag[0]]
            chosen, when = mark.tags.get(tag, (False, 0)) if tag else mark.bookmark
            if against:
                if max(against) >= since:
                    disliked[row] = max(against)
            elif chosen and when >= since:
                liked[row] = when
        return _latest(liked, MAX_LIKED), _latest(disliked, MAX_DISLIKED)

    def scores(
        self,
        table: CatalogTable,
        marks: Mapping[int, Mark],
        tag: str = "",
        *,
        pause_seconds: float = 0.0,
    ) -> PersonalScores | None:
        """Return the scores of all papers; None without any paper to learn from. For a worker.

        Raises:
            StorageError: there is no usable index.
        """
        liked, disliked = self._taste(table, marks, tag)
        if not liked:
            return None  # and NumPy is not imported
        with self._lock:
            recommender = self._recommender
            from paperreader.search.for_you.recommender import Taste

            return recommender.score(Taste(liked, disliked), table, pause_seconds=pause_seconds)

    def scores_for(self, query: str, table: CatalogTable, marks: Mapping[int, Mark]) -> Scores | None:
        """Return the scores that a query may ask for; None if it does not, or without bookmarks."""
        if "foryou" not in query.casefold():
            return None
        scores = self.scores(table, marks)
        return scores.values if scores is not None else None

    def levels(self, table: CatalogTable, marks: Mapping[int, Mark], *, pause_seconds: float = 0.0) -> bytes:
        """Return for each row how well an unread paper fits, from 0 to 3; empty without bookmarks. For a worker.

        Raises:
            StorageError: there is no usable index.
        """
        scores = self.scores(table, marks, pause_seconds=pause_seconds)
        if scores is None:
            return b""
        from paperreader.search.for_you.scoring import levels_among

        rated = (*scores.taste.liked, *scores.taste.disliked)
        unlisted = (row for row, mark in marks.items() if not mark.is_listed)
        return levels_among(scores.values, without=(*rated, *unlisted))

    def sorted(
        self, rows: Sequence[int], table: CatalogTable, marks: Mapping[int, Mark], tag: str = ""
    ) -> Sequence[int] | None:
        """Return rows in the personal order; None without any paper to learn from. For a worker.

        Raises:
            StorageError: there is no usable index.
        """
        scores = self.scores(table, marks, tag)
        if scores is None:
            return None
        from paperreader.search.for_you.scoring import order_by_score

        return order_by_score(scores.values, rows)

    def explain(
        self, row: int, table: CatalogTable, marks: Mapping[int, Mark], tag: str = ""
    ) -> Explanation | None:
        """Return why a paper fits; None without any paper to learn from. For a worker.

        Raises:
            StorageError: there is no usable index, or the line of the paper is damaged.
        """
        with self._lock:
            scores = self.scores(table, marks, tag)
            if scores is None:
                return None
            reason = self._recommender.explain(scores, row, table)
        return Explanation(reason.words, None if reason.nearest is None else table.paper(reason.nearest))

    def learned(self, table: CatalogTable, marks: Mapping[int, Mark], tag: str = "") -> Learned:
        """Return what was learned. For a worker.

        Raises:
            StorageError: there is no usable index.
        """
        liked, disliked = self._taste(table, marks, tag)
        scores = self.scores(table, marks, tag)
        if scores is None:
            return Learned(liked, disliked, (), (), self.since)
        from paperreader.search.for_you.reasons import spell

        profiles = ((scores.profile, liked), (scores.against, disliked))
        words, unwanted = (
            spell(profile, _papers(table, rows[-_MAX_READ:]), _MAX_WORDS) for profile, rows in profiles
        )
        return Learned(liked, disliked, words, unwanted, self.since)

    @property
    def since(self) -> Timestamp:
        """Marks that were set earlier do not count; 0 for all."""
        stored = self._stores.state.get(_SINCE_KEY)
        return int(stored) if is_number(stored) else 0

    def reset(self) -> None:
        """Forget what was learned: from now on, only marks count that are set later. The marks stay."""
        self._set_since(time.time_ns() // 1_000_000 + 1)

    def learn_from_all(self) -> None:
        """Learn from all marks again."""
        self._set_since(None)

    def _set_since(self, since: Timestamp | None) -> None:
        with self._lock:
            self._stores.state.set(_SINCE_KEY, since)
            if self._stores.uuid:
                self._recommender.forget()

    @cached_property
    def _recommender(self) -> Recommender:
        engine = self._stores.search_engine()  # imports NumPy
        from paperreader.search.for_you.recommender import Recommender
        from paperreader.search.for_you.stem_store import StemStore

        return Recommender(engine.open_index, StemStore(self.path))


def explain_order(hits: SearchHits, personal: Scores | None) -> SearchHits:
    """Return the hits, and say so if they are sorted by votes because there are no bookmarks."""
    if hits.sorted_by != "foryou" or personal is not None:
        return hits
    from msgspec.structs import replace

    return replace(hits, sorted_by="votes", hint=hits.hint or NO_BOOKMARKS)


def _latest(times: Mapping[int, Timestamp], count: int) -> tuple[int, ...]:
    """Return the rows that were marked last, ascending: no result may depend on the order of the marks."""
    rows = sorted(times, key=lambda row: (times[row], row))[-count:]
    return tuple(sorted(rows))


def _papers(table: CatalogTable, rows: Iterable[int]) -> list[Paper]:
    papers = []
    for row in rows:
        try:
            papers.append(table.paper(row))
        except StorageError:
            continue  # a damaged line, which `check` reports
    return papers
