"""Answers kept on the disk, with what the service wants to hear when the same is asked again. Disposable.

A file is one line of JSON (what it answers, when it was asked, the validators, length and checksum of what follows)
and the answer. What does not fit its checksum does not count.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from zlib import crc32

from msgspec import Struct

from paperreader import storage

MAX_CACHE_BYTES = 64 << 20
"""What the cache may take on the disk; the oldest answers go first."""

_MAX_HEADER_BYTES = 1 << 16
_TEXT_FIELDS = ("url", "asked", "etag", "modified", "kind")


class CachedResponse(Struct, frozen=True):
    """An answer and what is known of it."""

    url: str
    asked: str
    """When the service last said that this is its answer (ISO, UTC)."""
    data: bytes
    etag: str = ""
    modified: str = ""
    """The validators, `ETag` and `Last-Modified`, as they were sent."""
    kind: str = ""
    """Its `Content-Type`."""

    @property
    def validators(self) -> dict[str, str]:
        """The headers that ask whether it still holds (RFC 9110, section 13.1); empty where there is no telling."""
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in asked.items() if value}


class ResponseCache:
    """Answers by their address, in a folder of the user's alone."""

    def __init__(self, folder: Path, max_bytes: int = MAX_CACHE_BYTES) -> None:
        self._folder, self._max_bytes = folder, max_bytes

    def find(self, url: str) -> CachedResponse | None:
        """The answer kept for an address; None where there is none, or a damaged one."""
        try:
            with os.fdopen(storage.open_regular_file(self._path(url)), "rb") as file:
                head = json.loads(file.readline(_MAX_HEADER_BYTES))
                data = file.read(self._max_bytes + 1)
        except (OSError, ValueError, RecursionError):
            return None
        if not isinstance(head, dict) or not all(isinstance(head.get(name), str) for name in _TEXT_FIELDS):
            return None
        if head["url"] != url or head.get("length") != len(data) or head.get("crc") != crc32(data):
            return None
        return CachedResponse(data=data, **{name: head[name] for name in _TEXT_FIELDS})

    def store(self, response: CachedResponse) -> None:
        """Put an answer in the place of the one before.

        Raises:
            StorageError: it cannot be written; the one before may still be there.
        """
        head: Mapping[str, Any] = {
            **{name: getattr(response, name) for name in _TEXT_FIELDS},
            "length": len(response.data),
            "crc": crc32(response.data),
        }
        storage.ensure_folder(self._folder)
        path = self._path(response.url)
        storage.write_atomic(path, json.dumps(head).encode() + b"\n" + response.data, durable=False)
        self._evict(path)

    def _path(self, url: str) -> Path:
        return self._folder / f"{hashlib.sha256(url.encode()).hexdigest()[:32]}.answer"

    def _evict(self, newest: Path) -> None:
        """Let the oldest go until what is left may stay."""
        files = []
        for path in self._folder.glob("*.answer"):
            with suppress(OSError):  # another program tidies as well
                status = path.stat()
                files.append((status.st_mtime, status.st_size, path))
        total = sum(size for _, size, _ in files)
        for _, size, path in sorted(files):
            if total <= self._max_bytes:
                return
            if path != newest:
                with suppress(OSError):
                    path.unlink()
                total -= size
