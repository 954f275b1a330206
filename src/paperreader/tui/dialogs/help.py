"""The help: all keys and all forms of a query, generated from their tables, with a filter."""

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
from paperreader.tui.commands.command import action_names, bindings, bindings_with_inherited, help_sections
from paperreader.tui.commands.dialogs import HELP_FILTER_KEYS, HELP_KEYS
from paperreader.tui.commands.keymap import Keymap, get_keymap
from paperreader.tui.commands.tables import KEYS_IN_HELP
from paperreader.tui.terminal.glyphs import ASCII, get_glyphs
from paperreader.tui.widgets.key_footer import KeyFooter
from paperreader.tui.widgets.text_input import TextInput
from paperreader.tui.widgets.text_line import TextSpan
from paperreader.tui.widgets.text_lines import HelpLine, TextLines

COLUMN_GAP = 3
"""Blanks between the longest keys and the descriptions."""

HelpSection = tuple[str, list[tuple[str, str]]]
"""A heading, and its lines: keys or a form of a query, and the description."""


class HelpText(TextLines):
    """The lines of the help."""

    @property
    def plain_text(self) -> str:
        """The lines without their styles."""
        return "\n".join("".join(span.text for span in line) for line in self.lines)


class FilterInput(TextInput):
    """The filter of the help."""

    BINDINGS = bindings_with_inherited(Input.BINDINGS, HELP_FILTER_KEYS)

    def action_scroll(self, direction: int) -> None:
        self._help.action_scroll(direction)

    def action_page(self, direction: int) -> None:
        self._help.action_page(direction)

    def action_accept(self) -> None:
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
    """Shows the help until it is closed."""

    BINDINGS = bindings(HELP_KEYS)
    AUTO_FOCUS = ""
    CSS_PATH = "../styles/dialogs.tcss"

    def __init__(self) -> None:
        super().__init__()
        self.HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]

    def compose(self) -> ComposeResult:
        with Vertical(id="help"):
            line = FilterInput(placeholder="filter keys and queries", compact=True, id="help-filter")
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
        if get_glyphs(self.app) is ASCII:  # the ends of the scrollbar are not ASCII
            self.query_one("#help-lines").styles.scrollbar_size_vertical = 0

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Disable the keys of the help while the filter has the focus."""
        return self.focused is None or action not in _HELP_ACTIONS

    def action_filter(self) -> None:
        line = self.query_one(FilterInput)
        line.display = True
        line.focus()
        self.query_one(KeyFooter).mode = "filter"

    def close_filter(self) -> None:
        """Move the focus back to the help, filtered as it is."""
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

    def action_close(self) -> None:
        """Clear the filter; without one, close the help."""
        line = self.query_one(FilterInput)
        if line.value:
            line.value = ""
            self.close_filter()
        else:
            self.dismiss()


_HELP_ACTIONS = action_names(HELP_KEYS)


def help_lines(keymap: Keymap, query: str = "") -> list[HelpLine]:
    """Return headings, and below each its keys or forms of a query in a column with their descriptions.

    With a query, only the lines that contain every word of it in keys, description or heading.
    """
    words = fold_for_search(query).split()
    keys = help_sections([*keymap.effective_table(KEYS_IN_HELP), *keymap.user_keys])
    queries = ((f"Queries: {group.lower()}", lines) for group, lines in fields.help_sections())
    matching = [_matching_sections(keys, words), _matching_sections(queries, words)]
    blocks = [_section_lines(sections) for sections in matching if sections]
    if not blocks:
        return [(TextSpan("No key or query form matches ", "muted"), TextSpan(single_line(query), "strong"))]
    first, *others = blocks
    return [*first, *(line for block in others for line in ((), *block))]


def _matching_sections(sections: Iterable[HelpSection], words: Sequence[str]) -> list[HelpSection]:
    found = []
    for group, lines in sections:
        matching = [
            (keys, description)
            for keys, description in lines
            if all(word in fold_for_search(f"{keys} {description} {group}") for word in words)
        ]
        if matching:
            found.append((group, matching))
    return found


def _section_lines(sections: Sequence[HelpSection]) -> list[HelpLine]:
    column = COLUMN_GAP + max(cell_width(keys) for _, lines in sections for keys, _ in lines)
    result: list[HelpLine] = []
    for group, lines in sections:
        if result:
            result.append(())
        result.append((TextSpan(group, "strong"),))
        for keys, description in lines:
            padding = " " * (column - cell_width(keys))
            result.append((TextSpan(f"  {keys}", "key"), TextSpan(padding + description, "muted")))
    return result
