"""What the reader says about results of services."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from paperreader.jobs.online import OnlineReply


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
