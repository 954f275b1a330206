"""Refuse redirects to this machine and to private networks, whose services trust everyone who can reach them.

They are followed if the first request went to such an address: then the user configured it.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from paperreader.fetch.http.errors import FetchError

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
"""IPv6 addresses that are translated to the IPv4 address in their last 32 bits (RFC 6052)."""

_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
"""All IPv6 addresses of the internet (IANA, IPv6 Global Unicast Address Space)."""

_ISATAP = (0x00005EFE, 0x02005EFE)
"""The third quarter of an IPv6 address that contains an IPv4 address (RFC 5214, section 6.1)."""

_LOOPBACK_NAMES = {
    *("localhost", "localhost.localdomain", "localhost6", "localhost6.localdomain6"),
    *("ip6-localhost", "ip6-loopback"),
}
"""Names of this machine in `/etc/hosts` of Linux distributions: a proxy may know them where this machine does not."""


class RedirectGuard:
    """Checks the redirects of one request.

    `base` is the host name of its URL, without port; empty if the user did not configure it, so that it is checked too.
    """

    def __init__(self, base: str) -> None:
        self._base = base
        self._source = self._target = self._connecting_to = ""

    def follow(self, source: str, target: str) -> None:
        """Check a redirect from the host `source` to the host name `target`, before it is followed.

        An empty `source` is the user, or a text that contained the address.

        Raises:
            FetchError: it leads to this machine or a private network, and the first request did not.
        """
        self._source, self._target = source, target
        if is_internal_host(target):
            self._refuse_unless_base_is_internal()

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Check the address of a new connection, before a request is sent. A name may resolve to another one by now.

        Call this from the `trace` extension of httpcore2. The address of a proxy is not checked.

        Raises:
            FetchError: as for `follow`.
        """
        if event == "connection.connect_tcp.started":
            self._connecting_to = str(info["host"])
        elif (
            event == "connection.connect_tcp.complete"
            and self._target
            and self._connecting_to == self._target
        ):
            stream = info["return_value"]
            address = stream.get_extra_info("server_addr")
            if address and is_internal_address(str(address[0])):
                self._refuse_unless_base_is_internal(stream)

    def _refuse_unless_base_is_internal(self, stream: Any = None) -> None:
        if self._base and is_internal_host(self._base):
            return
        if stream is not None:
            stream.close()
        if not self._source:
            raise FetchError(
                f"{self._target} is on this machine or in a private network, so nothing is downloaded from it."
            )
        raise FetchError(
            f"{self._source} redirects to {self._target}, which is on this machine or in a private network, and is not "
            "followed."
        )


def is_internal_host(host: str) -> bool:
    """Return whether a host name or IP address leads to this machine or a private network.

    Of a name with several addresses, one is enough. A name that cannot be resolved here (a proxy may do that) is
    internal only if it is `localhost`, or the form of an address that only a proxy may understand.
    """
    name = unquote(host).lower().rstrip(".")
    if name in _LOOPBACK_NAMES or name.endswith(".localhost"):
        return True
    return any(map(is_internal_address, (name, *_resolve(name))))


def is_internal_address(address: str) -> bool:
    """Return whether an IP address, or an IPv4 address inside it, is not globally reachable.

    These are loopback, link-local, private, shared, unspecified, reserved and multicast addresses.
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])  # without the zone of a link-local address
    except ValueError:
        return False
    return any(not _is_public(each) for each in _with_embedded(ip))


def _is_public(ip: IpAddress) -> bool:
    # `is_global` alone depends on the version of Python, and is true outside of the internet too, as for fec0::/10.
    is_unicast = isinstance(ip, ipaddress.IPv4Address) or ip in _GLOBAL_UNICAST or ip in _NAT64
    return is_unicast and ip.is_global and not ip.is_multicast


def _with_embedded(ip: IpAddress) -> Iterator[IpAddress]:
    """Yield the address, and the IPv4 addresses that it contains, in place of it if it is only another form of one."""
    if isinstance(ip, ipaddress.IPv4Address):
        yield ip
    elif ip.ipv4_mapped is not None:
        yield ip.ipv4_mapped
    else:
        yield ip
        if ip in _NAT64 or int(ip) >> 32 & 0xFFFFFFFF in _ISATAP:
            yield ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if ip.sixtofour is not None:
            yield ip.sixtofour
        if ip.teredo is not None:
            yield from ip.teredo


def _resolve(host: str) -> list[str]:
    """Return the IP addresses of a host, as a connection would use them; empty if there are none."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [str(address[0]) for *_, address in found]
