"""Check that a response has the expected format, by its media type and first bytes."""

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
"""Types that plain file servers send for everything."""


class ExpectedContent(Struct, frozen=True):
    """A format of responses."""

    name: str
    """For messages."""
    accept: str
    """The media type to ask for."""
    media_types: frozenset[str]
    """Media types that are accepted."""
    prefix: re.Pattern[bytes]
    """Matches the start of every valid response."""


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
PDF = ExpectedContent(
    "a PDF", "application/pdf", frozenset(("application/pdf", "application/x-pdf")), re.compile(rb"%PDF-")
)
HTML = ExpectedContent(
    "a web page", "text/html", frozenset(("text/html", "application/xhtml+xml")), re.compile(rb"[^<]*<")
)
MARKDOWN = ExpectedContent(
    "Markdown", "text/markdown", frozenset(("text/markdown", "text/x-markdown")), re.compile(rb"")
)
PICTURE = ExpectedContent(
    "a picture",
    "image/png, image/jpeg, image/gif, image/webp",
    frozenset(("image/png", "image/jpeg", "image/jpg", "image/gif", "image/webp")),
    re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8|RIFF....WEBP", re.S),
)
OAI = ExpectedContent("an OAI-PMH response", "text/xml", ATOM.media_types, ATOM.prefix)


def check_content(data: bytes, content_type: str, expected: ExpectedContent, host: str) -> None:
    """Check that `data` may have the expected format.

    Raises:
        TransientError: it is empty.
        FetchError: it has another format.
    """
    if not data.strip():
        raise TransientError(FetchError(f"{host} returned an empty response; try again later."))
    media_type = content_type.partition(";")[0].strip().lower()
    if expected is not HTML and (_HTML_START.match(data[:2000]) or media_type in HTML.media_types):
        raise FetchError(
            f"{host} returned a web page instead of {expected.name}; check its address, and whether the network "
            "requires a login."
        )
    if not (media_type in _GENERIC_TYPES or media_type in expected.media_types):
        shown = "".join(letter for letter in media_type[:40] if letter.isascii() and letter.isprintable())
        raise FetchError(f"{host} returned {shown} instead of {expected.name}; check its address.")
    if not expected.prefix.match(data[:1000]):
        raise FetchError(f"{host} returned something that is not {expected.name}; check its address.")


def error_reason(data: bytes) -> str:
    """Extract the reason from the body of an error response, as one short line. Empty if there is none."""
    from paperreader.text.cell_width import truncate_cells
    from paperreader.text.sanitize import single_line

    text = ""
    if found := _SUMMARY.search(data[:20_000]):
        text = found[1].decode("utf-8", "replace")
    elif data[:1] == b"{":
        try:
            body = json.loads(data[:100_000])
        except (ValueError, RecursionError):
            body = {}
        for name in ("error", "message"):
            text = text or (body[name] if isinstance(body.get(name), str) else "")
    return truncate_cells(single_line(" ".join(text.split())).rstrip("."), 100)
