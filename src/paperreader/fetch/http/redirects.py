"""Where a service sends one on to, and whether one goes."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from paperreader.fetch.endpoints import host_of
from paperreader.fetch.http.errors import FetchError

MAX_REDIRECTS = 5
"""Redirects that are followed one after the other."""


def is_redirect(status: int) -> bool:
    """Whether a status sends one on."""
    return status in (301, 302, 303, 307, 308)


def redirect_target(url: str, location: str) -> str:
    """The address that `Location` means, seen from `url`.

    Raises:
        FetchError: it is none, or of another scheme.
    """
    from paperreader.text.cell_width import truncate_cells
    from paperreader.text.sanitize import single_line

    host = host_of(url)
    try:
        there = urljoin(url, location.strip())
        parts = urlsplit(there)
        named = parts.hostname
    except ValueError:
        there, named = "", None
    if not location.strip() or not there:
        raise FetchError(f"{host} redirects, but does not say where to.")
    if parts.scheme != urlsplit(url).scheme:
        scheme = truncate_cells(single_line(parts.scheme), 20)
        raise FetchError(
            f"{host} redirects to an address of another kind ({scheme}:), which is not followed."
        )
    if not named or parts.username or parts.password:
        raise FetchError(
            f"{host} redirects to {truncate_cells(single_line(there), 80)}, which is not followed."
        )
    return there
