"""Whether an answer is of the kind that was asked for, told from its type and its first bytes."""

from __future__ import annotations

import json
import re

from msgspec import Struct

from paperreader.fetch.http.errors import FetchError, Passing

_WEB_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<!--.{0,500}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_SUMMARY = re.compile(rb"<(?:\w+:)?summary[^>]{0,200}>([^<]{1,500})<")
_ANY = frozenset(("", "text/plain", "application/octet-stream", "binary/octet-stream"))
"""Types that say nothing, as servers of plain files send them."""


class Form(Struct, frozen=True):
    """A kind of answer."""

    name: str
    """As people call it."""
    accept: str
    """Its media type."""
    types: frozenset[str]
    """Media types under which it may come."""
    begins: re.Pattern[bytes]


JSON = Form(
    "JSON",
    "application/json",
    frozenset(("application/json", "text/json", "application/x-json")),
    re.compile(rb"(?:\xef\xbb\xbf)?\s*[\[{]"),
)
ATOM = Form(
    "an Atom feed",
    "application/atom+xml",
    frozenset(("application/atom+xml", "application/xml", "text/xml", "application/rss+xml")),
    re.compile(rb"(?:\xef\xbb\xbf)?\s*<"),
)


def look_at(data: bytes, content_type: str, form: Form, host: str) -> None:
    """Say nothing when `data` may be of that form.

    Raises:
        Passing: there is nothing in it.
        FetchError: it is something else.
    """
    if not data.strip():
        raise Passing(FetchError(f"{host} answered with nothing at all; try again later."))
    kind = content_type.partition(";")[0].strip().lower()
    if _WEB_PAGE.match(data[:2000]) or kind in ("text/html", "application/xhtml+xml"):
        raise FetchError(
            f"{host} answered with a web page and not with {form.name}; is its address right, and no login in between?"
        )
    if not (kind in _ANY or kind in form.types):
        told = "".join(letter for letter in kind[:40] if letter.isascii() and letter.isprintable())
        raise FetchError(f"{host} answered with {told} and not with {form.name}; is its address right?")
    if not form.begins.match(data[:1000]):
        raise FetchError(f"{host} answered with something that is not {form.name}; is its address right?")


def reason_in(data: bytes) -> str:
    """What a refusal gives as its reason, in one short line; empty where it gives none that can be told."""
    from paperreader.text.cell_width import cut
    from paperreader.text.clean import printable

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
    return cut(printable(" ".join(text.split())).rstrip("."), 100)
