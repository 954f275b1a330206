"""Read fields of untrusted JSON objects, ignoring values of the wrong type; collect the links of a record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from paperreader.checked_values import checked, checked_day, count, is_number
from paperreader.models import Link
from paperreader.text.link_hosts import HUGGING_FACE_HOSTS, OWNER_NAME_HOSTS
from paperreader.text.url_finder import find_links
from paperreader.text.urls import clone_url, parse_link, url_key


def optional_text(data: Mapping[str, Any], name: str) -> str:
    """Return a text, or empty."""
    value = data.get(name)
    return value if isinstance(value, str) else ""


def optional_int(data: Mapping[str, Any], name: str) -> int | None:
    """Return a number of votes, comments or stars, or None."""
    value = data.get(name)
    return checked(name, value, count, None) if is_number(value) else None


def optional_list(data: Mapping[str, Any], name: str) -> list[Any]:
    """Return a list, or an empty one."""
    value = data.get(name)
    return value if isinstance(value, list) else []


def optional_object(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return an object, or an empty one."""
    value = data.get(name)
    return value if isinstance(value, dict) else {}


def first_text(data: Mapping[str, Any], *names: str) -> str:
    """Return the first text of these fields, each a text, a number or a list of them, without blanks around it."""
    for name in names:
        value = data.get(name)
        if isinstance(value, list):
            value = next((item for item in value if item), None)
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = str(value)
        if isinstance(value, str) and value.strip():
            return value.strip()
    return ""


def texts_in(data: Mapping[str, Any], name: str) -> list[str]:
    """Return a text as a list, or the texts of a list."""
    value = data.get(name)
    values = value if isinstance(value, list) else [value]
    return [text for text in values if isinstance(text, str) and text.strip()]


def objects_in(data: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """Return the objects of a list."""
    return [item for item in optional_list(data, name) if isinstance(item, dict)]


def iso_day(timestamp: str) -> str | None:
    """Return the ISO day of a timestamp (`2025-03-17T08:00:00.000Z`); None if it is not valid."""
    return checked_day(timestamp)


def collect_links(
    prose: str, addresses: tuple[str, ...] = (), repository: str = "", project: str = ""
) -> tuple[tuple[Link, ...], str]:
    """Return the links of a record, and the URL of its repository as it is spelled among them; empty if it has none.

    The links are those in its text, then the given URLs, the project page and the repository named by the source.
    """
    links = {url_key(link.url): link for link in find_links(prose)}
    for address in addresses:
        if address and (link := parse_link(address)):
            links.setdefault(url_key(link.url), link)
    if project and (link := parse_link(project)):
        known = links.setdefault(url_key(link.url), link)
        # Elsewhere the source knows the kind better; on these hosts it is the page of an organisation.
        if known.kind == "other" and known.host not in OWNER_NAME_HOSTS | HUGGING_FACE_HOSTS:
            links[url_key(link.url)] = replace(known, kind="project")
    named = parse_link(repository) if repository else None
    if named is None:
        return tuple(links.values()), ""
    plain = parse_link(clone_url(named)) or named
    known = links.setdefault(url_key(named.url), plain)
    return tuple(links.values()), known.url if known.kind == "code" else ""
