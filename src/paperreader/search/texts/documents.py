"""Which texts an index contains, and as which documents. The text of each is kept next to the index.

A text is divided into documents, because posting lists hold at most 255 positions of a word in a document. A document
has a slot, which takes the place of the row in an index of papers.

Files in the index folder: `texts-CRC.json`, a list of `[paper, version, crc, slots]`, whose CRC-32 and length are in
the manifest, and for each text `CRC-SLOT.blocks`, a compressed list of the texts of its blocks.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol
from zlib import crc32

import msgspec
from msgspec import Struct

from paperreader.models import CatalogVersion
from paperreader.search.analysis.cased_words import split_cased_words
from paperreader.search.index.errors import IndexDamaged

VERSION = 1
"""Version of these files, and of how texts become documents. An index of another version is rebuilt."""

MAX_DOCUMENT_WORDS = 3_000

MAX_REPETITIONS = 200
"""Of a form of a word in a document. All forms of a word together have 255 positions."""

MAX_BLOCKS_BYTES = 64 << 20
"""Of one text, unpacked."""

BLOCK_END = "."
"""Indexed as a word between blocks, so that no phrase matches across them. No text contains it as a word."""

_FILES = ("texts-*.json", "*.blocks")

Words = tuple[list[str], set[str]]
"""Words with their capitals, and further forms with capitals, as in `split_cased_words`."""


class TextKey(Struct, frozen=True, array_like=True):
    """A text of a paper. One with another checksum is another text."""

    paper: str
    """The id of the paper, as it was when the text was stored."""
    version: int
    crc: int


class IndexedText(Struct, frozen=True, array_like=True):
    """A text in the index."""

    key: TextKey
    slots: tuple[int, ...]
    """Its documents; none if it has no words, or could not be read."""

    @property
    def blocks_name(self) -> str:
        """The name of the file with the texts of its blocks, if it has any."""
        return f"{self.key.crc:08x}-{min(self.slots, default=0)}.blocks"


class TextSource(Protocol):
    """The texts to search in."""

    def keys(self) -> Iterable[TextKey]:
        """Return the texts, of each paper one."""
        ...

    def blocks(self, key: TextKey) -> Sequence[str] | None:
        """Return the text of each block; None if it is damaged or gone."""
        ...


def split_documents(blocks: Sequence[str]) -> Iterable[Words]:
    """Yield the words of each document of a text."""
    words: list[str] = []
    capitals: set[str] = set()
    counts: Counter[str] = Counter()
    for block in blocks:
        found, forms = split_cased_words(block)
        if not found:
            continue
        counts.update(found)
        is_full = len(words) + len(found) > MAX_DOCUMENT_WORDS
        if words and (is_full or max(map(counts.__getitem__, found)) > MAX_REPETITIONS):
            yield words, capitals
            words, capitals, counts = [], set(), Counter(found)
        while len(found) > MAX_DOCUMENT_WORDS:
            yield found[:MAX_DOCUMENT_WORDS], set(forms)
            found = found[MAX_DOCUMENT_WORDS:]
        words += found
        words.append(BLOCK_END)
        capitals.update(forms)
    if words:
        yield words, capitals


def write_texts(folder: Path, texts: Sequence[IndexedText]) -> CatalogVersion:
    """Write the list of texts, and return what the manifest says about it.

    Raises:
        OSError: it cannot be written.
    """
    content = msgspec.json.encode(texts)
    version = CatalogVersion("", VERSION, len(content), crc32(content))
    (folder / _texts_name(version)).write_bytes(content)
    return version


def read_texts(folder: Path, version: CatalogVersion) -> tuple[IndexedText, ...]:
    """Return the list of texts that a manifest belongs to.

    Raises:
        IndexDamaged: it is missing, damaged, or of another version.
    """
    try:
        content = (folder / _texts_name(version)).read_bytes()
        if version != CatalogVersion("", VERSION, len(content), crc32(content)):
            raise IndexDamaged
        return msgspec.json.decode(content, type=tuple[IndexedText, ...])
    except (OSError, msgspec.DecodeError) as error:
        raise IndexDamaged from error


def write_blocks(path: Path, blocks: Sequence[str]) -> None:
    """Write the texts of the blocks of a text.

    Raises:
        OSError: they cannot be written.
    """
    path.write_bytes(zlib.compress(msgspec.msgpack.encode(blocks), 6))


def read_blocks(path: Path) -> list[str] | None:
    """Return the texts of the blocks of a text; None if the file is missing or damaged."""
    try:
        content = path.read_bytes()
        unpacked = zlib.decompressobj().decompress(content, MAX_BLOCKS_BYTES)
        return msgspec.msgpack.decode(unpacked, type=list[str])
    except (OSError, zlib.error, msgspec.DecodeError):
        return None


def remove_other_files(folder: Path, version: CatalogVersion, texts: Iterable[IndexedText]) -> None:
    """Remove the files of texts that are no longer in the index. What cannot be removed is left to the next time."""
    kept = {_texts_name(version), *(text.blocks_name for text in texts)}
    for pattern in _FILES:
        for path in folder.glob(pattern):
            if path.name not in kept:
                with suppress(OSError):
                    path.unlink()


def _texts_name(version: CatalogVersion) -> str:
    return f"texts-{version.crc:08x}.json"
