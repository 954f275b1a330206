"""A cache of responses on disk, with the validators for conditional requests. It can be deleted at any time.

A file holds one line of JSON (URL, time, validators, length and checksum of the data) and the data.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from pathlib import Path
from zlib import crc32

from msgspec import Struct

from paperreader import storage
from paperreader.checked_values import load_json
from paperreader.json_codec import JsonObject

MAX_CACHE_BYTES = 64 << 20
"""Size of the cache; the oldest responses are deleted first."""

_MAX_HEADER_BYTES = 1 << 16


class CachedResponse(Struct, frozen=True):
    """A response and its metadata."""

    url: str
    confirmed_at: str
    """When the service last sent or confirmed it (ISO, UTC)."""
    data: bytes
    etag: str = ""
    last_modified: str = ""
    """The validators `ETag` and `Last-Modified`, as sent."""
    content_type: str = ""
    host: str = ""
    """The host that sent it, to which the validators belong; empty: that of the URL. It differs after a redirect."""

    @property
    def validators(self) -> dict[str, str]:
        """The headers of a conditional request (RFC 9110, section 13.1); empty if there are no validators."""
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in headers.items() if value}


_KEYS = {
    "url": "url",
    "asked": "confirmed_at",
    "etag": "etag",
    "modified": "last_modified",
    "kind": "content_type",
}
"""Keys in the file, and the attributes that they hold."""

_HOST_KEY = "from"
"""Key of the host, which older files lack."""


class ResponseCache:
    """Responses by URL, in a folder that only the user can read."""

    def __init__(self, folder: Path, max_bytes: int = MAX_CACHE_BYTES) -> None:
        self._folder, self._max_bytes = folder, max_bytes
        self.found_damage = False
        """Whether `find` found a file that is damaged."""

    def find(self, url: str) -> CachedResponse | None:
        """Return the cached response, or None if there is none or it is damaged."""
        try:
            with os.fdopen(storage.open_regular_file(self._path(url)), "rb") as file:
                header = load_json(file.readline(_MAX_HEADER_BYTES))
                data = file.read(self._max_bytes + 1)
        except OSError:
            return None
        except ValueError:
            header, data = None, b""
        if not isinstance(header, dict) or not all(isinstance(header.get(key), str) for key in _KEYS):
            self.found_damage = True
            return None
        if header["url"] != url or header.get("length") != len(data) or header.get("crc") != crc32(data):
            self.found_damage = True
            return None
        host = header.get(_HOST_KEY)
        values = {name: header[key] for key, name in _KEYS.items()}
        return CachedResponse(data=data, host=host if isinstance(host, str) else "", **values)

    def store(self, response: CachedResponse) -> None:
        """Store a response in place of an earlier one.

        Raises:
            StorageError: it cannot be written; the earlier one may still be there.
        """
        header: JsonObject = {
            **{key: getattr(response, name) for key, name in _KEYS.items()},
            _HOST_KEY: response.host,
            "length": len(response.data),
            "crc": crc32(response.data),
        }
        storage.ensure_folder(self._folder)
        path = self._path(response.url)
        storage.write_atomic(path, json.dumps(header).encode() + b"\n" + response.data, durable=False)
        self._evict(path)

    def _path(self, url: str) -> Path:
        return self._folder / f"{hashlib.sha256(url.encode()).hexdigest()[:32]}.answer"

    def _evict(self, newest: Path) -> None:
        """Delete the oldest files, but never `newest`, until the cache is within its size."""
        files = []
        for path in self._folder.glob("*.answer"):
            with suppress(OSError):  # deleted by another process
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
