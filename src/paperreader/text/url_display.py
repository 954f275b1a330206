"""Addresses as they are shown."""

from __future__ import annotations

import re

from paperreader.models import LinkKind
from paperreader.text.sanitize import single_line

_SCHEME = re.compile(r"^https?://(?:www\.)?")

MAX_HOST_LENGTH = 40
"""Characters of a host that are shown; the end of a longer one, which says whose it is."""


def link_kind_label(kind: LinkKind) -> str:
    """What people call what stands behind a link: `code`, `model`, `link` for anything else."""
    return "link" if kind == "other" else kind


def display_url(url: str) -> str:
    """An address without scheme, `www.` and a slash at the end; of a long host its end, which says whose it is.

    `github.com.and.so.on.evil.example` is not to pass for the beginning of itself.
    """
    shown = single_line(url)
    bare = _SCHEME.sub("", shown).rstrip("/") or shown
    host, slash, path = bare.partition("/")
    return f"..{host[2 - MAX_HOST_LENGTH :]}{slash}{path}" if len(host) > MAX_HOST_LENGTH else bare
