r"""Import the announcement mails of arXiv: one message, a mailbox of them, or their text alone.

Entries look like this; replacements have no abstract, and lines that continue a field are indented
(https://info.arxiv.org/help/subscribe.html):

    \\
    arXiv:2412.02695 (*cross-listing*)
    Date: Tue, 3 Dec 2024 18:59:01 GMT   (12028kb,D)

    Title: A Title
    Authors: Ada Writer, Bert Reader
    \\
      The abstract.
    \\ ( https://arxiv.org/abs/2412.02695 ,  12028kb)
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from msgspec import Struct, field

from paperreader.checked_values import checked_date
from paperreader.importers.arxiv.submission import first_version_date
from paperreader.importers.input.content import (
    Content,
    SourceOrigin,
    UnsupportedContent,
    content_hash,
    source_origin,
)
from paperreader.importers.input.mail import is_mail, mail_texts
from paperreader.importers.references import fields
from paperreader.importers.references.journal_refs import with_journal_ref
from paperreader.importers.references.names import split_authors
from paperreader.models import ImportedEntry, Problem, SourceRecord
from paperreader.text.ids import parse_arxiv_id, parse_arxiv_version

SOURCE_KIND = "arxiv-mail"

_ID = re.compile(r"(?:arXiv:|Paper(?:\s*\(\*cross-listing\*\))?:\s*)(\S{5,40})", re.IGNORECASE)
_FIELD = re.compile(r"([A-Z][A-Za-z-]{2,15}):\s?(.*)")
_RULE = re.compile(r"(?:-{20,}|%[%-]{20,})\s*")
_DAY = re.compile(r"\b([0-9]{1,2} [A-Z][a-z]{2} [0-9]{4})\b")
_REPLACED = re.compile(r"replaced with revised version|(?:figures|part) added", re.IGNORECASE)
_QUOTED = re.compile(r"(?m)^(?:> ?)+")
_QUOTED_SEPARATOR = re.compile(r"(?m)^(?:> ?)+\\\\$")
_SEPARATOR, _END = "\\\\", re.compile(r"\\\\\s*\(")


class _Entry(Struct):
    line: int
    id: str = ""
    version: int = 0
    fields: dict[str, str] = field(default_factory=dict)
    abstract: list[str] = field(default_factory=list)
    is_replaced: bool = False


def read_entries(
    content: Content, *, date: str | None, today: datetime.date
) -> Iterator[ImportedEntry | Problem]:
    """Yield the papers of the mails, and a problem for every entry that cannot be read.

    Args:
        content: the file.
        date: listing date of its papers given by the user.
        today: used if the day the file was saved is not known.

    Raises:
        OSError: the file cannot be read.
        UnsupportedContent: there is no announcement in it.
    """
    data = content.read_all()
    origin = source_origin(content, content_hash(data), date=date, today=today)
    if is_mail(data):
        texts, numbered = list(mail_texts(data)), False
    else:
        decoded = content.decode(data)
        yield from content.encoding_problems(decoded)
        texts, numbered = [decoded.text], True
    index = 0
    for text in texts:
        for entry in _entries(text):
            try:
                yield ImportedEntry((_record(entry, origin, index),))
            except ValueError as error:
                # Line numbers are relative to the decoded message, so they are useless to the user.
                yield Problem(content.name, entry.line if numbered else None, str(error))
            index += 1
    if not index:
        raise UnsupportedContent("is a mail without announcements of arXiv; nothing was imported from it")


def _entries(text: str) -> Iterator[_Entry]:
    """Yield the entries of one mail."""
    if _QUOTED_SEPARATOR.search(text):
        text = _QUOTED.sub("", text)
    entry: _Entry | None = None
    in_abstract, name = False, ""
    before = ""
    for number, line in enumerate(text.split("\n"), 1):
        line = line.rstrip()
        if entry is None:
            found = _ID.match(line) if before == _SEPARATOR else None
            if found:
                id, version = parse_arxiv_id(found[1]), parse_arxiv_version(found[1])
                entry, in_abstract, name = _Entry(number, id, version), False, ""
        elif _END.match(line) or _RULE.fullmatch(line):
            yield entry
            entry = None
        elif line == _SEPARATOR:
            in_abstract = True
        elif in_abstract:
            entry.abstract.append(line)
        elif line[:1] == " " and name:
            entry.fields[name] += f" {line.strip()}"
        elif found := _FIELD.match(line):
            name = found[1].lower()
            entry.fields.setdefault(name, found[2].strip())
        elif _REPLACED.match(line):
            entry.is_replaced = True
        before = line
    if entry is not None:
        yield entry


def _record(entry: _Entry, origin: SourceOrigin, index: int) -> SourceRecord:
    """Return the record of an entry.

    Raises:
        ValueError: it has no title or no id.
    """
    title = entry.fields.get("title", "")
    if not title or not entry.id:
        raise ValueError(
            f"{entry.id or 'an entry'} has no {'title' if entry.id else 'arXiv id'}; it was not imported"
        )
    found = _DAY.search(entry.fields.get("date", ""))
    day = checked_date(found[1]) if found and not entry.is_replaced else None
    record = fields.to_record(
        origin.to_source(SOURCE_KIND, index),
        title=title,
        abstract="\n".join(line.strip() for line in entry.abstract).strip("\n"),
        authors=split_authors(entry.fields.get("authors") or entry.fields.get("author", "")),
        ids=[entry.id, f"{entry.id}v{entry.version}"],
        dois=[entry.fields.get("doi", "")],
        prose=entry.fields.get("comments", ""),
        published=first_version_date(day, entry.id),
        categories=[entry.fields.get("categories", "")],
    )
    return with_journal_ref(record, entry.fields.get("journal-ref", ""))
