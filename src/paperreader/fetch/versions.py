"""Ask arXiv once a day for the current versions of the bookmarked papers.

The API returns the current version of each id of `id_list`
(https://info.arxiv.org/help/api/user-manual.html, section 3.1.1.2), and rejects a request with an id that it cannot
parse.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial

from paperreader.errors import StorageError
from paperreader.fetch.arxiv import PAGE_SIZE, Arxiv
from paperreader.fetch.arxiv_announcements import ArxivRecord
from paperreader.fetch.http.client import Client, Response
from paperreader.fetch.http.errors import FetchError
from paperreader.fetch.runner import NEW_VERSIONS, FetchRequest
from paperreader.library import Library, ServiceResponse
from paperreader.models import Paper

STATE_KEY = "versions_checked"
"""Key of the local state: the day (ISO, UTC) on which arXiv was last asked."""

MAX_REJECTED = 30
"""Requests that arXiv may reject before it is not asked any more. A rejected one is divided until one id remains."""


class VersionCheck:
    """Requests for the current versions of bookmarks, on behalf of one library."""

    def __init__(self, library: Library, client: Client) -> None:
        self._library, self._api = library, Arxiv(client)

    def plan(self, today: dt.date) -> list[FetchRequest]:
        """Plan one check of all bookmarks; none if there was one `today` (UTC), or nothing is bookmarked."""
        state = self._library.state
        if state.get(STATE_KEY) == today.isoformat():
            return []
        papers = self._bookmarks()
        if not papers:
            return []

        def on_complete(_: dt.datetime | None) -> None:
            state.set(STATE_KEY, today.isoformat())

        return [FetchRequest(NEW_VERSIONS, partial(self._responses, papers), on_complete, service="arxiv")]

    def _bookmarks(self) -> dict[str, Paper]:
        """Return the bookmarked papers by their arXiv ids, in the order of the ids."""
        library = self._library
        found: list[Paper] = []
        for row, mark in library.marks.items():
            if mark.bookmarked and mark.is_listed and library.table.is_live(row):
                with suppress(StorageError):  # a damaged line, which `check` reports
                    found.append(library.paper(row))
        return {paper.arxiv: paper for paper in sorted(found, key=lambda each: each.arxiv) if paper.arxiv}

    def _responses(self, papers: Mapping[str, Paper]) -> Iterator[ServiceResponse]:
        """Yield the papers that have a newer version than the library."""
        ids = list(papers)
        for start in range(0, len(ids), PAGE_SIZE):
            for response in self._pages(ids[start : start + PAGE_SIZE]):
                records = self._api.records(response)
                newer = [each for each in records if each.id in papers and is_newer(papers[each.id], each)]
                if newer:
                    document = self._api.document(newer)
                    yield ServiceResponse(self._api.source_name, document, response.received_at)

    def _pages(self, ids: Sequence[str]) -> Iterator[Response]:
        """Yield responses with the papers of all ids that arXiv accepts.

        Raises:
            FetchError: arXiv does not respond, knows none of several papers, or rejects too many requests.
        """
        pending, rejected = [ids], 0
        while pending:
            batch = pending.pop(0)
            try:
                yield self._api.page_of(batch, may_be_empty=len(batch) == 1)
            except FetchError as error:
                rejected += 1
                if error.status != 400 or rejected > MAX_REJECTED:
                    raise
                half = len(batch) // 2
                pending[:0] = [batch[:half], batch[half:]] if half else []


def is_newer(paper: Paper, record: ArxivRecord) -> bool:
    """Return whether arXiv has a newer version than the library.

    If no source of the library states the version, it is that of the day on which the paper was added.
    """
    if paper.arxiv_version:
        return record.version > paper.arxiv_version
    updated = record.updated.astimezone(dt.UTC).date().isoformat() if record.updated else ""
    return record.version > 1 and updated > paper.added > ""
