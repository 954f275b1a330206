"""Addresses as they are shown."""

from __future__ import annotations

import re

from paperreader.models import LinkKind
from paperreader.text.sanitize import printable

_SCHEME = re.compile(r"^https?://(?:www\.)?")

LONGEST_HOST = 40
"""Characters of a host that are shown; the end of a longer one, which says whose it is."""


def kind_name(kind: LinkKind) -> str:
    """What people call what stands behind a link: `code`, `model`, `link` for anything else."""
    return "link" if kind == "other" else kind


def as_people_write(url: str) -> str:
    """An address without scheme, `www.` and a slash at the end; of a long host its end, which says whose it is.

    `github.com.and.so.on.evil.example` is not to pass for the beginning of itself.
    """
    shown = printable(url)
    bare = _SCHEME.sub("", shown).rstrip("/") or shown
    host, slash, path = bare.partition("/")
    return f"..{host[2 - LONGEST_HOST :]}{slash}{path}" if len(host) > LONGEST_HOST else bare
