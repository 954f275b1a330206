"""Where the services are, and as whom they are asked."""

from __future__ import annotations

import os
from dataclasses import dataclass
from urllib.parse import urlsplit

from paperreader import __version__
from paperreader.errors import UsageError

_ENVIRONMENT = {"huggingface": "PAPERREADER_HUGGINGFACE_URL", "arxiv": "PAPERREADER_ARXIV_URL"}
"""Variables that overrule an address: for a mirror, or a server that stands in."""


@dataclass(frozen=True, slots=True)
class Services:
    """Addresses and manners."""

    huggingface: str = "https://huggingface.co"
    arxiv: str = "https://export.arxiv.org"
    timeout: float = 20.0
    """Seconds of silence after which an answer is given up."""
    days_at_first: int = 7
    """How many days the first fetch brings, today included."""
    contact: str = ""
    """How those who run a service may reach the person who asks; told to them where it is set."""

    def __post_init__(self) -> None:
        for address in (self.huggingface, self.arxiv):
            parts = urlsplit(address)
            if parts.scheme not in ("http", "https") or not parts.hostname:
                raise UsageError(
                    f"{address or 'An empty text'} is no address of a service; write it with https://."
                )

    @property
    def agent(self) -> str:
        """What every request says about who is asking."""
        about = ["a terminal reader for machine-learning papers"]
        contact = "".join(letter for letter in self.contact if letter.isascii() and letter.isprintable())
        about += [contact.strip()] if contact.strip() else []
        return f"paperreader/{__version__} ({'; '.join(about)})"


def chosen() -> Services:
    """The services that settings and environment name.

    Raises:
        UsageError: one of them is no http or https address.
    """
    plain = Services()
    return Services(
        huggingface=_address("huggingface") or plain.huggingface, arxiv=_address("arxiv") or plain.arxiv
    )


def _address(name: str) -> str:
    return os.environ.get(_ENVIRONMENT[name], "").strip().rstrip("/")


def host_of(address: str) -> str:
    """The host of an address, with its port if it has one: how people are told of a service."""
    parts = urlsplit(address)
    return parts.netloc.rpartition("@")[2] or address
