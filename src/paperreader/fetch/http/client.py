"""Get one URL of a service: from the cache if that is still valid, else over the network, with retries."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Container, Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Literal, TypeVar
from urllib.parse import urlencode

from msgspec import Struct
from msgspec.structs import replace

from paperreader.config.settings import Fetch
from paperreader.errors import StorageError
from paperreader.fetch import clock
from paperreader.fetch.endpoints import host_of, service_hosts, user_agent
from paperreader.fetch.http import retry
from paperreader.fetch.http.cache import CachedResponse, ResponseCache
from paperreader.fetch.http.content_check import ExpectedContent, check_content
from paperreader.fetch.http.errors import FetchError, TransientError
from paperreader.fetch.http.status import status_error
from paperreader.fetch.http.transport import RawResponse, Transport

if TYPE_CHECKING:
    from paperreader.fetch.http.download import FileDownload

Result = TypeVar("Result")

_CACHE_DAMAGED = "Cached responses are damaged, and are requested again."


class Response(Struct, frozen=True):
    """A response that passed all checks."""

    data: bytes
    received_at: str
    """When the service sent or confirmed it (ISO, UTC), by its own clock if it states the time."""
    has_next_page: bool
    """Whether its `Link` header names a next page."""
    origin: Literal["network", "not modified", "cache"]
    """Whether it was sent now, was confirmed as unchanged (304), or was taken from the cache without a request."""


class RequestPolicy(Struct, frozen=True):
    """How to request one kind of response."""

    expected: ExpectedContent
    validate: Callable[[bytes], object]
    """Checks that the data is complete; raises `TransientError` or `FetchError` if not."""
    cache_valid_since: Callable[[dt.datetime], dt.datetime] | None = None
    """Given the time, returns since when a cached response is valid without a request; None: always send a request."""
    rate_limit: Callable[[], AbstractContextManager[None]] = nullcontext
    """Entered for the duration of each request."""
    min_timeout: float = 0.0
    """Seconds without data to wait for in any case, for a service that is slow."""
    headers: Mapping[str, str] = {}
    """Sent to the host of the request only, such as a key."""
    secret_parameters: Mapping[str, str] = {}
    """Added to the URL of the request only, such as a key: the response is stored without them."""


class Client:
    """Requests with retries, rate limits and a cache. Use it as a context manager.

    Args:
        services: URLs, contact address and timeout.
        cache: where responses are stored.
        sleep: sleeps for a number of seconds.
        on_wait: called with the number of seconds before each sleep.
    """

    def __init__(
        self,
        services: Fetch,
        cache: ResponseCache,
        *,
        sleep: Callable[[float], None] = time.sleep,
        on_wait: Callable[[float], None] = lambda _: None,
    ) -> None:
        self.services = services
        self.warnings: list[str] = []
        """Messages for the user about problems that did not make a request fail."""
        self.service_times: list[dt.datetime | None] = []
        """The times in the `Date` headers of all responses (RFC 9110, section 6.6.1), None where it was missing.

        Callers clear the list.
        """
        self.time_comparison: tuple[str, dt.datetime, dt.datetime] | None = None
        """The host of the last response that stated the time, the time here when it arrived, and the stated time."""
        self._cache, self._sleep, self._on_wait = cache, sleep, on_wait
        self._rate_limits = retry.HostRateLimits()
        self._transport = Transport(services.timeout, partial(user_agent, services), self._rate_limits)

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._transport.close()

    def get(self, url: str, policy: RequestPolicy) -> Response | None:
        """Return the response for `url`, or None if the service says that there is none (404, 410).

        Raises:
            FetchError: there is no usable response.
            StorageError: the rate limiter cannot write its state.
        """
        cached = self._cache.find(url)
        if self._cache.found_damage and _CACHE_DAMAGED not in self.warnings:
            self.warnings.append(_CACHE_DAMAGED)
        now = clock.now()
        if cached is not None and policy.cache_valid_since is not None:
            confirmed = _parse_timestamp(cached.confirmed_at)
            if confirmed is not None and policy.cache_valid_since(now) <= confirmed <= now:
                return Response(cached.data, cached.confirmed_at, False, "cache")
        return self._with_retries(url, policy.rate_limit, lambda: self._request_once(url, policy, cached))

    def cached(self, url: str) -> Response | None:
        """Return the last response for `url`, however old it is; None if there is none."""
        known = self._cache.find(url)
        return Response(known.data, known.confirmed_at, False, "cache") if known is not None else None

    def download(
        self,
        url: str,
        download: FileDownload,
        *,
        rate_limit: Callable[[], AbstractContextManager[None]] = nullcontext,
        etag: str = "",
        no_content: Container[int] = (404, 410),
    ) -> int:
        """Write what is at `url` to a file, and return the status: 200, one of `no_content`, or 304.

        The URL may come from a paper: only the hosts of the services may be on this machine or in a private network.

        Args:
            url: http or https.
            download: what to write.
            rate_limit: entered for the duration of each request.
            etag: the validator of what is known; if the service still has that, the status is 304.
            no_content: statuses that say that there is nothing.

        Raises:
            FetchError: there is no usable response.
            StorageError: the rate limiter cannot write its state.
            OSError: the file cannot be written.
        """
        headers = {"Accept": f"{download.expected.accept}, */*;q=0.1"}
        conditions = {host_of(url): {"If-None-Match": etag}} if etag else {}
        is_configured = host_of(url) in service_hosts(self.services)

        def request() -> int:
            raw = self._transport.request(
                url, headers, conditions, download=download, is_configured=is_configured
            )
            if raw.status != 200 and raw.status not in no_content and not (raw.status == 304 and etag):
                raise status_error(raw)
            return raw.status

        return self._with_retries(url, rate_limit, request)

    def post(
        self,
        url: str,
        body: bytes,
        headers: Mapping[str, str],
        *,
        expected: ExpectedContent | None = None,
        rate_limit: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> RawResponse:
        """Send `body` to `url`, and return the response of a success. A failed request is not repeated.

        Args:
            url: of a service of the settings. Redirects are not followed.
            body: what to send.
            headers: sent to this host only.
            expected: the format of the response; without it, any.
            rate_limit: entered for the duration of the request.

        Raises:
            FetchError: the service did not accept it.
            StorageError: the rate limiter cannot write its state.
        """
        try:
            with rate_limit():
                raw = self._transport.request(url, {}, {host_of(url): headers}, body=body)
            if raw.status >= 300:
                raise status_error(raw)
            if expected is not None:
                check_content(raw.data, raw.headers.get("content-type", ""), expected, raw.host)
        except TransientError as failure:
            raise failure.error from failure
        return raw

    def _with_retries(
        self, url: str, rate_limit: Callable[[], AbstractContextManager[None]], request: Callable[[], Result]
    ) -> Result:
        for attempt in range(retry.MAX_ATTEMPTS):
            try:
                self._wait_for_host(host_of(url))
                with rate_limit():
                    return request()
            except TransientError as failure:
                wait = retry.backoff_seconds(attempt) if failure.retry_after is None else failure.retry_after
                if attempt + 1 >= failure.max_attempts or wait > retry.MAX_WAIT_SECONDS:
                    raise failure.error from failure
                self._pause(wait)
        raise AssertionError("the last attempt returns or raises")

    def _request_once(
        self, url: str, policy: RequestPolicy, cached: CachedResponse | None
    ) -> Response | None:
        accept = f"{policy.expected.accept}, */*;q=0.1"
        conditions = {(cached.host or host_of(url)): cached.validators} if cached else {}
        if policy.headers:
            host = host_of(url)
            conditions[host] = {**conditions.get(host, {}), **policy.headers}
        secret = urlencode(policy.secret_parameters)
        sent_url = f"{url}{'&' if '?' in url else '?'}{secret}" if secret else url
        raw = self._transport.request(
            sent_url, {"Accept": accept}, conditions, min_timeout=policy.min_timeout
        )
        service_time = retry.service_time(raw.headers)
        self.service_times.append(service_time)
        if service_time is not None:
            self.time_comparison = (raw.host, clock.now(), service_time)
        confirmed_at = _format_timestamp(clock.now())
        received_at = _format_timestamp(service_time or clock.now())
        link = raw.headers.get("link", "").replace("rel=next", 'rel="next"')
        has_next_page = 'rel="next"' in link
        if raw.status == 304:
            if cached is None or raw.host != (cached.host or host_of(url)) or not cached.validators:
                raise TransientError(
                    FetchError(f"{raw.host} sent 304 (not modified) to an unconditional request.")
                )
            self._store(replace(cached, confirmed_at=confirmed_at))
            return Response(cached.data, received_at, has_next_page, "not modified")
        if raw.status in (404, 410):
            return None
        if raw.status != 200:
            raise status_error(raw)
        content_type = raw.headers.get("content-type", "")
        check_content(raw.data, content_type, policy.expected, raw.host)
        policy.validate(raw.data)
        etag, last_modified = (raw.headers.get(name, "") for name in ("etag", "last-modified"))
        self._store(
            CachedResponse(url, confirmed_at, raw.data, etag, last_modified, content_type, host=raw.host)
        )
        return Response(raw.data, received_at, has_next_page, "network")

    def _wait_for_host(self, host: str) -> None:
        """Wait until the rate limit of a host resets.

        Raises:
            FetchError: that is too far in the future.
        """
        wait = self._rate_limits.pop_wait(host)
        if wait > retry.MAX_WAIT_SECONDS:
            raise FetchError(
                f"The rate limit of {host} is exhausted; try again in {round(wait / 60)} minutes.",
                service_unavailable=True,
            )
        if wait > 0:
            self._pause(wait)

    def _pause(self, seconds: float) -> None:
        self._on_wait(seconds)
        self._sleep(seconds)

    def _store(self, response: CachedResponse) -> None:
        try:
            self._cache.store(response)
        except StorageError as error:
            message = f"Responses cannot be cached: {error}"
            if message not in self.warnings:
                self.warnings.append(message)


def _format_timestamp(time: dt.datetime) -> str:
    return time.isoformat(timespec="seconds").replace("+00:00", "Z")


def _parse_timestamp(text: str) -> dt.datetime | None:
    """Parse an ISO date and time with time zone; None if it is not one."""
    try:
        timestamp = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return timestamp if timestamp.tzinfo else None
