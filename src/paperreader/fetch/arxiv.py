"""arXiv's query API: papers by category, words and submission date, and by id.

The user manual (https://info.arxiv.org/help/api/user-manual.html) asks for one request every three seconds over one
connection. Responses change once a day, so they are cached until the next daily update.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlencode
from xml.etree.ElementTree import tostring

from msgspec import Struct

from paperreader import paths
from paperreader.errors import UsageError
from paperreader.fetch.arxiv_announcements import ArxivRecord, plausible_time
from paperreader.fetch.endpoints import host_of
from paperreader.fetch.http.client import Client, RequestPolicy, Response
from paperreader.fetch.http.content_check import ATOM, error_reason
from paperreader.fetch.http.errors import FetchError, TransientError
from paperreader.fetch.http.rate_limiter import CrossProcessRateLimiter
from paperreader.fetch.xml_response import parse_xml
from paperreader.library import ServiceResponse
from paperreader.text.ids import parse_arxiv_id, parse_arxiv_version

REQUEST_INTERVAL_SECONDS = 3.0

CRAWL_DELAY_SECONDS = 15.0
"""Between two pages or PDFs of a batch, as https://arxiv.org/robots.txt asks of programs that nobody waits for."""

PAGE_SIZE = 200
"""Papers per request. arXiv allows ten times as many, but then fails more often."""

MAX_PAPERS = 30_000
"""The API returns no results beyond this (user manual, section 3.1.1.1)."""

DAILY_UPDATE_HOUR = 6
"""The hour (UTC) by which arXiv's daily update, which starts at midnight in New York, has finished."""

_ATOM_NAMESPACE = "{http://www.w3.org/2005/Atom}"
_TOTAL_RESULTS = "{http://a9.com/-/spec/opensearch/1.1/}totalResults"
_CATEGORY = re.compile(r"[a-z]+(?:-[a-z]+)*(?:\.(?:[A-Z]{2}|[a-z]+(?:-[a-z]+)*|\*))?", re.ASCII)
_FIELD_SYNTAX = re.compile(
    r"\b(?:ti|au|abs|co|jr|cat|rn|id|all|submittedDate|lastUpdatedDate):|\b(?:AND|OR|ANDNOT)\b"
)
_QUERY_TERM = re.compile(r'"[^"]+"|[^\s"]+')
_NEWEST_FIRST: dict[str, str | int] = {"sortBy": "submittedDate", "sortOrder": "descending"}


class ResultPage(Struct, frozen=True):
    """One page of results."""

    ids: tuple[str, ...]
    """arXiv ids without versions, in the order of the page."""
    total: int
    """Number of matching papers on all pages."""


class Arxiv:
    """Requests to the service at `client.services.arxiv_url`. Every method may raise `FetchError`."""

    def __init__(self, client: Client, rate_limiter: CrossProcessRateLimiter | None = None) -> None:
        """Without `rate_limiter`, use the one in the state folder that all processes of the user share."""
        self._client = client
        self._url = f"{client.services.arxiv_url}/api/query"
        self._host = host_of(self._url)
        self._rate_limiter = rate_limiter or shared_rate_limiter()
        self.total = 0
        """Number of papers that match the last search."""

    @property
    def source_name(self) -> str:
        """The name of the source of its papers, without a request: what arXiv says of a paper does not depend on it."""
        return f"{self._host}/api/query"

    def search(self, query: str, limit: int) -> Iterator[ServiceResponse]:
        """Yield the newest papers that match a query in arXiv's syntax, page by page, at most `limit` papers."""
        return map(self._service_response, self.pages(query, limit))

    def pages(self, query: str, limit: int = MAX_PAPERS) -> Iterator[Response]:
        """Yield the same as responses of the API."""
        found = 0
        while found < limit:
            size = min(PAGE_SIZE, limit - found)
            parameters = {"search_query": query, "start": found, "max_results": size, **_NEWEST_FIRST}
            response = self._get(parameters, found)
            page = self._parse_page(response.data)
            self.total = page.total
            yield response
            found += len(page.ids)
            if not page.ids or found >= min(page.total, MAX_PAPERS):
                return

    def search_page(self, query: str, start: int, size: int) -> tuple[ServiceResponse, int, int]:
        """Return the best results of a query in arXiv's syntax: the response, its number of papers, and the total."""
        parameters: dict[str, str | int] = {"search_query": query, "start": start, "max_results": size}
        response = self._get({**parameters, "sortBy": "relevance", "sortOrder": "descending"}, None)
        page = self._parse_page(response.data)
        return self._service_response(response), len(page.ids), min(page.total, MAX_PAPERS)

    def records(self, response: Response) -> list[ArxivRecord]:
        """Return the papers of a page."""
        feed = parse_xml(response.data, self._host, "feed")
        records: list[ArxivRecord] = []
        for entry in feed.iterfind(f"{_ATOM_NAMESPACE}entry"):
            url = (entry.findtext(f"{_ATOM_NAMESPACE}id") or "").strip()
            if id := parse_arxiv_id(url):
                submitted = _parse_time(entry.findtext(f"{_ATOM_NAMESPACE}published") or "")
                updated = _parse_time(entry.findtext(f"{_ATOM_NAMESPACE}updated") or "")
                version = parse_arxiv_version(url)
                records.append(
                    ArxivRecord(id, submitted, None, None, tostring(entry), version=version, updated=updated)
                )
        return records

    @staticmethod
    def document(records: Iterable[ArxivRecord]) -> bytes:
        """Return a feed with some papers."""
        return b'<feed xmlns="http://www.w3.org/2005/Atom">%s</feed>' % b"".join(
            record.content for record in records
        )

    def papers(self, ids: Sequence[str]) -> Iterator[tuple[ServiceResponse, tuple[str, ...]]]:
        """Yield papers by id, each response with the ids that arXiv knows."""
        for start in range(0, len(ids), PAGE_SIZE):
            batch = ids[start : start + PAGE_SIZE]
            response = self.page_of(batch)
            yield self._service_response(response), self._parse_page(response.data).ids

    def page_of(self, ids: Sequence[str], *, may_be_empty: bool = True) -> Response:
        """Return the papers with at most `PAGE_SIZE` ids, without those that arXiv does not know.

        Without `may_be_empty`, it is an error if that is all of them.
        """
        start = None if may_be_empty else -1
        return self._get({"id_list": ",".join(ids), "max_results": len(ids)}, start)

    def _get(self, parameters: dict[str, str | int], start: int | None) -> Response:
        def validate(data: bytes) -> None:
            page = self._parse_page(data)
            if start is not None and not page.ids and page.total > start:
                raise TransientError(FetchError(f"{self._host} returned an empty page; try again later."))

        policy = RequestPolicy(
            ATOM, validate, cache_valid_since=last_daily_update, rate_limit=self._rate_limiter.slot
        )
        response = self._client.get(f"{self._url}?{urlencode(parameters)}", policy)
        if response is None:
            raise FetchError(f"{self._host} has no query API; check its address.")
        return response

    def _service_response(self, response: Response) -> ServiceResponse:
        return ServiceResponse(self.source_name, response.data, response.received_at)

    def _parse_page(self, data: bytes) -> ResultPage:
        """Return the ids on a page and the total number of results.

        Raises:
            TransientError: the feed is incomplete.
            FetchError: it is not a feed, or reports an error.
        """
        feed = parse_xml(data, self._host, "feed")
        if feed.tag != f"{_ATOM_NAMESPACE}feed":
            raise FetchError(f"{self._host} returned something that is not an Atom feed.")
        entries = feed.findall(f"{_ATOM_NAMESPACE}entry")
        urls = [(entry.findtext(f"{_ATOM_NAMESPACE}id") or "").strip() for entry in entries]
        if any("/api/errors" in url for url in urls):
            reason = error_reason(data) or "no reason given"
            raise FetchError(f"{self._host} rejected the query: {reason}.", status=400)
        total = (feed.findtext(_TOTAL_RESULTS) or "").strip()
        count = int(total) if re.fullmatch(r"[0-9]{1,12}", total) else len(entries)
        return ResultPage(tuple(parse_arxiv_id(url) for url in urls), count)


def shared_rate_limiter() -> CrossProcessRateLimiter:
    """Return the limiter of all requests to arXiv, which all processes of the user share.

    The terms of use count its interfaces as one (https://info.arxiv.org/help/api/tou.html).
    """
    return CrossProcessRateLimiter(paths.shared_state_folder(), "arxiv", REQUEST_INTERVAL_SECONDS)


def page_rate_limiter() -> CrossProcessRateLimiter:
    """Return the limiter of pages and PDFs that are fetched in a batch, across all processes of the user."""
    return CrossProcessRateLimiter(paths.shared_state_folder(), "arxiv-pages", CRAWL_DELAY_SECONDS)


def last_daily_update(now: dt.datetime) -> dt.datetime:
    """Return when arXiv's responses last changed before `now` (UTC)."""
    update = now.replace(hour=DAILY_UPDATE_HOUR, minute=0, second=0, microsecond=0)
    return update if update <= now else update - dt.timedelta(days=1)


def _parse_time(text: str) -> dt.datetime | None:
    try:
        return plausible_time(dt.datetime.fromisoformat(text.strip()[:40]))
    except ValueError:
        return None


def query_for(categories: Sequence[str], words: str, since: str | None, today: dt.date) -> str:
    """Build a query for papers in any of the categories, with all the words, submitted since an ISO day.

    Words that already use arXiv's query syntax (`ti:…`, `AND`) are passed on unchanged.

    Raises:
        UsageError: a category is invalid, or there are neither categories nor words.
    """
    for name in categories:
        if not _CATEGORY.fullmatch(name):
            raise UsageError(f"{name} is not an arXiv category; use the form cs.CL or stat.ML.")
    parts = [" OR ".join(f"cat:{name}" for name in categories)] if categories else []
    if words.strip():
        if _FIELD_SYNTAX.search(words):
            parts.append(words.strip())
        else:
            parts.append(" AND ".join(f"all:{word}" for word in _QUERY_TERM.findall(words)))
    if not parts or not all(parts):
        raise UsageError("Nothing to fetch from arXiv; use --category cs.CL or --query WORDS.")
    if since is not None:
        parts.append(f"submittedDate:[{since.replace('-', '')}0000 TO {today:%Y%m%d}2359]")
    return " AND ".join(
        f"({part})" if " " in part and len(parts) > 1 and "[" not in part else part for part in parts
    )
