"""A paper list as the only widget of a screen."""

from __future__ import annotations

import datetime
from contextlib import asynccontextmanager

from paperreader.tui.widgets.paper_list.widget import PaperList
from tests.tui.fakes import FakeTable, WidgetApp, make_paper

TODAY = datetime.date(2025, 10, 4)


def table_of_days(*counts):
    """Return a table with the given number of papers for each day, newest first."""
    papers = []
    for age, count in enumerate(counts):
        papers += [make_paper(len(papers) + n, listed=f"2025-10-{20 - age:02}") for n in range(count)]
    return FakeTable(papers)


@asynccontextmanager
async def open_list(table=None, marks=None, *, size=(80, 24), rows=None, **options):
    """Show a paper list in a `WidgetApp`, which records its messages."""
    papers = PaperList()
    app = WidgetApp(papers)
    async with app.run_test(size=size) as pilot:
        table = table or table_of_days(100)
        papers.show(table, marks or {}, table.newest if rows is None else rows, today=TODAY, **options)
        await pilot.pause()
        papers.pilot = pilot
        yield papers


async def activated_rows(papers):
    """Return the rows of the `Activated` messages since the last call."""
    await papers.pilot.pause()
    found = [message.row for message in papers.app.messages if isinstance(message, PaperList.Activated)]
    papers.app.messages.clear()
    return found
