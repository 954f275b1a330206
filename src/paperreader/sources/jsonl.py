"""Our own JSON Lines, as `export --format jsonl` writes them: one paper a line, with its records and its mark."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from paperreader.models import Entry, Mark, Problem, Record, Source
from paperreader.serialize import mark_from_json, record_from_json
from paperreader.sources.inputs import Input
from paperreader.text.characters import printable
from paperreader.text.dates import parse_iso
from paperreader.text.ids import arxiv_id, doi
from paperreader.text.links import classify, find_links

KIND = "jsonl"
VERSION = 1
"""The newest version of the form that is understood here."""

MAX_LINE = 16 * 1024 * 1024
"""Bytes of one line; a paper with all its records has some thousands."""

HASH_LENGTH = 16


def read(item: Input, *, date: str | None, today: datetime.date) -> Iterator[Entry | Problem]:
    """The papers of a JSON Lines file, line by line; a line that cannot be used is a problem and costs itself alone.

    A line with `records` gives them back as they were. A line without them (written by hand or by a script) gives one
    record from its other fields, of which only `title` has to be there.

    Args:
        item: the file.
        date: the listing day of lines without records, where the reader gave one.
        today: not used; every day is in the lines.

    Raises:
        OSError: the file cannot be read.
    """
    del today
    digest = _digest(item)
    met = False
    with item.open() as file:
        for number, line in enumerate(_lines(file), 1):
            if line is None:
                yield Problem(item.name, number, f"the line is longer than {MAX_LINE >> 20} MB")
                continue
            if not line.strip():
                continue
            met = True
            try:
                yield _entry(line, Source(KIND, printable(item.short_name), date, f"{digest}:{number - 1}"))
            except (ValueError, RecursionError) as error:
                yield Problem(item.name, number, f"the line cannot be used: {_why(error)}")
    if not met:
        yield Problem(item.name, None, "holds no papers")


def _entry(line: bytes, source: Source) -> Entry:
    """The paper of one line.

    Raises:
        ValueError: it is not JSON, or not a paper.
    """
    data = json.loads(line)
    if not isinstance(data, dict):
        raise ValueError("it is not an object")
    version = data.get("paperreader", VERSION)
    if not isinstance(version, int) or version > VERSION:
        raise ValueError("it was written by a newer paperreader")
    mark = _mark(data)
    given = data.get("records")
    if given is None:
        return Entry((_record(data, source),), mark)
    if not isinstance(given, list) or not given or not all(isinstance(one, dict) for one in given):
        raise ValueError("records is not a list of objects")
    return Entry(tuple(record_from_json(one) for one in given), mark)


def _mark(data: dict[str, Any]) -> Mark | None:
    """The stamped mark. The plain fields `bookmarked`, `read`, `note` and `tags` carry no moment and are for people."""
    return None if data.get("mark") is None else mark_from_json(data["mark"])


def _record(data: dict[str, Any], source: Source) -> Record:
    """One record from the public fields of a line.

    Raises:
        ValueError: there is no title, or a field is of another type.
    """
    title = data.get("title")
    if not isinstance(title, str) or not title.strip():
        raise ValueError("title is missing")
    abstract = _text(data, "abstract")
    listed = source.date or parse_iso(_text(data, "listed"))
    links = [classify(url) for url in _addresses(data)]
    return Record(
        title=title,
        source=Source(source.kind, source.name, listed, source.key),
        abstract=abstract,
        arxiv=arxiv_id(_text(data, "arxiv")) or arxiv_id(_text(data, "id")),
        doi=doi(_text(data, "doi")),
        authors=_texts(data, "authors"),
        links=tuple(link for link in links if link) if links else find_links(f"{title}\n{abstract}"),
        published=parse_iso(_text(data, "published")),
        votes=_count(data, "votes"),
        comments=_count(data, "comments"),
        stars=_count(data, "stars"),
        keywords=_texts(data, "keywords"),
        summary=_text(data, "summary"),
    )


def _addresses(data: dict[str, Any]) -> list[str]:
    links = data.get("links") or []
    if not isinstance(links, list):
        raise ValueError("links is not a list")
    found = [link.get("url") if isinstance(link, dict) else link for link in links]
    if not all(isinstance(url, str) for url in found):
        raise ValueError("a link is malformed")
    return [url for url in found if isinstance(url, str)]


def _text(data: dict[str, Any], name: str) -> str:
    value = data.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(f"{name} is not text")
    return value


def _texts(data: dict[str, Any], name: str) -> tuple[str, ...]:
    value = data.get(name) or []
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise ValueError(f"{name} is not a list of texts")
    return tuple(value)


def _count(data: dict[str, Any], name: str) -> int | None:
    value = data.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"{name} is not a count")
    return value


def _lines(file: BinaryIO) -> Iterator[bytes | None]:
    """The lines of a file; None in place of one that is too long, which is read past without being held."""
    while line := file.readline(MAX_LINE + 1):
        if len(line) <= MAX_LINE or line.endswith(b"\n"):
            yield line.removeprefix(b"\xef\xbb\xbf")
            continue
        while line and not line.endswith(b"\n"):
            line = file.readline(MAX_LINE)
        yield None


def _digest(item: Input) -> str:
    digest = hashlib.sha256()
    with item.open() as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()[:HASH_LENGTH]


def _why(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"it is not whole JSON ({error.msg.lower()}, column {error.colno})"
    return str(error) or type(error).__name__
