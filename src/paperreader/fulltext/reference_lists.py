"""The references of all stored full texts in one derived file, so that "cited by" reads no documents.

MessagePack of `_File`, with a checksum before it. A damaged or older file is built again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from zlib import crc32

import msgspec
from msgspec import Struct

from paperreader import storage
from paperreader.fulltext.document import Document, Reference
from paperreader.fulltext.layout.block_text import block_text
from paperreader.fulltext.reference_titles import MAX_REFERENCE_LENGTH
from paperreader.fulltext.text_file import StoredText
from paperreader.text.ids import title_key

FORMAT = 1

_CRC_BYTES = 4
_SEPARATOR = "\n"


class ListedReference(Struct, frozen=True, array_like=True):
    """A reference of a stored text."""

    block: int
    """Index of its block."""
    text: str
    ids: tuple[str, ...] = ()
    """As in `Reference`."""


class ReferenceList(Struct, frozen=True, array_like=True):
    """The references of a stored text."""

    paper: str
    """The id of the paper, as it was when the text was stored."""
    version: int
    crc: int
    """Checksum of the document that they were read from."""
    references: tuple[ListedReference, ...] = ()
    keys: str = ""
    """The title keys of the references, a line for each."""

    def mentioning(self, ids: Iterable[str], key: str) -> Iterator[ListedReference]:
        """Yield the references with one of the ids, or with a title key in their text."""
        wanted = frozenset(ids)
        has_key = bool(key) and key in self.keys
        lines = self.keys.split(_SEPARATOR) if has_key else ()
        for index, reference in enumerate(self.references):
            if not wanted.isdisjoint(reference.ids) or (has_key and key in lines[index]):
                yield reference


class _File(Struct, frozen=True, array_like=True):
    format: int
    lists: tuple[ReferenceList, ...]


def read_lists(path: Path) -> tuple[ReferenceList, ...]:
    """Return the lists of a file; none if it does not exist, is damaged, or has another format."""
    try:
        data = path.read_bytes()
        if int.from_bytes(data[:_CRC_BYTES], "little") != crc32(data[_CRC_BYTES:]):
            return ()
        file = msgspec.msgpack.decode(data[_CRC_BYTES:], type=_File)
    except (OSError, msgspec.DecodeError):
        return ()
    return file.lists if file.format == FORMAT else ()


def write_lists(path: Path, lists: Iterable[ReferenceList]) -> None:
    """Replace the file.

    Raises:
        StorageError: it cannot be written.
    """
    data = msgspec.msgpack.encode(_File(FORMAT, tuple(lists)))
    storage.ensure_folder(path.parent)
    storage.write_atomic(path, crc32(data).to_bytes(_CRC_BYTES, "little") + data, durable=False)


def list_references(text: StoredText, document: Document) -> ReferenceList:
    """Return the references of a stored text."""
    found = [
        ListedReference(index, block_text(block)[:MAX_REFERENCE_LENGTH], block.ids)
        for index, block in enumerate(document.blocks)
        if isinstance(block, Reference)
    ]
    keys = _SEPARATOR.join(title_key(reference.text) for reference in found)
    return ReferenceList(text.paper, text.version, text.document.crc, tuple(found), keys)


def by_text(lists: Iterable[ReferenceList]) -> Mapping[tuple[str, int, int], ReferenceList]:
    """Return lists by paper, version and checksum, which identify what they were read from."""
    return {(each.paper, each.version, each.crc): each for each in lists}
