"""A line of text in a few roles, cut to its width: what search tally, status and footer are made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.strip import Strip
from textual.widget import Widget

from paperreader.text.cell_width import cells, cut
from paperreader.text.clean import printable
from paperreader.tui.terminal.contrast import legible
from paperreader.tui.terminal.glyphs import ASCII, glyphs_of, in_ascii

Role = Literal["text", "strong", "muted", "key", "yours", "chip", "good"]
"""What a piece of a line is: `text` and `strong` look as the line itself does, the style sheet says the others."""


_BOLD = Style(bold=True)

LEAST_CUT = 8
"""Cells that are left of a text that makes room for others."""


class Piece(NamedTuple):
    """A run of text in one role; a click on it runs `action`."""

    text: str
    role: Role = "text"
    action: str = ""


def width_of(pieces: Sequence[Piece]) -> int:
    """Cells that the pieces take."""
    return sum(cells(piece.text) for piece in pieces)


def spread(left: Sequence[Piece], right: Sequence[Piece], width: int, ellipsis: str = "…") -> list[Piece]:
    """`left` and `right` at the two ends of `width` cells; where they do not fit, `left` is cut."""
    room = width - width_of(right) - (1 if right else 0)
    if room < 0:
        return shorten(right, width, ellipsis)
    kept = shorten(left, room, ellipsis)
    return [*kept, Piece(" " * (width - width_of(kept) - width_of(right))), *right]


def shorten(pieces: Sequence[Piece], width: int, ellipsis: str = "…") -> list[Piece]:
    """As much of the pieces as fits into `width` cells, the last one cut and ended with `ellipsis`."""
    kept: list[Piece] = []
    for piece in pieces:
        taken = cells(piece.text)
        if taken <= width:
            kept.append(piece)
            width -= taken
            continue
        if width > 0:
            kept.append(piece._replace(text=cut(piece.text, width, ellipsis)))
        break
    return kept


def fitted(pieces: Sequence[Piece], width: int, ellipsis: str = "…") -> list[Piece]:
    """The pieces, the longest of them cut so that what stands after it is still seen."""
    over = width_of(pieces) - width
    if over <= 0:
        return list(pieces)
    longest = max(pieces, key=lambda piece: cells(piece.text))
    kept = cut(longest.text, max(LEAST_CUT, cells(longest.text) - over), ellipsis)
    return [piece._replace(text=kept) if piece is longest else piece for piece in pieces]


def _safe(piece: Piece) -> Piece:
    """A piece that nobody has made fit for the terminal before."""
    return piece._replace(text=printable(piece.text))


class OneLine(Widget):
    """One line of pieces. Subclasses say which, for the width at hand, and declare the other roles they use."""

    ALLOW_SELECT = False
    # Each costs something in every line there is, before anything is painted: no more than nearly all lines use.
    COMPONENT_CLASSES: ClassVar[set[str]] = {"one-line--muted", "one-line--key"}

    def pieces(self, width: int) -> Sequence[Piece]:
        """What the line says, in at most `width` cells. Single-line text without control characters."""
        raise NotImplementedError

    def pieces_at(self, y: int) -> Sequence[Piece]:
        """What stands on one line, for the few widgets that have several."""
        return self.pieces(self.size.width)

    def render_line(self, y: int) -> Strip:
        if not self.is_attached:
            # Taken out already, and with it its styles; the screen may paint the place once more before it knows.
            return Strip.blank(self.size.width)
        return self.paint(self.pieces_at(y))

    def paint(self, pieces: Sequence[Piece]) -> Strip:
        """Pieces as a line of the widget's width."""
        width, plain = self.size.width, legible(self.rich_style)
        safe = [piece if piece.text.isprintable() else _safe(piece) for piece in pieces]
        glyphs = glyphs_of(self.app)
        shown = shorten(safe, width, glyphs.cut)
        if glyphs is ASCII:
            shown = [piece._replace(text=in_ascii(piece.text)) for piece in shown]
        segments = [Segment(text, self._style(role, plain)) for text, role, _ in shown]
        return Strip(segments).adjust_cell_length(width, plain)

    def _style(self, role: Role, plain: Style) -> Style:
        if role == "text":
            return plain
        if role == "strong":
            return plain + _BOLD
        return legible(self.get_component_rich_style(f"one-line--{role}"))

    async def on_click(self, event: events.Click) -> None:
        at = 0
        for piece in self.pieces_at(event.y):
            at += cells(piece.text)
            if event.x < at:
                if piece.action:
                    event.stop()
                    await self._run(piece.action)
                return

    async def _run(self, action: str) -> None:
        """Do what the key would do: the focused widget's action before the screen's."""
        focused, name = self.screen.focused, action.partition("(")[0]
        target = focused if focused is not None and hasattr(focused, f"action_{name}") else self.screen
        await self.app.run_action(action, target)
