"""Build index batches of full texts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from paperreader.search.index import whoosh_codec
from paperreader.search.index.segment_builder import SegmentBuilder, StemProvider, write_segment
from paperreader.search.texts.documents import (
    IndexedText,
    TextKey,
    TextSource,
    split_documents,
    write_blocks,
)
from paperreader.search.update.batch_builder import Batch

MAX_BLOCKS_CHARS = 32 << 20
"""Of one text. More than that is no paper."""


class TextBatchBuilder:
    """Reads texts and writes them as segments, with their files in `folder`.

    Args:
        source: where the texts come from.
        folder: for files that become part of the index.
        slots: yields slots that are free.
        progress: called with the number of texts done.
    """

    def __init__(
        self, source: TextSource, folder: Path, slots: Iterator[int], progress: Callable[[int], None]
    ) -> None:
        self._source, self._folder, self._slots = source, folder, slots
        self._progress = progress
        self.texts: list[IndexedText] = []
        """What was added."""

    def build(self, keys: Sequence[TextKey], stems: StemProvider) -> Iterator[Batch]:
        """Add texts, and yield the batches with them.

        Raises:
            OSError: a file cannot be written.
        """
        builder = SegmentBuilder()
        for done, key in enumerate(keys):
            self._progress(done)
            blocks = self._source.blocks(key) or ()
            text = IndexedText(key, tuple(self._add(builder, blocks)))
            if text.slots:
                write_blocks(self._folder / text.blocks_name, blocks)
            self.texts.append(text)
            if builder.is_full:
                yield self._write(builder, stems)
                builder = SegmentBuilder()
        if len(builder):
            yield self._write(builder, stems)

    def _add(self, builder: SegmentBuilder, blocks: Sequence[str]) -> Iterator[int]:
        """Add a text to the field `abstract`, the field `title` stays empty. Yield its slots."""
        if sum(map(len, blocks)) > MAX_BLOCKS_CHARS:
            return
        for words in split_documents(blocks):
            slot = next(self._slots)
            builder.add_words(slot, (([], ()), words))
            yield slot

    def _write(self, builder: SegmentBuilder, stems: StemProvider) -> Batch:
        name = whoosh_codec.new_segment().segment_id()
        documents = len(builder)
        return Batch(self._folder, name, documents, write_segment(builder, self._folder, name, stems))
