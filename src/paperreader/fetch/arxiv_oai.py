"""arXiv's OAI-PMH interface: every record of a category that was created or changed on certain days.

https://info.arxiv.org/help/oa/index.html and https://www.openarchives.org/OAI/openarchivesprotocol.html. The format
`arXivRaw` states the times of all versions.
"""

from __future__ import annotations

import datetime as dt
import email.utils
from collections.abc import Iterable, Iterator
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, tostring

from paperreader.checked_values import calendar_day
from paperreader.fetch import clock
from paperreader.fetch.arxiv import shared_rate_limiter
from paperreader.fetch.arxiv_announcements import ArxivRecord, Window, plausible_time
from paperreader.fetch.endpoints import host_of
from paperreader.fetch.http.client import Client, RequestPolicy, Response
from paperreader.fetch.http.content_check import OAI
from paperreader.fetch.http.errors import FetchError
from paperreader.fetch.http.rate_limiter import CrossProcessRateLimiter
from paperreader.fetch.xml_response import parse_xml
from paperreader.text.categories import PHYSICS_ARCHIVES
from paperreader.text.cell_width import truncate_cells
from paperreader.text.ids import parse_arxiv_id
from paperreader.text.sanitize import single_line

MAX_PAGES = 500
"""Responses of one request. A page has more than a thousand records; a week of a large category has two pages."""

MIN_TIMEOUT_SECONDS = 100.0
"""The interface prepares a list for up to a minute and a half before it sends the first byte."""

UPDATE_HOURS_UTC = 6
"""The announcements of a day are published until this hour."""

UPDATE_CACHE_MINUTES = 20
"""How long responses are reused in these hours."""

_NAMESPACE = "{http://www.openarchives.org/OAI/2.0/}"
_RAW = "{http://arxiv.org/OAI/arXivRaw/}"
_PREFIX = "arXivRaw"
_BEGIN = b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords>'


class _ExpiredToken(Exception):
    """The token of the next page is not known any more, or is that of an earlier page."""


class ArxivOai:
    """Requests to the interface at `client.services.arxiv_oai_url`."""

    def __init__(self, client: Client, rate_limiter: CrossProcessRateLimiter | None = None) -> None:
        """Without `rate_limiter`, use the one in the state folder that all processes of the user share."""
        self._client = client
        self._url = client.services.arxiv_oai_url
        self._host = host_of(self._url)
        self._rate_limiter = rate_limiter or shared_rate_limiter()
        self._last_parsed: tuple[bytes, Element] = (b"", Element(""))

    @property
    def source_name(self) -> str:
        """The name of the source of its papers, without a request: what arXiv says of a paper does not depend on it."""
        return self._url.partition("://")[2]

    def generated_at(self, response: Response) -> dt.datetime | None:
        """Return when a response was generated, by its own statement: caches of the service keep it for days."""
        text = self._parse(response.data).findtext(f"{_NAMESPACE}responseDate") or ""
        try:
            return plausible_time(dt.datetime.fromisoformat(text.strip()[:40]))
        except ValueError:
            return None

    def records(self, subject: str, window: Window) -> Iterator[tuple[Response, list[ArxivRecord]]]:
        """Yield the pages of records of a category that changed in a window; none on days without changes.

        If the service does not know the next page any more, the pages are repeated from the first one.

        Raises:
            FetchError: there is no usable response.
        """
        try:
            yield from self._pages(subject, window, is_repeated=False)
        except _ExpiredToken:
            try:
                yield from self._pages(subject, window, is_repeated=True)
            except _ExpiredToken as error:
                raise FetchError(
                    f"{self._host} does not continue its list of {subject}; try again later."
                ) from error

    @staticmethod
    def document(records: Iterable[ArxivRecord]) -> bytes:
        """Return a response with some records."""
        parts = b"".join(record.content for record in records)
        return _BEGIN + parts + b"</ListRecords></OAI-PMH>"

    def _pages(
        self, subject: str, window: Window, *, is_repeated: bool
    ) -> Iterator[tuple[Response, list[ArxivRecord]]]:
        parameters = {
            "verb": "ListRecords",
            "metadataPrefix": _PREFIX,
            "set": set_of(subject),
            "from": _first_requested_day(window).isoformat(),
        }
        if not window.is_open:
            parameters["until"] = window.last.isoformat()
        tokens: set[str] = set()
        for _ in range(MAX_PAGES):
            response = self._get(parameters, from_cache=not is_repeated)
            root = self._parse(response.data)
            yield (
                response,
                [each for each in _records(root) if each.changed is None or each.changed >= window.first],
            )
            token = (root.findtext(f"{_NAMESPACE}ListRecords/{_NAMESPACE}resumptionToken") or "").strip()
            if not token:
                return
            if token in tokens:
                raise _ExpiredToken
            tokens.add(token)
            parameters = {"verb": "ListRecords", "resumptionToken": token}
        raise FetchError(f"{self._host} returned a list of {subject} without an end; try again later.")

    def _get(self, parameters: dict[str, str], *, from_cache: bool) -> Response:
        policy = RequestPolicy(
            OAI,
            lambda data: self._check_error(self._parse(data)),
            cache_valid_since=cache_valid_since if from_cache else None,
            rate_limit=self._rate_limiter.slot,
            min_timeout=MIN_TIMEOUT_SECONDS,
        )
        response = self._client.get(f"{self._url}?{urlencode(parameters)}", policy)
        if response is None:
            raise FetchError(f"{self._host} has no OAI-PMH interface; check its address.")
        return response

    def _parse(self, data: bytes) -> Element:
        """Return the root of a response.

        Raises:
            TransientError: it is incomplete.
            FetchError: it is something else.
        """
        if self._last_parsed[0] is not data:
            root = parse_xml(data, self._host, "list")
            if root.tag != f"{_NAMESPACE}OAI-PMH":
                raise FetchError(f"{self._host} returned something that is not a list of OAI-PMH.")
            self._last_parsed = (data, root)
        return self._last_parsed[1]

    def _check_error(self, root: Element) -> None:
        """Raise the error that a response states, unless it is that there are no records.

        Raises:
            _ExpiredToken: the token is not known.
            FetchError: any other error.
        """
        for error in root.findall(f"{_NAMESPACE}error"):
            code = error.get("code", "")
            if code == "badResumptionToken":
                raise _ExpiredToken
            if code != "noRecordsMatch":
                reason = truncate_cells(single_line(" ".join((error.text or code).split())).rstrip("."), 100)
                raise FetchError(f"{self._host} rejected the request: {reason or 'no reason given'}.")


def set_of(subject: str) -> str:
    """Return the set of a category or an archive: `cs:cs:CL`, `physics:hep-th`, `math`."""
    archive, dot, name = subject.partition(".")
    group = "physics" if archive in PHYSICS_ARCHIVES else archive
    if dot:
        return f"{group}:{archive}:{name}"
    return f"{group}:{archive}" if group == "physics" else archive


def cache_valid_since(now: dt.datetime) -> dt.datetime:
    """Return when the lists last changed before `now` (UTC), as far as it is known.

    They change in the hours after an announcement, at 20:00 in New York.
    """
    if now.hour < UPDATE_HOURS_UTC:
        return now - dt.timedelta(minutes=UPDATE_CACHE_MINUTES)
    return now.replace(hour=UPDATE_HOURS_UTC, minute=0, second=0, microsecond=0)


def _first_requested_day(window: Window) -> dt.date:
    """Return the first day of a window, or the one before it if there may be no records yet.

    That answer would be kept by caches of the service until the end of the day.
    """
    may_be_empty = window.is_open and window.first == window.last and clock.now().hour < UPDATE_HOURS_UTC
    return window.first - dt.timedelta(days=1) if may_be_empty else window.first


def _records(root: Element) -> Iterator[ArxivRecord]:
    """Yield the records of a response, without those that were deleted or have no id."""
    for element in root.iterfind(f"{_NAMESPACE}ListRecords/{_NAMESPACE}record"):
        header, raw = element.find(f"{_NAMESPACE}header"), element.find(f".//{_RAW}arXivRaw")
        if header is None or raw is None or not (id := parse_arxiv_id(raw.findtext(f"{_RAW}id") or "")):
            continue
        times = [_time(version.findtext(f"{_RAW}date") or "") for version in raw.iterfind(f"{_RAW}version")]
        stamp = (header.findtext(f"{_NAMESPACE}datestamp") or "").strip()[:10]
        yield ArxivRecord(
            id,
            times[0] if times else None,
            times[-1] if len(times) > 1 else None,
            calendar_day(stamp),
            tostring(element),
        )


def _time(text: str) -> dt.datetime | None:
    try:
        return plausible_time(email.utils.parsedate_to_datetime(text.strip()[:60]))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
