"""The index of the full texts on disk: open, verify, update and repair it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, count
from pathlib import Path

from paperreader.models import CatalogVersion, Problem
from paperreader.search.index.errors import IndexDamaged
from paperreader.search.index.manifest import Manifest
from paperreader.search.index.segment_builder import StemProvider
from paperreader.search.index.snapshot import IndexSnapshot
from paperreader.search.texts import documents
from paperreader.search.texts.builder import TextBatchBuilder
from paperreader.search.texts.documents import IndexedText, TextSource
from paperreader.search.update import updater
from paperreader.search.update.batch_builder import Batch, build_folder
from paperreader.search.update.index_folder import IndexFolder

FOLDER_NAME = "text-index"

Progress = Callable[[int, int], None]
"""Called with the number of texts done and the total."""


class TextIndexStore:
    """The index of full texts in a folder, for any number of threads and processes.

    Args:
        folder: the folder of the index, which need not exist.
    """

    def __init__(self, folder: Path) -> None:
        self._index = IndexFolder(folder)
        self.lock = self._index.lock
        """To be held while a snapshot is used."""

    def exists(self) -> bool:
        """Whether an index was ever built here, intact or not."""
        return self._index.exists()

    def snapshot(self) -> tuple[IndexSnapshot, tuple[IndexedText, ...]] | None:
        """Return the index for queries and the texts in it; None if there is no intact one. Hold `lock` meanwhile.

        The snapshot is the same object until the index is replaced.
        """
        for _ in range(2):  # another process may replace the files between the two steps
            snapshot = self._index.snapshot(preload=True)
            if snapshot is None:
                return None
            try:
                return snapshot, documents.read_texts(self._index.path, snapshot.catalog_version)
            except IndexDamaged:
                continue
        return None

    def blocks(self, text: IndexedText) -> list[str] | None:
        """Return the text of each block of a text in the index; None if it is not there."""
        return documents.read_blocks(self._index.path / text.blocks_name) if text.slots else None

    def is_current(self, source: TextSource) -> bool:
        """Whether there is an intact index of exactly the texts of a source."""
        current = self._current()
        return current is not None and {text.key for text in current[1]} == set(source.keys())

    def update(
        self,
        source: TextSource,
        progress: Progress = lambda done, total: None,
        *,
        from_scratch: bool = False,
        lock_timeout: float | None = None,
    ) -> None:
        """Update the index to the texts of a source, or build it. Until it is complete, searches use the former one.

        Raises:
            LockTimeout: another process is writing the index.
            StorageError: the index cannot be written.
        """
        with self._index.write_lock(lock_timeout):
            current = None if from_scratch else self._current()
            try:
                self._update(source, current, progress)
            except IndexDamaged:  # found while merging segments
                self._update(source, None, progress)

    def verify(self) -> list[Problem]:
        """Report damaged files. Reads all of them."""
        if problems := self._index.damaged_files():
            return problems
        with self.lock:
            found = self.snapshot()
        if found is None:
            return [Problem(str(self._index.path), None, "is damaged")]
        damaged = [text for text in found[1] if text.slots and self.blocks(text) is None]
        return [Problem(str(self._index.path / text.blocks_name), None, "is damaged") for text in damaged]

    def discard(self) -> None:
        """Remove the manifest of a damaged index, so that it is rebuilt."""
        self._index.discard()

    def _current(self) -> tuple[Manifest, tuple[IndexedText, ...]] | None:
        """Return the manifest and the texts of an intact index."""
        known = self._index.verified_manifest()
        if known is None:
            return None
        try:
            return known, documents.read_texts(self._index.path, known.catalog_version)
        except IndexDamaged:
            return None

    def _update(
        self,
        source: TextSource,
        current: tuple[Manifest, tuple[IndexedText, ...]] | None,
        progress: Progress,
    ) -> None:
        folder = self._index.path
        wanted = dict.fromkeys(source.keys())
        known = current[1] if current is not None else ()
        kept = [text for text in known if text.key in wanted]
        added = list(wanted.keys() - {text.key for text in kept})
        added.sort(key=lambda key: (key.paper, key.version))
        if current is not None and len(kept) == len(known) and not added:
            return
        version = CatalogVersion("", 0, 0, 0)
        texts: list[IndexedText] = []
        with build_folder(folder.parent) as parts:
            builder = TextBatchBuilder(
                source, parts, _free_slots(kept), lambda done: progress(done, len(added))
            )

            def build(stems: StemProvider) -> tuple[Sequence[Batch], CatalogVersion]:
                nonlocal texts, version
                batches = list(builder.build(added, stems))
                texts = [*kept, *builder.texts]
                for text in builder.texts:
                    if text.slots:
                        (parts / text.blocks_name).replace(folder / text.blocks_name)
                version = documents.write_texts(folder, texts)
                return batches, version

            if current is None:
                updater.rebuild(folder, build)
            else:
                gone = sorted({slot for text in known for slot in text.slots} - _slots(kept))
                with self.lock:
                    snapshot = self._index.snapshot(preload=False)
                readers = snapshot.readers if snapshot is not None else {}
                updater.update_incrementally(folder, current[0], readers, gone, build)
        documents.remove_other_files(folder, version, texts)
        progress(len(added), len(added))


def _slots(texts: Sequence[IndexedText]) -> set[int]:
    return {slot for text in texts for slot in text.slots}


def _free_slots(texts: Sequence[IndexedText]) -> Iterator[int]:
    """Yield the slots that no text has, the lowest first."""
    used = _slots(texts)
    end = max(used, default=-1) + 1
    return chain(sorted(set(range(end)) - used), count(end))
