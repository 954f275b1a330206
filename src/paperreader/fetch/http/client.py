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
from paperreader.fetch.endpoints import agent, host_of
from paperreader.fetch.http import redirects, retry
from paperreader.fetch.http.cache import AnswerCache, Kept
from paperreader.fetch.http.content_check import Form, look_at, reason_in
from paperreader.fetch.http.errors import FetchError, Passing
from paperreader.fetch.http.response_body import gathered
from paperreader.fetch.http.watch import Watch

if TYPE_CHECKING:
    import httpx2

WHOLE_TIMES = 6
"""An answer may take so many times as long as a silence may: slow lines are waited for, endless dribbles are not."""

_PLACE = re.compile(r"^\[[^\]]{1,60}\] | \(_ssl\.c:[0-9]+\)$")
"""What the system puts around its words for programmers."""

SLOW_ATTEMPTS = 2
"""A person waits for every one of them."""

CONNECT_SECONDS = 10.0
"""Longest wait for a connection; a silence that is given up sooner makes it shorter."""


class Got(Struct, frozen=True):
    """What a service said."""

    data: bytes
    asked: str
    """When it said so (ISO, UTC)."""
    more: bool
    """Whether it says that another page follows."""
    how: Literal["answered", "unchanged", "remembered"]
    """Whether it was sent, is still what was sent before, or was not asked for again."""


class Manner(Struct, frozen=True):
    """How one kind of question is asked."""

    form: Form
    """What the answer has to be."""
    check: Callable[[bytes], object]
    """Looks whether it is whole; raises `Passing` or `FetchError`."""
    fresh_since: Callable[[dt.datetime], dt.datetime] | None = None
    """Gives the moment since which a kept answer holds without being asked again; None: it is always asked again."""
    turn: Callable[[], AbstractContextManager[None]] = nullcontext
    """Held while the service is asked."""


class Reply(Struct, frozen=True):
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
        cache: AnswerCache,
        *,
        sleep: Callable[[float], None] = time.sleep,
        waits: Callable[[float], None] = lambda _: None,
    ) -> None:
        self.services = services
        self.notices: list[str] = []
        """What a person should be told once, though nothing failed."""
        self._cache, self._sleep, self._waits = cache, sleep, waits
        self._not_before: dict[str, float] = {}
        self._opened: dict[str, httpx2.Client] = {}
        """By scheme."""
        self._watches: dict[str, Watch] = {}

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        while self._opened:
            self._opened.popitem()[1].close()

    def get(self, url: str, manner: Manner) -> Got | None:
        """What stands at an address; None where the service says that there is nothing (404).

        Raises:
            FetchError: there is no answer that can be used.
            StorageError: a turn could not be taken.
        """
        kept = self._cache.find(url)
        now = clock.now()
        if kept is not None and manner.fresh_since is not None:
            asked = _moment(kept.asked)
            if asked is not None and manner.fresh_since(now) <= asked <= now:
                return Got(kept.data, kept.asked, False, "remembered")
        for attempt in range(retry.ATTEMPTS):
            try:
                self._wait_for(host_of(url))
                with manner.turn():
                    return self._answer(url, manner, kept)
            except Passing as failure:
                wait = retry.pause(attempt) if failure.wait is None else failure.wait
                if attempt + 1 >= failure.attempts or wait > retry.LONGEST_WAIT:
                    raise failure.error from failure
                self._pause(wait)
        raise AssertionError("the last attempt returns or raises")

    def _answer(self, url: str, manner: Manner, kept: Kept | None) -> Got | None:
        reply, host = self._ask(url, manner, kept)
        asked = clock.now().isoformat(timespec="seconds").replace("+00:00", "Z")
        more = 'rel="next"' in reply.headers.get("link", "").replace("rel=next", 'rel="next"')
        if reply.status == 304:
            if kept is None:
                raise Passing(
                    FetchError(f"{host} says that nothing has changed, of an answer it never gave.")
                )
            self._keep(replace(kept, asked=asked))
            return Got(kept.data, asked, more, "unchanged")
        if reply.status in (404, 410):
            return None
        if reply.status != 200:
            raise self._refusal(reply, host)
        look_at(reply.data, reply.headers.get("content-type", ""), manner.form, host)
        manner.check(reply.data)
        etag, modified = (reply.headers.get(name, "") for name in ("etag", "last-modified"))
        self._keep(Kept(url, asked, reply.data, etag, modified, reply.headers.get("content-type", "")))
        return Got(reply.data, asked, more, "answered")

    def _ask(self, url: str, manner: Manner, kept: Kept | None) -> tuple[Reply, str]:
        """The reply behind however many redirects, and the host that gave it."""
        headers = {"Accept": f"{manner.form.accept}, */*;q=0.1", **(kept.validators if kept else {})}
        ends = time.monotonic() + WHOLE_TIMES * self.services.timeout
        for _ in range(redirects.MOST + 1):
            reply = self._send(url, headers, ends)
            if not redirects.is_one(reply.status):
                return reply, host_of(url)
            url = redirects.target(url, reply.headers.get("location", ""))
        raise FetchError(f"{host_of(url)} redirects in circles, or more than {redirects.MOST} times.")

    def _send(self, url: str, headers: Mapping[str, str], ends: float) -> Reply:
        import httpx2

        host, patience = host_of(url), self.services.timeout
        timeout = httpx2.Timeout(patience, connect=min(CONNECT_SECONDS, patience))
        watch = self._watches.setdefault(urlsplit(url).scheme, Watch())
        asked = self._connection(url).stream(
            "GET", url, headers=headers, timeout=timeout, extensions={"trace": watch.notice}
        )
        try:
            with watch.until(ends), asked as response:
                self._heed(host, response.headers)
                packing, length = (
                    response.headers.get(f"content-{what}", "") for what in ("encoding", "length")
                )
                data = gathered(response.iter_raw(), host, packing, length)
                _in_time(ends, host)
                return Reply(response.status_code, response.headers, data)
        except httpx2.TimeoutException as error:
            late = FetchError(
                f"{host} did not answer within {patience:g} seconds; try again later.", hopeless=True
            )
            raise Passing(late, attempts=SLOW_ATTEMPTS) from error
        except httpx2.ConnectError as error:
            if "SSL" in str(error):
                unsafe = f"No secure connection to {host} can be made ({_why(error)}); is its address right?"
                raise FetchError(unsafe, hopeless=True) from error
            gone = FetchError(f"{host} cannot be reached ({_why(error)}); is there a network?", hopeless=True)
            raise Passing(gone, attempts=SLOW_ATTEMPTS) from error
        except httpx2.TransportError as error:
            _in_time(ends, host)
            raise Passing(FetchError(f"The answer of {host} broke off; try again later.")) from error
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
            raise FetchError(f"{host} cannot be asked ({_why(error)}).") from error

    def _connection(self, url: str) -> httpx2.Client:
        import ssl

        import httpx2  # 70 ms, and only what goes to the network needs it

        scheme = urlsplit(url).scheme
        if scheme not in self._opened:
            # `Accept-Encoding` is no more than what `gathered` unpacks. Without TLS no certificate is looked at, and
            # reading the system's takes 40 ms: a context that trusts nobody does.
            self._opened[scheme] = httpx2.Client(
                headers={"User-Agent": agent(self.services), "Accept-Encoding": "gzip"},
                limits=httpx2.Limits(max_connections=1),
                verify=True if scheme == "https" else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            )
        self._opened[scheme].cookies.clear()  # they are of no use to anybody here
        return self._opened[scheme]

    def _refusal(self, reply: Reply, host: str) -> Exception:
        """What to make of a status that is no answer."""
        why = reason_in(reply.data)
        told = f"{reply.status}: {why}" if why else str(reply.status)
        wait = retry.retry_after(reply.headers, clock.now())
        if reply.status == 429:
            wait = retry.until_reset(reply.headers) or None if wait is None else wait
            when = f"in {round(wait / 60)} minutes" if wait and wait > retry.LONGEST_WAIT else "later"
            return Passing(
                FetchError(f"{host} is being asked too much; try again {when}.", hopeless=True), wait
            )
        if reply.status >= 500 or reply.status in (408, 425):
            trouble = f"{host} has trouble of its own ({told}); try again later."
            return Passing(FetchError(trouble, hopeless=True), wait)
        return FetchError(f"{host} refuses to answer ({told}).")

    def _heed(self, host: str, headers: Mapping[str, str]) -> None:
        if reset := retry.until_reset(headers):
            self._not_before[host] = time.monotonic() + reset

    def _wait_for(self, host: str) -> None:
        """Leave a host alone that said so.

        Raises:
            FetchError: for longer than a person waits.
        """
        wait = self._not_before.pop(host, 0.0) - time.monotonic()
        if wait > retry.LONGEST_WAIT:
            raise FetchError(
                f"{host} answers no more questions for now; try again in {round(wait / 60)} minutes.",
                hopeless=True,
            )
        if wait > 0:
            self._pause(wait)

    def _pause(self, seconds: float) -> None:
        self._waits(seconds)
        self._sleep(seconds)

    def _keep(self, kept: Kept) -> None:
        try:
            self._cache.keep(kept)
        except StorageError as error:
            if not self.notices:
                self.notices.append(f"Answers are not kept for the next time: {error}")


def _in_time(ends: float, host: str) -> None:
    """Say nothing while there is time.

    Raises:
        FetchError: there is none left, and the connection was broken off for it.
    """
    if time.monotonic() >= ends:
        raise FetchError(f"{host} sends its answer too slowly; try again later.", hopeless=True)


def _moment(text: str) -> dt.datetime | None:
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _why(error: Exception) -> str:
    from paperreader.text.cell_width import cut
    from paperreader.text.clean import printable

    words = _PLACE.sub("", printable(str(error))).rstrip(".")
    return cut(words[:1].lower() + words[1:], 100) or type(error).__name__
