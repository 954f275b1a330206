"""Import a file with a JSON document: as a whole, or if it is too long for that, its papers one by one.

Dumps of whole services, such as `papers-with-abstracts.json` of Papers with Code, are arrays of a gigabyte.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator

from paperreader.importers.input.content import (
    MAX_CONTENT_BYTES,
    Content,
    content_hash,
    source_origin,
)
from paperreader.importers.input.encoding import DecodedText
from paperreader.importers.input.streams import TextStream
from paperreader.importers.json import documents
from paperreader.importers.json.long_documents import iter_objects
from paperreader.importers.json.objects import ObjectReader
from paperreader.models import ImportedEntry, Problem


def read_entries(
    content: Content, *, date: str | None, today: datetime.date
) -> Iterator[ImportedEntry | Problem]:
    """Yield the papers of a file, as far as it is valid.

    Raises:
        OSError: the file cannot be read.
        UnsupportedContent: it is damaged or no text, or has too much in one value.
    """
    data = content.file.read(MAX_CONTENT_BYTES + 1)
    if len(data) > MAX_CONTENT_BYTES:
        stream = TextStream(data, content.file)
        del data
        yield from read_long_document(content, stream, date, today)
        return
    decoded = content.decode(data)
    yield from content.encoding_problems(decoded)
    origin = source_origin(content, content_hash(data), date=date, today=today)
    yield from documents.read_entries(decoded.text, content.name, origin)


def read_long_document(
    content: Content, stream: TextStream, date: str | None, today: datetime.date
) -> Iterator[ImportedEntry | Problem]:
    """Yield the papers of a document of any length, as far as it is valid.

    Raises:
        OSError: the file cannot be read.
        UnsupportedContent: it is damaged, or has too much in one text.
    """
    yield from content.encoding_problems(DecodedText("", assumed=stream.assumed))
    reader = ObjectReader(source_origin(content, content.stored_hash(), date=date, today=today))
    index = -1
    try:
        for index, item in enumerate(iter_objects(stream)):
            try:
                if entry := reader.to_entry(item, index):
                    yield entry
            except (ValueError, RecursionError) as error:
                yield Problem(content.name, None, f"item {index + 1:,} cannot be used: {error}")
    except json.JSONDecodeError as error:
        message = (
            f"it is not valid JSON after item {index + 1:,}: {error.msg.lower()}; what follows was not read"
        )
        yield Problem(content.name, None, message)
    else:
        if index < 0:
            yield Problem(content.name, None, "contains no papers")
    yield from content.encoding_problems(stream.damage)
    yield from (Problem(content.name, None, message) for message in reader.reports())
