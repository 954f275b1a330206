"""Another version of the catalog taken in: a conflict copy beside it, or one whose place another file has taken."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

from paperreader import sync_copies
from paperreader.catalog.journal.format import COMMIT_PREFIX, Header, read_at, read_header
from paperreader.catalog.row_table.builder import Draft
from paperreader.catalog.row_table.format import Head, Rows
from paperreader.catalog.write.changes import Outcome, prepare
from paperreader.catalog.write.operations import AddReport, batches, put
from paperreader.catalog.write.writer import Writer
from paperreader.errors import LockTimeout, StorageError
from paperreader.models import CatalogStamp
from paperreader.storage import open_regular, reason

_BLOCK = 1 << 20
_LOOK_BACK = 4 << 20
"""Bytes before a difference in which the end of a chunk is looked for; a chunk is about 1.5 MB long."""

Act = Callable[[Callable[[Writer], AddReport]], AddReport]
"""Opens a writer, has something done with it, and closes it."""


class Copies:
    """The conflict copies of one catalog, as programs that keep folders in step leave them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._passed_over: dict[Path, tuple[int, int]] = {}
        """Those that cannot be taken in, or not now, and were told of: by size and modification time."""

    def take_in(self, act: Act, at: int, limit: int | None) -> list[str]:
        """Merge every copy and set it aside; a sentence for each, once also for those that have to stay.

        Args:
            act: writes to the catalog.
            at: the moment of the import that it counts as.
            limit: bytes of news up to which a copy is merged; None for any number.

        Raises:
            StorageError: the folder cannot be listed.
        """
        told = []
        for copy in sync_copies.conflict_copies(self._path):
            try:
                status = copy.stat()
            except OSError:
                continue  # another process has just set it aside
            look = (status.st_size, status.st_mtime_ns)
            if limit is not None and self._passed_over.get(copy) == look:
                continue
            try:
                told.append(self._take_in(copy, act, at, limit))
            except LockTimeout:
                continue  # somebody is importing; the next look tries again
            except StorageError as error:
                self._passed_over[copy] = look
                told.append(f"{copy.name} cannot be merged into the library: {error}")
        return told

    def _take_in(self, copy: Path, act: Act, at: int, limit: int | None) -> str:
        if not self._path.exists():
            return self._put_in_place(copy)
        try:
            descriptor = open_regular(copy)
        except OSError as error:
            raise StorageError(f"{reason(error)}.") from error
        try:
            other = Other(descriptor, self._path)
            if limit is not None and other.news > limit:
                raise StorageError("it holds much that is new; `paperreader check --repair` takes the time.")
            report = act(partial(other.join, at=at))
        finally:
            os.close(descriptor)
        aside = sync_copies.put_aside(copy)
        return (
            f"{copy.name} was merged into the library: {report.new:,} papers new, {report.merged:,} merged. "
            f"It is called {aside.name} now."
        )

    def _put_in_place(self, copy: Path) -> str:
        try:
            copy.rename(self._path)
        except OSError as error:
            raise StorageError(f"Cannot rename {copy}: {reason(error)}.") from error
        return f"{self._path} was missing; {copy.name} has taken its place."


class Other:
    """An open file that holds another version of the catalog at `path`."""

    def __init__(self, descriptor: int, path: Path) -> None:
        """Find out where it begins to say something else.

        Raises:
            StorageError: it is no catalog, or one of a newer version.
        """
        self.descriptor, self.path = descriptor, path
        header = read_header(descriptor)
        if header is None or header.damaged:
            raise StorageError("it is no catalog.")
        self._header = header
        self._start = self._parting(header)

    @property
    def news(self) -> int:
        """Bytes from where it differs on."""
        return os.fstat(self.descriptor).st_size - self._start

    def join(self, writer: Writer, at: int) -> AddReport:
        """Add the papers it tells of from there on, as an import of that moment that can be undone.

        Raises:
            StorageError: the catalog cannot be written.
        """
        stamp = CatalogStamp(self._header.uuid, self._header.generation, self._start, 0)
        draft = Draft(self.descriptor, self._header, Rows(Head(stamp, 0, 0)))
        draft.catch_up()
        tally: dict[Outcome, int] = {"new": 0, "merged": 0, "unchanged": 0}
        for batch in batches(draft.live_rows()):
            holdings = map(draft.holding, batch)
            prepared = [prepare(one.records, "", (one.paper.id, *one.paper.aliases)) for one in holdings]
            for outcome, _ in writer.chunk(partial(put, entries=prepared, at=at)):
                tally[outcome] += 1
        if tally["new"] or tally["merged"]:
            writer.finish()
        return AddReport(sum(tally.values()), tally["new"], tally["merged"], tally["unchanged"])

    def _parting(self, header: Header) -> int:
        """The end of the last chunk that both have; the end of the first line where there is none."""
        try:
            own = open_regular(self.path)
        except OSError as error:
            raise StorageError(f"Cannot read {self.path}: {reason(error)}.") from error
        try:
            same = _in_common(own, self.descriptor)
        finally:
            os.close(own)
        length = min(same, _LOOK_BACK)
        block = read_at(self.descriptor, length, same - length)
        last = block.rfind(b"\n", 0, block.rfind(b"\n") + 1)
        while last > 0:
            before = block.rfind(b"\n", 0, last)
            if block.startswith(COMMIT_PREFIX, before + 1) and before >= 0:
                return same - length + last + 1
            last = before
        return header.length


def _in_common(one: int, other: int) -> int:
    """How many bytes two files have in common at their beginnings."""
    place = 0
    while (block := read_at(one, _BLOCK, place)) and block == read_at(other, len(block), place):
        place += len(block)
    rest = read_at(other, len(block), place)
    return place + next(
        (number for number, pair in enumerate(zip(block, rest, strict=False)) if pair[0] != pair[1]),
        min(len(block), len(rest)),
    )
