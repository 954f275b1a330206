"""The stems of the user's papers in a file: counting those of one paper takes two milliseconds.

Derived and disposable: whatever is missing, damaged or of another version is counted again. The file holds a checksum
(8 hexadecimal digits and a line end), then a msgpack map of `version` and `papers`: by a hash of title and abstract,
the stems and how often each occurs.
"""

from __future__ import annotations

from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from zlib import crc32

import msgspec

from paperreader import storage
from paperreader.errors import StorageError
from paperreader.models import Paper
from paperreader.search.analysis.paper_stems import count_stems
from paperreader.search.index import schema

VERSION = f"1.{schema.VERSION}"
"""Changes with the format, and with the tokens and stems of the index."""

MAX_PAPERS = 5000
"""Papers that are kept, about 1 kB each: those that were used last."""

_MAX_BYTES = 200_000_000


class _Contents(msgspec.Struct):
    version: str
    papers: dict[str, dict[str, int]]


class StemStore:
    """Counts stems, and remembers them by title and abstract. Not thread-safe.

    Args:
        path: the file. Several processes may write it; the last one wins.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._papers: dict[str, dict[str, int]] | None = None
        self._has_new = False

    def counts(self, paper: Paper) -> dict[str, int]:
        """Return how often each stem occurs in title and abstract."""
        if self._papers is None:
            self._papers = self._read()
        key = _key(paper)
        counts = self._papers.pop(key, None)
        if counts is None:
            counts = dict(count_stems(paper))
            self._has_new = True
        self._papers[key] = counts  # the last one used
        return counts

    def knows(self, paper: Paper) -> bool:
        """Return whether the stems of a paper need not be counted."""
        if self._papers is None:
            self._papers = self._read()
        return _key(paper) in self._papers

    def save(self) -> None:
        """Write the file if there is anything new. If that fails, the stems are counted again in the next session."""
        if not self._has_new or self._papers is None:
            return
        self._has_new = False
        for key in list(self._papers)[:-MAX_PAPERS]:
            del self._papers[key]
        data = msgspec.msgpack.encode(_Contents(VERSION, self._papers))
        with suppress(StorageError):
            storage.ensure_folder(self._path.parent)
            storage.write_atomic(self._path, b"%08x\n" % crc32(data) + data, durable=False)

    def forget(self) -> None:
        """Remove the file and everything that is remembered.

        Raises:
            StorageError: it cannot be removed.
        """
        self._papers, self._has_new = {}, False
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            reason = storage.os_error_message(error)
            raise StorageError(f"Cannot remove {self._path}: {reason}.") from error

    def _read(self) -> dict[str, dict[str, int]]:
        try:
            if not self._path.is_file() or self._path.stat().st_size > _MAX_BYTES:
                return {}
            checksum, _, data = self._path.read_bytes().partition(b"\n")
            if checksum != b"%08x" % crc32(data):
                return {}
            contents = msgspec.msgpack.decode(data, type=_Contents)
        except (OSError, msgspec.MsgspecError):
            return {}
        return contents.papers if contents.version == VERSION else {}


def _key(paper: Paper) -> str:
    text = f"{paper.title}\0{paper.abstract}".encode("utf-8", "surrogatepass")
    return blake2b(text, digest_size=16).hexdigest()
