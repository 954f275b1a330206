"""Render a digest as CommonMark. Markup in the text of papers is escaped."""

from __future__ import annotations

from collections.abc import Iterator

from paperreader.digest.digest import Digest
from paperreader.digest.entry import DigestEntry
from paperreader.text.markdown import escape_markdown


def render(digest: Digest) -> Iterator[str]:
    """Yield the lines of the document, without line ends."""
    yield f"# {escape_markdown(digest.title)}"
    yield ""
    yield escape_markdown(digest.introduction)
    for group in digest.groups:
        yield ""
        yield f"## {escape_markdown(group.name)}"
        if group.query:
            yield ""
            yield f"Search: {escape_markdown(group.query)}"
        for entry in group.entries:
            yield ""
            yield from _entry(entry)
        if group.more_label:
            yield ""
            yield escape_markdown(group.more_label)


def _entry(entry: DigestEntry) -> Iterator[str]:
    title = escape_markdown(entry.title)
    yield f"### [{title}](<{entry.url}>)" if entry.url else f"### {title}"
    yield ""
    yield f"*{escape_markdown(' · '.join(entry.metadata))}*"
    if entry.summary:
        yield ""
        yield escape_markdown(entry.summary)
    links = " · ".join(f"[{label}](<{url}>)" for label, url in entry.links)
    if links:
        yield ""
        yield links
    if entry.other_groups:
        yield ""
        yield f"Also in {', '.join(map(escape_markdown, entry.other_groups))}"
