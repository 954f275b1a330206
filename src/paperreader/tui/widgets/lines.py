"""A painted line that is gone as soon as nobody shows it any more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter
from textual.strip import Strip


class AcyclicStrip(Strip):
    """A strip that never remembers itself.

    NOTE: a strip of Textual keeps what it was cut into, and where nothing was to be cut, that is itself. Only the
    garbage collector ever gets rid of such a circle, and a letter in the search bar leaves a hundred of them, each with
    eight more objects: looking through them took 15 ms with every fourth letter.
    """

    __slots__ = ("_filtered",)

    def __init__(self, segments: Iterable[Segment], cell_length: int | None = None) -> None:
        super().__init__(segments, cell_length)
        self._filtered: tuple[LineFilter, Color, AcyclicStrip] | None = None

    def divide(self, cuts: Iterable[int]) -> Sequence[Strip]:
        places = list(cuts)
        return [self] if places == [self.cell_length] else super().divide(places)

    def crop(self, start: int, end: int | None = None) -> Strip:
        whole = start == 0 and (end is None or end >= self.cell_length)
        return self if whole else super().crop(start, end)

    def apply_filter(self, filter: LineFilter, background: Color) -> Strip:
        known = self._filtered
        if known is None or known[0] is not filter or known[1] != background:
            line = AcyclicStrip(filter.apply(self._segments, background), self.cell_length)
            known = self._filtered = (filter, background, line)
        return known[2]
