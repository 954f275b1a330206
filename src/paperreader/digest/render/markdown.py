"""The digest as Markdown (CommonMark), in which nothing of a paper's text is markup."""

from __future__ import annotations

from collections.abc import Iterator

from paperreader.digest.digest import Digest
from paperreader.digest.entry import Item
from paperreader.text.markdown import escaped


def lines(digest: Digest) -> Iterator[str]:
    """The lines of the document, without their ends."""
    yield f"# {escaped(digest.title)}"
    yield ""
    yield escaped(digest.lead)
    for group in digest.groups:
        yield ""
        yield f"## {escaped(group.name)}"
        if group.query:
            yield ""
            yield f"Search: {escaped(group.query)}"
        for item in group.items:
            yield ""
            yield from _item(item)
        if group.more:
            yield ""
            yield escaped(group.more)


def _item(item: Item) -> Iterator[str]:
    title = escaped(item.title)
    yield f"### [{title}](<{item.page}>)" if item.page else f"### {title}"
    yield ""
    yield f"*{escaped(' · '.join(item.facts))}*"
    if item.summary:
        yield ""
        yield escaped(item.summary)
    links = " · ".join(f"[{what}](<{url}>)" for what, url in item.links)
    if links:
        yield ""
        yield links
    if item.also:
        yield ""
        yield f"Also in {', '.join(map(escaped, item.also))}"
