"""Pictures in a full text: as half blocks, of which each shows two pixels, or as cells of a picture in the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from typing import NamedTuple, Protocol

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from paperreader.config import Settings
from paperreader.fulltext import Line, Picture, PictureRow, can_scale_pictures
from paperreader.text.cell_width import wrap_cells

HALF_BLOCK = "▀"

PICTURE_COLUMNS_LIMIT = 200

MAX_PICTURE_ROWS, LINES_BESIDE = 30, 4
"""Lines of a picture at most, and those that it leaves for its caption."""


class PictureSize(NamedTuple):
    """A picture, and how many cells it may take."""

    url: str
    columns: int
    rows: int


class PaintedPicture(Protocol):
    """A picture as segments."""

    def row(self, number: int) -> list[Segment]:
        """Return the segments of a row of cells; none below the picture."""


class HalfBlocks:
    """A picture as segments for each row. For a worker: up to ten milliseconds."""

    def __init__(self, picture: Picture) -> None:
        self._rows = [list(_half_blocks(picture, top)) for top in range(0, picture.height, 2)]

    def row(self, number: int) -> list[Segment]:
        """Return the segments of a row of cells; none below the picture."""
        return self._rows[number] if number < len(self._rows) else []


def _half_blocks(picture: Picture, top: int) -> Iterator[Segment]:
    """Yield the cells of the pixels in row `top` and the next one; the last row may be alone."""

    def pixel(x: int, y: int) -> tuple[int, int, int]:
        at = 3 * (y * picture.width + x)
        red, green, blue = picture.pixels[at : at + 3]
        return red, green, blue

    has_lower = top + 1 < picture.height
    cells = ((pixel(x, top), pixel(x, top + 1) if has_lower else None) for x in range(picture.width))
    for (upper, lower), same in groupby(cells):
        style = Style(color=Color.from_rgb(*upper), bgcolor=Color.from_rgb(*lower) if lower else None)
        yield Segment(HALF_BLOCK * sum(1 for _ in same), style)


LINES_OF_BARS = 3
"""Lines of the screen that are no text: title, status bar and footer."""

PictureState = PaintedPicture | str
"""A picture, or why there is none."""

Pictures = Mapping[PictureSize, PictureState]


def picture_of(line: Line) -> PictureRow | None:
    """Return which row of which picture a line shows; None for other lines."""
    return line.spans[-1].picture if line.spans else None


def picture_size(line: Line) -> PictureSize | None:
    """Return the picture of a line; None for other lines."""
    row = picture_of(line)
    return PictureSize(row.url, min(row.columns, PICTURE_COLUMNS_LIMIT), row.rows) if row else None


def why_no_pictures(settings: Settings, *, is_ascii: bool) -> str:
    """Return why the lines of figures name their pictures without showing them; empty if they are shown."""
    if settings.reading.figures == "none":
        return "see reading.figures"
    if is_ascii:
        return "the terminal shows only ASCII"
    return "" if can_scale_pictures() else "needs paperreader[images]"


def picture_rows(height: int) -> int:
    """Return how many lines a picture may take on a screen with so many lines."""
    return max(1, min(MAX_PICTURE_ROWS, height - LINES_BESIDE))


def paint_picture(
    line: Line, room: int, pictures: Pictures, style_of: Callable[[str], Style]
) -> Strip | None:
    """Return what a line shows of its picture, in at most `room` cells; None for other lines."""
    row, size = picture_of(line), picture_size(line)
    if row is None or size is None:
        return None
    margin = [Segment(span.text, style_of(span.role)) for span in line.spans[:-1]]
    state = pictures.get(size, "")
    if not isinstance(state, str):
        return Strip([*margin, *state.row(row.row)]).crop(0, room)
    lines = wrap_cells(state, max(1, row.columns))
    text = lines[row.row] if row.row < len(lines) else ""
    return Strip([*margin, Segment(text, style_of("muted"))]).crop(0, room)
