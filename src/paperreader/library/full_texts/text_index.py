"""The search index of the full texts of a library, in its cache folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from paperreader.errors import LockTimeout, StorageError
from paperreader.fulltext.layout.block_text import document_texts
from paperreader.library.stores import Stores
from paperreader.library.types import Progress
from paperreader.models import Problem
from paperreader.search.texts.documents import TextKey
from paperreader.search.texts.store import FOLDER_NAME, TextIndexStore

if TYPE_CHECKING:
    from paperreader.fulltext import StoredText
    from paperreader.library.full_texts.full_texts import FullTexts


class FullTextIndex:
    """Keeps the index up to date with what is stored: of each paper, the newest version is searched."""

    def __init__(self, stores: Stores, texts: FullTexts) -> None:
        self._stores, self._texts = stores, texts

    @cached_property
    def _store(self) -> TextIndexStore:
        return TextIndexStore(self._stores.cache_folder / FOLDER_NAME)

    @property
    def is_needed(self) -> bool:
        """Whether there is anything to index, or an index."""
        folder = self._texts.folder
        return bool(folder) and ((folder is not None and folder.exists()) or self._store.exists())

    def is_current(self) -> bool:
        """Whether the index holds exactly the stored texts. Reads the beginning of every file."""
        return not self.is_needed or self._store.is_current(_Source(self._texts))

    def update(
        self,
        progress: Callable[[Progress], None] = lambda _: None,
        *,
        from_scratch: bool = False,
        lock_timeout: float | None = None,
    ) -> int:
        """Update the index to the stored texts, or build it; return how many there are.

        Raises:
            LockTimeout: another process is writing the index.
            StorageError: the cache folder cannot be written.
        """
        if not self.is_needed:
            return 0
        source = _Source(self._texts)
        self._store.update(
            source,
            lambda done, total: progress(Progress("indexing", done, total, "full texts")),
            from_scratch=from_scratch,
            lock_timeout=lock_timeout,
        )
        return len(source.texts)

    def update_after_write(self, progress: Callable[[Progress], None] = lambda _: None) -> None:
        """Update the index to what was just stored. A failure becomes a warning: the texts are stored.

        While another process is writing the index, the update is left to the next one.
        """
        try:
            self.update(progress)
        except LockTimeout:
            return
        except StorageError as error:
            self._stores.warn(f"The full texts are stored, but their index could not be updated: {error}")

    def verify(self) -> list[Problem]:
        """Return what is damaged. An index that is missing or out of date is updated by the next search in it."""
        return self._store.verify() if self.is_needed and self._store.exists() else []

    def repair(self, progress: Callable[[Progress], None] = lambda _: None) -> list[str]:
        """Verify every file and rebuild the index if it is damaged; update it. Return what was repaired, as sentences.

        Raises: as `update`.
        """
        if not self.is_needed:
            return []
        is_damaged = self._store.exists() and bool(self._store.verify())
        self.update(progress, from_scratch=is_damaged)
        return ["The index of the full texts was damaged and has been rebuilt."] if is_damaged else []


class _Source:
    """The stored texts, as the index wants them."""

    def __init__(self, texts: FullTexts) -> None:
        self._texts = texts

    @cached_property
    def texts(self) -> dict[TextKey, StoredText]:
        """The newest version of each paper."""
        newest: dict[str, StoredText] = {}
        for text in self._texts.all_texts():
            if text.paper not in newest or text.version > newest[text.paper].version:
                newest[text.paper] = text
        return {TextKey(text.paper, text.version, text.document.crc): text for text in newest.values()}

    def keys(self) -> Iterable[TextKey]:
        """See `TextSource`."""
        return self.texts

    def blocks(self, key: TextKey) -> Sequence[str] | None:
        """See `TextSource`."""
        document = self._texts.document(self.texts[key])
        return document_texts(document) if document is not None else None
