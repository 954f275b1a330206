"""What the detail says about a paper in addition to its metadata."""

from __future__ import annotations

import asyncio

from paperreader.library import CitationCount
from paperreader.tui.controllers.papers.local_facts import LocalFacts
from paperreader.tui.widgets.paper_list.row_facts import RowFacts


async def test_what_is_stored_while_facts_are_read_is_read_too(library, ctx, monkeypatch):
    ctx.widgets.paper_list.facts, ctx.widgets.paper_list.repaint_rows = RowFacts(), lambda: None
    row, loop, reads = ctx.current_row, asyncio.get_running_loop(), []
    read = LocalFacts._read_facts

    def read_and_store(facts):
        found = read(facts)
        reads.append(found)
        if len(reads) == 1:
            library.citation_counts.add({library.table.id_of(row): CitationCount(7, "", "OpenAlex")})
            loop.call_soon_threadsafe(ctx.signals.citations_stored.emit, None)
        return found

    monkeypatch.setattr(LocalFacts, "_read_facts", read_and_store)
    facts = LocalFacts(ctx, lambda: None)
    assert facts.of(row) == ()
    ctx.tasks.run_timers()
    await ctx.tasks.wait()
    assert facts.of(row) == ("cited 7 times",) and len(reads) == 2
