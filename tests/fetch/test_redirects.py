"""Redirects: what is sent to another host, and which addresses are refused."""

from __future__ import annotations

import socket

import pytest

from paperreader.config.settings import Fetch
from paperreader.fetch.http import addresses
from paperreader.fetch.http.addresses import is_internal_address, is_internal_host
from paperreader.fetch.http.cache import ResponseCache
from paperreader.fetch.http.client import Client, RequestPolicy
from paperreader.fetch.http.content_check import JSON
from paperreader.fetch.http.errors import FetchError
from tests.fetch.server import FakeService, Reply, running_service

ANYTHING = RequestPolicy(JSON, lambda data: None)
CONTACT = "ada@example.org"
REFUSED = r"is on this machine or in a private|is not a valid address"
PUBLIC = "93.184.215.14"

INTERNAL = (
    *(
        "127.0.0.1",
        "127.9.9.9",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "0.0.0.0",
        "100.64.0.1",
    ),
    *("[::1]", "[::]", "[fe80::1]", "[fc00::1]", "[fd12:3456::1]", "[ff02::1]"),
    *(
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::ffff:169.254.169.254]",
        "[::127.0.0.1]",
        "[64:ff9b::10.0.0.1]",
    ),
    *("[::ffff:0:127.0.0.1]", "[fec0::1]", "[64:ff9b:1::7f00:1]", "[2606:2800::5efe:10.0.0.1]", "[5f00::1]"),
    *(
        "[::1%25lo]",
        "[fe80::1%251]",
        "localho%73t",
        "%31%32%37.0.0.1",
        "ip6-localhost",
        "localhost.localdomain",
    ),
    *("[2002:7f00:1::]", "[2002:c0a8:101::]", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost"),
    *("LOCALHOST.", "a.localhost", "rebound.example", "both.example", "mapped.example"),
)
"""Hosts on this machine or in a private network: every form of address, and names that lead to one."""

NAMES = {
    "service.example": [PUBLIC],
    "elsewhere.example": [PUBLIC],
    "rebound.example": ["127.0.0.1"],
    "both.example": [PUBLIC, "10.1.2.3"],
    "mapped.example": ["::ffff:192.168.0.1"],
    "intranet.example": ["10.0.0.7"],
}


@pytest.fixture
def names(monkeypatch):
    """Resolve invented names without a network; a numeric address is resolved as usual."""
    resolve = socket.getaddrinfo

    def getaddrinfo(host, *arguments, **more):
        name = host.decode() if isinstance(host, bytes) else host
        if name in NAMES:
            return [found for each in NAMES[name] for found in resolve(each, *arguments, **more)]
        if name.endswith(".example"):
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return resolve(host, *arguments, **more)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


@pytest.fixture
def proxied(names, service, monkeypatch):
    """Send every request of this process to the fake service, which is the proxy for all hosts."""
    monkeypatch.setenv("HTTP_PROXY", service.url)
    monkeypatch.setenv("NO_PROXY", "")
    return service


def client(tmp_path, base="http://service.example") -> Client:
    return Client(
        Fetch(base, base, contact=CONTACT), ResponseCache(tmp_path / "responses"), sleep=lambda _: None
    )


def as_requested(url: str) -> str:
    """Return a URL as httpx2 sends it to a proxy: without the brackets of an IPv6 address."""
    return url.replace("[", "").replace("]", "")


def redirect(target: str) -> Reply:
    return Reply(status=302, headers={"Location": target})


@pytest.mark.parametrize("host", INTERNAL)
def test_redirect_to_internal_address_is_refused(proxied, tmp_path, host):
    proxied.respond("http://service.example/x", redirect(f"http://{host}/latest/meta-data"))
    with (
        client(tmp_path) as requests,
        pytest.raises(FetchError, match=REFUSED),
    ):
        requests.get("http://service.example/x", ANYTHING)
    assert proxied.paths == ["http://service.example/x"], "nothing was sent there"


@pytest.mark.parametrize("host", ["10.0.0.9", "[::1]", "rebound.example", "localhost"])
@pytest.mark.parametrize("base", ["http://127.0.0.1:9", "http://[::1]", "http://intranet.example"])
def test_internal_service_may_redirect_to_internal_address(proxied, tmp_path, base, host):
    proxied.respond(as_requested(f"{base}/x"), redirect(f"http://{host}/y"))
    proxied.respond(as_requested(f"http://{host}/y"), Reply([1]))
    with client(tmp_path, base) as requests:
        assert requests.get(f"{base}/x", ANYTHING).data == b"[1]"


def test_name_that_leads_elsewhere_when_connecting_is_refused(names, service, tmp_path, monkeypatch):
    """A name is resolved twice, to check it and to connect. Only the first answer is a public address."""
    with running_service(monkeypatch) as target:
        port = target.host.partition(":")[2]
        monkeypatch.setitem(NAMES, "rebinding.example", ["127.0.0.1"])
        monkeypatch.setattr(addresses, "is_internal_host", lambda host: False)
        service.respond("/x", redirect(f"http://rebinding.example:{port}/y"))
        with client(tmp_path, service.url) as requests, pytest.raises(FetchError, match="private network"):
            requests.get(f"{service.url}/x", ANYTHING)
        assert target.requests == []


def test_contact_is_not_sent_to_another_host(proxied, tmp_path):
    proxied.respond("http://service.example/x", redirect("http://elsewhere.example/y"))
    proxied.respond("http://elsewhere.example/y", redirect("http://service.example/z"))
    proxied.respond("http://service.example/z", Reply([1]))
    with client(tmp_path) as requests:
        requests.get("http://service.example/x", ANYTHING)
    contacted = [CONTACT in request.headers["user-agent"] for request in proxied.requests]
    assert contacted == [True, False, True]


def conditions(service: FakeService) -> list[tuple[str, str]]:
    """Return host and validator of every request so far, and forget them."""
    sent = [(each.path.split("/")[2], each.headers.get("if-none-match", "")) for each in service.requests]
    service.requests.clear()
    return sent


def test_validators_are_sent_only_to_the_host_that_issued_them(proxied, tmp_path):
    moved = redirect("http://elsewhere.example/y")
    proxied.respond("http://service.example/x", Reply([1], headers={"ETag": '"own"'}), moved, moved)
    proxied.respond("http://elsewhere.example/y", Reply([2], headers={"ETag": '"theirs"'}))
    with client(tmp_path) as requests:
        requests.get("http://service.example/x", ANYTHING)
        assert conditions(proxied) == [("service.example", "")]
        assert requests.get("http://service.example/x", ANYTHING).data == b"[2]"
        assert conditions(proxied) == [("service.example", '"own"'), ("elsewhere.example", "")]
        found = requests.get("http://service.example/x", ANYTHING)
        assert conditions(proxied) == [("service.example", ""), ("elsewhere.example", '"theirs"')]
        assert (found.data, found.origin) == (b"[2]", "not modified")


def test_unasked_not_modified_of_another_host_is_an_error(proxied, tmp_path):
    proxied.respond(
        "http://service.example/x",
        Reply([1], headers={"ETag": '"own"'}),
        redirect("http://elsewhere.example/y"),
    )
    proxied.respond("http://elsewhere.example/y", Reply(status=304))
    with client(tmp_path) as requests:
        requests.get("http://service.example/x", ANYTHING)
        with pytest.raises(FetchError, match="304"):
            requests.get("http://service.example/x", ANYTHING)


def test_response_cached_by_an_earlier_version_is_still_used(proxied, tmp_path):
    proxied.respond("http://service.example/x", Reply([1], headers={"ETag": '"own"'}))
    with client(tmp_path) as requests:
        requests.get("http://service.example/x", ANYTHING)
        (file,) = (tmp_path / "responses").glob("*.answer")
        file.write_bytes(file.read_bytes().replace(b'"from": "service.example", ', b""))
        conditions(proxied)
        assert requests.get("http://service.example/x", ANYTHING).origin == "not modified"
        assert conditions(proxied) == [("service.example", '"own"')]


@pytest.mark.parametrize(
    "address",
    [
        PUBLIC,
        "2606:2800:21f:cb07:6820:80da:af6b:8b2c",
        "64:ff9b::8.8.8.8",
        "::ffff:8.8.8.8",
        "no address",
        "",
    ],
)
def test_public_address_is_not_internal(address):
    assert not is_internal_address(address)


def test_name_that_cannot_be_resolved_is_not_internal(names):
    assert not is_internal_host("unknown.example")
    assert not is_internal_host("x" * 300)
    assert not is_internal_host("a..b")


def test_numbers_in_another_script_are_an_internal_address():
    assert is_internal_host("１２７.０.０.１")
