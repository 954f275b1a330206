"""Send single requests with httpx2, within limits of size and time, and translate its errors."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from msgspec import Struct

from paperreader.fetch.endpoints import host_of
from paperreader.fetch.http.addresses import RedirectGuard
from paperreader.fetch.http.errors import FetchError, TransientError
from paperreader.fetch.http.response_body import Deadline, read_bounded, stream_bounded
from paperreader.fetch.http.retry import HostRateLimits

if TYPE_CHECKING:
    import httpx2

    from paperreader.fetch.http.download import FileDownload

TOTAL_TIMEOUT_FACTOR = 6
"""A whole response may take this many times the read timeout: slow lines pass, endless trickles do not."""

CONNECT_TIMEOUT_SECONDS = 10.0
"""Longest wait for a connection; a shorter read timeout applies here too."""

UNREACHABLE_ATTEMPTS = 2
"""Attempts when a service does not respond at all: the user waits for each of them."""

MAX_REDIRECTS = 5

_ERROR_LOCATION = re.compile(r"^\[[^\]]{1,60}\] | \(_ssl\.c:[0-9]+\)$")
"""The parts of a system error message that are of use to programmers only."""


class RawResponse(Struct, frozen=True):
    """Status, headers and decompressed body of a response."""

    host: str
    status: int
    headers: Mapping[str, str]
    data: bytes


class Transport:
    """One connection per URL scheme, open until `close` is called.

    Args:
        timeout: seconds of silence after which a request fails.
        user_agent: returns the `User-Agent` for a host.
        rate_limits: updated from the headers of every response.
    """

    def __init__(self, timeout: float, user_agent: Callable[[str], str], rate_limits: HostRateLimits) -> None:
        self._timeout, self._user_agent, self._rate_limits = timeout, user_agent, rate_limits
        self._connections: dict[str, httpx2.Client] = {}
        self._deadlines: dict[str, Deadline] = {}

    def close(self) -> None:
        """Close all connections."""
        while self._connections:
            self._connections.popitem()[1].close()

    def request(
        self,
        url: str,
        headers: Mapping[str, str],
        host_headers: Mapping[str, Mapping[str, str]],
        *,
        download: FileDownload | None = None,
        body: bytes | None = None,
        is_configured: bool = True,
        min_timeout: float = 0.0,
    ) -> RawResponse:
        """Send a request and follow redirects. Any status may be returned.

        Args:
            url: http or https.
            headers: sent to every host.
            host_headers: by host, headers that are sent only to it.
            download: gets the body of a successful response; without it, the result has it.
            body: sent with POST, whose redirects are not followed; without it, the request is a GET.
            is_configured: whether the user configured the host; else it must not be on this machine or a private
                network.
            min_timeout: seconds of silence that are tolerated in any case.

        Raises:
            FetchError: the request cannot succeed.
            TransientError: it may succeed when repeated.
        """
        silence = max(self._timeout, min_timeout)
        seconds = TOTAL_TIMEOUT_FACTOR * silence if download is None else download.max_seconds
        expires_at = time.monotonic() + seconds
        guard = RedirectGuard(_host_name(url) if is_configured else "")
        if not is_configured:
            guard.follow("", _host_name(url))
        for _ in range(MAX_REDIRECTS + 1):
            host = host_of(url)
            sent = {"User-Agent": self._user_agent(host), **headers, **host_headers.get(host, {})}
            response = self._send(url, sent, body, silence, expires_at, guard, download)
            if response.status not in (301, 302, 303, 307, 308) or body is not None:
                return response
            url = redirect_target(url, response.headers.get("location", ""))
            guard.follow(host, _host_name(url))
        raise FetchError(f"{host_of(url)} redirects more than {MAX_REDIRECTS} times.")

    def _send(
        self,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None,
        silence: float,
        expires_at: float,
        guard: RedirectGuard,
        download: FileDownload | None,
    ) -> RawResponse:
        import httpx2

        host = host_of(url)
        timeout = httpx2.Timeout(silence, connect=min(CONNECT_TIMEOUT_SECONDS, self._timeout))
        deadline = self._deadlines.setdefault(urlsplit(url).scheme, Deadline())

        def trace(event: str, info: Mapping[str, Any]) -> None:
            deadline.trace(event, info)
            guard.trace(event, info)

        method = "GET" if body is None else "POST"
        request = self._connection(url).stream(
            method, url, content=body, headers=headers, timeout=timeout, extensions={"trace": trace}
        )
        try:
            with deadline.enforce(expires_at), request as response:
                self._rate_limits.update(host, response.headers)
                data = _read_body(response, host, download)
                _check_time_left(expires_at, host)
                return RawResponse(host, response.status_code, response.headers, data)
        except httpx2.TimeoutException as error:
            silent = f"{host} did not respond within {silence:g} seconds; try again later."
            raise _unreachable(silent) from error
        except httpx2.ConnectError as error:
            if "SSL" in str(error):
                insecure = f"No secure connection to {host} ({_describe(error)}); check its address."
                raise FetchError(insecure, service_unavailable=True) from error
            raise _unreachable(f"Cannot reach {host} ({_describe(error)}); check the network.") from error
        except httpx2.TransportError as error:
            _check_time_left(expires_at, host)
            broken = FetchError(f"The connection to {host} broke off; try again later.")
            raise TransientError(broken) from error
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
            raise FetchError(f"The request to {host} failed ({_describe(error)}).") from error

    def _connection(self, url: str) -> httpx2.Client:
        import ssl

        import httpx2  # 70 ms, and only needed when a request is sent

        scheme = urlsplit(url).scheme
        if scheme not in self._connections:
            # `Accept-Encoding` names only what `read_bounded` decompresses. Without TLS no certificate is checked, and
            # loading the system's takes 40 ms, so plain HTTP gets an empty context.
            self._connections[scheme] = httpx2.Client(
                headers={"Accept-Encoding": "gzip"},
                limits=httpx2.Limits(max_connections=1),
                verify=True if scheme == "https" else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            )
        self._connections[scheme].cookies.clear()  # no service here needs them
        return self._connections[scheme]


def redirect_target(url: str, location: str) -> str:
    """Resolve the `Location` header of a response from `url`.

    Raises:
        FetchError: it is missing or invalid, has another scheme, or holds credentials.
    """
    from paperreader.text.cell_width import truncate_cells
    from paperreader.text.sanitize import single_line

    host = host_of(url)
    try:
        target = urljoin(url, location.strip())
        parts = urlsplit(target)
        target_host = parts.hostname
    except ValueError:
        target, target_host = "", None
    if not location.strip() or not target:
        raise FetchError(f"{host} redirects without a valid address.")
    if parts.scheme != urlsplit(url).scheme:
        scheme = truncate_cells(single_line(parts.scheme), 20)
        raise FetchError(f"{host} redirects to another URL scheme ({scheme}:), which is not followed.")
    if not target_host or parts.username or parts.password:
        raise FetchError(
            f"{host} redirects to {truncate_cells(single_line(target), 80)}, which is not followed."
        )
    return target


def _read_body(response: httpx2.Response, host: str, download: FileDownload | None) -> bytes:
    """Return the body; nothing if it was a successful response, and written to `download`."""
    encoding, length = (response.headers.get(f"content-{what}", "") for what in ("encoding", "length"))
    if download is None or response.status_code != 200:
        return read_bounded(response.iter_raw(), host, encoding, length)
    limit = download.max_bytes
    download.write(
        stream_bounded(response.iter_raw(), host, encoding, length, limit, limit), host, response.headers
    )
    return b""


def _host_name(url: str) -> str:
    """Return the host name of a URL as the connection will use it, without port and brackets.

    Raises:
        FetchError: it has none.
    """
    import httpx2

    try:
        return httpx2.URL(url).raw_host.decode("ascii")
    except (httpx2.InvalidURL, ValueError) as error:
        raise FetchError(f"{host_of(url)} is not a valid address.") from error


def _check_time_left(expires_at: float, host: str) -> None:
    """Raise `FetchError` if the total time is used up, which is why the connection was shut down."""
    if time.monotonic() >= expires_at:
        raise FetchError(f"{host} responds too slowly; try again later.", service_unavailable=True)


def _unreachable(message: str) -> TransientError:
    return TransientError(FetchError(message, service_unavailable=True), max_attempts=UNREACHABLE_ATTEMPTS)


def _describe(error: Exception) -> str:
    from paperreader.text.cell_width import truncate_cells
    from paperreader.text.sanitize import single_line

    text = _ERROR_LOCATION.sub("", single_line(str(error))).rstrip(".")
    return truncate_cells(text[:1].lower() + text[1:], 100) or type(error).__name__
