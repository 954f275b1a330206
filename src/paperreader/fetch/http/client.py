"""Asking one service for one address: patient, bounded, and never twice for what is known."""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from types import TracebackType
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from paperreader.config.settings import Fetch
from paperreader.errors import StorageError
from paperreader.fetch import clock
from paperreader.fetch.endpoints import host_of, user_agent
from paperreader.fetch.http import redirects, retry
from paperreader.fetch.http.cache import CachedResponse, ResponseCache
from paperreader.fetch.http.content_check import ExpectedContent, check_content, error_reason
from paperreader.fetch.http.errors import FetchError, TransientError
from paperreader.fetch.http.response_body import read_bounded
from paperreader.fetch.http.watch import Deadline

if TYPE_CHECKING:
    import httpx2

TOTAL_TIMEOUT_FACTOR = 6
"""An answer may take so many times as long as a silence may: slow lines are waited for, endless dribbles are not."""

_ERROR_LOCATION = re.compile(r"^\[[^\]]{1,60}\] | \(_ssl\.c:[0-9]+\)$")
"""What the system puts around its words for programmers."""

UNREACHABLE_ATTEMPTS = 2
"""A person waits for every one of them."""

CONNECT_TIMEOUT_SECONDS = 10.0
"""Longest wait for a connection; a silence that is given up sooner makes it shorter."""


class Response(Struct, frozen=True):
    """What a service said."""

    data: bytes
    received_at: str
    """When it said so (ISO, UTC)."""
    has_next_page: bool
    """Whether it says that another page follows."""
    origin: Literal["answered", "unchanged", "remembered"]
    """Whether it was sent, is still what was sent before, or was not asked for again."""


class RequestPolicy(Struct, frozen=True):
    """How one kind of question is asked."""

    expected: ExpectedContent
    """What the answer has to be."""
    validate: Callable[[bytes], object]
    """Looks whether it is whole; raises `Passing` or `FetchError`."""
    cache_valid_since: Callable[[dt.datetime], dt.datetime] | None = None
    """Gives the moment since which a kept answer holds without being asked again; None: it is always asked again."""
    rate_limit: Callable[[], AbstractContextManager[None]] = nullcontext
    """Held while the service is asked."""


class RawResponse(Struct, frozen=True):
    """What came over the line for one request."""

    status: int
    headers: Mapping[str, str]
    data: bytes


class Client:
    """Asks over one connection a service. Use it as a context manager.

    Args:
        services: who is asked, and how patiently.
        cache: where answers are kept.
        sleep: waits so many seconds.
        waits: hears beforehand for how many seconds a service is left alone.
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
        """What a person should be told once, though nothing failed."""
        self._cache, self._sleep, self._on_wait = cache, sleep, on_wait
        self._not_before: dict[str, float] = {}
        self._connections: dict[str, httpx2.Client] = {}
        """By scheme."""
        self._deadlines: dict[str, Deadline] = {}

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        while self._connections:
            self._connections.popitem()[1].close()

    def get(self, url: str, policy: RequestPolicy) -> Response | None:
        """What stands at an address; None where the service says that there is nothing (404).

        Raises:
            FetchError: there is no answer that can be used.
            StorageError: a turn could not be taken.
        """
        kept = self._cache.find(url)
        now = clock.now()
        if kept is not None and policy.cache_valid_since is not None:
            asked = _parse_timestamp(kept.asked)
            if asked is not None and policy.cache_valid_since(now) <= asked <= now:
                return Response(kept.data, kept.asked, False, "remembered")
        for attempt in range(retry.MAX_ATTEMPTS):
            try:
                self._wait_for_host(host_of(url))
                with policy.rate_limit():
                    return self._request_once(url, policy, kept)
            except TransientError as failure:
                wait = retry.backoff_seconds(attempt) if failure.retry_after is None else failure.retry_after
                if attempt + 1 >= failure.max_attempts or wait > retry.MAX_WAIT_SECONDS:
                    raise failure.error from failure
                self._pause(wait)
        raise AssertionError("the last attempt returns or raises")

    def _request_once(
        self, url: str, policy: RequestPolicy, cached: CachedResponse | None
    ) -> Response | None:
        reply, host = self._follow_redirects(url, policy, cached)
        asked = clock.now().isoformat(timespec="seconds").replace("+00:00", "Z")
        more = 'rel="next"' in reply.headers.get("link", "").replace("rel=next", 'rel="next"')
        if reply.status == 304:
            if cached is None:
                raise TransientError(
                    FetchError(f"{host} says that nothing has changed, of an answer it never gave.")
                )
            self._store(replace(cached, asked=asked))
            return Response(cached.data, asked, more, "unchanged")
        if reply.status in (404, 410):
            return None
        if reply.status != 200:
            raise self._status_error(reply, host)
        check_content(reply.data, reply.headers.get("content-type", ""), policy.expected, host)
        policy.validate(reply.data)
        etag, modified = (reply.headers.get(name, "") for name in ("etag", "last-modified"))
        self._store(
            CachedResponse(url, asked, reply.data, etag, modified, reply.headers.get("content-type", ""))
        )
        return Response(reply.data, asked, more, "answered")

    def _follow_redirects(
        self, url: str, policy: RequestPolicy, cached: CachedResponse | None
    ) -> tuple[RawResponse, str]:
        """The reply behind however many redirects, and the host that gave it."""
        headers = {"Accept": f"{policy.expected.accept}, */*;q=0.1", **(cached.validators if cached else {})}
        ends = time.monotonic() + TOTAL_TIMEOUT_FACTOR * self.services.timeout
        for _ in range(redirects.MAX_REDIRECTS + 1):
            reply = self._send(url, headers, ends)
            if not redirects.is_redirect(reply.status):
                return reply, host_of(url)
            url = redirects.redirect_target(url, reply.headers.get("location", ""))
        raise FetchError(
            f"{host_of(url)} redirects in circles, or more than {redirects.MAX_REDIRECTS} times."
        )

    def _send(self, url: str, headers: Mapping[str, str], expires_at: float) -> RawResponse:
        import httpx2

        host, patience = host_of(url), self.services.timeout
        timeout = httpx2.Timeout(patience, connect=min(CONNECT_TIMEOUT_SECONDS, patience))
        watch = self._deadlines.setdefault(urlsplit(url).scheme, Deadline())
        asked = self._connection(url).stream(
            "GET", url, headers=headers, timeout=timeout, extensions={"trace": watch.trace}
        )
        try:
            with watch.enforce(expires_at), asked as response:
                self._apply_rate_limit(host, response.headers)
                packing, length = (
                    response.headers.get(f"content-{what}", "") for what in ("encoding", "length")
                )
                data = read_bounded(response.iter_raw(), host, packing, length)
                _check_time_left(expires_at, host)
                return RawResponse(response.status_code, response.headers, data)
        except httpx2.TimeoutException as error:
            late = FetchError(
                f"{host} did not answer within {patience:g} seconds; try again later.",
                service_unavailable=True,
            )
            raise TransientError(late, max_attempts=UNREACHABLE_ATTEMPTS) from error
        except httpx2.ConnectError as error:
            if "SSL" in str(error):
                unsafe = (
                    f"No secure connection to {host} can be made ({_describe(error)}); is its address right?"
                )
                raise FetchError(unsafe, service_unavailable=True) from error
            gone = FetchError(
                f"{host} cannot be reached ({_describe(error)}); is there a network?",
                service_unavailable=True,
            )
            raise TransientError(gone, max_attempts=UNREACHABLE_ATTEMPTS) from error
        except httpx2.TransportError as error:
            _check_time_left(expires_at, host)
            raise TransientError(FetchError(f"The answer of {host} broke off; try again later.")) from error
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
            raise FetchError(f"{host} cannot be asked ({_describe(error)}).") from error

    def _connection(self, url: str) -> httpx2.Client:
        import ssl

        import httpx2  # 70 ms, and only what goes to the network needs it

        scheme = urlsplit(url).scheme
        if scheme not in self._connections:
            # `Accept-Encoding` is no more than what `gathered` unpacks. Without TLS no certificate is looked at, and
            # reading the system's takes 40 ms: a context that trusts nobody does.
            self._connections[scheme] = httpx2.Client(
                headers={"User-Agent": user_agent(self.services), "Accept-Encoding": "gzip"},
                limits=httpx2.Limits(max_connections=1),
                verify=True if scheme == "https" else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            )
        self._connections[scheme].cookies.clear()  # they are of no use to anybody here
        return self._connections[scheme]

    def _status_error(self, reply: RawResponse, host: str) -> Exception:
        """What to make of a status that is no answer."""
        why = error_reason(reply.data)
        told = f"{reply.status}: {why}" if why else str(reply.status)
        wait = retry.retry_after_seconds(reply.headers, clock.now())
        if reply.status == 429:
            wait = retry.seconds_until_reset(reply.headers) or None if wait is None else wait
            when = f"in {round(wait / 60)} minutes" if wait and wait > retry.MAX_WAIT_SECONDS else "later"
            return TransientError(
                FetchError(f"{host} is being asked too much; try again {when}.", service_unavailable=True),
                wait,
            )
        if reply.status >= 500 or reply.status in (408, 425):
            trouble = f"{host} has trouble of its own ({told}); try again later."
            return TransientError(FetchError(trouble, service_unavailable=True), wait)
        return FetchError(f"{host} refuses to answer ({told}).")

    def _apply_rate_limit(self, host: str, headers: Mapping[str, str]) -> None:
        if reset := retry.seconds_until_reset(headers):
            self._not_before[host] = time.monotonic() + reset

    def _wait_for_host(self, host: str) -> None:
        """Leave a host alone that said so.

        Raises:
            FetchError: for longer than a person waits.
        """
        wait = self._not_before.pop(host, 0.0) - time.monotonic()
        if wait > retry.MAX_WAIT_SECONDS:
            raise FetchError(
                f"{host} answers no more questions for now; try again in {round(wait / 60)} minutes.",
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
            if not self.warnings:
                self.warnings.append(f"Answers are not kept for the next time: {error}")


def _check_time_left(expires_at: float, host: str) -> None:
    """Say nothing while there is time.

    Raises:
        FetchError: there is none left, and the connection was broken off for it.
    """
    if time.monotonic() >= expires_at:
        raise FetchError(f"{host} sends its answer too slowly; try again later.", service_unavailable=True)


def _parse_timestamp(text: str) -> dt.datetime | None:
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _describe(error: Exception) -> str:
    from paperreader.text.cell_width import truncate_cells
    from paperreader.text.sanitize import single_line

    words = _ERROR_LOCATION.sub("", single_line(str(error))).rstrip(".")
    return truncate_cells(words[:1].lower() + words[1:], 100) or type(error).__name__
