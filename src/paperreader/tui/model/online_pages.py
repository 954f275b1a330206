"""The pages of results that have arrived from a service."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from paperreader.jobs.online import OnlineReply
    from paperreader.library import OnlinePaper

MAX_EMPTY_PAGES = 5
"""So many pages in a row without a new paper end the results, whatever the service says."""


class OnlinePages:
    """The papers of one source, each once."""

    def __init__(self) -> None:
        self.papers: list[OnlinePaper] = []
        self.total: int | None = None
        """How many there are; None if the service does not say."""
        self.next_start: int | None = 0
        """Where the next page begins; None if there is none."""
        self._empty_pages = 0

    def add(self, reply: OnlineReply) -> bool:
        """Add the papers of a page; return whether the next one is to be requested now, because none of them is new."""
        known = {each.paper.id for each in self.papers}
        new = [each for each in reply.papers if each.paper.id not in known]
        self.papers += new
        self.total, self.next_start = reply.total, reply.next_start
        self._empty_pages = 0 if new else self._empty_pages + 1
        if self._empty_pages >= MAX_EMPTY_PAGES:
            self.next_start = None
        return not new and self.next_start is not None

    def fail(self, start: int) -> None:
        """Note that the page at `start` did not arrive: it can be requested again, unless it is the first one."""
        self.next_start = start if start else None


def page_message(reply: OnlineReply, count: int) -> str:
    """Return what the user should know about a page; `count` papers have arrived with it and before."""
    parts = []
    if not count:
        parts.append("No papers found")
    if reply.is_old:
        parts.append("The service does not respond: these are its results of an earlier time")
    if reply.ignored:
        parts.append(f"Left out, because it only concerns the library: {', '.join(reply.ignored)}")
    if reply.titles_only:
        parts.append(f"Left out, because only the title is known: {reply.titles_only:,}")
    if reply.problems:
        parts.append(f"Results that could not be read: {len(reply.problems):,}")
    return ". ".join(parts)
