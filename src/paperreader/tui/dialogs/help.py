"""The help: every key and every form of a query, made from the tables of both, and searched as one types."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input

from paperreader.text.cell_width import cell_width
from paperreader.text.query import fields
from paperreader.text.sanitize import fold_for_search, single_line
from paperreader.tui.commands import command
from paperreader.tui.commands.keymap import Keymap, get_keymap
from paperreader.tui.terminal.glyphs import ASCII, get_glyphs
from paperreader.tui.widgets.key_footer import KeyFooter
from paperreader.tui.widgets.text_input import TextInput
from paperreader.tui.widgets.text_line import TextLine, TextSpan

COLUMN_GAP = 3
"""Blanks between keys and what they do."""

HelpSection = tuple[str, list[tuple[str, str]]]
"""A heading, and its lines: keys, or a form of a query, and what they do."""


HelpLine = tuple[TextSpan, ...]
"""One line of the help."""


class HelpText(TextLine):
    """The lines of the help, as high as they are many."""

    def show(self, lines: Sequence[HelpLine]) -> None:
        """Show other lines."""
        self._lines = lines
        self.styles.height = len(lines)
        self.refresh()

    _lines: Sequence[HelpLine] = ()

    @property
    def plain_text(self) -> str:
        """What the lines read."""
        return "\n".join("".join(piece.text for piece in line) for line in self._lines)

    def spans_at(self, y: int) -> Sequence[TextSpan]:
        return self._lines[y] if y < len(self._lines) else ()


class FilterInput(TextInput):
    """The line that says what to look for in the help."""

    BINDINGS = command.bindings_with_inherited(Input.BINDINGS, command.HELP_FILTER_KEYS)

    def action_scroll(self, direction: int) -> None:
        self._help.action_scroll(direction)

    def action_page(self, direction: int) -> None:
        self._help.action_page(direction)

    def action_keep(self) -> None:
        self._help.close_filter()

    def action_clear(self) -> None:
        self.value = ""
        self._help.close_filter()

    @property
    def _help(self) -> HelpDialog:
        screen = self.screen
        assert isinstance(screen, HelpDialog)
        return screen


class HelpDialog(ModalScreen[None]):
    """Scrolls; any way out leads back to where one was."""

    BINDINGS = command.bindings(command.HELP_KEYS)
    AUTO_FOCUS = ""
    CSS_PATH = "../styles/dialogs.tcss"

    def compose(self) -> ComposeResult:
        with Vertical(id="help"):
            line = FilterInput(
                placeholder="what to look for, in keys and queries", compact=True, id="help-filter"
            )
            line.display = False
            yield line
            with VerticalScroll(id="help-lines", can_focus=False):
                text = HelpText(id="help-text")
                text.show(help_lines(get_keymap(self.app)))
                yield text
            footer = KeyFooter(classes="footer")
            footer.mode = "help"
            yield footer

    def on_mount(self) -> None:
        if get_glyphs(self.app) is ASCII:  # the ends of a scrollbar are drawn with signs it lacks
            self.query_one("#help-lines").styles.scrollbar_size_vertical = 0

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Letters type while one says what to look for."""
        return self.focused is None or action not in _READING_ACTIONS

    def action_filter(self) -> None:
        line = self.query_one(FilterInput)
        line.display = True
        line.focus()
        self.query_one(KeyFooter).mode = "filter"

    def close_filter(self) -> None:
        """Back to reading, with what was found."""
        line = self.query_one(FilterInput)
        line.display = bool(line.value)
        self.set_focus(None)
        self.query_one(KeyFooter).mode = "help"

    @on(FilterInput.Changed)
    def _filter_changed(self, event: FilterInput.Changed) -> None:
        self.query_one(HelpText).show(help_lines(get_keymap(self.app), event.value))
        self.query_one("#help-lines").scroll_home(animate=False)

    def action_scroll(self, direction: int) -> None:
        self.query_one("#help-lines").scroll_relative(y=direction, animate=False)

    def action_page(self, direction: int) -> None:
        pane = self.query_one("#help-lines")
        pane.scroll_relative(y=direction * max(1, pane.size.height - 1), animate=False)

    def action_leave(self) -> None:
        """Give up what was looked for, then the help."""
        line = self.query_one(FilterInput)
        if line.value:
            line.value = ""
            self.close_filter()
        else:
            self.dismiss()


_READING_ACTIONS = command.action_names(command.HELP_KEYS)


def help_lines(keymap: Keymap, query: str = "") -> list[HelpLine]:
    """Headings, and under each its keys (or forms of a query) in a column with what they do beside them.

    With something `wanted`, the lines that hold every word of it, in the keys, what they do, or the heading.
    """
    words = fold_for_search(query).split()
    everywhere = (
        *command.HELP_ORDER,
        *command.PROMPT_KEYS,
        *command.TRENDS_KEYS,
        *command.HELP_KEYS,
        *command.HELP_FILTER_KEYS,
    )
    pressed = command.help_sections(keymap.effective_table(everywhere))
    forms = ((f"Queries: {group.lower()}", lines) for group, lines in fields.help_sections())
    told = [_matching_sections(pressed, words), _matching_sections(forms, words)]
    blocks = [_section_lines(sections) for sections in told if sections]
    if not blocks:
        nothing = TextSpan("No key and no form of a query holds ", "muted")
        return [(nothing, TextSpan(single_line(query), "strong"))]
    first, *others = blocks
    return [*first, *(line for block in others for line in ((), *block))]


def _matching_sections(sections: Iterable[HelpSection], words: Sequence[str]) -> list[HelpSection]:
    found = []
    for group, lines in sections:
        kept = [
            (pressed, does)
            for pressed, does in lines
            if all(word in fold_for_search(f"{pressed} {does} {group}") for word in words)
        ]
        if kept:
            found.append((group, kept))
    return found


def _section_lines(sections: Sequence[HelpSection]) -> list[HelpLine]:
    column = COLUMN_GAP + max(cell_width(pressed) for _, lines in sections for pressed, _ in lines)
    told: list[HelpLine] = []
    for group, lines in sections:
        if told:
            told.append(())
        told.append((TextSpan(group, "strong"),))
        for pressed, does in lines:
            pad = " " * (column - cell_width(pressed))
            told.append((TextSpan(f"  {pressed}", "key"), TextSpan(pad + does, "muted")))
    return told
