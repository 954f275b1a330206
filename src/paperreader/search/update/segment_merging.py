"""Merge segments of an index that is being changed."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct, field
from numpy.typing import NDArray

from paperreader.search.index import manifest, segment_merger, vector_file, whoosh_codec
from paperreader.search.index.errors import IndexDamaged
from paperreader.search.index.segment_reader import SegmentReader
from paperreader.search.index.vector_file import VectorFile

MERGE_SIZE_RATIO = 0.5
"""A segment is merged with smaller ones unless these together have less than this share of its documents."""

MAX_MERGED_AT_ONCE = 32
"""Segments that are open at the same time: a batch of 5,000 papers takes 5 MB."""


class IndexEdit(Struct):
    """The index while it is being changed. Changes take effect when the manifest is written."""

    folder: Path
    generation: int
    """Generation number of Whoosh's table of contents."""
    segments: list[Any] = field(default_factory=list)
    """Whoosh segments (`W3Segment`)."""


def segments_to_merge(segments: Sequence[Any]) -> list[Any]:
    """Choose segments to merge: from the smallest up, until the next one is large compared with all before it.

    So a paper is rewritten only after the index has grown by a considerable share.
    """
    ordered = sorted(segments, key=lambda segment: segment.doc_count())
    chosen, documents = ordered[:2], sum(segment.doc_count() for segment in ordered[:2])
    for segment in ordered[2:]:
        if documents < MERGE_SIZE_RATIO * segment.doc_count():
            break
        chosen.append(segment)
        documents += segment.doc_count()
    return chosen


def merge_segments(state: IndexEdit, current: manifest.Manifest | None, chosen: Sequence[Any]) -> None:
    """Replace the chosen segments by one merged segment. Of very many, neighbors are merged first."""
    if not chosen or (len(chosen) == 1 and not chosen[0].has_deletions()):
        return
    chosen = [segment for segment in state.segments if segment in chosen]
    if len(chosen) > MAX_MERGED_AT_ONCE:
        others = [segment for segment in state.segments if segment not in chosen]
        for start in range(0, len(chosen), MAX_MERGED_AT_ONCE):
            part = chosen[start : start + MAX_MERGED_AT_ONCE]
            merge_segments(state, current, part)
            _remove_merged_files(state, current, part)
        chosen = [segment for segment in state.segments if segment not in others]
    readers = [open_segment(state, current, segment, whole=True) for segment in chosen]
    live_masks = [whoosh_codec.live_mask(segment) for segment in chosen]
    merged = whoosh_codec.new_segment()
    name = merged.segment_id()
    merged._fieldlengths = segment_merger.merge_segments(readers, live_masks, state.folder, name)
    for reader in readers:
        reader.close()
    merged.set_doc_count(sum(int(mask.sum()) for mask in live_masks))
    _merge_vectors(state, current, chosen, live_masks, merged)
    position = state.segments.index(chosen[0])
    state.segments = [segment for segment in state.segments if segment not in chosen]
    if merged.doc_count():
        state.segments.insert(position, merged)


def _remove_merged_files(state: IndexEdit, current: manifest.Manifest | None, merged: Sequence[Any]) -> None:
    """Remove the files of segments that were merged, except those of the current index, which may be read."""
    keep = {segment.segment_id() for segment in state.segments}
    for segment in merged:
        for path in state.folder.glob(f"{segment.segment_id()}.*"):
            if segment.segment_id() not in keep and (current is None or path.name not in current.files):
                with suppress(OSError):  # it is removed with the next commit
                    path.unlink()


def _merge_vectors(
    state: IndexEdit,
    current: manifest.Manifest | None,
    chosen: Sequence[Any],
    live_masks: Sequence[NDArray[np.bool_]],
    merged: Any,
) -> None:
    """Write the vectors of a merged segment, unless any are missing or damaged: then they are computed later."""
    target = state.folder / manifest.vectors_file_name(merged)
    files: list[VectorFile] = []
    try:
        for segment in chosen:
            name = manifest.vectors_file_name(segment)
            checksum = current.files.get(name) if current is not None else None
            files.append(VectorFile(state.folder / name, segment.doc_count_all(), checksum))
        vector_file.merge_vectors(files, live_masks, target)
    except (IndexDamaged, FileNotFoundError):
        target.unlink(missing_ok=True)
    finally:
        for file in files:
            file.close()


def open_segment(
    state: IndexEdit, current: manifest.Manifest | None, segment: Any, *, whole: bool = False
) -> SegmentReader:
    """Open a segment. Files of the current index are verified; with `whole`, also its posting lists."""
    name = whoosh_codec.postings_file_name(segment)
    if current is None or name not in current.files:
        return whoosh_codec.open_segment(state.folder, segment)
    if whole:
        manifest.check_file(state.folder, current, name)
    return whoosh_codec.open_segment(
        state.folder, segment, lambda name: manifest.read_checked(state.folder, current, name)
    )
