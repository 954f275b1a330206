"""The controllers of the main screen: those of the first frame, and the others, which are created after it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from paperreader.library import Library
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.controllers.list_controllers import ListControllers
from paperreader.tui.model.list_query import is_instant
from paperreader.tui.model.position import SavedSession
from paperreader.tui.runtime.threads import run_in_thread

if TYPE_CHECKING:
    from paperreader.tui.controllers.reader_controllers import ReaderControllers

_MODULE = "paperreader.tui.controllers.reader_controllers"


class _Available:
    """Each controller by its name: those of the first frame do not wait for the others."""

    def __init__(self, owner: ControllerSet) -> None:
        self._owner = owner

    def __getattr__(self, name: str) -> Any:
        first = self._owner.first
        return getattr(first if hasattr(first, name) else self._owner.all, name)


class ControllerSet:
    """Creates the controllers of one screen."""

    def __init__(self, ctx: ReaderContext, *, open_library: Callable[[Library], object]) -> None:
        """`open_library` shows another library in front of this one."""
        self._ctx, self._open_library = ctx, open_library
        self.first = ListControllers(ctx)
        self.available = cast("ReaderControllers", _Available(self))
        """All controllers for commands; the others are created when a command uses one of them."""

    @cached_property
    def all(self) -> ReaderControllers:
        """All controllers."""
        from paperreader.tui.controllers.reader_controllers import ReaderControllers

        return ReaderControllers(self._ctx, self.first, open_library=self._open_library)

    def restore(self, session: SavedSession) -> None:
        """Restore a session. What a search or a view finds concerns all controllers, which exist before."""
        if not is_instant(session.query):
            _ = self.all
        self.first.restore(session)

    async def start(self) -> None:
        """Create the others, and start what runs in the background. Keys are handled while they are imported."""
        await run_in_thread(lambda: import_module(_MODULE))
        self.all.start()
