"""Which papers have a stored full text, for the detail. Read off the UI thread, when nothing else is to be done."""

from __future__ import annotations

from collections.abc import Callable, Set

from paperreader import paths
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.runtime.threads import run_in_thread

LOAD_SECONDS = 1.0
"""After so long the names of the texts are read for the first time."""


class StoredTexts:
    """Rows of papers, as they are known. `changed` is called when others are."""

    def __init__(self, ctx: ReaderContext, changed: Callable[[], object]) -> None:
        self._ctx, self._changed = ctx, changed
        self._rows: Set[int] = frozenset()
        self._is_used = self._is_loading = False
        ctx.signals.full_text_stored.connect(self._load)
        ctx.signals.library_changed.connect(self._load)

    def has(self, row: int | None) -> bool:
        """Return whether the full text of a paper is known to be stored. The first question has them read soon."""
        if not self._is_used:
            self._is_used = True
            self._ctx.tasks.after(LOAD_SECONDS, self._load)
        return row in self._rows

    def _load(self, _: object = None) -> None:
        if self._is_used and not self._is_loading:
            self._is_loading = True
            self._ctx.tasks.start(self._read(), group="stored-texts")

    async def _read(self) -> None:
        try:
            rows = await run_in_thread(self._stored_rows)
        finally:
            self._is_loading = False
        if rows != self._rows:
            self._rows = rows
            self._changed()

    def _stored_rows(self) -> Set[int]:
        """Return the rows, in a thread. Without full texts, nothing is loaded for it."""
        library = self._ctx.library
        if not library.uuid or not paths.full_text_folder(library.uuid).exists():
            return frozenset()
        return library.full_texts.stored_rows()
