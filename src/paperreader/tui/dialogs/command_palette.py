"""The command palette: every action of the key table by name, with its key, and the subscriptions."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any, ClassVar, NamedTuple

from textual.app import App
from textual.binding import Binding
from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.dom import DOMNode
from textual.screen import Screen
from textual.style import Style

from paperreader.text.cell_width import cell_width
from paperreader.tui.commands import command as commands_command
from paperreader.tui.commands.keymap import KEY_TABLES, get_keymap
from paperreader.tui.commands.names import TITLES
from paperreader.tui.controllers.context import Desk
from paperreader.tui.model.views import BUILT_IN_VIEWS, MAX_NUMBERED_VIEWS, ListView
from paperreader.tui.terminal.glyphs import ASCII, get_glyphs, to_ascii
from paperreader.tui.widgets.search_bar import QueryInput

_KEY_STYLE = "palette--key"

_FIRST_SUBSCRIPTION_KEY = "view-6"
"""The first of the keys in whose place subscriptions stand, under their own names."""

_LAST_GROUPS = {"Reading": 1, "Moving": 2}
"""Headings of the help whose commands stand behind all others, in their order."""

_COLUMN_GAP = 2
"""Blanks between the longest key and the names."""


class PaletteEntry(NamedTuple):
    """One line of the palette."""

    title: str
    key: str
    """As a person calls it; empty where there is none."""
    search_terms: str
    """By which it is found as well."""
    group: str
    """Its heading in the help."""
    run: Callable[[], Awaitable[None]]


class CommandPaletteDialog(CommandPalette):
    """What can be done at the moment, by name."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {_KEY_STYLE}

    def __init__(self) -> None:
        super().__init__([CommandProvider], placeholder="what to do, by name", id="--command-palette")

    @property
    def key_style(self) -> Style:
        """How keys are painted."""
        if self.has_pseudo_class("ansi"):
            return Style(bold=True)  # the highlighted line has a ground that no other colour may suit
        return Style.from_styles(self.get_component_styles(_KEY_STYLE))


class CommandProvider(Provider):
    """Gives the palette its lines: in the order of the table while nothing is typed, else the best match first."""

    async def startup(self) -> None:
        self._commands = list(palette_entries(self.app, self.screen))
        self._column = max(cell_width(command.key) for command in self._commands) + _COLUMN_GAP

    async def discover(self) -> Hits:
        for command in self._commands:
            line = self._line(command, Content(command.title))
            yield DiscoveryHit(line, command.run, text=command.title)

    async def search(self, query: str) -> Hits:
        found = [(near, command) for command in self._commands if (near := _match_score(query, command))]
        if not found:
            match = self.matcher(query).match
            found = [(near, command) for command in self._commands if (near := match(command.title))]
        for near, command in found:
            name = Content(command.title)
            for lit in re.finditer("|".join(map(re.escape, query.split())), command.title, re.I):
                name = name.stylize(self.match_style or "underline", *lit.span())
            yield Hit(near, self._line(command, name), command.run, text=command.title)

    def _line(self, command: PaletteEntry, name: Content) -> Content:
        palette = self.app.screen
        style = palette.key_style if isinstance(palette, CommandPaletteDialog) else ""
        pad = " " * (self._column - cell_width(command.key))
        return Content.assemble((command.key, style), pad, name)


def palette_entries(app: App[Any], screen: Screen[Any]) -> Iterator[PaletteEntry]:
    """What the palette lists, over the screen it was called from: what can be done at the moment.

    In the order of the table, but for what everybody finds without it, which stands last.
    """
    for command in sorted(
        _available_entries(app, screen), key=lambda command: _LAST_GROUPS.get(command.group, 0)
    ):
        if get_glyphs(app) is ASCII:
            title = to_ascii(command.title.replace("…", "..."))
            command = command._replace(title=title, key=to_ascii(command.key))
        yield command


def _available_entries(app: App[Any], screen: Screen[Any]) -> Iterator[PaletteEntry]:
    told = set()
    places: tuple[DOMNode, ...] = (screen,) if screen.focused is None else (screen.focused, screen)
    for place in (*places, app):
        for key in _bound_keys(place):
            if (
                key.id == _FIRST_SUBSCRIPTION_KEY
                and isinstance(screen, Desk)
                and _is_available(screen, place, key)
            ):
                for number, shelf in enumerate(
                    screen.shelves[len(BUILT_IN_VIEWS) :], len(BUILT_IN_VIEWS) + 1
                ):
                    yield _subscription_entry(app, screen, shelf, number)
            name = TITLES.get(key.id, "")
            if name and name not in told and _is_available(screen, place, key):
                told.add(name)
                yield _entry(app, screen, place, key)
    for key in commands_command.PALETTE_COMMANDS:
        if key.action.startswith("app.") or (isinstance(screen, Desk) and _is_available(screen, screen, key)):
            yield _entry(app, screen, screen, key)


def _bound_keys(place: DOMNode) -> Sequence[commands_command.KeyBinding]:
    """The entries of the tables of keys that a widget or screen has bound."""
    ids = {binding.id for binding in Binding.make_bindings(place.BINDINGS)}
    return [key for table in KEY_TABLES.values() for key in table if key.id in ids]


def _is_available(screen: Screen[Any], place: DOMNode, key: commands_command.KeyBinding) -> bool:
    """Whether it can be done now. What list and detail do can be done from the search bar: it is left first."""
    name = key.action.partition("(")[0]
    searching = isinstance(screen.focused, QueryInput)
    return "." in name or searching or bool(place.check_action(name, ()))


def _entry(
    app: App[Any], screen: Screen[Any], place: DOMNode, key: commands_command.KeyBinding
) -> PaletteEntry:
    async def run() -> None:
        if place is screen and isinstance(screen, Desk) and isinstance(screen.focused, QueryInput):
            screen.set_focus(screen.papers)
        await app.run_action(key.action, place)

    in_force = get_keymap(app).effective(key)
    shown = commands_command.keys_label(in_force) if in_force.keys else ""
    where = "clipboard" if key.action.startswith(("copy", "export")) else ""
    return PaletteEntry(TITLES[key.id], shown, f"{key.id} {key.help} {where}", key.group, run)


def _subscription_entry(app: App[Any], screen: Desk, shelf: ListView, number: int) -> PaletteEntry:
    async def show() -> None:
        await app.run_action(f"view({shelf.id!r})", screen)

    key = get_keymap(app).label(f"view-{number}") if number <= MAX_NUMBERED_VIEWS else ""
    return PaletteEntry(f"Show subscription: {shelf.name}", key, "view", "Finding", show)


def _match_score(query: str, command: PaletteEntry) -> float:
    """How well a command answers to what was typed, 0 to 1: best where every word begins one of the name."""
    typed = query.casefold().split()
    name = command.title.casefold()
    if all(f" {word}" in f" {name}" for word in typed):
        return 1.0
    return 0.5 * all(word in f"{name} {command.search_terms.casefold()}" for word in typed)
