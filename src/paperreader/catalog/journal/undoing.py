"""The last removal and the last import that were not undone yet: the lines to undo them with."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from paperreader.catalog.journal import removal, undo_records
from paperreader.catalog.journal.format import parse_line, read_at, read_chunks, read_header


class _OperationKind(NamedTuple):
    """A kind of act, by the beginnings of its lines."""

    prefix: bytes
    undo_prefix: bytes
    undo_field: str
    """The field of the undoing line that names the moment of the act."""
    operation_id: Callable[[bytes], int]


_REMOVAL = _OperationKind(b'{"removed":', b'{"restored":', "restored", removal.removal_operation_id)
_IMPORT = _OperationKind(b'{"imported":', b'{"unimported":', "unimported", undo_records.import_operation_id)


def last_removal(descriptor: int) -> list[bytes]:
    """The lines of the last removal that was not undone; none when there is nothing to undo."""
    return _last_operations(descriptor, _REMOVAL)[0]


def last_import(descriptor: int) -> list[bytes]:
    """The lines of the last import that was not undone, one for each of its chunks; none when there is none."""
    return _last_operations(descriptor, _IMPORT)[0]


def undo_lines_to_keep(descriptor: int) -> list[bytes]:
    """The lines that a compaction has to keep, because something can still be undone with them."""
    imported, removed = _last_operations(descriptor, _IMPORT, _REMOVAL)
    return [*imported, *removed]


def _last_operations(descriptor: int, *kinds: _OperationKind) -> list[list[bytes]]:
    header = read_header(descriptor)
    acts: list[dict[int, list[tuple[int, int]]]] = [{} for _ in kinds]
    for chunk in read_chunks(descriptor, header.length, 2) if header else ():
        for line in chunk.lines:
            for kind, done in zip(kinds, acts, strict=True):
                try:
                    if line.data.startswith(kind.prefix):
                        at = kind.operation_id(line.data)
                        # The act of the last line comes last, whatever the clock said.
                        done[at] = [*done.pop(at, []), (len(line.data), line.offset)]
                    elif line.data.startswith(kind.undo_prefix):
                        done.pop(parse_line(line.data)[kind.undo_field], None)
                except (ValueError, TypeError, KeyError):
                    continue  # an act that carries nothing to undo
    return [[read_at(descriptor, *place) for place in done.popitem()[1]] if done else [] for done in acts]
