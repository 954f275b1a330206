"""The addresses of the services, and what requests say about this program."""

from __future__ import annotations

from urllib.parse import urlsplit

from paperreader import __version__, config
from paperreader.config.settings import Fetch, Settings
from paperreader.config.value_types import ServiceUrl
from paperreader.errors import SettingsError, UsageError

PRODUCT_DESCRIPTION = "a terminal reader for machine-learning papers"

NOTHING_REQUESTED = "Nothing was requested; correct the settings first."
"""Comes before what is wrong with the settings, which may not fit on a line."""


def configured_endpoints() -> Fetch:
    """Return the services that settings and environment variables configure.

    Raises:
        SettingsError: the section [fetch] of the settings has mistakes.
        UsageError: an environment variable holds an invalid address.
    """
    return load_request_settings().fetch


def load_request_settings(*sections: str) -> Settings:
    """Return settings that requests depend on: [fetch] and other sections. Mistakes elsewhere do not matter.

    Raises:
        SettingsError: one of these sections has mistakes, or the file cannot be read.
        UsageError: an environment variable holds an invalid address.
    """
    try:
        settings = config.load_settings(sections=("fetch", *sections))
    except SettingsError as error:
        raise SettingsError(f"{NOTHING_REQUESTED}\n{error}") from error
    services = settings.fetch
    for address in (*_addresses(services), services.zotero_url):
        try:
            ServiceUrl().parse(address)
        except ValueError as error:
            raise UsageError(
                f"{address} is not a service address; use {ServiceUrl().description}."
            ) from error
    return settings


def ignored_subscriptions() -> tuple[str, ...]:
    """Return a sentence about each invalid subscription to arXiv in the settings, none of which is fetched."""
    return config.read_settings().ignored_entries.get("fetch.arxiv", ())


def user_agent(services: Fetch, host: str) -> str:
    """Build the `User-Agent` of a request to a host (RFC 9110, section 10.1.5).

    It contains the contact address, if one is set and the host is that of a service. Redirects may lead elsewhere.
    """
    is_service = host in service_hosts(services)
    contact = "".join(
        letter for letter in services.contact if is_service and letter.isascii() and letter.isprintable()
    ).strip()
    return f"paperreader/{__version__} ({'; '.join(filter(None, (PRODUCT_DESCRIPTION, contact)))})"


def service_hosts(services: Fetch) -> frozenset[str]:
    """Return the hosts of the services, as `host_of` does."""
    return frozenset(map(host_of, _addresses(services)))


def _addresses(services: Fetch) -> tuple[str, ...]:
    return services.huggingface_url, services.arxiv_url, services.arxiv_oai_url, services.arxiv_pages_url


def host_of(url: str) -> str:
    """Return the host of a URL in lower case, with its port if it has one: the name of a service in messages."""
    return urlsplit(url).netloc.rpartition("@")[2].lower() or url
