"""The segments of one finished state of the index."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from paperreader.search.index import manifest, schema, whoosh_codec
from paperreader.search.index.errors import IndexDamaged
from paperreader.search.index.manifest import Manifest
from paperreader.search.index.segment_reader import SegmentReader
from paperreader.search.index.vector_file import VectorFile


class SnapshotSegment(Struct, frozen=True):
    """A segment and which of its documents are live."""

    reader: SegmentReader
    live_mask: NDArray[np.bool_] | None
    """None when no document is deleted."""
    vectors: VectorFile | None = None
    """None if there are none, they are damaged, or the index is not loaded."""
    has_damaged_vectors: bool = False


class IndexSnapshot:
    """The segments that a manifest describes. All files except the postings are verified when it is opened.

    Args:
        folder: the index folder.
        known: its manifest.
        preload: load what queries need, once and for all; otherwise it is only verified. Updates do not need it, and it
            is most of the memory.

    Raises:
        IndexDamaged, OSError, ValueError, KeyError: the files differ from the manifest.
    """

    def __init__(self, folder: Path, known: Manifest, *, preload: bool) -> None:
        self.catalog_version = known.catalog_version
        """The catalog version that is indexed."""
        self.is_loaded = preload
        segments = manifest.nonempty_segments(folder, known)
        self.segments = [_open_segment(folder, known, segment, preload) for segment in segments]
        self.total_words = {
            field: sum(segment._fieldlengths.get(field, 0) for segment in segments)
            for field in schema.TEXT_FIELDS
        }
        """Total number of words of all documents in each scored field."""

    @property
    def readers(self) -> dict[str, SegmentReader]:
        """The segments by name."""
        return {segment.reader.name: segment.reader for segment in self.segments}

    def close(self) -> None:
        """Close the files."""
        for segment in self.segments:
            segment.reader.close()
            if segment.vectors is not None:
                segment.vectors.close()


def open_snapshot(folder: Path, *, preload: bool) -> IndexSnapshot | None:
    """Open the index in that folder; None when it is missing, damaged or of another format version."""
    known = manifest.read_manifest(folder)
    if known is None or known.version != schema.VERSION:
        return None
    try:
        return IndexSnapshot(folder, known, preload=preload)
    except Exception:
        # Damaged; or intact, but written with another version of Whoosh, NumPy or Python. It has to be rebuilt.
        return None


def _open_segment(folder: Path, known: Manifest, segment: Any, preload: bool) -> SnapshotSegment:
    reader = whoosh_codec.open_segment(
        folder, segment, lambda name: manifest.read_checked(folder, known, name)
    )
    vectors, is_damaged = None, False
    try:
        vectors = manifest.open_vectors(folder, known, segment) if preload else None
    except IndexDamaged:
        is_damaged = True
    if preload:
        reader.load()
    else:
        for name in reader.lazy_file_names:
            manifest.check_file(folder, known, name)
    live_mask = whoosh_codec.live_mask(segment) if segment.has_deletions() else None
    return SnapshotSegment(reader, live_mask, vectors, is_damaged)
