"""Recognise Markdown that is no full text, and read its header."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from paperreader.fulltext.errors import NotAFullText
from paperreader.text.ids import parse_arxiv_id

_FIELD = re.compile(r"(Title|URL Source|Published Time|Warning|Number of Pages): *(.*)")
_CONTENT = re.compile(r"Markdown Content:\s*\n")
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.{0,20000}?)\n---[ \t]*\n", re.DOTALL)
_FRONT_ID = re.compile(r"^arxiv[\w ]{0,12}: *[\"']?(\S{9,60}?)[\"']?\s*$", re.IGNORECASE | re.MULTILINE)
_VERSION = re.compile(r"v([0-9]{1,3})\Z")
_HOSTS_OF_FULL_TEXTS = ("arxiv.org", "ar5iv.org", "ar5iv.labs.arxiv.org")


class MarkdownPage(NamedTuple):
    """What a page says about itself, and its text."""

    text: str
    title: str = ""
    url: str = ""
    arxiv: str = ""
    version: int = 0


def read_header(data: bytes, url: str) -> MarkdownPage:
    """Return the page without its header; `url` is where it was loaded from.

    Raises:
        NotAFullText: it is HTML, an error page, or the paper's own web page instead of its text.
    """
    text = data.decode("utf-8", "replace").removeprefix("\ufeff").replace("\r\n", "\n").replace("\0", "")
    if re.match(r"\s*<(?:!doctype|html|\?xml)\b", text, re.IGNORECASE):
        raise NotAFullText("The page is HTML, not Markdown: there is no Markdown of this paper.")
    if front := _FRONT_MATTER.match(text):
        stated = _FRONT_ID.search(front[1])
        return _page(text[front.end() :], "", url, stated[1] if stated else url)
    content = _CONTENT.search(text, 0, 5_000)
    if content is None:
        return _page(text, "", url, url)
    fields = {found[1]: found[2].strip() for found in _FIELD.finditer(text, 0, content.start())}
    if "error" in fields.get("Warning", ""):
        raise NotAFullText("The page is an error page; there is no text of this paper yet.")
    source = fields.get("URL Source", "")
    host = (urlsplit(source).hostname or "").lower() if "://" in source else ""
    if host and host.removeprefix("www.") not in _HOSTS_OF_FULL_TEXTS:
        raise NotAFullText(
            f"Only the paper's web page at {host} is there, not its text. Press p for the PDF."
        )
    return _page(text[content.end() :], fields.get("Title", ""), source or url, source or url)


def _page(text: str, title: str, url: str, address: str) -> MarkdownPage:
    name = address.removesuffix(".md").rstrip("/")
    version = _VERSION.search(name)
    return MarkdownPage(text, title, url, parse_arxiv_id(name), int(version[1]) if version else 0)
