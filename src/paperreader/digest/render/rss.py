"""The digest as an RSS 2.0 feed (https://www.rssboard.org/rss-specification): one item a paper."""

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
"""The page that the channel is about; RSS wants one."""

_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold at all (section 2.2, Char)."""


def render(digest: Digest) -> Iterator[str]:
    """The lines of the document, without their ends. Dates are those of RFC 822, in UTC."""
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<rss version="2.0">'
    yield "<channel>"
    yield "<title>paperreader</title>"
    yield f"<link>{CHANNEL_URL}</link>"
    yield f"<description>{_text(digest.title)}</description>"
    yield f"<lastBuildDate>{_rfc822_date(digest.created_at)}</lastBuildDate>"
    yield "<generator>paperreader</generator>"
    for group in digest.groups:
        for item in group.entries:
            yield from _entry(item, (group.name, *item.other_groups))
    yield "</channel>"
    yield "</rss>"


def _entry(entry: DigestEntry, groups: tuple[str, ...]) -> Iterator[str]:
    yield "<item>"
    yield f"<title>{_text(entry.title)}</title>"
    if entry.url:
        yield f"<link>{_text(entry.url)}</link>"
    yield f'<guid isPermaLink="false">paperreader:{_text(quote(entry.id))}</guid>'
    if parse_iso(entry.date):
        day = dt.datetime.fromisoformat(entry.date).replace(tzinfo=dt.UTC)
        yield f"<pubDate>{_rfc822_date(day)}</pubDate>"
    for group in groups:
        yield f"<category>{_text(group)}</category>"
    # The description is HTML inside XML: what is text in it is escaped twice.
    yield f"<description>{_text(_description(entry))}</description>"
    yield "</item>"


def _description(entry: DigestEntry) -> str:
    links = " · ".join(f'<a href="{escape(url)}">{escape(what)}</a>' for what, url in entry.links)
    parts = [escape(" · ".join(entry.metadata)), escape(entry.summary), links]
    return "".join(f"<p>{part}</p>" for part in parts if part)


def _rfc822_date(moment: dt.datetime) -> str:
    return format_datetime(moment.astimezone(dt.UTC), usegmt=True)


def _text(text: str) -> str:
    return escape(_NOT_XML.sub("\ufffd", text))
