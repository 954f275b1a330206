"""The help: all keys, commands and forms of a query, generated from their tables, with a filter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen

from paperreader.text.cell_width import cell_width, wrap_cells
from paperreader.text.query import fields
from paperreader.text.sanitize import fold_for_search, single_line
from paperreader.tui.commands.command import action_names, bindings, help_sections
from paperreader.tui.commands.dialogs import GLOBAL_PALETTE_KEYS, HELP_KEYS
from paperreader.tui.commands.keymap import Keymap, get_keymap
from paperreader.tui.commands.reader import PALETTE_KEYS
from paperreader.tui.commands.tables import KEYS_IN_HELP
from paperreader.tui.terminal.glyphs import ASCII, get_glyphs
from paperreader.tui.widgets.filter_input import FilterInput
from paperreader.tui.widgets.key_footer import KeyFooter
from paperreader.tui.widgets.text_line import TextSpan
from paperreader.tui.widgets.text_lines import HelpLine, TextLines

COLUMN_GAP = 3
"""Blanks between the longest keys and the descriptions."""

_INDENT = "  "
_INITIAL_WIDTH = 72
"""Cells of a line until the size of the screen is known."""

HelpSection = tuple[str, list[tuple[str, str]]]
"""A heading, and its lines: keys, a command or a form of a query, and the description."""


class HelpText(TextLines):
    """The lines of the help, wrapped to the width of the widget."""

    def __init__(self, first: str = "", *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._first, self._query, self._width = first, "", 0

    def filter(self, query: str) -> None:
        """Show what matches, and adapt the height."""
        width = self.size.width or _INITIAL_WIDTH
        self._query, self._width = query, width
        if get_glyphs(self.app) is not ASCII:
            self.show(help_lines(get_keymap(self.app), query, width, first=self._first))
            return
        lines = help_lines(get_keymap(self.app), query, width - 1, first=self._first)  # two dots are wider
        self.show(
            [
                tuple(span._replace(text=span.text.replace("…", ASCII.ellipsis)) for span in line)
                for line in lines
            ]
        )

    def on_resize(self) -> None:
        if self.size.width != self._width:  # not when the lines have changed the height
            self.filter(self._query)

    @property
    def plain_text(self) -> str:
        """The lines without their styles."""
        return "\n".join("".join(span.text for span in line) for line in self.lines)


class HelpDialog(ModalScreen[None]):
    """Shows the help until it is closed."""

    BINDINGS = bindings(HELP_KEYS)
    AUTO_FOCUS = ""
    CSS_PATH = "../styles/dialogs.tcss"

    def __init__(self, first: str = "") -> None:
        """The sections whose headings begin with `first` are shown first."""
        super().__init__()
        self._first = first
        self.HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]

    def compose(self) -> ComposeResult:
        with Vertical(id="help"):
            line = FilterInput(
                placeholder="filter keys, commands and queries", compact=True, id="help-filter"
            )
            line.display = False
            yield line
            with VerticalScroll(id="help-lines", can_focus=False):
                yield HelpText(self._first, id="help-text")
            footer = KeyFooter(classes="footer")
            footer.mode = "help"
            yield footer

    def on_mount(self) -> None:
        self.query_one(HelpText).filter("")
        if get_glyphs(self.app) is ASCII:  # the ends of the scrollbar are not ASCII
            self.query_one("#help-lines").styles.scrollbar_size_vertical = 0

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Disable the keys of the help while the filter has the focus."""
        return self.focused is None or action not in _HELP_ACTIONS

    def action_filter(self) -> None:
        self.query_one(FilterInput).open()
        self.query_one(KeyFooter).mode = "filter"

    def filter_closed(self) -> None:
        self.query_one(KeyFooter).mode = "help"

    @on(FilterInput.Changed)
    def _filter_changed(self, event: FilterInput.Changed) -> None:
        self.query_one(HelpText).filter(event.value)
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
            line.clear_and_close()
        else:
            self.dismiss()


_HELP_ACTIONS = action_names(HELP_KEYS)


def help_lines(
    keymap: Keymap, query: str = "", width: int = _INITIAL_WIDTH, *, first: str = ""
) -> list[HelpLine]:
    """Return headings, and below each its keys or forms of a query in a column with their descriptions, or commands.

    With a query, only the lines that contain every word of it in keys, description or heading; commands are not shown
    with their description, but found by it. Nothing is cut off: what does not fit into `width` cells is wrapped. The
    keys below headings that begin with `first` come first.
    """
    words = fold_for_search(query).split()
    keys = list(help_sections([*keymap.effective_table(KEYS_IN_HELP), *keymap.user_keys]))
    keys.sort(key=lambda section: not section[0].startswith(first))  # stable
    titles = [(key.title, key.help) for key in (*PALETTE_KEYS, *GLOBAL_PALETTE_KEYS)]
    palette = [(f"Only in the palette ({keymap.label('palette')})", titles)]
    queries = ((f"Queries: {group.lower()}", lines) for group, lines in fields.help_sections())
    blocks = [
        _section_lines(_matching_sections(keys, words), width),
        _command_lines(_matching_sections(palette, words), width),
        _section_lines(_matching_sections(queries, words), width),
    ]
    blocks = list(filter(None, blocks))
    if not blocks:
        return [
            (
                TextSpan("No key, command or query form matches ", "muted"),
                TextSpan(single_line(query), "strong"),
            )
        ]
    beginning, *others = blocks
    return [*beginning, *(line for block in others for line in ((), *block))]


def _matching_sections(sections: Iterable[HelpSection], words: Sequence[str]) -> list[HelpSection]:
    if not words:
        return list(sections)
    found = []
    for group, lines in sections:
        matching = [
            (keys, description)
            for keys, description in lines
            if all(map(fold_for_search(f"{keys} {description} {group}").__contains__, words))
        ]
        if matching:
            found.append((group, matching))
    return found


def _command_lines(sections: Sequence[HelpSection], width: int) -> list[HelpLine]:
    """Return the lines of commands, whose titles say what they do."""
    result: list[HelpLine] = []
    for group, commands in sections:
        result += [(TextSpan(line, "strong"),) for line in wrap_cells(group, width)]
        for title, _ in commands:
            lines = wrap_cells(title, max(1, width - len(_INDENT)))
            result += [(TextSpan(_INDENT + line, "muted"),) for line in lines]
    return result


def _section_lines(sections: Sequence[HelpSection], width: int) -> list[HelpLine]:
    if not sections:
        return []
    room = max(1, width - len(_INDENT))
    longest = max(cell_width(keys) for _, lines in sections for keys, _ in lines)
    column = COLUMN_GAP + min(longest, max(room // 2 - COLUMN_GAP, 1))
    result: list[HelpLine] = []
    for group, lines in sections:
        if result:
            result.append(())
        result += [(TextSpan(line, "strong"),) for line in wrap_cells(group, width)]
        for keys, description in lines:
            result += _entry_lines(keys, description, column, room)
    return result


def _entry_lines(keys: str, description: str, column: int, room: int) -> list[HelpLine]:
    """Return keys and description next to each other; below each other if the keys are wider than the column."""
    descriptions = wrap_cells(description, max(room - column, 1))
    margin = _INDENT + " " * column
    rest = [(TextSpan(margin + line, "muted"),) for line in descriptions]
    if cell_width(keys) + COLUMN_GAP > column:
        return [*((TextSpan(_INDENT + line, "key"),) for line in wrap_cells(keys, room)), *rest]
    padding = " " * (column - cell_width(keys))
    first = (TextSpan(_INDENT + keys, "key"), TextSpan(padding + descriptions[0], "muted"))
    return [first, *rest[1:]]
