"""Undo history for mark changes: applied at once, saved in the background, rolled back when saving fails."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from paperreader.errors import PaperreaderError
from paperreader.models import Mark, MarkChange
from paperreader.tui.runtime.threads import run_in_thread

if TYPE_CHECKING:
    from paperreader.library import Library, Update

MAX_UNDO_STEPS = 1000
"""Changes that can be undone."""

_CHANGES_AT_ONCE = 100
"""Of very many changes, those that are applied before keys are handled: about a millisecond."""
_PAUSE_SECONDS = 0.001
"""Time for keys in between: handling one takes several rounds of the event loop."""


class UndoableChange(Struct, frozen=True, eq=False):
    """The changes of one command."""

    name: str
    """What undo reports, such as `bookmark`."""
    title: str
    """The paper's title, or the number of papers, for the same message."""
    changes: tuple[MarkChange, ...]
    inverse: tuple[MarkChange, ...]
    on_saved: Callable[[], None]
    """Called when the changes are on disk."""
    on_failed: Callable[[PaperreaderError], None]
    """Called when saving failed and the changes were rolled back."""


class UndoableAction(Struct, frozen=True, eq=False):
    """A change of something else than marks, such as the watch list. It reports itself when it is undone or redone."""

    name: str
    undo: Callable[[], object]
    redo: Callable[[], object]


UndoStep = UndoableChange | UndoableAction


def _nothing() -> None:
    return None


class UndoHistory:
    """Applies, saves, undoes and redoes changes.

    Runs in the event loop. Only saving runs in a thread, one save at a time and in order.
    """

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
            library: the library of the marks.
            start: runs a coroutine in the background.
            marks_changed: called whenever displayed marks change, also by a rollback.
            apply_update: called with the changes by other processes that a save found.
        """
        self._library = library
        self._start, self._marks_changed, self._apply_update = start, marks_changed, apply_update
        self._queued: list[UndoableChange] = []
        self._saving: list[UndoableChange] = []
        self._undo: list[UndoStep] = []
        self._redo: list[UndoStep] = []
        self._idle = asyncio.Event()
        self.many = asyncio.Lock()
        """Held while many changes are applied, also when they are undone."""

    @property
    def has_unsaved(self) -> bool:
        """Whether changes are not saved yet."""
        return bool(self._queued or self._saving or self.many.locked())

    async def wait_until_saved(self) -> None:
        """Wait until every change is saved or has failed."""
        while self.has_unsaved:
            async with self.many:
                pass
            if self._queued or self._saving:
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
        """Apply changes at once and save them in the background."""
        self._add(self._apply_and_save(name, title, changes, on_saved, on_failed))

    async def apply_many(
        self,
        name: str,
        title: str,
        changes: Sequence[MarkChange],
        *,
        on_failed: Callable[[PaperreaderError], None],
    ) -> None:
        """Do `apply` in steps, between which keys are handled. The caller holds `many`."""
        self._add(await self._apply_in_steps(name, title, changes, on_failed))

    def add(self, action: UndoableAction) -> None:
        """Remember an action that was done."""
        self._add(action)

    def _add(self, step: UndoStep) -> None:
        self._redo.clear()
        self._undo.append(step)
        del self._undo[:-MAX_UNDO_STEPS]

    @property
    def next_undo(self) -> UndoStep | None:
        """What `undo` would revert."""
        return self._undo[-1] if self._undo else None

    @property
    def next_redo(self) -> UndoStep | None:
        """What `redo` would revert."""
        return self._redo[-1] if self._redo else None

    def drop(self, change: UndoStep) -> None:
        """Forget a change that can be neither undone nor redone."""
        self._undo = [each for each in self._undo if each is not change]
        self._redo = [each for each in self._redo if each is not change]

    def undo(self) -> UndoStep | None:
        """Undo the last change. Return it, or None when there is none."""
        return self._reverse(self._undo, self._redo)

    def redo(self) -> UndoStep | None:
        """Redo the last undone change. Return it, or None when there is none."""
        return self._reverse(self._redo, self._undo)

    async def undo_many(self) -> None:
        """Do `undo` of a change of many marks in steps. The caller holds `many`."""
        await self._reverse_many(self._undo, self._redo)

    async def redo_many(self) -> None:
        """Do `redo` of a change of many marks in steps. The caller holds `many`."""
        await self._reverse_many(self._redo, self._undo)

    async def _reverse_many(self, source: list[UndoStep], target: list[UndoStep]) -> None:
        change = source.pop()
        assert isinstance(change, UndoableChange)
        target.append(await self._apply_in_steps(change.name, change.title, change.inverse, change.on_failed))

    def _reverse(self, source: list[UndoStep], target: list[UndoStep]) -> UndoStep | None:
        if not source:
            return None
        change = source.pop()
        if isinstance(change, UndoableAction):
            target.append(change)
            (change.undo if source is self._undo else change.redo)()
            return change
        target.append(
            self._apply_and_save(change.name, change.title, change.inverse, _nothing, change.on_failed)
        )
        return change

    def _apply_and_save(
        self,
        name: str,
        title: str,
        changes: Sequence[MarkChange],
        on_saved: Callable[[], None],
        on_failed: Callable[[PaperreaderError], None],
    ) -> UndoableChange:
        inverse = self._library.preview(changes)
        return self._save_later(UndoableChange(name, title, tuple(changes), inverse, on_saved, on_failed))

    async def _apply_in_steps(
        self,
        name: str,
        title: str,
        changes: Sequence[MarkChange],
        on_failed: Callable[[PaperreaderError], None],
    ) -> UndoableChange:
        inverse: list[MarkChange] = []
        for start in range(0, len(changes), _CHANGES_AT_ONCE):
            inverse += self._library.preview(changes[start : start + _CHANGES_AT_ONCE])
            await asyncio.sleep(_PAUSE_SECONDS)
        return self._save_later(
            UndoableChange(name, title, tuple(changes), tuple(inverse), _nothing, on_failed)
        )

    def _save_later(self, change: UndoableChange) -> UndoableChange:
        """Save a change that is applied."""
        idle = not (self._queued or self._saving)
        self._idle.clear()
        self._queued.append(change)
        self._marks_changed(change.changes)
        if idle:
            self._start(self._save_all())
        return change

    async def _save_all(self) -> None:
        self._idle.clear()
        try:
            while self._queued:
                self._saving, self._queued = self._queued, []
                await self._save([mark_change for change in self._saving for mark_change in change.changes])
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
        for change in done:
            change.on_saved()

    def _roll_back(self, changes: Sequence[MarkChange], error: PaperreaderError) -> None:
        lost, self._saving = self._saving, []
        self._library.discard_preview(changes)
        self._undo = [change for change in self._undo if change not in lost]
        self._redo = [change for change in self._redo if change not in lost]
        self._marks_changed(changes)
        for change in lost:
            change.on_failed(error)


def is_effective(mark: Mark, change: MarkChange) -> bool:
    """Return whether a change would change the mark."""
    if change.note is not None and change.note != mark.note_text:
        return True
    if change.queue is not None and change.queue != mark.queue[0]:
        return True
    if change.seen_version is not None and change.seen_version != mark.seen_version[0]:
        return True
    if any(mark.highlights.get(id, (None, 0))[0] != each for id, each in change.highlights.items()):
        return True
    if any(mark.summaries.get(name, (None, 0))[0] != each for name, each in change.summaries.items()):
        return True
    return any(getattr(mark, name)[0] != is_set for name, is_set in change.flags.items()) or any(
        (name in mark.tag_names) != is_set for name, is_set in change.tags.items()
    )
