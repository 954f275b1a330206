"""Making the files that `names` reads, and keeping them in step with the catalog and in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from paperreader.models import CatalogStamp, PaperTable
from paperreader.search import names_file
from paperreader.search.names_file import BASE, NEWER, Parts
from paperreader.search.names_form import Entry, changes_of, changes_part, entries_of, entry, parts_of
from paperreader.search.segment import Damaged

_LEAST_CHANGES, _SHARE = 500, 50
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


def keep(folder: Path, table: PaperTable, *, from_scratch: bool = False) -> None:
    """Bring the files up to date with the catalog.

    Raises:
        OSError: they cannot be written.
    """
    since: Sequence[int] | None = None
    with suppress(Damaged, FileNotFoundError):
        if not from_scratch:
            if is_current(folder, table.stamp):
                return
            base, stamp, known = open_files(folder)
            since = table.changed_since(stamp)
            if since is not None:
                _extend(folder, table, base, {**known, **{row: entry(table, row) for row in since}})
                return
    size = max(table.newest, default=-1) + 1
    _write_base(folder, table, [entry(table, row) for row in range(size)])


def settle(folder: Path) -> None:
    """Put what changed into the large file, if it is more than a little: when nobody waits.

    Raises:
        Damaged: the files are not what was written.
        OSError: they cannot be read or written.
    """
    base, stamp, changes = open_files(folder)
    if len(changes) > _LEAST_CHANGES:
        entries = _joined(entries_of(base.read), changes)
        names_file.write(folder / BASE, stamp, len(entries), parts_of(entries))
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


def _extend(folder: Path, table: PaperTable, base: Parts, changes: Mapping[int, Entry]) -> None:
    if len(changes) > max(_LEAST_CHANGES, base.rows // _SHARE):
        _write_base(folder, table, _joined(entries_of(base.read), changes))
    else:
        part = {"changes": changes_part(changes)}
        names_file.write(folder / NEWER, table.stamp, base.rows, part, goes_with=base.checksum)
    base.close()


def _write_base(folder: Path, table: PaperTable, entries: Sequence[Entry]) -> None:
    names_file.write(folder / BASE, table.stamp, len(entries), parts_of(entries))
    with suppress(OSError):  # Does not go with the new one, and so is passed over.
        (folder / NEWER).unlink(missing_ok=True)


def _joined(entries: list[Entry], changes: Mapping[int, Entry]) -> list[Entry]:
    size = max(len(entries), max(changes, default=-1) + 1)
    entries += [Entry()] * (size - len(entries))
    for row, each in changes.items():
        entries[row] = each
    return entries


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
