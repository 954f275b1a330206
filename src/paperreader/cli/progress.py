"""A progress bar on standard error, for people only: nothing is written when that is no terminal."""

from __future__ import annotations

import shutil
import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING

from paperreader.cli import output

if TYPE_CHECKING:
    from paperreader.library import Progress

REPAINT_SECONDS = 0.1
BAR_CELLS = 24


class ProgressBar:
    """Call it with every `Progress`; used as a context manager, it clears its line at the end."""

    def __init__(self) -> None:
        self._shown = 0
        self._stage = ""
        self._next = 0.0
        self._enabled = output.is_terminal(sys.stderr)

    def __enter__(self) -> ProgressBar:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._write("")

    def __call__(self, progress: Progress) -> None:
        """Show how far the work is, at most ten times a second."""
        now = time.monotonic()
        if self._enabled and (progress.stage != self._stage or now >= self._next):
            self._stage, self._next = progress.stage, now + REPAINT_SECONDS
            self._write(bar(progress.stage, progress.done, progress.total, progress.unit))

    def _write(self, text: str) -> None:
        if not self._enabled or (not text and not self._shown):
            return
        text = text[: max(0, shutil.get_terminal_size().columns - 1)]
        # Blanks rather than an erase sequence: every terminal knows them.
        sys.stderr.write("\r" + text.ljust(self._shown) + ("" if text else "\r"))
        sys.stderr.flush()
        self._shown = len(text)


def bar(stage: str, done: int, total: int | None, unit: str = "papers") -> str:
    """`reading  1,234 papers`, or `indexing ############------------  50%  1,234 of 2,468 papers`."""
    if not total:
        return f"{stage}  {done:,} {unit}"
    share = min(done / total, 1.0)
    full = int(share * BAR_CELLS)
    return f"{stage} {'#' * full}{'-' * (BAR_CELLS - full)} {share:>4.0%}  {done:,} of {total:,} {unit}"
