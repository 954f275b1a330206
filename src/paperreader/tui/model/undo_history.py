"""The reader's acts on marks: shown at once, saved behind, undone and redone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from paperreader.errors import PaperreaderError
from paperreader.models import Change
from paperreader.tui.runtime.tasks import in_thread

if TYPE_CHECKING:
    from paperreader.library import Library, Update

UNDO_LIMIT = 1000
"""Acts that can be undone."""


class Act(Struct, frozen=True, eq=False):
    """Something the reader did, in one key."""

    what: str
    """What undoing it says, such as `bookmark`."""
    title: str
    """The paper's title, for the same."""
    changes: tuple[Change, ...]
    inverse: tuple[Change, ...]
    saved: Callable[[], None]
    """Called when it is durable."""
    failed: Callable[[PaperreaderError], None]
    """Called when it could not be saved and was taken back from the screen."""


def _nothing() -> None:
    return None


class Ledger:
    """Runs in the event loop; only the saving itself happens in a thread, one save at a time and in order."""

    def __init__(
        self,
        library: Library,
        *,
        start: Callable[[Coroutine[Any, Any, None]], object],
        changed: Callable[[Sequence[Change]], None],
        adopt: Callable[[Update], None],
    ) -> None:
        """
        Args:
            library: whose marks.
            start: runs a coroutine beside the user interface.
            changed: called whenever marks on show have changed by an act or by taking one back.
            adopt: puts what a save found in force.
        """
        self._library = library
        self._start, self._changed, self._adopt = start, changed, adopt
        self._waiting: list[Act] = []
        self._saving: list[Act] = []
        self._undo: list[Act] = []
        self._redo: list[Act] = []
        self._idle = asyncio.Event()

    @property
    def pending(self) -> bool:
        """Whether something is not saved yet."""
        return bool(self._waiting or self._saving)

    async def settle(self) -> None:
        """Wait until everything is saved, or known not to be."""
        while self.pending:
            await self._idle.wait()

    def do(
        self,
        what: str,
        title: str,
        changes: Sequence[Change],
        *,
        failed: Callable[[PaperreaderError], None],
        saved: Callable[[], None] = _nothing,
    ) -> None:
        """Show the changes at once and save them."""
        self._redo.clear()
        self._undo.append(self._carry_out(what, title, changes, saved, failed))
        del self._undo[:-UNDO_LIMIT]

    def undo(self) -> Act | None:
        """Take the last act back; gives it, or None when there is none."""
        return self._reverse(self._undo, self._redo)

    def redo(self) -> Act | None:
        """Do again what was undone last."""
        return self._reverse(self._redo, self._undo)

    def _reverse(self, source: list[Act], target: list[Act]) -> Act | None:
        if not source:
            return None
        act = source.pop()
        target.append(self._carry_out(act.what, act.title, act.inverse, _nothing, act.failed))
        return act

    def _carry_out(
        self,
        what: str,
        title: str,
        changes: Sequence[Change],
        saved: Callable[[], None],
        failed: Callable[[PaperreaderError], None],
    ) -> Act:
        inverse = self._library.preview(changes)
        act = Act(what, title, tuple(changes), inverse, saved, failed)
        idle = not self.pending
        self._waiting.append(act)
        self._changed(act.changes)
        if idle:
            self._start(self._save_all())
        return act

    async def _save_all(self) -> None:
        self._idle.clear()
        try:
            while self._waiting:
                self._saving, self._waiting = self._waiting, []
                await self._save([change for act in self._saving for change in act.changes])
        finally:
            self._idle.set()

    async def _save(self, changes: Sequence[Change]) -> None:
        try:
            update = await in_thread(lambda: self._library.save(changes))
        except PaperreaderError as error:
            self._give_up(changes, error)
            return
        done, self._saving = self._saving, []
        self._adopt(update)
        for act in done:
            act.saved()

    def _give_up(self, changes: Sequence[Change], error: PaperreaderError) -> None:
        lost, self._saving = self._saving, []
        self._library.withdraw(changes)
        self._undo = [act for act in self._undo if act not in lost]
        self._redo = [act for act in self._redo if act not in lost]
        self._changed(changes)
        for act in lost:
            act.failed(error)
