"""Update the index to the catalog, or rebuild it. Only one process writes at a time; readers are not blocked."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from paperreader.errors import StorageError
from paperreader.models import CatalogVersion
from paperreader.search.index import manifest, schema, vector_file, whoosh_codec
from paperreader.search.index.errors import IndexDamaged
from paperreader.search.index.segment_builder import StemProvider, compute_stems
from paperreader.search.index.segment_reader import SegmentReader
from paperreader.search.index.vector_file import VECTORS_EXT
from paperreader.search.update.batch_builder import Batch
from paperreader.search.update.segment_merging import (
    IndexEdit,
    merge_segments,
    open_segment,
    segments_to_merge,
)
from paperreader.storage import PRIVATE_FILE, os_error_message

_INDEX_FILE_NAME = re.compile(rf"_?{schema.INDEX_NAME}_|\.?{re.escape(manifest.FILE_NAME)}")
"""The beginning of the names of segment files, tables of contents, the manifest, and their temporary files."""

MAX_SEGMENTS = 8
"""Each segment slows every search down; with more, the small ones are merged."""

MAX_DELETED_SHARE = 0.2
"""Share of deleted documents above which `optimize` rewrites the index."""


Build = Callable[[StemProvider], tuple[Sequence[Batch], CatalogVersion]]
"""Builds batches, and returns them with the version of what the index contains with them.

The argument may be used to get the stems of words.
"""


def update_incrementally(
    folder: Path,
    current: manifest.Manifest,
    open_readers: Mapping[str, SegmentReader],
    changed: Sequence[int],
    build: Build,
) -> Sequence[Batch]:
    """Replace documents of an intact index; return the batches built.

    Args:
        folder: the index folder.
        current: its manifest.
        open_readers: segments that are open already, by name.
        changed: rows whose documents are removed.
        build: builds the batches that are added.

    Raises:
        StorageError: the index folder cannot be written.
        IndexDamaged: a file differs from the manifest.
    """
    _remove_undeclared_files(folder, current.files)
    state = IndexEdit(folder, current.toc + 1, list(manifest.table_of_contents(folder, current).segments))
    readers = [
        open_readers.get(segment.segment_id()) or open_segment(state, current, segment)
        for segment in state.segments
    ]
    _delete_rows(state, readers, np.fromiter(changed, np.int64, len(changed)))
    batches, version = build(_stem_provider(readers))
    _add_batches(state, batches)
    if len(state.segments) > MAX_SEGMENTS:
        merge_segments(state, current, segments_to_merge(state.segments))
    _commit(state, version)
    return batches


def optimize(folder: Path, current: manifest.Manifest) -> None:
    """Merge an intact index into one segment, if it has several or many deleted documents.

    Raises:
        StorageError: the index folder cannot be written.
        IndexDamaged: a file differs from the manifest.
    """
    segments = list(manifest.table_of_contents(folder, current).segments)
    deleted = sum(segment.deleted_count() for segment in segments)
    documents = sum(segment.doc_count_all() for segment in segments)
    if len(segments) < 2 and deleted <= MAX_DELETED_SHARE * documents:
        return
    _remove_undeclared_files(folder, current.files)
    state = IndexEdit(folder, current.toc + 1, segments)
    merge_segments(state, current, segments)
    _commit(state, current.catalog_version)


def rebuild(folder: Path, build: Build) -> Sequence[Batch]:
    """Replace whatever is in `folder` by an index of the batches that are built, and return these.

    The files of the former index stay until the new one is complete: other processes search in it meanwhile.

    Raises:
        StorageError: the index folder cannot be written.
    """
    manifest.make_folder_private(folder)
    former = manifest.read_manifest(folder)
    _remove_undeclared_files(folder, former.files if former else ())
    state = IndexEdit(folder, former.toc + 1 if former else 1)
    batches, version = build(compute_stems)
    _add_batches(state, batches)
    merge_segments(state, None, state.segments)
    _commit(state, version)
    return batches


def _stem_provider(readers: Sequence[SegmentReader]) -> StemProvider:
    """Look stems up in the largest segment, which has most words: six times as fast as computing them."""
    largest = max(readers, key=lambda reader: reader.document_count, default=None)
    return largest.stem_dictionary().stems if largest else compute_stems


def _add_batches(state: IndexEdit, batches: Sequence[Batch]) -> None:
    """Add one segment per batch."""
    for batch in batches:
        if not batch.documents:
            continue
        for path in sorted(batch.folder.glob(f"{batch.name}.*")):
            if path != batch.metadata_file:
                path.replace(state.folder / path.name)
        segment = whoosh_codec.new_segment(batch.name)
        segment._fieldlengths = dict(batch.words)
        segment.set_doc_count(batch.documents)
        state.segments.append(segment)
        if batch.stale_rows:
            _delete_in_segment(segment, open_segment(state, None, segment), np.asarray(batch.stale_rows))
    state.segments = [segment for segment in state.segments if segment.doc_count()]


def _delete_rows(state: IndexEdit, readers: Sequence[SegmentReader], rows: NDArray[np.int64]) -> None:
    """Mark the documents of those catalog rows as deleted; `readers` are those of the segments."""
    for segment, reader in zip(state.segments, readers, strict=True):
        _delete_in_segment(segment, reader, rows)
    state.segments = [segment for segment in state.segments if segment.doc_count()]


def _delete_in_segment(segment: Any, reader: SegmentReader, rows: NDArray[np.int64]) -> None:
    for number in np.flatnonzero(np.isin(reader.rows, rows)).tolist():
        segment.delete_document(number)


def _commit(state: IndexEdit, catalog_version: CatalogVersion) -> None:
    """Write the table of contents and the manifest, then remove files that are not listed."""
    TOC(schema.whoosh_schema(), state.segments, state.generation).write(
        FileStorage(str(state.folder)), schema.INDEX_NAME
    )
    names, model = _with_current_vectors(state.folder, _index_file_names(state))
    for name in names:
        # Whoosh leaves the mode to the umask. The folder is private, so there was no access in between.
        (state.folder / name).chmod(PRIVATE_FILE)
    manifest.write_manifest(state.folder, schema.VERSION, catalog_version, state.generation, names, model)
    _remove_undeclared_files(state.folder, names)


def _index_file_names(state: IndexEdit) -> list[str]:
    """Return the names of the table of contents and the segment files."""
    prefixes = tuple(f"{segment.segment_id()}." for segment in state.segments)
    segment_files = [path.name for path in state.folder.iterdir() if path.name.startswith(prefixes)]
    return [TOC._filename(schema.INDEX_NAME, state.generation), *sorted(segment_files)]


def _with_current_vectors(folder: Path, names: Sequence[str]) -> tuple[list[str], str]:
    """Return the names without the vectors of other models than that of the program, and the identity of that model.

    Without a model all vectors stay: they are of use again once it is repaired.
    """
    found = {}
    for name in names:
        if name.endswith(VECTORS_EXT):
            found[name] = ""  # damaged: it is computed again
            with suppress(IndexDamaged, OSError):
                found[name] = vector_file.read_header(folder / name).model
    if not found:
        return list(names), ""
    from paperreader.search.meaning.model import optional_model  # opening the index does not need it

    model = optional_model()
    identity = model.identity if model is not None else max(found.values())
    return [name for name in names if found.get(name, identity) == identity], identity


def _remove_undeclared_files(folder: Path, declared: Iterable[str]) -> None:
    """Remove undeclared files: those of earlier generations, and leftovers of interrupted updates.

    What has another name than the files of an index was put there by someone else, and stays.
    """
    keep = {*declared, manifest.FILE_NAME} if declared else set()
    try:
        for path in folder.iterdir():
            if path.name in keep or not _INDEX_FILE_NAME.match(path.name):
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
    except OSError as error:
        raise StorageError(
            f"Cannot clean up the search index in {folder}: {os_error_message(error)}."
        ) from error
