"""arXiv's query API: papers by category, words and day of submission, and by their ids.

https://info.arxiv.org/help/api/user-manual.html: one request every three seconds over one connection, answers kept for
a day, since what it answers changes once a day.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, ParseError

from msgspec import Struct

from paperreader import paths
from paperreader.errors import UsageError
from paperreader.fetch.endpoints import host_of
from paperreader.fetch.http.client import Client, Got, Manner
from paperreader.fetch.http.content_check import ATOM
from paperreader.fetch.http.errors import FetchError, Passing
from paperreader.fetch.http.rate_limiter import Turn
from paperreader.library.answers import Answer
from paperreader.text.ids import arxiv_id

PAUSE_SECONDS = 3.0
SLICE = 200
"""Papers asked for at once; arXiv allows ten times as many, and fails more often then."""

MOST_PAPERS = 30_000
"""Beyond that the API gives nothing (user manual, section 3.1.1.1)."""

UPDATED_AT = 6
"""The hour (UTC) by which arXiv's daily change is done, which begins at midnight of New York."""

_ENTRY = "{http://www.w3.org/2005/Atom}"
_TOTAL = "{http://a9.com/-/spec/opensearch/1.1/}totalResults"
_CATEGORY = re.compile(r"[a-z]+(?:-[a-z]+)*(?:\.(?:[A-Z]{2}|[a-z]+(?:-[a-z]+)*|\*))?", re.ASCII)
_FIELDED = re.compile(
    r"\b(?:ti|au|abs|co|jr|cat|rn|id|all|submittedDate|lastUpdatedDate):|\b(?:AND|OR|ANDNOT)\b"
)
_WORDS = re.compile(r'"[^"]+"|[^\s"]+')


class Slice(Struct, frozen=True):
    """What one answer holds."""

    ids: tuple[str, ...]
    """arXiv ids without versions, in its order."""
    total: int
    """How many papers fit the question."""


class Arxiv:
    """Questions to the service at `client.services.arxiv_url`. Every method may raise `FetchError`."""

    def __init__(self, client: Client, turn: Turn | None = None) -> None:
        """`turn` keeps the pause between requests; all programs of this user share the one of the state folder."""
        self._client = client
        self._url = f"{client.services.arxiv_url}/api/query"
        self._host = host_of(self._url)
        self._turn = turn or Turn(paths.shared_state_folder(), "arxiv", PAUSE_SECONDS)
        self.total = 0
        """How many papers fit the question asked last."""

    def search(self, query: str, limit: int) -> Iterator[Answer]:
        """The newest papers that fit a query in arXiv's own language, at most `limit`, slice by slice."""
        found = 0
        while found < limit:
            size = min(SLICE, limit - found)
            got = self._get({"search_query": query, "start": found, "max_results": size, **_NEWEST}, found)
            part = self._slice(got.data)
            self.total = part.total
            yield self._answer(got)
            found += len(part.ids)
            if not part.ids or found >= min(part.total, MOST_PAPERS):
                return

    def papers(self, ids: Sequence[str]) -> Iterator[tuple[Answer, tuple[str, ...]]]:
        """What arXiv says of papers by their ids, with the ids it knew."""
        for start in range(0, len(ids), SLICE):
            asked = ids[start : start + SLICE]
            got = self._get({"id_list": ",".join(asked), "max_results": len(asked)}, None)
            yield self._answer(got), self._slice(got.data).ids

    def _get(self, question: dict[str, str | int], start: int | None) -> Got:
        def check(data: bytes) -> None:
            part = self._slice(data)
            if start is not None and not part.ids and part.total > start:
                raise Passing(FetchError(f"{self._host} answered with an empty page; try again later."))

        manner = Manner(ATOM, check, fresh_since=last_change, turn=self._turn.taken)
        got = self._client.get(f"{self._url}?{urlencode(question)}", manner)
        if got is None:
            raise FetchError(f"{self._host} has no such service; is its address right?")
        return got

    def _answer(self, got: Got) -> Answer:
        # All of its answers count as one source: whatever was asked, arXiv says the same of a paper.
        return Answer(f"{self._host}/api/query", got.data, got.asked)

    def _slice(self, data: bytes) -> Slice:
        """The ids of an answer, and how many there are in all.

        Raises:
            Passing: it is not whole.
            FetchError: it tells of an error, or is no feed.
        """
        feed = self._feed(data)
        if feed.tag != f"{_ENTRY}feed":
            raise FetchError(f"{self._host} answered with something that is not an Atom feed.")
        entries = feed.findall(f"{_ENTRY}entry")
        named = [(entry.findtext(f"{_ENTRY}id") or "").strip() for entry in entries]
        if any("/api/errors" in name for name in named):
            from paperreader.fetch.http.content_check import reason_in

            raise FetchError(f"{self._host} cannot answer that: {reason_in(data) or 'it gives no reason'}.")
        total = (feed.findtext(_TOTAL) or "").strip()
        known = int(total) if re.fullmatch(r"[0-9]{1,12}", total) else len(entries)
        return Slice(tuple(arxiv_id(name) for name in named), known)

    def _feed(self, data: bytes) -> Element:
        from defusedxml.common import DefusedXmlException
        from defusedxml.ElementTree import fromstring

        try:
            feed: Element = fromstring(data, forbid_dtd=True)
        except DefusedXmlException as error:
            raise FetchError(
                f"{self._host} answered with a document type or entities, as no feed has them."
            ) from error
        except (ParseError, ValueError, LookupError) as error:
            raise Passing(
                FetchError(f"The answer of {self._host} is no whole feed; try again later.")
            ) from error
        return feed


_NEWEST: dict[str, str | int] = {"sortBy": "submittedDate", "sortOrder": "descending"}


def last_change(now: dt.datetime) -> dt.datetime:
    """When arXiv's answers changed last before `now` (UTC)."""
    change = now.replace(hour=UPDATED_AT, minute=0, second=0, microsecond=0)
    return change if change <= now else change - dt.timedelta(days=1)


def query_for(categories: Sequence[str], words: str, since: str | None, today: dt.date) -> str:
    """The query for papers of any of those categories, with all those words, submitted since that day (ISO).

    Words that already are a query in arXiv's language (`ti:…`, `AND`) are taken as they are.

    Raises:
        UsageError: one of the categories is none, or nothing is asked for.
    """
    for name in categories:
        if not _CATEGORY.fullmatch(name):
            raise UsageError(f"{name} is no category of arXiv; write it as cs.CL or stat.ML.")
    parts = [" OR ".join(f"cat:{name}" for name in categories)] if categories else []
    if words.strip():
        fielded = _FIELDED.search(words) is not None
        parts.append(
            words.strip() if fielded else " AND ".join(f"all:{word}" for word in _WORDS.findall(words))
        )
    if not parts or not all(parts):
        raise UsageError("Say what to fetch from arXiv, with --category cs.CL or --query WORDS.")
    if since is not None:
        parts.append(f"submittedDate:[{since.replace('-', '')}0000 TO {today:%Y%m%d}2359]")
    return " AND ".join(
        f"({part})" if " " in part and len(parts) > 1 and "[" not in part else part for part in parts
    )
