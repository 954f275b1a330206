"""Catching the index up with the catalog, or building it anew. One process at a time; readers go on meanwhile."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC
from whoosh.reading import MultiReader
from whoosh.writing import NO_MERGE, OPTIMIZE, SegmentWriter

from paperreader.errors import StorageError
from paperreader.models import PaperTable
from paperreader.search import manifest, schema
from paperreader.search.reader import Folder
from paperreader.storage import reason

MOST_SEGMENTS = 8
"""Each costs every search a little; with more, they are made one."""

MEMORY = 128
"""Megabytes of postings kept before Whoosh writes them to a temporary file."""

PROGRESS_STEP = 100
"""Papers between two reports."""

Progress = Callable[[int, int], None]


class _Writer(SegmentWriter):  # type: ignore[misc]
    """Whoosh's writer, which leaves the files of the earlier state alone.

    Until the new manifest is in place they are the index; a crash in between costs nothing then.
    """

    def _commit_toc(self, segments: Sequence[Any]) -> None:
        TOC(self.schema, segments, self.generation).write(self.storage, self.indexname)
        self.final = segments


def catch_up(
    folder: Path, known: manifest.Manifest, table: PaperTable, changed: Sequence[int], progress: Progress
) -> None:
    """Replace the papers at the `changed` rows of a sound index.

    Raises:
        StorageError: the index folder cannot be written.
    """
    if not changed:
        manifest.restamp(folder, known, table.stamp)
        return
    _clean(folder, known.files)
    index = Folder(folder, known.toc)
    stale = set(changed)
    try:
        old = [number for number, row in enumerate(_all_rows(index.reader())) if row in stale]
        merge = OPTIMIZE if len(index._segments()) >= MOST_SEGMENTS else NO_MERGE
        _write(folder, index, table, changed, old, progress, merge)
    finally:
        index.storage.release()


def rebuild(folder: Path, table: PaperTable, progress: Progress) -> None:
    """Index every paper of the catalog, whatever stands in `folder`.

    Raises:
        StorageError: the index folder cannot be written.
    """
    manifest.make_private(folder)
    _clean(folder, ())
    TOC(schema.schema(), [], 0).write(FileStorage(str(folder)), schema.NAME)
    index = Folder(folder, 0)
    try:
        _write(folder, index, table, sorted(table.newest), (), progress, NO_MERGE)
    finally:
        index.storage.release()


def _write(
    folder: Path,
    index: Folder,
    table: PaperTable,
    rows: Sequence[int],
    old: Iterable[int],
    progress: Progress,
    merge: Callable[..., Any],
) -> None:
    """Drop the documents numbered `old`, add the papers at `rows`, commit, and declare the result."""
    # `index.lock` is held: Whoosh need not lock again.
    writer = _Writer(index, limitmb=MEMORY, compound=False, _lk=False)
    try:
        for number in old:
            writer.delete_document(number)
        for done, row in enumerate(rows):
            if done % PROGRESS_STEP == 0:
                progress(done, len(rows))
            if table.is_live(row):
                _add(writer, table, row)
        writer.commit(mergetype=merge)
    except BaseException:
        if not writer.is_closed:
            writer.cancel()
        raise
    names = _names(folder, writer.generation, writer.final)
    manifest.write(folder, schema.VERSION, table.stamp, writer.generation, names)
    _clean(folder, names)
    progress(len(rows), len(rows))


def _add(writer: _Writer, table: PaperTable, row: int) -> None:
    try:
        paper = table.paper(row)
    except StorageError:
        # Its line is damaged: the catalog reports that, and there is nothing to be found by.
        return
    writer.add_document(**schema.document(row, paper))


def _all_rows(reader: Any) -> Iterable[int]:
    """The catalog row of each document, by document number."""
    leaves = reader.readers if isinstance(reader, MultiReader) else [reader]
    for leaf in leaves:
        if leaf.doc_count_all():
            yield from leaf.column_reader("row")


def _names(folder: Path, generation: int, segments: Sequence[Any]) -> list[str]:
    """The files that a table of contents and its segments consist of."""
    parts = tuple(f"{segment.segment_id()}." for segment in segments)
    own = [entry.name for entry in folder.iterdir() if entry.name.startswith(parts)] if parts else []
    return [TOC._filename(schema.NAME, generation), *sorted(own)]


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
