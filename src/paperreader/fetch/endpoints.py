"""Where the services are, and as whom they are asked."""

from __future__ import annotations

from urllib.parse import urlsplit

from paperreader import __version__, config
from paperreader.config.settings import Fetch
from paperreader.config.value_types import ServiceUrl
from paperreader.errors import UsageError

PRODUCT_DESCRIPTION = "a terminal reader for machine-learning papers"


def chosen() -> Fetch:
    """The services that settings and environment name.

    Raises:
        SettingsError: the settings have mistakes.
        UsageError: the environment names an address that is none.
    """
    services = config.load_settings().fetch
    for address in (services.huggingface_url, services.arxiv_url):
        try:
            ServiceUrl().parse(address)
        except ValueError as error:
            raise UsageError(
                f"{address} is no address of a service; it wants {ServiceUrl().description}."
            ) from error
    return services


def user_agent(services: Fetch) -> str:
    """What every request says about who is asking (RFC 9110, section 10.1.5)."""
    contact = "".join(
        letter for letter in services.contact if letter.isascii() and letter.isprintable()
    ).strip()
    return f"paperreader/{__version__} ({'; '.join(filter(None, (PRODUCT_DESCRIPTION, contact)))})"


def host_of(url: str) -> str:
    """The host of an address, with its port if it has one: how people are told of a service."""
    parts = urlsplit(url)
    return parts.netloc.rpartition("@")[2] or url
