"""The pages of results that have arrived from a service."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from paperreader.library import OnlinePaper

MAX_EMPTY_PAGES = 5
"""So many pages in a row without a new paper end the results, whatever the service says."""


class ResultPage(Protocol):
    """A page of results."""

    @property
    def papers(self) -> Sequence[OnlinePaper]: ...

    @property
    def total(self) -> int | None: ...

    @property
    def next_start(self) -> int | None: ...


class OnlinePages:
    """The papers of one source, each once."""

    def __init__(self) -> None:
        self.papers: list[OnlinePaper] = []
        self.total: int | None = None
        """How many there are; None if the service does not say."""
        self.next_start: int | None = 0
        """Where the next page begins; None if there is none."""
        self._known: set[str] = set()
        self._empty_pages = 0

    def add(self, page: ResultPage) -> bool:
        """Add the papers of a page; return whether the next one is to be requested now, because none of them is new."""
        new = [each for each in page.papers if each.paper.id not in self._known]
        self.papers += new
        self._known.update(each.paper.id for each in new)
        self.total, self.next_start = page.total, page.next_start
        self._empty_pages = 0 if new else self._empty_pages + 1
        if self._empty_pages >= MAX_EMPTY_PAGES:
            self.next_start = None
        return not new and self.next_start is not None

    def fail(self, start: int) -> None:
        """Note that the page at `start` did not arrive: it can be requested again, unless it is the first one."""
        self.next_start = start if start else None
