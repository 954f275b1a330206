"""The command palette: every action that is available now by its title, with its key, and the subscriptions."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any, ClassVar, NamedTuple, Protocol, runtime_checkable

from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.command import (
    CommandInput,
    CommandList,
    CommandPalette,
    DiscoveryHit,
    Hit,
    Hits,
    Provider,
    SearchIcon,
)
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.dom import DOMNode
from textual.screen import Screen
from textual.style import Style
from textual.widgets import LoadingIndicator
from textual.widgets.option_list import Option

from paperreader.text.cell_width import cell_width
from paperreader.text.sanitize import single_line
from paperreader.tui.commands.command import KeyBinding, keys_label
from paperreader.tui.commands.dialogs import GLOBAL_PALETTE_KEYS
from paperreader.tui.commands.keymap import get_keymap
from paperreader.tui.commands.reader import COMMANDS, PALETTE_KEYS
from paperreader.tui.commands.tables import KEY_TABLES
from paperreader.tui.model.views import BUILT_IN_VIEWS, MAX_NUMBERED_VIEWS, ListView
from paperreader.tui.terminal.glyphs import ASCII, get_glyphs, to_ascii
from paperreader.tui.widgets.text_input import TextInput

_KEY_STYLE = "palette--key"

_FIRST_SUBSCRIPTION_KEY = "view-6"
"""The subscriptions are listed where this key is, by their names."""

_LAST_GROUPS = {"Reading": 1, "Navigation": 2}
"""Groups listed after all others, in this order: users find these commands without the palette."""

_COLUMN_GAP = 2
"""Blanks between the longest key and the titles."""


@runtime_checkable
class PaletteReader(Protocol):
    """What the palette needs from the main screen."""

    @property
    def list_views(self) -> Sequence[ListView]:
        """All views, the subscriptions last."""

    @property
    def shows_samples(self) -> bool:
        """Whether the papers are those of the sample library."""

    @property
    def is_searching(self) -> bool:
        """Whether the search bar has the focus."""

    def can_run(self, id: str) -> bool:
        """Return whether a command is available in the current mode."""

    def show_view(self, view: str) -> None:
        """Show the papers of a view."""

    def focus_list(self) -> None:
        """Move the focus to the list."""


class PaletteEntry(NamedTuple):
    """One line of the palette."""

    title: str
    key: str
    """As shown to the user; empty if there is none."""
    search_terms: str
    """Other words that find the entry."""
    group: str
    """Its heading in the help."""
    run: Callable[[], Awaitable[None]]


class PaletteInput(CommandInput, TextInput):
    """The input of a palette."""


class SearchPalette(CommandPalette):
    """A palette of Textual with the input of this program. It says at once that nothing matches."""

    CSS_PATH = "../styles/palette.tcss"

    def compose(self) -> ComposeResult:
        with Vertical(id="--container"):
            with Horizontal(id="--input"):
                yield SearchIcon()
                yield PaletteInput(placeholder=self._placeholder, select_on_focus=False)
            with Vertical(id="--results"):
                yield CommandList()
                yield LoadingIndicator()

    def _start_no_matches_countdown(self, search_value: str) -> None:
        # NOTE: Textual shows an empty list for half a second before it says this.
        if search_value:
            nothing = Content.assemble("Nothing matches ", (single_line(search_value), "bold"))
            self.query_one(CommandList).add_option(Option(nothing, disabled=True, id=self._NO_MATCHES))
        self._list_visible = bool(search_value)


class CommandPaletteDialog(SearchPalette):
    """Lists and runs what is available in the screen below."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {_KEY_STYLE}

    def __init__(self) -> None:
        super().__init__([CommandProvider], placeholder="command", id="--command-palette")

    @property
    def key_style(self) -> Style:
        """The style of keys."""
        if self.has_pseudo_class("ansi"):
            return Style(bold=True)  # no other color is readable on every background of a highlighted line
        return Style.from_styles(self.get_component_styles(_KEY_STYLE))


class CommandProvider(Provider):
    """Provides the lines of the palette: in the order of the tables, or the best matches first."""

    async def startup(self) -> None:
        self._entries = list(palette_entries(self.app, self.screen))
        self._column = max(cell_width(entry.key) for entry in self._entries) + _COLUMN_GAP

    async def discover(self) -> Hits:
        for entry in self._entries:
            line = self._line(entry, Content(entry.title))
            yield DiscoveryHit(line, entry.run, text=entry.title)

    async def search(self, query: str) -> Hits:
        found = [(score, entry) for entry in self._entries if (score := _match_score(query, entry))]
        if not found:
            match = self.matcher(query).match
            found = [(score, entry) for entry in self._entries if (score := match(entry.title))]
        for score, entry in found:
            title = Content(entry.title)
            for word in re.finditer("|".join(map(re.escape, query.split())), entry.title, re.I):
                title = title.stylize(self.match_style or "underline", *word.span())
            yield Hit(score, self._line(entry, title), entry.run, text=entry.title)

    def _line(self, entry: PaletteEntry, title: Content) -> Content:
        palette = self.app.screen
        style = palette.key_style if isinstance(palette, CommandPaletteDialog) else ""
        padding = " " * (self._column - cell_width(entry.key))
        return Content.assemble((entry.key, style), padding, title)


def palette_entries(app: App[Any], screen: Screen[Any]) -> Iterator[PaletteEntry]:
    """Yield what is available now in `screen`, in the order of the tables except for `_LAST_GROUPS`."""
    for entry in sorted(_available_entries(app, screen), key=lambda entry: _LAST_GROUPS.get(entry.group, 0)):
        if get_glyphs(app) is ASCII:
            title = to_ascii(entry.title.replace("…", "..."))
            entry = entry._replace(title=title, key=to_ascii(entry.key))
        yield entry


def _available_entries(app: App[Any], screen: Screen[Any]) -> Iterator[PaletteEntry]:
    reader = screen if isinstance(screen, PaletteReader) else None
    titles = set()
    nodes: tuple[DOMNode, ...] = (screen,) if screen.focused is None else (screen.focused, screen)
    for node in (*nodes, app):
        for key in _bound_keys(node):
            if not _is_available(reader, node, key):
                continue
            if key.id == _FIRST_SUBSCRIPTION_KEY and reader is not None:
                for number, view in enumerate(
                    reader.list_views[len(BUILT_IN_VIEWS) :], len(BUILT_IN_VIEWS) + 1
                ):
                    yield _subscription_entry(app, reader, view, number)
            if key.title and key.title not in titles:
                titles.add(key.title)
                yield _entry(app, reader, node, key)
    for key in (*PALETTE_KEYS, *GLOBAL_PALETTE_KEYS) if reader is not None else GLOBAL_PALETTE_KEYS:
        if _is_available(reader, screen, key):
            yield _entry(app, reader, screen, key)
    if reader is not None and (reader.is_searching or reader.can_run("pipe")):
        for key in get_keymap(app).user_keys:
            yield _entry(app, reader, screen, key)


def _bound_keys(node: DOMNode) -> Sequence[KeyBinding]:
    """Return the rows of the key tables that a widget or screen has bound."""
    ids = {binding.id for binding in Binding.make_bindings(node.BINDINGS)}
    return [key for table in KEY_TABLES.values() for key in table if key.id in ids]


def _is_available(reader: PaletteReader | None, node: DOMNode, key: KeyBinding) -> bool:
    """Return whether the action can run now. In the search bar all commands can: the list gets the focus first."""
    if reader is not None and key.id in COMMANDS and COMMANDS[key.id].in_sample_only:
        return reader.shows_samples
    if reader is not None and (reader.is_searching or key.id in COMMANDS):
        return reader.is_searching or reader.can_run(key.id)
    namespace, _, name = key.action.partition("(")[0].rpartition(".")
    return namespace == "app" or bool(node.check_action(name, ()))


def _entry(app: App[Any], reader: PaletteReader | None, node: DOMNode, key: KeyBinding) -> PaletteEntry:
    async def run() -> None:
        if reader is not None and reader.is_searching and key.action.startswith("screen."):
            reader.focus_list()
        await app.run_action(key.action, node)

    effective = get_keymap(app).effective(key)
    label = keys_label(effective) if effective.keys else ""
    target = "clipboard" if key.id.startswith(("copy", "export")) else ""
    return PaletteEntry(key.title, label, f"{key.id} {key.help} {target}", key.group, run)


def _subscription_entry(app: App[Any], reader: PaletteReader, view: ListView, number: int) -> PaletteEntry:
    async def show() -> None:
        reader.show_view(view.id)

    key = get_keymap(app).label(f"view-{number}") if number <= MAX_NUMBERED_VIEWS else ""
    return PaletteEntry(f"Show subscription: {view.name}", key, "view", "Search and views", show)


def _match_score(query: str, entry: PaletteEntry) -> float:
    """Return how well an entry matches the query, 0 to 1: best if every word begins a word of its title."""
    words = query.casefold().split()
    title = entry.title.casefold()
    if all(f" {word}" in f" {title}" for word in words):
        return 1.0
    return 0.5 * all(word in f"{title} {entry.search_terms.casefold()}" for word in words)
