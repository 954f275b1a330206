"""Finds sentences for the papers on the screen: of full texts that match, or of abstracts that are near."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from itertools import islice
from typing import Any, Generic, TypeVar

from paperreader.tui.model.sentence_source import Sentences
from paperreader.tui.runtime.threads import run_in_thread

Sentence = TypeVar("Sentence")

DELAY_SECONDS = 0.12
"""After a search, so that nothing is read between two keys."""

PAUSE_SECONDS = 0.003
"""Between two papers, for the screen."""

BATCH = 6
"""Papers whose sentences are painted at once."""

MAX_WAITING = 60
"""Papers that wait; more than fit on a screen. Those that were scrolled away first are dropped."""


class SentenceLoader(Generic[Sentence]):
    """Sentences of the current results by row. They are found in threads, one after the other.

    Args:
        start: starts a coroutine.
        found: is called with rows when their sentences are known.
    """

    def __init__(
        self, start: Callable[[Coroutine[Any, Any, None]], object], found: Callable[[Sequence[int]], object]
    ) -> None:
        self._start, self._found = start, found
        self._texts: Sentences[Sentence] | None = None
        self._known: dict[int, Sentence | None] = {}
        self._waiting: dict[int, None] = {}
        self._is_running = False

    def use(self, texts: Sentences[Sentence] | None) -> None:
        """Find sentences of these results from now on."""
        if texts is not self._texts:
            self._texts = texts
            self._known.clear()
            self._waiting.clear()

    def get(self, row: int) -> Sentence | None:
        """Return the sentence of a paper; None if there is none, or while it is looked for."""
        if self._texts is None or row not in self._texts.rows:
            return None
        if row not in self._known:
            self._waiting.pop(row, None)
            self._waiting[row] = None
            if len(self._waiting) > MAX_WAITING:
                self._waiting.pop(next(iter(self._waiting)))
            if not self._is_running:
                self._is_running = True
                self._start(self._run())
        return self._known.get(row)

    async def _run(self) -> None:
        texts: Sentences[Sentence] | None = None
        try:
            while self._waiting:
                if texts is not self._texts:
                    texts = self._texts
                    await asyncio.sleep(DELAY_SECONDS)
                    continue
                rows = tuple(islice(self._waiting, BATCH))
                for row in rows:
                    del self._waiting[row]
                if texts is not None:
                    found = await run_in_thread(partial(self._find, texts, rows))
                    if texts is self._texts:
                        self._known.update(found)
                        self._found(rows)
        finally:
            self._is_running = False

    def _find(self, texts: Sentences[Sentence], rows: Sequence[int]) -> dict[int, Sentence | None]:
        """Return the sentences of some rows; None of them once there are other results. In a thread."""
        found = {}
        for row in rows:
            if texts is not self._texts:
                return {}
            found[row] = texts.find(row)
            time.sleep(PAUSE_SECONDS)
        return found
