"""Render a digest as one HTML page that looks the same in mail clients and browsers.

Styles are inline, because some clients drop style sheets; the sheet only brightens colors on a dark background.
The page loads nothing, and has no scripts, tables or images.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from paperreader.digest.digest import Digest, Group
from paperreader.digest.entry import DigestEntry

# Both are legible on white and on black, for clients that use a dark background and ignore style sheets.
_LINK, _MUTED = "#1f6feb", "#757575"
_MAX_UNBROKEN_LENGTH = 20
"""Characters; a date or a number of votes is shorter, and must not be broken over two lines."""
_FONT = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
_DARK = ".l{color:#7db4ff!important}.m{color:#a3a3a3!important}.r{border-color:#3d3d3d!important}"


def render(digest: Digest) -> Iterator[str]:
    """Yield the lines of the document, without line ends."""
    yield "<!DOCTYPE html>"
    yield '<html lang="en">'
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="color-scheme" content="light dark">'
    yield '<meta name="supported-color-schemes" content="light dark">'
    yield f"<title>{escape(digest.title)}</title>"
    yield f"<style>:root{{color-scheme:light dark}}@media (prefers-color-scheme:dark){{{_DARK}}}</style>"
    yield "</head>"
    yield '<body style="margin:0;padding:0">'
    yield (
        f'<div style="max-width:640px;margin:0 auto;padding:24px 20px 40px;font-family:{_FONT};'
        'font-size:16px;line-height:1.5">'
    )
    yield f'<h1 style="margin:0;font-size:24px;line-height:1.25">{escape(digest.title)}</h1>'
    yield f'<p class="m" style="margin:4px 0 0;color:{_MUTED};font-size:14px">{escape(digest.introduction)}</p>'
    for group in digest.groups:
        yield from _group(group)
    yield "</div>"
    yield "</body>"
    yield "</html>"


def _group(group: Group) -> Iterator[str]:
    yield (
        '<h2 class="r" style="margin:36px 0 0;padding:0 0 6px;border-bottom:1px solid #d9d9d9;'
        f'font-size:19px;line-height:1.3">{escape(group.name)}'
    )
    if group.query:
        yield (
            f'<span class="m" style="color:{_MUTED};font-size:13px;font-weight:normal">'
            f"&ensp;{escape(group.query)}</span>"
        )
    yield "</h2>"
    for entry in group.entries:
        yield from _entry(entry)
    if group.more_label:
        yield f'<p class="m" style="margin:18px 0 0;color:{_MUTED};font-size:14px">{escape(group.more_label)}</p>'


def _entry(entry: DigestEntry) -> Iterator[str]:
    title = _link(entry.url, entry.title, "text-decoration:none") if entry.url else escape(entry.title)
    yield f'<h3 style="margin:20px 0 0;font-size:17px;line-height:1.35;font-weight:600">{title}</h3>'
    metadata = " · ".join(map(_metadata_part, entry.metadata))
    yield f'<p class="m" style="margin:2px 0 0;color:{_MUTED};font-size:13px">{metadata}</p>'
    if entry.summary:
        yield f'<p style="margin:6px 0 0;font-size:15px">{escape(entry.summary)}</p>'
    links = "&ensp;".join(_link(url, label) for label, url in entry.links)
    if links:
        yield f'<p style="margin:6px 0 0;font-size:14px">{links}</p>'
    if entry.other_groups:
        names = escape(", ".join(entry.other_groups))
        yield f'<p class="m" style="margin:4px 0 0;color:{_MUTED};font-size:13px">also in {names}</p>'


def _metadata_part(part: str) -> str:
    text = escape(part)
    return text if len(part) > _MAX_UNBROKEN_LENGTH else f'<span style="white-space:nowrap">{text}</span>'


def _link(url: str, text: str, style: str = "") -> str:
    """Return a link to a URL that was checked for safety."""
    return f'<a class="l" href="{escape(url)}" style="color:{_LINK};{style}">{escape(text)}</a>'
