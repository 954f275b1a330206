"""Catching the index up with the catalog, or building it anew. One process at a time; readers go on meanwhile."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct, field
from numpy.typing import NDArray
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from paperreader.errors import StorageError
from paperreader.models import PaperTable
from paperreader.search.index import manifest, schema, segment_merger, whoosh_codec
from paperreader.search.index.segment_builder import Stems, worked_out
from paperreader.search.index.segment_reader import Segment
from paperreader.search.index.snapshot import Stored
from paperreader.search.update.batch_builder import Batch, Maker, Progress
from paperreader.storage import PRIVATE_FILE, reason

MOST_SEGMENTS = 8
"""Each costs every search a little; with more, the small ones are made one."""

SMALL = 0.5
"""A segment is merged with smaller ones unless they have, all together, less than this share of its documents."""

MOST_DEAD = 0.2
"""Share of documents no longer in force from which on an idle index is worth writing anew."""


class _State(Struct):
    """The index while it is being changed. Nothing is in force before its manifest is written."""

    folder: Path
    generation: int
    """Of Whoosh's table of contents."""
    segments: list[Any] = field(default_factory=list)
    """Of Whoosh (`W3Segment`)."""


def catch_up(
    folder: Path,
    known: manifest.Manifest,
    opened: Mapping[str, Stored],
    table: PaperTable,
    changed: Sequence[int],
    maker: Maker,
    progress: Progress,
) -> list[Batch]:
    """Replace the papers at the `changed` rows of a sound index; gives what was made of them.

    `opened` are its segments by name, as far as they are open already.

    Raises:
        StorageError: the index folder cannot be written.
        Damaged: a file of the index is not what the manifest says.
    """
    if not changed:
        manifest.restamp(folder, known, table.stamp)
        return []
    _clean(folder, known.files)
    state = _State(folder, known.toc + 1, list(manifest.toc(folder, known).segments))
    read = [opened.get(segment.segment_id()) or _open(state, known, segment) for segment in state.segments]
    _bury(state, read, np.fromiter(changed, np.int64, len(changed)))
    batches = _append(state, table, changed, maker, progress, _stems_in(read))
    if len(state.segments) > MOST_SEGMENTS:
        _merge(state, known, _small(state.segments))
    _commit(state, table.stamp)
    progress(len(changed), len(changed))
    return batches


def optimise(folder: Path, known: manifest.Manifest) -> None:
    """Make a sound index one segment without dead documents, if it is not nearly so.

    Raises:
        StorageError: the index folder cannot be written.
        Damaged: a file of the index is not what the manifest says.
    """
    segments = list(manifest.toc(folder, known).segments)
    dead = sum(segment.deleted_count() for segment in segments)
    if len(segments) < 2 and dead <= MOST_DEAD * sum(segment.doc_count_all() for segment in segments):
        return
    _clean(folder, known.files)
    state = _State(folder, known.toc + 1, segments)
    _merge(state, known, segments)
    _commit(state, known.stamp)


def rebuild(folder: Path, table: PaperTable, maker: Maker, progress: Progress) -> list[Batch]:
    """Index every paper of the catalog, whatever stands in `folder`; gives what was made of them.

    Raises:
        StorageError: the index folder cannot be written.
    """
    manifest.make_private(folder)
    _clean(folder, ())
    state = _State(folder, 1)
    rows = sorted(table.newest)
    batches = _append(state, table, rows, maker, progress)
    _merge(state, None, state.segments)
    _commit(state, table.stamp)
    progress(len(rows), len(rows))
    return batches


def _stems_in(opened: Sequence[Stored]) -> Stems:
    """Stems looked up in the largest segment, where most words stand: a sixth of the time of working them out."""
    largest = max(opened, key=lambda segment: segment.size, default=None)
    return largest.dictionary().stems if largest else worked_out


def _append(
    state: _State,
    table: PaperTable,
    rows: Sequence[int],
    maker: Maker,
    progress: Progress,
    stems: Stems = worked_out,
) -> list[Batch]:
    """Add the papers at `rows`, each batch a segment."""
    batches = list(maker.batches(table, rows, progress, stems))
    for batch in batches:
        if not batch.documents:
            continue
        for path in sorted(batch.folder.glob(f"{batch.name}.*")):
            if path != batch.names_file:
                path.replace(state.folder / path.name)
        segment = whoosh_codec.new_segment(batch.name)
        segment._fieldlengths = dict(batch.words)
        segment.set_doc_count(batch.documents)
        state.segments.append(segment)
        if batch.dead:
            _bury_in(segment, _open(state, None, segment), np.asarray(batch.dead))
    state.segments = [segment for segment in state.segments if segment.doc_count()]
    return batches


def _bury(state: _State, opened: Sequence[Stored], rows: NDArray[np.int64]) -> None:
    """Mark the documents of those catalog rows as no longer in force; `opened` are the segments of the state."""
    for segment, each in zip(state.segments, opened, strict=True):
        _bury_in(segment, each, rows)
    state.segments = [segment for segment in state.segments if segment.doc_count()]


def _bury_in(segment: Any, opened: Stored, rows: NDArray[np.int64]) -> None:
    for number in np.flatnonzero(np.isin(opened.rows, rows)).tolist():
        segment.delete_document(number)


def _small(segments: Sequence[Any]) -> list[Any]:
    """The segments to be made one: from the smallest on, as long as the next is not large compared with all before.

    So a paper is written again only when the index has grown by a good part.
    """
    ordered = sorted(segments, key=lambda segment: segment.doc_count())
    taken, documents = ordered[:2], sum(segment.doc_count() for segment in ordered[:2])
    for segment in ordered[2:]:
        if documents < SMALL * segment.doc_count():
            break
        taken.append(segment)
        documents += segment.doc_count()
    return taken


def _merge(state: _State, known: manifest.Manifest | None, chosen: Sequence[Any]) -> None:
    """Make one segment of the chosen ones, in place of the first of them."""
    if not chosen or (len(chosen) == 1 and not chosen[0].has_deletions()):
        return
    chosen = [segment for segment in state.segments if segment in chosen]
    opened = [_open(state, known, segment, whole=True) for segment in chosen]
    alive = [whoosh_codec.alive(segment) for segment in chosen]
    merged = whoosh_codec.new_segment()
    merged._fieldlengths = segment_merger.merge(opened, alive, state.folder, merged.segment_id())
    merged.set_doc_count(sum(int(own.sum()) for own in alive))
    place = state.segments.index(chosen[0])
    state.segments = [segment for segment in state.segments if segment not in chosen]
    if merged.doc_count():
        state.segments.insert(place, merged)


def _open(state: _State, known: manifest.Manifest | None, segment: Any, *, whole: bool = False) -> Segment:
    """A segment's arrays; those of an earlier state are checked, the posting lists too where all will be copied."""
    name = whoosh_codec.posts_name(segment)
    if known is None or name not in known.files:
        return whoosh_codec.open_segment(state.folder, segment)
    if whole:
        manifest.check(state.folder, known, name)
    return whoosh_codec.open_segment(
        state.folder, segment, lambda name: manifest.content(state.folder, known, name)
    )


def _commit(state: _State, stamp: Any) -> None:
    """Write the table of contents, declare it, and remove what it does not name."""
    TOC(schema.schema(), state.segments, state.generation).write(FileStorage(str(state.folder)), schema.NAME)
    names = _names(state)
    for name in names:
        # Whoosh leaves this to the umask. Nobody else could reach into the folder meanwhile.
        (state.folder / name).chmod(PRIVATE_FILE)
    manifest.write(state.folder, schema.VERSION, stamp, state.generation, names)
    _clean(state.folder, names)


def _names(state: _State) -> list[str]:
    """The files that a table of contents and its segments consist of."""
    parts = tuple(f"{segment.segment_id()}." for segment in state.segments)
    own = [entry.name for entry in state.folder.iterdir() if parts and entry.name.startswith(parts)]
    return [TOC._filename(schema.NAME, state.generation), *sorted(own)]


def _clean(folder: Path, keep: Iterable[str]) -> None:
    """Remove whatever is not declared: files of earlier states, and what an interrupted writer left."""
    kept = {*keep, manifest.FILE_NAME} if keep else set()
    try:
        for path in folder.iterdir():
            if path.name in kept:
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
    except OSError as error:
        raise StorageError(f"Cannot tidy the search index in {folder}: {reason(error)}.") from error
