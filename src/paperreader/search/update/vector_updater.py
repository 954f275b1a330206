"""Compute vectors of papers for the segments of an index that have none, without rewriting its posting lists.

Segments of an older program have none, those of a program with another model have vectors that cannot be compared.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from paperreader.errors import StorageError
from paperreader.search.index import manifest, vector_file, whoosh_codec
from paperreader.search.index.document_vectors import encode_segment
from paperreader.search.index.errors import IndexDamaged
from paperreader.search.index.manifest import Manifest
from paperreader.search.meaning.model import MeaningModel
from paperreader.search.meaning.vectors import PackedVectors
from paperreader.search.update.batch_builder import Progress
from paperreader.search.update.index_folder import IndexFolder
from paperreader.storage import PRIVATE_FILE

_MAX_ATTEMPTS = 20
"""Attempts to compute the vectors of a segment that other processes keep merging with others."""


def update_vectors(
    index: IndexFolder, model: MeaningModel, parts: Path, progress: Progress, *, verify: bool
) -> int:
    """Compute the vectors that are missing, damaged or of another model; return of how many papers.

    The index is locked only while a finished file is added to it.

    Args:
        index: the index.
        model: the model.
        parts: a folder for unfinished files.
        progress: called with the number of papers done and the total.
        verify: read all files of vectors to find damaged ones.

    Raises:
        StorageError: a file cannot be written, or the index is damaged.
        OSError: a file cannot be read or written.
    """
    done = 0
    for attempt in range(_MAX_ATTEMPTS):
        known = manifest.read_manifest(index.path)
        try:
            missing = _segments_without(index.path, known, model, verify=verify and not attempt)
            total = sum(segment.doc_count_all() for segment in missing)
            for segment in missing:
                assert known is not None
                _compute(index.path, known, segment, model, parts, progress, (done, total))
                done += _add(index, segment, model, parts)
        except (IndexDamaged, FileNotFoundError) as error:
            if known == manifest.read_manifest(index.path):
                raise StorageError(
                    "The search index is damaged. Run `paperreader reindex` to rebuild it."
                ) from error
            continue  # another process has merged the segment
        if not missing:
            break
    return done


def _segments_without(
    folder: Path, known: Manifest | None, model: MeaningModel, *, verify: bool
) -> list[Any]:
    """Return the Whoosh segments without vectors of the model."""
    if known is None:
        return []
    return [
        segment
        for segment in manifest.nonempty_segments(folder, known)
        if not _has_vectors(folder, known, segment, model, verify=verify)
    ]


def _has_vectors(folder: Path, known: Manifest, segment: Any, model: MeaningModel, *, verify: bool) -> bool:
    try:
        file = manifest.open_vectors(folder, known, segment)
    except IndexDamaged:
        return False
    if file is None:
        return False
    try:
        is_current = (file.header.model, file.header.dimensions) == (model.identity, model.dimensions)
        if is_current and verify:
            _ = file.scales  # which verifies the file
        return is_current
    except IndexDamaged:
        return False
    finally:
        file.close()


def _compute(
    folder: Path,
    known: Manifest,
    segment: Any,
    model: MeaningModel,
    parts: Path,
    progress: Progress,
    counts: tuple[int, int],
) -> None:
    """Write the vectors of a segment to a file in `parts`. `counts` are the papers done before, and the total."""
    manifest.check_file(folder, known, whoosh_codec.postings_file_name(segment))
    reader = whoosh_codec.open_segment(
        folder, segment, lambda name: manifest.read_checked(folder, known, name)
    )
    path = parts / manifest.vectors_file_name(segment)
    path.unlink(missing_ok=True)
    header = vector_file.VectorHeader(model.identity, reader.document_count, model.dimensions)
    try:
        vector_file.write_vectors(path, header, _reported(encode_segment(model, reader), progress, *counts))
    finally:
        reader.close()


def _reported(
    parts: Iterable[PackedVectors], progress: Progress, done: int, total: int
) -> Iterator[PackedVectors]:
    for part in parts:
        progress(done, total)
        yield part
        done += len(part)
    progress(done, total)


def _add(index: IndexFolder, segment: Any, model: MeaningModel, parts: Path) -> int:
    """Add a file of vectors to the index, if it still has the segment; return of how many papers."""
    name = manifest.vectors_file_name(segment)
    with index.write_lock():
        known = manifest.read_manifest(index.path)
        if known is None or whoosh_codec.postings_file_name(segment) not in known.files:
            return 0
        target = index.path / name
        if target.is_dir() and not target.is_symlink():
            shutil.rmtree(target)  # put there by someone else
        (parts / name).replace(target)
        target.chmod(PRIVATE_FILE)
        manifest.add_vectors(index.path, known, name, model.identity)
    return int(segment.doc_count())
