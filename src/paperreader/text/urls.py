"""URLs: which are safe to open, what kind of link they are, and when two lead to the same page."""

from __future__ import annotations

import re

from paperreader.lazy_pattern import lazy_pattern
from paperreader.models import Link
from paperreader.text import link_hosts
from paperreader.text.sanitize import has_hidden_text

MAX_URL_LENGTH = 2000
"""Browsers do not open longer URLs either."""


_HOST = lazy_pattern(
    r"(?:(?:[a-z0-9_][a-z0-9_-]{0,62}\.){1,12}[a-z][a-z0-9-]{1,62}\.?|[0-9]{1,3}(?:\.[0-9]{1,3}){3})(?::[0-9]{1,5})?",
    re.ASCII,
)
_UNSAFE = lazy_pattern(r"[\s\"<>\\^`{|}]")
_NOT_IN_NAME = lazy_pattern(r"[^\w.~+@:=%-]", re.ASCII)


def parse_link(url: str) -> Link | None:
    """Return the URL as a link with its kind; None if it is not an http(s) URL that can be opened.

    Known hosts are upgraded to https, and the URL of a repository loses its trailing slash; the rest is unchanged.
    """
    safe = safe_url(url)
    if safe is None:
        return None
    scheme, host, rest = _split(safe)
    plain = host.removeprefix("www.")
    if link_hosts.supports_https(plain):
        scheme = "https"
    if _ignores_trailing_slash(plain, rest):
        rest = rest.rstrip("/")
    path = re.split(r"[?#]", rest, maxsplit=1)[0]
    return Link(f"{scheme}://{host}{rest}", link_hosts.link_kind(plain, path), plain)


def clone_url(link: Link) -> str:
    """Return the URL for `git clone`, `https://host/owner/name` in the link's own spelling; other links unchanged."""
    scheme, host, rest = _split(link.url)
    parts = _path_segments(rest)
    named = link_hosts.parse_repository(link.host, parts)
    if not named and link.host in link_hosts.HUGGING_FACE_HOSTS:
        named = link_hosts.parse_hugging_face_repository(parts)
    if not named:
        return link.url
    if host == "raw.githubusercontent.com":
        host = "github.com"
    # Characters that no repository name contains could mean something to the shell that the URL is pasted into.
    named = _safe_names(named) or named
    return f"{scheme}://{host}/" + "/".join([*named[:-1], named[-1].removesuffix(".git")])


def url_key(url: str) -> str:
    """Return a key that is equal for URLs of the same page: of a repository host, owner and name in lower case, without
    `.git` and what follows (`/tree/…`); of any other URL all of it without scheme, `www.` and trailing slash.
    """
    scheme, host, rest = _split(url)
    if not scheme:
        return url
    plain = host.removeprefix("www.").replace("hf.co", "huggingface.co")
    parts = _path_segments(rest)
    named = link_hosts.parse_repository(plain, parts)
    if not named and plain in link_hosts.HUGGING_FACE_HOSTS:
        named = link_hosts.parse_hugging_face_repository(parts)
    if named:
        plain = plain.replace("raw.githubusercontent.com", "github.com")
        return f"{plain}/{'/'.join(_safe_names(named) or named).lower().removesuffix('.git')}"
    if plain in link_hosts.OWNER_NAME_HOSTS:
        return f"{plain}{rest.rstrip('/').lower()}"
    return f"{plain}{rest.rstrip('/#')}"


def repository_keys(text: str) -> tuple[str, ...]:
    """Return the keys (`url_key`) of what a text may name: an owner, `owner/name`, or the URL of either.

    The keys of the repositories of an owner continue that of the owner after a slash.
    """
    name = text.strip().strip("/")
    if "://" in name or "." in name.partition("/")[0]:
        key = url_key(name if "://" in name else f"https://{name}")
        return tuple(dict.fromkeys((key, key.lower())))
    hosts = sorted(link_hosts.OWNER_NAME_HOSTS | {"huggingface.co"})
    return tuple(f"{host}/{name.lower().removesuffix('.git')}" for host in hosts) if name else ()


def safe_url(url: str) -> str | None:
    """Return `url`, its scheme and host in lower case, if a browser or a clipboard may get it; else None.

    Only http and https, a real host name, no user name or password, no blank, control or invisible character, and no
    flood of combining marks.
    """
    url = url.strip(" \t\r\n")
    if len(url) > MAX_URL_LENGTH or _UNSAFE.search(url) or has_hidden_text(url):
        return None
    scheme, host, rest = _split(url)
    if scheme not in ("http", "https") or not _HOST.fullmatch(host):
        return None
    return f"{scheme}://{host.rstrip('.')}{rest}"


def _ignores_trailing_slash(host: str, rest: str) -> bool:
    """Whether a trailing slash has no meaning: on forges and on Hugging Face."""
    return (
        host in link_hosts.OWNER_NAME_HOSTS
        or host in link_hosts.HUGGING_FACE_HOSTS
        or bool(link_hosts.parse_repository(host, _path_segments(rest)))
    )


def _split(url: str) -> tuple[str, str, str]:
    """Return scheme and host in lower case, and the rest; three empty texts if it is no absolute URL."""
    scheme, mark, tail = url.partition("://")
    if not mark:
        return "", "", ""
    end = min((at for at in map(tail.find, "/?#") if at >= 0), default=len(tail))
    return scheme.lower(), tail[:end].lower(), tail[end:]


def _safe_names(named: list[str]) -> list[str]:
    return [name for part in named if (name := _NOT_IN_NAME.split(part, maxsplit=1)[0])]


def _path_segments(rest: str) -> list[str]:
    """Return the segments of a path, without `.git`, which is the inside of a repository."""
    path = re.split(r"[?#]", rest, maxsplit=1)[0]
    return [part for part in path.split("/") if part and part.lower() != ".git"]
