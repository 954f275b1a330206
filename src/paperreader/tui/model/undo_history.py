"""The reader's acts on marks: shown at once, saved behind, undone and redone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from paperreader.errors import PaperreaderError
from paperreader.models import MarkChange
from paperreader.tui.runtime.tasks import run_in_thread

if TYPE_CHECKING:
    from paperreader.library import Library, Update

MAX_UNDO_STEPS = 1000
"""Acts that can be undone."""


class UndoableChange(Struct, frozen=True, eq=False):
    """Something the reader did, in one key."""

    name: str
    """What undoing it says, such as `bookmark`."""
    title: str
    """The paper's title, for the same."""
    changes: tuple[MarkChange, ...]
    inverse: tuple[MarkChange, ...]
    on_saved: Callable[[], None]
    """Called when it is durable."""
    on_failed: Callable[[PaperreaderError], None]
    """Called when it could not be saved and was taken back from the screen."""


def _nothing() -> None:
    return None


class UndoHistory:
    """Runs in the event loop; only the saving itself happens in a thread, one save at a time and in order."""

    def __init__(
        self,
        library: Library,
        *,
        start: Callable[[Coroutine[Any, Any, None]], object],
        marks_changed: Callable[[Sequence[MarkChange]], None],
        apply_update: Callable[[Update], None],
    ) -> None:
        """
        Args:
            library: whose marks.
            start: runs a coroutine beside the user interface.
            changed: called whenever marks on show have changed by an act or by taking one back.
            adopt: puts what a save found in force.
        """
        self._library = library
        self._start, self._marks_changed, self._apply_update = start, marks_changed, apply_update
        self._queued: list[UndoableChange] = []
        self._saving: list[UndoableChange] = []
        self._undo: list[UndoableChange] = []
        self._redo: list[UndoableChange] = []
        self._idle = asyncio.Event()

    @property
    def has_unsaved(self) -> bool:
        """Whether something is not saved yet."""
        return bool(self._queued or self._saving)

    async def wait_until_saved(self) -> None:
        """Wait until everything is saved, or known not to be."""
        while self.has_unsaved:
            await self._idle.wait()

    def apply(
        self,
        name: str,
        title: str,
        changes: Sequence[MarkChange],
        *,
        on_failed: Callable[[PaperreaderError], None],
        on_saved: Callable[[], None] = _nothing,
    ) -> None:
        """Show the changes at once and save them."""
        self._redo.clear()
        self._undo.append(self._apply_and_save(name, title, changes, on_saved, on_failed))
        del self._undo[:-MAX_UNDO_STEPS]

    def undo(self) -> UndoableChange | None:
        """Take the last act back; gives it, or None when there is none."""
        return self._reverse(self._undo, self._redo)

    def redo(self) -> UndoableChange | None:
        """Do again what was undone last."""
        return self._reverse(self._redo, self._undo)

    def _reverse(self, source: list[UndoableChange], target: list[UndoableChange]) -> UndoableChange | None:
        if not source:
            return None
        act = source.pop()
        target.append(self._apply_and_save(act.name, act.title, act.inverse, _nothing, act.on_failed))
        return act

    def _apply_and_save(
        self,
        name: str,
        title: str,
        changes: Sequence[MarkChange],
        on_saved: Callable[[], None],
        on_failed: Callable[[PaperreaderError], None],
    ) -> UndoableChange:
        inverse = self._library.preview(changes)
        act = UndoableChange(name, title, tuple(changes), inverse, on_saved, on_failed)
        idle = not self.has_unsaved
        self._queued.append(act)
        self._marks_changed(act.changes)
        if idle:
            self._start(self._save_all())
        return act

    async def _save_all(self) -> None:
        self._idle.clear()
        try:
            while self._queued:
                self._saving, self._queued = self._queued, []
                await self._save([change for act in self._saving for change in act.changes])
        finally:
            self._idle.set()

    async def _save(self, changes: Sequence[MarkChange]) -> None:
        try:
            update = await run_in_thread(lambda: self._library.save(changes))
        except PaperreaderError as error:
            self._roll_back(changes, error)
            return
        done, self._saving = self._saving, []
        self._apply_update(update)
        for act in done:
            act.on_saved()

    def _roll_back(self, changes: Sequence[MarkChange], error: PaperreaderError) -> None:
        lost, self._saving = self._saving, []
        self._library.discard_preview(changes)
        self._undo = [act for act in self._undo if act not in lost]
        self._redo = [act for act in self._redo if act not in lost]
        self._marks_changed(changes)
        for act in lost:
            act.on_failed(error)
