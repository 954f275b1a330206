"""The digest as plain text, 72 columns wide: for terminals and as the text part of a mail."""

from __future__ import annotations

from collections.abc import Iterator

from paperreader.digest.digest import Digest, Group
from paperreader.digest.entry import Item
from paperreader.text.cell_width import cells, wrap

WIDTH = 72
"""Columns; only an address, which must not be broken, may be longer."""

_INDENT = 4


def lines(digest: Digest) -> Iterator[str]:
    """The lines of the document, without their ends."""
    yield from wrap(digest.title, WIDTH)
    yield from wrap(digest.lead, WIDTH)
    number = 0
    for group in digest.groups:
        yield ""
        yield ""
        yield from _heading(group)
        for item in group.items:
            number += 1
            yield ""
            yield from _item(item, number)
        if group.more:
            yield ""
            yield from _indented(group.more)


def _heading(group: Group) -> Iterator[str]:
    name = wrap(group.name, WIDTH)
    yield from name
    yield "-" * max(map(cells, name))
    if group.query:
        yield from wrap(f"search: {group.query}", WIDTH)


def _item(item: Item, number: int) -> Iterator[str]:
    first, *others = wrap(item.title, WIDTH - _INDENT)
    yield f"{number:>2}. ".ljust(_INDENT) + first
    for line in others:
        yield " " * _INDENT + line
    yield from _facts(item)
    if item.summary:
        yield from _indented(item.summary)
    for what, url in item.links:
        yield f"{' ' * _INDENT}{what:<8}{url}"
    if item.also:
        yield from _indented(f"also in {', '.join(item.also)}")


def _facts(item: Item) -> Iterator[str]:
    """Authors, day and votes; a line ends between two of them where it can."""
    line = ""
    for fact in item.facts:
        longer = f"{line} · {fact}" if line else fact
        if line and cells(longer) > WIDTH - _INDENT:
            yield from _indented(line)
            longer = fact
        line = longer
    yield from _indented(line)


def _indented(text: str) -> Iterator[str]:
    for line in wrap(text, WIDTH - _INDENT):
        yield " " * _INDENT + line
