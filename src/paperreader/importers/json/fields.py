"""Fields of outside objects, taken as far as they are what they should be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from paperreader.models import Link
from paperreader.text.dates import parse_iso
from paperreader.text.link_hosts import HUGGING_FACE_HOSTS, OWNER_NAME_HOSTS
from paperreader.text.url_finder import find_links
from paperreader.text.urls import clone_url, parse_link, url_key

MAX_COUNT = 2**31 - 1
"""No paper has so many votes; the columns of the catalog hold no more."""


def optional_text(data: Mapping[str, Any], name: str) -> str:
    """A text, or empty."""
    value = data.get(name)
    return value if isinstance(value, str) else ""


def optional_int(data: Mapping[str, Any], name: str) -> int | None:
    """A number from 0 on, or None."""
    value = data.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_COUNT:
        return None
    return value


def optional_list(data: Mapping[str, Any], name: str) -> list[Any]:
    """A list, or an empty one."""
    value = data.get(name)
    return value if isinstance(value, list) else []


def iso_day(moment: str) -> str | None:
    """The ISO day a moment (`2025-03-17T08:00:00.000Z`) begins with, if it is a real one."""
    return parse_iso(moment[:10])


def collect_links(
    prose: str, addresses: tuple[str, ...] = (), repository: str = "", project: str = ""
) -> tuple[tuple[Link, ...], str]:
    """The links of a record: those in its text, then the given addresses, and the project page and the repository that
    the source names.

    Beside them the repository's address, spelled as it stands among the links; empty where it is none.
    """
    links = {url_key(link.url): link for link in find_links(prose)}
    for address in addresses:
        if address and (link := parse_link(address)):
            links.setdefault(url_key(link.url), link)
    if project and (link := parse_link(project)):
        known = links.setdefault(url_key(link.url), link)
        # Anywhere else the source knows better what stands there; on these hosts it is the page of an organisation.
        if known.kind == "other" and known.host not in OWNER_NAME_HOSTS | HUGGING_FACE_HOSTS:
            links[url_key(link.url)] = replace(known, kind="project")
    named = parse_link(repository) if repository else None
    if named is None:
        return tuple(links.values()), ""
    plain = parse_link(clone_url(named)) or named
    kept = links.setdefault(url_key(named.url), plain)
    return tuple(links.values()), kept.url if kept.kind == "code" else ""
