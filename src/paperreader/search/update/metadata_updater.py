"""Making the files that `names` reads, and keeping them in step with the catalog and in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from paperreader.models import CatalogStamp, PaperTable
from paperreader.search.index.array_file import Arrays
from paperreader.search.index.term_dictionary import Damaged
from paperreader.search.metadata import file_format
from paperreader.search.metadata.file_format import BASE, NEWER, Parts
from paperreader.search.metadata.merger import Piece, join
from paperreader.search.metadata.tables import Entry, changes_of, changes_part, entry, parts_of
from paperreader.search.update.batch_builder import FEW, ROWS, Batch

_LEAST_CHANGES, _SHARE = FEW, 50
"""So many changed papers, or one in so many of all, and the large file is made anew with them."""


def is_current(folder: Path, stamp: CatalogStamp) -> bool:
    """Whether there are files of exactly that state of the catalog; only their heads are checked."""
    with suppress(Damaged, OSError):
        base = Parts(folder / BASE)
        base.close()
        newer = _newer(folder, base)
        if newer is not None:
            newer.close()
        return stamp == (newer or base).stamp
    return False


def keep(
    folder: Path, table: PaperTable, batches: Sequence[Batch] = (), *, from_scratch: bool = False
) -> None:
    """Bring the files up to date with the catalog; what `batches` hold need not be read again.

    Raises:
        OSError: they cannot be written.
    """
    with suppress(Damaged, FileNotFoundError):
        if not from_scratch:
            if is_current(folder, table.stamp):
                return
            base, stamp, known = open_files(folder)
            since = table.changed_since(stamp)
            if since is not None:
                _extend(folder, table, base, known, since, batches)
                return
    joining = _Joining(table.columns.size)
    joining.take_batches(batches)
    joining.take_papers(table, range(joining.size))
    _write_base(folder, table.stamp, joining)


def settle(folder: Path) -> None:
    """Put what changed into the large file, if it is more than a little: when nobody waits.

    Raises:
        Damaged: the files are not what was written.
        OSError: they cannot be read or written.
    """
    base, stamp, changes = open_files(folder)
    if len(changes) > _LEAST_CHANGES:
        joining = _Joining(max(base.rows, max(changes) + 1))
        joining.take_entries(changes)
        joining.take_base(base)
        file_format.write(folder / BASE, stamp, joining.size, join(joining.pieces, joining.size))
    base.close()


def drop(folder: Path) -> None:
    """Trust the files no longer."""
    for name in (BASE, NEWER):
        with suppress(OSError):
            (folder / name).unlink(missing_ok=True)


def damaged(folder: Path) -> list[Path]:
    """Which of the files cannot be used. Reads all of them."""
    found = []
    for name in (BASE, NEWER):
        path = folder / name
        if name == NEWER and not path.exists():
            continue
        try:
            parts = Parts(path)
            parts.check()
            parts.close()
        except (Damaged, OSError):
            found.append(path)
    return found


class _Joining:
    """Gathers pieces, the newest first: a row counts in the first piece that has it."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.pieces: list[Piece] = []
        self._free = np.ones(size, np.bool_)

    def take_batches(self, batches: Sequence[Batch]) -> None:
        """What was made ready for the index."""
        for batch in batches:
            if batch.entries is not None:
                self.take_entries(_counting(batch))
                continue
            parts = Parts(batch.names_file)
            rows = parts.read(ROWS)[ROWS].astype(np.int64)
            self._take(parts.read, rows[~np.isin(rows, batch.dead)], rows)

    def take_papers(self, table: PaperTable, rows: Sequence[int]) -> None:
        """The papers at those rows, as far as nothing has them yet."""
        missing = [row for row in rows if row < self.size and self._free[row]]
        self.take_entries({row: entry(table, row) for row in missing if table.is_live(row)})
        self._free[missing] = False

    def take_entries(self, entries: Mapping[int, Entry]) -> None:
        """Entries by row."""
        rows = np.fromiter(entries, np.int64, len(entries))
        self._take(parts_of(list(entries.values())).__getitem__, rows, rows)

    def take_base(self, base: Parts) -> None:
        """The large file."""
        rows = np.arange(base.rows)
        self._take(base.read, rows, rows)

    def _take(
        self, read: Callable[[str], Arrays], wanted: NDArray[np.int64], rows: NDArray[np.int64]
    ) -> None:
        own = np.zeros(self.size, np.bool_)
        own[wanted[wanted < self.size]] = True
        own &= self._free
        self._free &= ~own
        self.pieces.append(Piece(read, rows, (rows < self.size) & own[np.minimum(rows, self.size - 1)]))


def _extend(
    folder: Path,
    table: PaperTable,
    base: Parts,
    known: Mapping[int, Entry],
    since: Sequence[int],
    batches: Sequence[Batch],
) -> None:
    """Tell in the small file what changed; make the large one anew where that is much."""
    if len(known.keys() | set(since)) > max(_LEAST_CHANGES, base.rows // _SHARE):
        joining = _Joining(table.columns.size)
        joining.take_batches(batches)
        joining.take_papers(table, since)
        joining.take_entries(known)
        joining.take_base(base)
        _write_base(folder, table.stamp, joining)
    else:
        made = {row: told for batch in batches for row, told in _counting(batch).items()}
        newer = {row: made[row] if row in made else entry(table, row) for row in since}
        changes = changes_part({**known, **newer})
        parts = [("changes", changes)]
        file_format.write(folder / NEWER, table.stamp, base.rows, parts, goes_with=base.checksum)
    base.close()


def _counting(batch: Batch) -> dict[int, Entry]:
    """What the papers of a small batch are called, as far as they count."""
    dead = set(batch.dead)
    return {row: told for row, told in (batch.entries or {}).items() if row not in dead}


def _write_base(folder: Path, stamp: CatalogStamp, joining: _Joining) -> None:
    file_format.write(folder / BASE, stamp, joining.size, join(joining.pieces, joining.size))
    with suppress(OSError):  # Does not go with the new one, and so is passed over.
        (folder / NEWER).unlink(missing_ok=True)


def open_files(folder: Path) -> tuple[Parts, CatalogStamp, dict[int, Entry]]:
    """The large file, what changed since it was made, and the state of the catalog that both together are of."""
    base = Parts(folder / BASE)
    newer = _newer(folder, base)
    if newer is None:
        return base, base.stamp, {}
    changes = changes_of(newer.read("changes"))
    newer.close()
    return base, newer.stamp, changes


def _newer(folder: Path, base: Parts) -> Parts | None:
    """The small file, if there is one that goes with the large one."""
    try:
        newer = Parts(folder / NEWER)
    except FileNotFoundError:
        return None
    if newer.goes_with != base.checksum:
        newer.close()
        return None
    return newer
