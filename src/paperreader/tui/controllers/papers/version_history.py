"""The versions of a paper, for what is shown next."""

from __future__ import annotations

from collections.abc import Callable

from paperreader.errors import PaperreaderError
from paperreader.models import VersionHistory
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.runtime.threads import run_in_thread


async def use_history(ctx: ReaderContext, row: int, use: Callable[[VersionHistory | None], object]) -> None:
    """Read the versions of the paper at a row, and call `use` with them before keys that are pressed next are handled.

    It gets None if no earlier version is known, and is not called if the paper cannot be read, which is reported.
    """
    from paperreader.library import history_of

    table = ctx.library.table
    with ctx.commands.defer_keys():
        try:
            history = await run_in_thread(lambda: history_of(table, row))
        except PaperreaderError as error:
            ctx.ui.fail(error)
            return
        use(history)
