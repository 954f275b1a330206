"""Import a web page that a browser saved as one file (MHTML): the HTML in a MIME message, with its pictures.

RFC 2557. Chromium writes `Snapshot-Content-Location`, other programs only `Content-Type: multipart/related`. The first
part of HTML is the page; further ones are its frames.
"""

from __future__ import annotations

import codecs
import datetime
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from email.utils import parsedate_to_datetime

from msgspec.structs import replace

from paperreader.importers.html import saved_page
from paperreader.importers.input.content import Content, UnsupportedContent, content_hash, source_origin
from paperreader.importers.input.encoding import DecodedText, decode_text
from paperreader.models import ImportedEntry, Problem

MAX_PARTS = 5000
"""Parts that are searched for the page, which is usually the first one."""


def read_entries(
    content: Content, *, date: str | None, today: datetime.date
) -> Iterator[ImportedEntry | Problem]:
    """Yield the papers of a page.

    Args:
        content: the file.
        date: listing date given by the user.
        today: used if neither the file nor the message states when it was saved.

    Raises:
        OSError: the file cannot be read.
        UnsupportedContent: it contains no page with papers.
    """
    data = content.read_all()
    try:
        message = BytesParser(policy=compat32).parsebytes(data.removeprefix(codecs.BOM_UTF8).lstrip())
        part = _first_html(message)
    except RecursionError as error:
        raise UnsupportedContent("is a web page with far too many parts inside each other") from error
    if part is None:
        raise UnsupportedContent(
            "is a web page saved as one file (MHTML) without HTML in it; save the page again"
        )
    decoded = _decode(part)
    yield from content.encoding_problems(decoded)
    saved = _saved(message)
    origin = source_origin(content, content_hash(data), date=date, today=today)
    if saved:
        origin = replace(origin, modified=saved.isoformat())
    address = part.get("Content-Location") or message.get("Snapshot-Content-Location") or ""
    yield from saved_page.read_entries(_with_address(decoded.text, address), content.name, origin)


def _first_html(message: Message) -> Message | None:
    for count, part in enumerate(message.walk()):
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            return part
        if count == MAX_PARTS:
            break
    return None


def _decode(part: Message) -> DecodedText:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    charset = part.get_content_charset("utf-8")
    try:
        text = data.decode(charset)
    except (LookupError, UnicodeDecodeError):
        return decode_text(data)
    return DecodedText(text.replace("\r\n", "\n"))


def _saved(message: Message) -> datetime.date | None:
    try:
        return parsedate_to_datetime(str(message.get("Date", ""))).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _with_address(html: str, address: str) -> str:
    """Return a page with a comment that states where it was saved from, as browsers write it into other pages."""
    url = " ".join(str(address).split())
    if not url.startswith(("http://", "https://")) or not url.isascii() or set(url) & set("<>\"' "):
        return html
    return f"<!-- saved from url=({len(url):04}){url} -->\n{html}"
