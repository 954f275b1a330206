"""What the reader says about results of services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paperreader.text.counts import format_count

if TYPE_CHECKING:
    from paperreader.fetch.online.pages import OnlinePages
    from paperreader.jobs.online import OnlineReply
    from paperreader.library import OnlinePaper
    from paperreader.tui.terminal.glyphs import Glyphs


def count_label(pages: OnlinePages, *, is_loading: bool) -> str:
    """Return how many papers have arrived, and of how many."""
    count = f"{len(pages.papers):,}" if pages.papers or not is_loading else ""
    all = pages.total or 0
    total = f" of {all:,}" if all > len(pages.papers) else ""
    return f"{count}{total}"


def paper_facts(found: OnlinePaper, *, is_known: bool, glyphs: Glyphs) -> tuple[str, ...]:
    """Return what the detail says about a paper: whether it is in the library, and how often it is cited."""
    facts = [f"{glyphs.selected} in your library"] if is_known else []
    if found.citations is not None:
        facts.append(f"cited {format_count(found.citations, 'time')}")
    return tuple(facts)


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
