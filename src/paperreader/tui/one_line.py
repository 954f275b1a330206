"""A line of text in a few roles, cut to its width: what search tally, status and footer are made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal, NamedTuple

from rich.segment import Segment
from textual import events
from textual.strip import Strip
from textual.widget import Widget

from paperreader.text.width import cells, cut

Role = Literal["text", "strong", "muted", "key", "yours", "chip", "good", "bad"]
"""What a piece of a line is, for the style sheet."""


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


def spread(left: Sequence[Piece], right: Sequence[Piece], width: int) -> list[Piece]:
    """`left` and `right` at the two ends of `width` cells; where they do not fit, `left` is cut."""
    room = width - width_of(right) - (1 if right else 0)
    if room <= 0:
        return shorten(right, width)
    kept = shorten(left, room)
    return [*kept, Piece(" " * (width - width_of(kept) - width_of(right))), *right]


def shorten(pieces: Sequence[Piece], width: int) -> list[Piece]:
    """As much of the pieces as fits into `width` cells, the last one cut."""
    kept: list[Piece] = []
    for piece in pieces:
        taken = cells(piece.text)
        if taken <= width:
            kept.append(piece)
            width -= taken
            continue
        if width > 0:
            kept.append(piece._replace(text=cut(piece.text, width)))
        break
    return kept


def fitted(pieces: Sequence[Piece], width: int) -> list[Piece]:
    """The pieces, the longest of them cut so that what stands after it is still seen."""
    over = width_of(pieces) - width
    if over <= 0:
        return list(pieces)
    longest = max(pieces, key=lambda piece: cells(piece.text))
    kept = cut(longest.text, max(LEAST_CUT, cells(longest.text) - over))
    return [piece._replace(text=kept) if piece is longest else piece for piece in pieces]


class OneLine(Widget):
    """One line of pieces. Subclasses say which, for the width at hand."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "one-line--text",
        "one-line--strong",
        "one-line--muted",
        "one-line--key",
        "one-line--yours",
        "one-line--chip",
        "one-line--good",
        "one-line--bad",
    }

    def pieces(self, width: int) -> Sequence[Piece]:
        """What the line says, in at most `width` cells. Single-line text without control characters."""
        raise NotImplementedError

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        segments = [
            Segment(piece.text, self.get_component_rich_style(f"one-line--{piece.role}"))
            for piece in shorten(self.pieces(width), width)
        ]
        return Strip(segments).adjust_cell_length(width, self.rich_style)

    async def on_click(self, event: events.Click) -> None:
        at = 0
        for piece in self.pieces(self.size.width):
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
