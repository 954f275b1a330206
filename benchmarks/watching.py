"""A program in a pseudo-terminal, and when each thing on its screen was painted.

What is written is taken down with its moment and brought onto the emulated screen afterwards: emulating a terminal
costs more than painting, and must not run beside the program that is measured.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.terminal import Terminal

ROWS, COLUMNS = 40, 120

IDLE_SECONDS = 0.15
"""Seconds without a byte after which a key has had its effect."""

ScreenLines = tuple[str, ...]


class RecordedTerminal(Terminal):
    """A terminal of 120 by 40 whose screens can be looked back at."""

    def __init__(self, argv: Sequence[str], env: Mapping[str, str]) -> None:
        self.started_at = time.perf_counter()
        super().__init__(argv, rows=ROWS, columns=COLUMNS, env=env)
        self._lines = [""] * ROWS

    @property
    def lines(self) -> ScreenLines:
        """The screen now."""
        for y in self.screen.dirty:
            row = self.screen.buffer[y]
            self._lines[y] = "".join(row[x].data for x in range(COLUMNS))
        self.screen.dirty.clear()
        return tuple(self._lines)

    def record(
        self, *, idle_seconds: float = IDLE_SECONDS, min_bytes: int = 0
    ) -> list[tuple[float, ScreenLines]]:
        """The moments at which something was written from now on, each with the screen it left.

        Ends after `quiet` seconds without a byte, but not before `least` bytes were written.
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

    def emulate(self, heard: Sequence[tuple[float, bytes]]) -> list[tuple[float, ScreenLines]]:
        """What was heard, as screens."""
        screens = []
        for moment, data in heard:
            self.feed_screen(data)
            screens.append((moment, self.lines))
        return screens

    def anonymous_megabytes(self) -> float:
        """Megabytes of anonymous memory."""
        status = Path(f"/proc/{self.process.pid}/status")
        found = re.search(r"RssAnon:\s+(\d+)", status.read_text()) if status.exists() else None
        return int(found[1]) / 1000 if found else float("nan")


def first_time(
    screens: Sequence[tuple[float, ScreenLines]], predicate: Callable[[ScreenLines], bool]
) -> float | None:
    """When `holds` became true."""
    return next((moment for moment, lines in screens if predicate(lines)), None)


def last_change_time(
    before: ScreenLines, screens: Sequence[tuple[float, ScreenLines]], part: Callable[[ScreenLines], object]
) -> float | None:
    """When that part of the screen changed for the last time; None when it did not."""
    found, shown = None, part(before)
    for moment, lines in screens:
        if part(lines) != shown:
            found, shown = moment, part(lines)
    return found
