"""A progress bar on standard error. Nothing is written if that is not a terminal."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING

from paperreader.cli import output

if TYPE_CHECKING:
    from paperreader.library import Progress, ProgressRate

REPAINT_SECONDS = 0.1
BAR_CELLS = 14

LONG_RUN_PAPERS = 1000
"""Fewer papers take less than half a second."""


class ProgressBar:
    """Call it with every `Progress`. As a context manager it clears its line at the end.

    Work on many papers lowers the priority of the process, so that an open reader stays responsive.
    """

    def __init__(self) -> None:
        # 60 ms with the library, which every command that has a bar loads anyway; `--version` does not.
        from paperreader.library import RateEstimator
        from paperreader.system.priority import lower_priority

        self._shown_cells = 0
        self._stage = ""
        self._next_repaint = 0.0
        self._enabled = output.is_terminal(sys.stderr)
        self._rate_estimator = RateEstimator()
        self._lower_priority = lower_priority
        self.last: Progress | None = None
        """The latest progress, shown or not."""

    def __enter__(self) -> ProgressBar:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._write("")

    def __call__(self, progress: Progress) -> None:
        """Show the progress, at most ten times per second."""
        if progress.done >= LONG_RUN_PAPERS and (self.last is None or self.last.done < LONG_RUN_PAPERS):
            self._lower_priority()
        self.last = progress
        now = time.monotonic()
        if self._enabled and (progress.stage != self._stage or now >= self._next_repaint):
            self._stage, self._next_repaint = progress.stage, now + REPAINT_SECONDS
            self._write(format_bar(progress, self._rate_estimator.update(progress)))

    def _write(self, text: str) -> None:
        if not self._enabled or (not text and not self._shown_cells):
            return
        from paperreader.text.sanitize import clean_output

        text = clean_output(text)[: max(0, (output.width(sys.stderr) or 80) - 1)]
        # Spaces instead of an erase sequence work on every terminal.
        sys.stderr.write("\r" + text.ljust(self._shown_cells) + ("" if text else "\r"))
        sys.stderr.flush()
        self._shown_cells = len(text)


def format_bar(progress: Progress, rate: ProgressRate) -> str:
    """`reading  1,234 papers`, or `indexing #######-------  50%  1,234 of 2,468 papers  3 s left, 9,876/s`."""
    parts: list[str] = [progress.stage]
    if progress.fraction is not None:
        filled = int(progress.fraction * BAR_CELLS)
        parts[0] += f" {'#' * filled}{'-' * (BAR_CELLS - filled)} {progress.fraction:>4.0%}"
    parts.append(
        f"{progress.done:,} of {progress.total:,} {progress.unit}"
        if progress.total
        else f"{progress.done:,} {progress.unit}"
    )
    return "  ".join(filter(None, [*parts, str(rate)]))
