"""What stands in place of an empty list: why it is empty, and what to press."""

from __future__ import annotations

from collections.abc import Sequence

from paperreader.text.cell_width import cut
from paperreader.text.clean import printable
from paperreader.tui.commands.keymap import keymap_of
from paperreader.tui.model.list_query import Answer
from paperreader.tui.model.views import Shelf
from paperreader.tui.terminal.glyphs import glyphs_of
from paperreader.tui.widgets.text_line import OneLine, Piece


class Nothing(OneLine):
    """One line over an empty list."""

    _told: tuple[Piece, ...] = ()

    def tell(self, answer: Answer, shelf: Shelf) -> None:
        """Say why an answer, out of the view of `shelf`, is empty; vanish when it is not."""
        self.display = not len(answer.rows)
        if self.display:
            self._told = tuple(_why(answer, shelf, glyphs_of(self.app).cut))
            self.refresh()

    def pieces(self, width: int) -> Sequence[Piece]:
        keymap = keymap_of(self.app)
        return [keymap.told(piece) for piece in self._told]


def _why(answer: Answer, shelf: Shelf, ellipsis: str) -> list[Piece]:
    question = answer.question
    if question.is_search and answer.suggestion:
        return [
            Piece("Did you mean ", "muted"),
            Piece(printable(answer.suggestion), "strong"),
            Piece("?  ", "muted"),
            Piece("tab", "key"),
            Piece(" takes it", "muted"),
        ]
    if question.is_search and answer.elsewhere:
        where = "here" if question.code_only else f"in {shelf.place}"
        way = ("c", "only_code") if question.code_only else ("1", "view('all')")
        return [
            Piece(f"None {where}, {answer.elsewhere:,} elsewhere.  ", "muted"),
            Piece("enter ", "muted"),
            Piece(way[0], "key", way[1]),
            Piece(" shows them", "muted"),
        ]
    if question.is_search:
        return [
            Piece("Nothing holds ", "muted"),
            Piece(cut(printable(question.query), 40, ellipsis), "strong"),
            Piece(".  ", "muted"),
            Piece("escape", "key"),
            Piece(" goes back", "muted"),
        ]
    if question.like:
        return [
            Piece("No other paper is like it.  ", "muted"),
            Piece("escape", "key"),
            Piece(" goes back", "muted"),
        ]
    if question.code_only:
        return [
            Piece("No paper here has a link to code.  ", "muted"),
            Piece("c", "key", "only_code"),
            Piece(" shows all", "muted"),
        ]
    return [Piece(shelf.empty, "muted")]
