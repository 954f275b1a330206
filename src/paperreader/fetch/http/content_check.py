"""Whether an answer is of the kind that was asked for, told from its type and its first bytes."""

from __future__ import annotations

import json
import re

from msgspec import Struct

from paperreader.fetch.http.errors import FetchError, TransientError

_HTML_START = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<!--.{0,500}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_SUMMARY = re.compile(rb"<(?:\w+:)?summary[^>]{0,200}>([^<]{1,500})<")
_GENERIC_TYPES = frozenset(("", "text/plain", "application/octet-stream", "binary/octet-stream"))
"""Types that say nothing, as servers of plain files send them."""


class ExpectedContent(Struct, frozen=True):
    """A kind of answer."""

    name: str
    """As people call it."""
    accept: str
    """Its media type."""
    media_types: frozenset[str]
    """Media types under which it may come."""
    prefix: re.Pattern[bytes]


JSON = ExpectedContent(
    "JSON",
    "application/json",
    frozenset(("application/json", "text/json", "application/x-json")),
    re.compile(rb"(?:\xef\xbb\xbf)?\s*[\[{]"),
)
ATOM = ExpectedContent(
    "an Atom feed",
    "application/atom+xml",
    frozenset(("application/atom+xml", "application/xml", "text/xml", "application/rss+xml")),
    re.compile(rb"(?:\xef\xbb\xbf)?\s*<"),
)


def check_content(data: bytes, content_type: str, expected: ExpectedContent, host: str) -> None:
    """Say nothing when `data` may be of that form.

    Raises:
        Passing: there is nothing in it.
        FetchError: it is something else.
    """
    if not data.strip():
        raise TransientError(FetchError(f"{host} answered with nothing at all; try again later."))
    kind = content_type.partition(";")[0].strip().lower()
    if _HTML_START.match(data[:2000]) or kind in ("text/html", "application/xhtml+xml"):
        raise FetchError(
            f"{host} answered with a web page and not with {expected.name}; is its address right, and no login in between?"  # noqa: E501
        )
    if not (kind in _GENERIC_TYPES or kind in expected.media_types):
        told = "".join(letter for letter in kind[:40] if letter.isascii() and letter.isprintable())
        raise FetchError(f"{host} answered with {told} and not with {expected.name}; is its address right?")
    if not expected.prefix.match(data[:1000]):
        raise FetchError(f"{host} answered with something that is not {expected.name}; is its address right?")


def error_reason(data: bytes) -> str:
    """What a refusal gives as its reason, in one short line; empty where it gives none that can be told."""
    from paperreader.text.cell_width import truncate_cells
    from paperreader.text.sanitize import single_line

    text = ""
    if found := _SUMMARY.search(data[:20_000]):
        text = found[1].decode("utf-8", "replace")
    elif data[:1] == b"{":
        try:
            told = json.loads(data[:100_000])
        except (ValueError, RecursionError):
            told = {}
        for name in ("error", "message"):
            text = text or (told[name] if isinstance(told.get(name), str) else "")
    return truncate_cells(single_line(" ".join(text.split())).rstrip("."), 100)
