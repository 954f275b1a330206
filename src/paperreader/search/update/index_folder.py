"""A folder with an index: open it, verify it, and lock it for writing. What it indexes is up to the caller."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from paperreader.errors import StorageError
from paperreader.models import Problem
from paperreader.search.index import manifest
from paperreader.search.index.snapshot import IndexSnapshot, open_snapshot
from paperreader.storage import ensure_folder, lock, os_error_message

_MAX_OPEN_ATTEMPTS = 5
"""Attempts to open an index that other processes keep replacing."""


class IndexFolder:
    """An index folder, for any number of threads and processes.

    Everything in it is derived: a missing, damaged or foreign index is not used, and has to be rebuilt.

    Args:
        path: the folder, which need not exist.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lock = threading.RLock()
        """To be held while a snapshot is used."""
        self._signature: tuple[int, int, int] | None = None
        self._snapshot: IndexSnapshot | None = None

    def exists(self) -> bool:
        """Whether an index was ever built here, intact or not."""
        return (self.path / manifest.FILE_NAME).exists()

    def snapshot(self, *, preload: bool) -> IndexSnapshot | None:
        """Return the current snapshot; None when there is no intact index. Hold `lock` while calling and using it.

        The same object is returned until the index is replaced, or until it has to be loaded for queries (`preload`).
        """
        for _ in range(_MAX_OPEN_ATTEMPTS):
            signature = manifest.manifest_signature(self.path)
            if signature is None:
                return self._snapshot
            must_load = preload and self._snapshot is not None and not self._snapshot.is_loaded
            if signature == self._signature and not must_load:
                return self._snapshot
            snapshot = open_snapshot(self.path, preload=preload)
            if snapshot is None and manifest.manifest_signature(self.path) != signature:
                continue  # another process finished an update and removed the files
            if self._snapshot is not None:
                self._snapshot.close()
            self._signature, self._snapshot = signature, snapshot
            return snapshot
        return self._snapshot

    def verified_manifest(self) -> manifest.Manifest | None:
        """Return the manifest if the files match it."""
        with self.lock:
            snapshot = self.snapshot(preload=False)
            is_current = manifest.manifest_signature(self.path) == self._signature
        return manifest.read_manifest(self.path) if snapshot is not None and is_current else None

    def damaged_files(self) -> list[Problem]:
        """Report damaged files, except for vectors. Reads all of them."""
        known = manifest.read_manifest(self.path)
        if known is None:
            return [Problem(str(self.path), None, "contains no usable search index")]
        return manifest.verify_files(self.path, known, vectors=False)

    def damaged_vectors(self) -> list[Problem]:
        """Report damaged files of vectors. Reads all of them."""
        known = manifest.read_manifest(self.path)
        return [] if known is None else manifest.verify_files(self.path, known, vectors=True)

    def discard(self) -> None:
        """Remove the manifest of a damaged index, so that it is rebuilt."""
        with self.lock, suppress(OSError):
            self._signature = self._snapshot = None
            (self.path / manifest.FILE_NAME).unlink(missing_ok=True)

    @contextmanager
    def vectors_lock(self) -> Iterator[None]:
        """Hold the lock of the process that computes vectors, which does not keep others from updating the index.

        Raises:
            LockTimeout: another process computes them.
            StorageError: the body could not write a file.
        """
        ensure_folder(self.path.parent)
        try:
            with lock(self.path.with_name(f"{self.path.name}-vectors.lock"), timeout=0):
                yield
        except OSError as error:
            raise StorageError(f"Cannot write to {self.path}: {os_error_message(error)}.") from error

    @contextmanager
    def write_lock(self, timeout: float | None = None) -> Iterator[None]:
        """Hold the lock file of the index, at most `timeout` seconds from now, by default as for all locks.

        Raises:
            LockTimeout: another process is writing the index.
            StorageError: the body could not write a file.
        """
        ensure_folder(self.path.parent)
        try:
            with lock(self.path.with_name(f"{self.path.name}.lock"), timeout=timeout):
                yield
        except OSError as error:
            raise StorageError(f"Cannot write to {self.path}: {os_error_message(error)}.") from error
