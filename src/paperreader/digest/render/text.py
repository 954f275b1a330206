"""Render a digest as plain text, 72 columns wide: for terminals, and as the plain part of a mail."""

from __future__ import annotations

from collections.abc import Iterator

from paperreader.digest.digest import Digest, Group
from paperreader.digest.entry import DigestEntry
from paperreader.text.cell_width import cell_width, wrap_cells

WIDTH = 72
"""Columns. Only URLs, which must not be broken, may be longer."""

_INDENT = 4


def render(digest: Digest) -> Iterator[str]:
    """Yield the lines of the document, without line ends."""
    yield from wrap_cells(digest.title, WIDTH)
    yield from wrap_cells(digest.introduction, WIDTH)
    number = 0
    for group in digest.groups:
        yield ""
        yield ""
        yield from _heading(group)
        for entry in group.entries:
            number += 1
            yield ""
            yield from _entry(entry, number)
        if group.more_label:
            yield ""
            yield from _indented(group.more_label)


def _heading(group: Group) -> Iterator[str]:
    name = wrap_cells(group.name, WIDTH)
    yield from name
    yield "-" * max(map(cell_width, name))
    if group.query:
        yield from wrap_cells(f"search: {group.query}", WIDTH)


def _entry(entry: DigestEntry, number: int) -> Iterator[str]:
    first, *others = wrap_cells(entry.title, WIDTH - _INDENT)
    yield f"{number:>2}. ".ljust(_INDENT) + first
    for line in others:
        yield " " * _INDENT + line
    yield from _metadata(entry)
    if entry.summary:
        yield from _indented(entry.summary)
    for label, url in entry.links:
        yield f"{' ' * _INDENT}{label:<8}{url}"
    if entry.other_groups:
        yield from _indented(f"also in {', '.join(entry.other_groups)}")


def _metadata(entry: DigestEntry) -> Iterator[str]:
    """Yield authors, date and votes, with line breaks between two of them if possible."""
    line = ""
    for part in entry.metadata:
        longer = f"{line} · {part}" if line else part
        if line and cell_width(longer) > WIDTH - _INDENT:
            yield from _indented(line)
            longer = part
        line = longer
    yield from _indented(line)


def _indented(text: str) -> Iterator[str]:
    for line in wrap_cells(text, WIDTH - _INDENT):
        yield " " * _INDENT + line
