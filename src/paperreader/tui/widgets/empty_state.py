"""What stands in place of an empty list: why it is empty, and what to press."""

from __future__ import annotations

from collections.abc import Sequence

from paperreader.text.cell_width import truncate_cells
from paperreader.text.sanitize import single_line
from paperreader.tui.commands.command import command_action
from paperreader.tui.commands.keymap import get_keymap
from paperreader.tui.model.list_query import ListResult
from paperreader.tui.model.views import ListView
from paperreader.tui.terminal.glyphs import get_glyphs
from paperreader.tui.widgets.text_line import TextLine, TextSpan, with_effective_key


class EmptyList(TextLine):
    """One line over an empty list."""

    _explanation: tuple[TextSpan, ...] = ()

    def explain(self, answer: ListResult, shelf: ListView) -> None:
        """Say why an answer, out of the view of `shelf`, is empty; vanish when it is not."""
        self.display = not len(answer.rows)
        if self.display:
            self._explanation = tuple(_explain(answer, shelf, get_glyphs(self.app).ellipsis))
            self.refresh()

    def spans(self, width: int) -> Sequence[TextSpan]:
        keymap = get_keymap(self.app)
        return [with_effective_key(piece, keymap) for piece in self._explanation]


def _explain(answer: ListResult, shelf: ListView, ellipsis: str) -> list[TextSpan]:
    question = answer.query
    if question.is_search and answer.suggestion:
        return [
            TextSpan("Did you mean ", "muted"),
            TextSpan(single_line(answer.suggestion), "strong"),
            TextSpan("?  ", "muted"),
            TextSpan("tab", "key"),
            TextSpan(" takes it", "muted"),
        ]
    if question.is_search and answer.matches_outside_view:
        where = "here" if question.code_only else f"in {shelf.title}"
        way = ("c", "only-code") if question.code_only else ("1", "view-all")
        return [
            TextSpan(f"None {where}, {answer.matches_outside_view:,} elsewhere.  ", "muted"),
            TextSpan("enter ", "muted"),
            TextSpan(way[0], "key", command_action(way[1])),
            TextSpan(" shows them", "muted"),
        ]
    if question.is_search:
        return [
            TextSpan("Nothing holds ", "muted"),
            TextSpan(truncate_cells(single_line(question.text), 40, ellipsis), "strong"),
            TextSpan(".  ", "muted"),
            TextSpan("escape", "key"),
            TextSpan(" goes back", "muted"),
        ]
    if question.related_to:
        return [
            TextSpan("No other paper is like it.  ", "muted"),
            TextSpan("escape", "key"),
            TextSpan(" goes back", "muted"),
        ]
    if question.code_only:
        return [
            TextSpan("No paper here has a link to code.  ", "muted"),
            TextSpan("c", "key", command_action("only-code")),
            TextSpan(" shows all", "muted"),
        ]
    return [TextSpan(shelf.empty_message, "muted")]
