"""Render a digest as an RSS 2.0 feed (https://www.rssboard.org/rss-specification), one item per paper."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from email.utils import format_datetime
from html import escape
from urllib.parse import quote

from paperreader.digest.digest import Digest
from paperreader.digest.entry import DigestEntry
from paperreader.text.dates import parse_iso

CHANNEL_URL = "https://huggingface.co/papers"
"""The required `link` of the channel."""

_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold, not even escaped (section 2.2, Char)."""


def render(digest: Digest) -> Iterator[str]:
    """Yield the lines of the document, without line ends. Dates are in the format of RFC 822, UTC."""
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<rss version="2.0">'
    yield "<channel>"
    yield "<title>paperreader</title>"
    yield f"<link>{CHANNEL_URL}</link>"
    yield f"<description>{_escape(digest.title)}</description>"
    yield f"<lastBuildDate>{_rfc822_date(digest.created_at)}</lastBuildDate>"
    yield "<generator>paperreader</generator>"
    for group in digest.groups:
        for entry in group.entries:
            yield from _item(entry, (group.name, *entry.other_groups))
    yield "</channel>"
    yield "</rss>"


def _item(entry: DigestEntry, groups: tuple[str, ...]) -> Iterator[str]:
    yield "<item>"
    yield f"<title>{_escape(entry.title)}</title>"
    if entry.url:
        yield f"<link>{_escape(entry.url)}</link>"
    yield f'<guid isPermaLink="false">paperreader:{_escape(quote(entry.id, errors="replace"))}</guid>'
    if parse_iso(entry.date):
        date = dt.datetime.fromisoformat(entry.date).replace(tzinfo=dt.UTC)
        yield f"<pubDate>{_rfc822_date(date)}</pubDate>"
    for group in groups:
        yield f"<category>{_escape(group)}</category>"
    # The description is HTML inside XML, so its text is escaped twice.
    yield f"<description>{_escape(_description(entry))}</description>"
    yield "</item>"


def _description(entry: DigestEntry) -> str:
    links = " · ".join(f'<a href="{escape(url)}">{escape(label)}</a>' for label, url in entry.links)
    parts = [escape(" · ".join(entry.metadata)), escape(entry.summary), links]
    return "".join(f"<p>{part}</p>" for part in parts if part)


def _rfc822_date(date: dt.datetime) -> str:
    return format_datetime(date.astimezone(dt.UTC), usegmt=True)


def _escape(text: str) -> str:
    return escape(_NOT_XML.sub("\ufffd", text))
