"""Records of lines that begin with a tag: the fields of PubMed, Web of Science and EndNote files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from msgspec import Struct, field

from paperreader.text.jats import remove_markup


class Layout(NamedTuple):
    """How a format marks its fields and records."""

    tag: re.Pattern[str]
    """Matches a line that begins a field: its tag and its value."""
    first_tag: str
    """The tag that begins a record."""
    last_tag: str = ""
    """The tag that ends a record; without one, the next record does."""
    any_order: bool = False
    """Whether some programs write `first_tag` later, so that an empty line and a tag that the record already has begin
    the next one."""


class TaggedRecord(Struct):
    """The fields of one record."""

    line: int
    """Its first line, from 1."""
    fields: dict[str, list[list[str]]] = field(default_factory=dict)
    """For each tag, its values, each with all its lines."""
    is_complete: bool = True
    """Whether it has the end that the format demands."""

    def lines(self, *tags: str) -> list[str]:
        """Return the lines of these fields that are not empty."""
        values = (value for tag in tags for value in self.fields.get(tag, ()))
        return [remove_markup(line.strip()) for value in values for line in value if line.strip()]

    def texts(self, *tags: str) -> list[str]:
        """Return the values of these fields that are not empty, each on one line."""
        values = (" ".join(" ".join(value).split()) for tag in tags for value in self.fields.get(tag, ()))
        return [remove_markup(text) for text in values if text]

    def text(self, *tags: str) -> str:
        """Return the first of `texts`, or empty."""
        return next(iter(self.texts(*tags)), "")


def read_records(text: str, layout: Layout) -> Iterator[TaggedRecord]:
    """Yield the records of a file. A line without a tag continues the field before it."""
    record: TaggedRecord | None = None
    value: list[str] | None = None
    after_gap = False
    for number, line in enumerate(text.split("\n"), 1):
        found = layout.tag.match(line)
        if not found:
            after_gap = after_gap or not line.strip()
            if value is not None and line.strip():
                value.append(line)
            continue
        tag, content = found[1], found[2]
        if record and tag == layout.last_tag:
            yield record
            record = value = None
            continue
        if _begins_record(record, tag, after_gap, layout):
            if record:
                yield _without_end(record, layout)
            record = TaggedRecord(number)
        after_gap = False
        if record:
            value = [content]
            record.fields.setdefault(tag, []).append(value)
    if record:
        yield _without_end(record, layout)


def _begins_record(record: TaggedRecord | None, tag: str, after_gap: bool, layout: Layout) -> bool:
    if tag == layout.first_tag:
        return record is None or tag in record.fields
    return layout.any_order and (record is None or (after_gap and tag in record.fields))


def _without_end(record: TaggedRecord, layout: Layout) -> TaggedRecord:
    record.is_complete = not layout.last_tag
    return record
