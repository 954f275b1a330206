"""How URLs and kinds of links are displayed."""

from __future__ import annotations

from paperreader.lazy_pattern import lazy_pattern
from paperreader.models import LinkKind
from paperreader.text.sanitize import single_line

_SCHEME = lazy_pattern(r"^https?://(?:www\.)?")

MAX_HOST_LENGTH = 40
"""Displayed characters of a host. Of a longer one the end is displayed, which identifies its owner."""


def link_kind_label(kind: LinkKind) -> str:
    """Return a word for what a link leads to: `code`, `model` …, or `link` for anything else."""
    return "link" if kind == "other" else kind


def display_url(url: str) -> str:
    """Return a URL without scheme, `www.` and trailing slash; a long host is truncated at its start.

    Otherwise `github.com.and.so.on.evil.example` could look like `github.com`.
    """
    shown = single_line(url)
    bare = _SCHEME.sub("", shown).rstrip("/") or shown
    host, slash, path = bare.partition("/")
    return f"..{host[2 - MAX_HOST_LENGTH :]}{slash}{path}" if len(host) > MAX_HOST_LENGTH else bare
