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
from paperreader.fetch.http.client import Client, RequestPolicy, Response
from paperreader.fetch.http.content_check import ATOM
from paperreader.fetch.http.errors import FetchError, TransientError
from paperreader.fetch.http.rate_limiter import CrossProcessRateLimiter
from paperreader.library import ServiceResponse
from paperreader.text.ids import parse_arxiv_id

PAUSE_SECONDS = 3.0
PAGE_SIZE = 200
"""Papers asked for at once; arXiv allows ten times as many, and fails more often then."""

MAX_PAPERS = 30_000
"""Beyond that the API gives nothing (user manual, section 3.1.1.1)."""

DAILY_UPDATE_HOUR = 6
"""The hour (UTC) by which arXiv's daily change is done, which begins at midnight of New York."""

_ATOM_NAMESPACE = "{http://www.w3.org/2005/Atom}"
_TOTAL_RESULTS = "{http://a9.com/-/spec/opensearch/1.1/}totalResults"
_CATEGORY = re.compile(r"[a-z]+(?:-[a-z]+)*(?:\.(?:[A-Z]{2}|[a-z]+(?:-[a-z]+)*|\*))?", re.ASCII)
_FIELD_SYNTAX = re.compile(
    r"\b(?:ti|au|abs|co|jr|cat|rn|id|all|submittedDate|lastUpdatedDate):|\b(?:AND|OR|ANDNOT)\b"
)
_QUERY_TERM = re.compile(r'"[^"]+"|[^\s"]+')


class ResultPage(Struct, frozen=True):
    """What one answer holds."""

    ids: tuple[str, ...]
    """arXiv ids without versions, in its order."""
    total: int
    """How many papers fit the question."""


class Arxiv:
    """Questions to the service at `client.services.arxiv_url`. Every method may raise `FetchError`."""

    def __init__(self, client: Client, rate_limiter: CrossProcessRateLimiter | None = None) -> None:
        """`turn` keeps the pause between requests; all programs of this user share the one of the state folder."""
        self._client = client
        self._url = f"{client.services.arxiv_url}/api/query"
        self._host = host_of(self._url)
        self._rate_limiter = rate_limiter or CrossProcessRateLimiter(
            paths.shared_state_folder(), "arxiv", PAUSE_SECONDS
        )
        self.total = 0
        """How many papers fit the question asked last."""

    def search(self, query: str, limit: int) -> Iterator[ServiceResponse]:
        """The newest papers that fit a query in arXiv's own language, at most `limit`, slice by slice."""
        found = 0
        while found < limit:
            size = min(PAGE_SIZE, limit - found)
            got = self._get(
                {"search_query": query, "start": found, "max_results": size, **_NEWEST_FIRST}, found
            )
            part = self._parse_page(got.data)
            self.total = part.total
            yield self._service_response(got)
            found += len(part.ids)
            if not part.ids or found >= min(part.total, MAX_PAPERS):
                return

    def papers(self, ids: Sequence[str]) -> Iterator[tuple[ServiceResponse, tuple[str, ...]]]:
        """What arXiv says of papers by their ids, with the ids it knew."""
        for start in range(0, len(ids), PAGE_SIZE):
            asked = ids[start : start + PAGE_SIZE]
            got = self._get({"id_list": ",".join(asked), "max_results": len(asked)}, None)
            yield self._service_response(got), self._parse_page(got.data).ids

    def _get(self, parameters: dict[str, str | int], start: int | None) -> Response:
        def check(data: bytes) -> None:
            part = self._parse_page(data)
            if start is not None and not part.ids and part.total > start:
                raise TransientError(
                    FetchError(f"{self._host} answered with an empty page; try again later.")
                )

        manner = RequestPolicy(
            ATOM, check, cache_valid_since=last_daily_update, rate_limit=self._rate_limiter.slot
        )
        got = self._client.get(f"{self._url}?{urlencode(parameters)}", manner)
        if got is None:
            raise FetchError(f"{self._host} has no such service; is its address right?")
        return got

    def _service_response(self, got: Response) -> ServiceResponse:
        # All of its answers count as one source: whatever was asked, arXiv says the same of a paper.
        return ServiceResponse(f"{self._host}/api/query", got.data, got.received_at)

    def _parse_page(self, data: bytes) -> ResultPage:
        """The ids of an answer, and how many there are in all.

        Raises:
            Passing: it is not whole.
            FetchError: it tells of an error, or is no feed.
        """
        feed = self._parse_feed(data)
        if feed.tag != f"{_ATOM_NAMESPACE}feed":
            raise FetchError(f"{self._host} answered with something that is not an Atom feed.")
        entries = feed.findall(f"{_ATOM_NAMESPACE}entry")
        named = [(entry.findtext(f"{_ATOM_NAMESPACE}id") or "").strip() for entry in entries]
        if any("/api/errors" in name for name in named):
            from paperreader.fetch.http.content_check import error_reason

            raise FetchError(
                f"{self._host} cannot answer that: {error_reason(data) or 'it gives no reason'}."
            )
        total = (feed.findtext(_TOTAL_RESULTS) or "").strip()
        known = int(total) if re.fullmatch(r"[0-9]{1,12}", total) else len(entries)
        return ResultPage(tuple(parse_arxiv_id(name) for name in named), known)

    def _parse_feed(self, data: bytes) -> Element:
        from defusedxml.common import DefusedXmlException
        from defusedxml.ElementTree import fromstring

        try:
            feed: Element = fromstring(data, forbid_dtd=True)
        except DefusedXmlException as error:
            raise FetchError(
                f"{self._host} answered with a document type or entities, as no feed has them."
            ) from error
        except (ParseError, ValueError, LookupError) as error:
            raise TransientError(
                FetchError(f"The answer of {self._host} is no whole feed; try again later.")
            ) from error
        return feed


_NEWEST_FIRST: dict[str, str | int] = {"sortBy": "submittedDate", "sortOrder": "descending"}


def last_daily_update(now: dt.datetime) -> dt.datetime:
    """When arXiv's answers changed last before `now` (UTC)."""
    change = now.replace(hour=DAILY_UPDATE_HOUR, minute=0, second=0, microsecond=0)
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
        fielded = _FIELD_SYNTAX.search(words) is not None
        parts.append(
            words.strip() if fielded else " AND ".join(f"all:{word}" for word in _QUERY_TERM.findall(words))
        )
    if not parts or not all(parts):
        raise UsageError("Say what to fetch from arXiv, with --category cs.CL or --query WORDS.")
    if since is not None:
        parts.append(f"submittedDate:[{since.replace('-', '')}0000 TO {today:%Y%m%d}2359]")
    return " AND ".join(
        f"({part})" if " " in part and len(parts) > 1 and "[" not in part else part for part in parts
    )
