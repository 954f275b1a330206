"""The segments of one finished state of the index, opened and checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from paperreader.models import CatalogVersion
from paperreader.search.index import manifest, schema, whoosh_codec
from paperreader.search.index.manifest import Manifest
from paperreader.search.index.segment_reader import SegmentReader
from paperreader.search.index.term_dictionary import StemDictionary


class Stored(Protocol):
    """A segment, as far as adding to the index needs it."""

    document_count: int
    """How many documents it has."""
    rows: NDArray[np.int32]
    """The catalog row of each document."""

    def stem_dictionary(self) -> StemDictionary: ...


class State(Protocol):
    """A finished state of the index."""

    catalog_version: CatalogVersion

    @property
    def segments(self) -> Mapping[str, Stored]:
        """By name."""
        ...

    def close(self) -> None: ...


class SnapshotSegment(Struct, frozen=True):
    """A segment, and which of its documents are in force."""

    segment: SegmentReader
    live_mask: NDArray[np.bool_] | None
    """None when all are."""


class IndexSnapshot:
    """The segments that a manifest describes.

    Raises:
        Damaged, OSError, ValueError, KeyError: the files are not what the manifest said.
    """

    def __init__(self, folder: Path, known: Manifest) -> None:
        self.catalog_version: CatalogVersion = known.stamp
        segments = manifest.nonempty_segments(folder, known)
        self.parts = [
            SnapshotSegment(
                whoosh_codec.open_segment(
                    folder, segment, lambda name: manifest.read_checked(folder, known, name)
                ),
                whoosh_codec.live_mask(segment) if segment.has_deletions() else None,
            )
            for segment in segments
        ]
        self._names = [segment.segment_id() for segment in segments]
        self.total_words = {
            field: sum(segment._fieldlengths.get(field, 0) for segment in segments)
            for field in schema.TEXT_FIELDS
        }
        """For each scored field, how many words all documents have together."""

    @property
    def segments(self) -> dict[str, SegmentReader]:
        """By name."""
        return dict(zip(self._names, (part.segment for part in self.parts), strict=True))

    def close(self) -> None:
        """Let go of the files."""
        for part in self.parts:
            part.segment.close()


Kind = TypeVar("Kind", bound=State)


def open_snapshot(folder: Path, kind: Callable[[Path, Manifest], Kind]) -> Kind | None:
    """The index in that folder; None when there is none that can be used."""
    known = manifest.read_manifest(folder)
    if known is None or known.version != schema.VERSION:
        return None
    try:
        return kind(folder, known)
    except Exception:
        # Damaged; or sound by its checksums and yet of another Whoosh, NumPy or Python. Not usable, so it is rebuilt.
        return None
