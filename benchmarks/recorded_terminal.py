"""Run a program in a pseudo-terminal and record when its screen changes.

Output is recorded with timestamps and emulated afterwards, because emulating a terminal costs more than painting and
must not compete with the measured program.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.terminal import Terminal
from tests.waiting import TIMEOUT_SECONDS

ROWS, COLUMNS = 40, 120

IDLE_SECONDS = 0.15
"""Seconds without output after which a key is considered processed."""

ScreenLines = tuple[str, ...]


class RecordedTerminal(Terminal):
    """A terminal that records timestamps with its screens."""

    def __init__(
        self, argv: Sequence[str], env: Mapping[str, str], *, rows: int = ROWS, columns: int = COLUMNS
    ) -> None:
        self.started_at = time.perf_counter()
        super().__init__(argv, rows=rows, columns=columns, env=env)
        self._lines = [""] * rows

    @property
    def lines(self) -> ScreenLines:
        """The current screen."""
        for y in self.screen.dirty:
            row = self.screen.buffer[y]
            self._lines[y] = "".join(row[x].data for x in range(self.screen.columns))
        self.screen.dirty.clear()
        return tuple(self._lines)

    def wait_for(self, expected: str | Callable[[str], bool], *, seconds: float = TIMEOUT_SECONDS) -> str:
        """See `Terminal.wait_for`, which keeps what it has read of the screen apart from `lines`."""
        self.screen.dirty.update(range(ROWS))
        text = super().wait_for(expected, seconds=seconds)
        self.screen.dirty.update(range(ROWS))
        return text

    def record(
        self, *, idle_seconds: float = IDLE_SECONDS, min_bytes: int = 0
    ) -> list[tuple[float, ScreenLines]]:
        """Record output; return the time of each piece of output and the screen after it.

        Ends after `idle_seconds` without output, but not before `min_bytes` bytes.
        """
        heard: list[tuple[float, bytes]] = []
        end = time.perf_counter() + 30
        while time.perf_counter() < end:
            data = self.read_output(idle_seconds)
            if data:
                heard.append((time.perf_counter(), data))
            elif sum(len(data) for _, data in heard) >= min_bytes:
                break
        return self.emulate(heard)

    def discard(self, *, idle_seconds: float) -> None:
        """Read output until there is none for `idle_seconds`, without emulating it: only memory is of interest."""
        while self.read_output(idle_seconds):
            pass

    def emulate(self, heard: Sequence[tuple[float, bytes]]) -> list[tuple[float, ScreenLines]]:
        """Emulate recorded output; return the screen after each piece."""
        screens = []
        for moment, data in heard:
            self.feed_screen(data)
            screens.append((moment, self.lines))
        return screens

    def anonymous_megabytes(self) -> float:
        """Return the anonymous memory of the process in megabytes."""
        status = Path(f"/proc/{self.process.pid}/status")
        found = re.search(r"RssAnon:\s+(\d+)", status.read_text()) if status.exists() else None
        return int(found[1]) / 1000 if found else float("nan")


def first_time(
    screens: Sequence[tuple[float, ScreenLines]], predicate: Callable[[ScreenLines], bool]
) -> float | None:
    """Return when `predicate` first became true; None if it never did."""
    return next((moment for moment, lines in screens if predicate(lines)), None)


def last_change_time(
    before: ScreenLines, screens: Sequence[tuple[float, ScreenLines]], part: Callable[[ScreenLines], object]
) -> float | None:
    """Return when that part of the screen last changed; None if it did not."""
    found, shown = None, part(before)
    for moment, lines in screens:
        if part(lines) != shown:
            found, shown = moment, part(lines)
    return found
