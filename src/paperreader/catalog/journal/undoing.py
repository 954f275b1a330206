"""The last removal and the last import that were not undone yet: the lines to undo them with."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from paperreader.catalog.journal import removal, undo_records
from paperreader.catalog.journal.format import load, read_at, read_header, scan


class _Kind(NamedTuple):
    """A kind of act, by the beginnings of its lines."""

    done: bytes
    undone: bytes
    ended: str
    """The field of the undoing line that names the moment of the act."""
    moment: Callable[[bytes], int]


_REMOVAL = _Kind(b'{"removed":', b'{"restored":', "restored", removal.moment)
_IMPORT = _Kind(b'{"imported":', b'{"unimported":', "unimported", undo_records.moment)


def last_removal(descriptor: int) -> list[bytes]:
    """The lines of the last removal that was not undone; none when there is nothing to undo."""
    return _last(descriptor, _REMOVAL)[0]


def last_import(descriptor: int) -> list[bytes]:
    """The lines of the last import that was not undone, one for each of its chunks; none when there is none."""
    return _last(descriptor, _IMPORT)[0]


def undoable(descriptor: int) -> list[bytes]:
    """The lines that a compaction has to keep, because something can still be undone with them."""
    imported, removed = _last(descriptor, _IMPORT, _REMOVAL)
    return [*imported, *removed]


def _last(descriptor: int, *kinds: _Kind) -> list[list[bytes]]:
    header = read_header(descriptor)
    acts: list[dict[int, list[tuple[int, int]]]] = [{} for _ in kinds]
    for chunk in scan(descriptor, header.length, 2) if header else ():
        for line in chunk.lines:
            for kind, done in zip(kinds, acts, strict=True):
                try:
                    if line.data.startswith(kind.done):
                        at = kind.moment(line.data)
                        # The act of the last line comes last, whatever the clock said.
                        done[at] = [*done.pop(at, []), (len(line.data), line.offset)]
                    elif line.data.startswith(kind.undone):
                        done.pop(load(line.data)[kind.ended], None)
                except (ValueError, TypeError, KeyError):
                    continue  # an act that carries nothing to undo
    return [[read_at(descriptor, *place) for place in done.popitem()[1]] if done else [] for done in acts]
