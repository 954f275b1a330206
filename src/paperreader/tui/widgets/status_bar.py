"""The status line: where one is, what was just done, how much there is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from textual.reactive import reactive
from textual.timer import Timer

from paperreader.text.cell_width import cells
from paperreader.text.clean import printable
from paperreader.tui.commands.footer_hints import Mode
from paperreader.tui.terminal.glyphs import UNICODE, Glyphs
from paperreader.tui.widgets.text_line import OneLine, Piece, fitted, shorten, spread, width_of

SAY_SECONDS = 4.0
"""How long a confirmation stands."""

_MODE_NAMES: dict[Mode, str] = {
    "list": "LIST",
    "select": "SELECT",
    "read": "READ",
    "find": "FIND",
    "note": "NOTE",
}


class Facts(NamedTuple):
    """What the status line tells when nothing was just done."""

    place: str = ""
    """The view, such as `All papers`."""
    order: str = ""
    """The sort, such as `newest first`."""
    unread: int | None = None
    bookmarks: int | None = None
    """None while they are still being counted."""
    position: int | None = None
    """Where the cursor stands, from 1; None in an empty list."""
    shown: int = 0
    """How many papers the list holds."""
    busy: str = ""
    """Work that goes on behind, such as `indexing 40%`."""
    selected: int = 0
    """How many papers are selected."""


class StatusLine(OneLine):
    """Mode, place and counts; a confirmation takes the middle for a few seconds."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"one-line--chip", "one-line--good"}

    mode: reactive[Mode] = reactive[Mode]("list")
    facts: reactive[Facts] = reactive(Facts())
    said: reactive[tuple[Piece, ...]] = reactive[tuple[Piece, ...]](())
    """The confirmation on show; empty when there is none."""
    hint: reactive[tuple[Piece, ...]] = reactive[tuple[Piece, ...]](())
    """What stands there while there is no confirmation and no work behind, in place of view and counts; usually
    empty.
    """
    glyphs: reactive[Glyphs] = reactive(UNICODE)

    _timer: Timer | None = None

    def say(self, *parts: str | Piece) -> None:
        """Show a confirmation for four seconds. Plain parts are muted; what came from a paper is made printable."""
        pieces = [part if isinstance(part, Piece) else Piece(part, "muted") for part in parts]
        self.said = tuple(piece._replace(text=_one_line(piece.text)) for piece in pieces)
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(SAY_SECONDS, self.hush)

    def hush(self) -> None:
        """Take the confirmation away."""
        self.said = ()

    def pieces(self, width: int) -> Sequence[Piece]:
        chip = Piece(f" {_MODE_NAMES.get(self.mode, 'LIST')} ", "chip")
        rest = width - cells(chip.text)
        if told := self.said or (() if self.facts.busy else self.hint):
            right = [*self._position(), Piece(" ")]
            said = fitted([Piece("  "), *told], rest - width_of(right) - 1, self.glyphs.cut)
            return [chip, *spread(said, right, rest, self.glyphs.cut)]
        right = [*self._counts(), *self._position(), Piece(" ")]
        left = self._left()
        if width_of(left) + width_of(right) > rest:
            left = self._left(order=False)
        if width_of(left) + width_of(right) > rest:
            right = [*self._position(), Piece(" ")]
        return [chip, *spread(shorten(left, rest), right, rest, self.glyphs.cut)]

    def _left(self, *, order: bool = True) -> list[Piece]:
        """The view, its order, and what goes on behind: the order is the first to go where there is little room."""
        facts = self.facts
        pieces = [Piece("  "), Piece(facts.place, "muted")]
        if facts.selected:
            pieces = [Piece("  "), Piece(f"{facts.selected:,} selected", "strong")]
        elif facts.order and order:
            pieces.append(Piece(f"  {self.glyphs.dot}  {facts.order}", "muted"))
        if facts.busy:
            pieces.append(Piece(f"  {self.glyphs.dot}  {facts.busy}", "muted"))
        return pieces

    def _counts(self) -> list[Piece]:
        facts = self.facts
        pieces = []
        if facts.unread is not None:
            pieces.append(Piece(f"{facts.unread:,} unread  ", "muted"))
        if facts.bookmarks is not None:
            pieces.append(Piece(f"{self.glyphs.bookmark}{facts.bookmarks:,}  ", "muted"))
        return pieces

    def _position(self) -> list[Piece]:
        facts = self.facts
        if facts.position is None:
            return [Piece(f"0/{facts.shown:,}" if facts.shown else "0", "strong")]
        return [Piece(f"{facts.position:,}/{facts.shown:,}", "strong")]


def _one_line(text: str) -> str:
    """`text` fit for a terminal, with the blanks at its ends that part it from its neighbours."""
    inner = printable(text)
    if not inner.strip():
        return text if not text.strip(" ") else ""
    lead = " " * (len(text) - len(text.lstrip(" ")))
    tail = " " * (len(text) - len(text.rstrip(" ")))
    return f"{lead}{inner.strip()}{tail}"
