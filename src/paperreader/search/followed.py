"""The index as it is on disk: opened, followed when another process replaces it, and given up when it is damaged."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from paperreader.errors import PaperreaderError, StorageError
from paperreader.models import PaperTable, Problem
from paperreader.search import manifest, names
from paperreader.search.match import Cancelled
from paperreader.search.reader import OpenIndex, load
from paperreader.search.segment import Damaged
from paperreader.storage import lock, make_folder, reason

_ATTEMPTS = 5
"""At opening an index that another process replaces again and again."""


class Followed:
    """The index in one folder, for any number of threads; other processes may replace it at any time."""

    def __init__(self, folder: Path, forget: Callable[[], None]) -> None:
        """`forget` is called when what was made of the index that is open holds no longer."""
        self.folder = folder
        self.lock = threading.RLock()
        """Held by the one thread that reads; a cancelled search lets go of it at the next word."""
        self.index: OpenIndex | None = None
        """The one that was opened last."""
        self._forget = forget
        self._signature: tuple[int, int, int] | None = None

    def usable(self, table: PaperTable) -> OpenIndex:
        """The index as it is on disk now, which is of this state of the catalog or of an earlier one of its generation.

        Raises:
            StorageError: there is no such index.
        """
        index = self.open()
        if index is None:
            raise StorageError("There is no search index; `paperreader reindex` builds it.")
        wanted, found = table.stamp, index.stamp
        if (found.uuid, found.generation) != (wanted.uuid, wanted.generation):
            raise StorageError(
                "The search index belongs to another state of the library; `paperreader reindex` renews it."
            )
        return index

    def open(self) -> OpenIndex | None:
        """The index as it is on disk now; the one opened before, while another is being put in its place."""
        for _ in range(_ATTEMPTS):
            signature = manifest.signature(self.folder)
            if signature is None or signature == self._signature:
                return self.index
            index = load(self.folder)
            if index is None and manifest.signature(self.folder) != signature:
                continue  # Another process finished an update, and took away what we were about to read.
            if self.index is not None:
                self.index.close()
            self._signature, self.index = signature, index
            self._forget()
            return index
        return self.index

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the folder's lock for the body.

        Raises:
            LockTimeout: another process is writing the index.
            StorageError: the index cannot be written.
        """
        make_folder(self.folder.parent)
        try:
            with lock(self.folder.with_name(f"{self.folder.name}.lock")):
                yield
        except OSError as error:
            raise StorageError(f"Cannot write to {self.folder}: {reason(error)}.") from error

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Hold the index for the body; a failure in there is blamed on the files, if they are not what they were.

        Whoosh fails in a dozen ways when a file was damaged after it was opened.

        Raises:
            StorageError: the index, or the table of names, is missing or damaged.
        """
        with self.lock:
            try:
                yield
            except (PaperreaderError, Cancelled):
                raise
            except names.Unusable as error:
                raise StorageError(
                    "There is no table of authors, ids and titles; `paperreader reindex` builds it."
                ) from error
            except Exception as error:
                if not isinstance(error, Damaged) and not self.damaged_files():
                    raise
                raise self.given_up() from error

    def given_up(self) -> StorageError:
        """Trust the index no longer: `update` builds another."""
        with self.lock, suppress(OSError):
            self._signature = self.index = None
            self._forget()
            (self.folder / manifest.FILE_NAME).unlink(missing_ok=True)
        return StorageError("The search index is damaged; `paperreader reindex` builds it anew.")

    def sound_manifest(self) -> manifest.Manifest | None:
        """The manifest, when every file is as it says."""
        with self.lock:
            checked = self.open() is not None and manifest.signature(self.folder) == self._signature
        return manifest.read(self.folder) if checked else None

    def damaged_files(self) -> list[Problem]:
        """What is wrong with the files of the index itself."""
        known = manifest.read(self.folder)
        if known is None:
            return [Problem(str(self.folder), None, "holds no search index that can be used")]
        return manifest.problems(self.folder, known)
