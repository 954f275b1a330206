"""The figures of one benchmark: printed row by row with their targets, and written to a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
from targets import Figure, format_number, missed_target, targets_of
from timing import percentiles

NAME_COLUMNS = 50


class Report:
    """Prints a table row by row and keeps its figures."""

    def __init__(self, benchmark: str, others: Sequence[str] = ()) -> None:
        """`others` are programs whose figures are printed beside ours."""
        self.benchmark, self._others = benchmark, others
        self.figures: list[Figure] = []
        programs = "".join(f"{name:>17}" for name in others)
        print(f"{'50th and 95th percentile':{NAME_COLUMNS}}{'p50':>9}{'p95':>9}{programs}", flush=True)

    def add(
        self,
        name: str,
        values: Sequence[float],
        unit: str = "ms",
        others: Mapping[str, Sequence[float]] | None = None,
    ) -> None:
        """Add a figure: all measured values, and those of other programs."""
        compared = {program: _rounded(each) for program, each in (others or {}).items()}
        figure = Figure(name, unit, *_rounded(values), len(values), compared)
        self.figures.append(figure)
        cells = "".join(
            f"{' / '.join(map(format_number, compared[program])) if program in compared else '':>17}"
            for program in self._others
        )
        p95 = format_number(figure.p95) if figure.count > 1 else ""
        notes = [
            target.describe() + ("  MISSED" if missed_target(target, [figure]) else "")
            for target in targets_of(self.benchmark, name)
        ]
        print(
            f"{name:{NAME_COLUMNS}}{format_number(figure.p50):>9}{p95:>9}{cells} {unit}   {'  '.join(notes)}".rstrip(),
            flush=True,
        )

    def write(self, path: Path | None) -> None:
        """Write the figures as JSON, if there is a file to write."""
        if path is not None:
            path.write_bytes(msgspec.json.format(msgspec.json.encode(self.figures), indent=1))


def read_figures(path: Path) -> list[Figure]:
    """Return the figures that a benchmark wrote; none if there is no file."""
    return msgspec.json.decode(path.read_bytes(), type=list[Figure]) if path.exists() else []


def _rounded(values: Sequence[float]) -> tuple[float, float]:
    p50, p95 = percentiles(values)
    return round(p50, 3), round(p95, 3)
