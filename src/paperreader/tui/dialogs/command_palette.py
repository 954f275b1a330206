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

from paperreader.text.cell_width import cells
from paperreader.tui.commands import command as commands_command
from paperreader.tui.commands.keymap import PLACES, keymap_of
from paperreader.tui.commands.names import NAMES
from paperreader.tui.controllers.context import Desk
from paperreader.tui.model.views import BUILT_IN, NUMBERED, Shelf
from paperreader.tui.terminal.glyphs import ASCII, glyphs_of, in_ascii
from paperreader.tui.widgets.search_bar import QueryInput

_KEY_STYLE = "palette--key"

_SUBSCRIPTIONS = "view-6"
"""The first of the keys in whose place subscriptions stand, under their own names."""

_LAST = {"Reading": 1, "Moving": 2}
"""Headings of the help whose commands stand behind all others, in their order."""

_GAP = 2
"""Blanks between the longest key and the names."""


class Command(NamedTuple):
    """One line of the palette."""

    name: str
    key: str
    """As a person calls it; empty where there is none."""
    words: str
    """By which it is found as well."""
    group: str
    """Its heading in the help."""
    run: Callable[[], Awaitable[None]]


class Palette(CommandPalette):
    """What can be done at the moment, by name."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {_KEY_STYLE}

    def __init__(self) -> None:
        super().__init__([Commands], placeholder="what to do, by name", id="--command-palette")

    @property
    def key_style(self) -> Style:
        """How keys are painted."""
        if self.has_pseudo_class("ansi"):
            return Style(bold=True)  # the highlighted line has a ground that no other colour may suit
        return Style.from_styles(self.get_component_styles(_KEY_STYLE))


class Commands(Provider):
    """Gives the palette its lines: in the order of the table while nothing is typed, else the best match first."""

    async def startup(self) -> None:
        self._commands = list(commands(self.app, self.screen))
        self._column = max(cells(command.key) for command in self._commands) + _GAP

    async def discover(self) -> Hits:
        for command in self._commands:
            line = self._line(command, Content(command.name))
            yield DiscoveryHit(line, command.run, text=command.name)

    async def search(self, query: str) -> Hits:
        found = [(near, command) for command in self._commands if (near := _nearness(query, command))]
        if not found:
            match = self.matcher(query).match
            found = [(near, command) for command in self._commands if (near := match(command.name))]
        for near, command in found:
            name = Content(command.name)
            for lit in re.finditer("|".join(map(re.escape, query.split())), command.name, re.I):
                name = name.stylize(self.match_style or "underline", *lit.span())
            yield Hit(near, self._line(command, name), command.run, text=command.name)

    def _line(self, command: Command, name: Content) -> Content:
        palette = self.app.screen
        style = palette.key_style if isinstance(palette, Palette) else ""
        pad = " " * (self._column - cells(command.key))
        return Content.assemble((command.key, style), pad, name)


def commands(app: App[Any], screen: Screen[Any]) -> Iterator[Command]:
    """What the palette lists, over the screen it was called from: what can be done at the moment.

    In the order of the table, but for what everybody finds without it, which stands last.
    """
    for command in sorted(_here(app, screen), key=lambda command: _LAST.get(command.group, 0)):
        if glyphs_of(app) is ASCII:
            name = in_ascii(command.name.replace("…", "..."))
            command = command._replace(name=name, key=in_ascii(command.key))
        yield command


def _here(app: App[Any], screen: Screen[Any]) -> Iterator[Command]:
    told = set()
    places: tuple[DOMNode, ...] = (screen,) if screen.focused is None else (screen.focused, screen)
    for place in (*places, app):
        for key in _table_of(place):
            if key.id == _SUBSCRIPTIONS and isinstance(screen, Desk) and _allowed(screen, place, key):
                for number, shelf in enumerate(screen.shelves[len(BUILT_IN) :], len(BUILT_IN) + 1):
                    yield _subscription(app, screen, shelf, number)
            name = NAMES.get(key.id, "")
            if name and name not in told and _allowed(screen, place, key):
                told.add(name)
                yield _command(app, screen, place, key)
    for key in commands_command.BY_NAME:
        if key.action.startswith("app.") or (isinstance(screen, Desk) and _allowed(screen, screen, key)):
            yield _command(app, screen, screen, key)


def _table_of(place: DOMNode) -> Sequence[commands_command.Key]:
    """The entries of the tables of keys that a widget or screen has bound."""
    ids = {binding.id for binding in Binding.make_bindings(place.BINDINGS)}
    return [key for table in PLACES.values() for key in table if key.id in ids]


def _allowed(screen: Screen[Any], place: DOMNode, key: commands_command.Key) -> bool:
    """Whether it can be done now. What list and detail do can be done from the search bar: it is left first."""
    name = key.action.partition("(")[0]
    searching = isinstance(screen.focused, QueryInput)
    return "." in name or searching or bool(place.check_action(name, ()))


def _command(app: App[Any], screen: Screen[Any], place: DOMNode, key: commands_command.Key) -> Command:
    async def run() -> None:
        if place is screen and isinstance(screen, Desk) and isinstance(screen.focused, QueryInput):
            screen.set_focus(screen.papers)
        await app.run_action(key.action, place)

    in_force = keymap_of(app).of(key)
    shown = commands_command.label(in_force) if in_force.keys else ""
    where = "clipboard" if key.action.startswith(("copy", "export")) else ""
    return Command(NAMES[key.id], shown, f"{key.id} {key.does} {where}", key.group, run)


def _subscription(app: App[Any], screen: Desk, shelf: Shelf, number: int) -> Command:
    async def show() -> None:
        await app.run_action(f"view({shelf.view!r})", screen)

    key = keymap_of(app).label(f"view-{number}") if number <= NUMBERED else ""
    return Command(f"Show subscription: {shelf.name}", key, "view", "Finding", show)


def _nearness(query: str, command: Command) -> float:
    """How well a command answers to what was typed, 0 to 1: best where every word begins one of the name."""
    typed = query.casefold().split()
    name = command.name.casefold()
    if all(f" {word}" in f" {name}" for word in typed):
        return 1.0
    return 0.5 * all(word in f"{name} {command.words.casefold()}" for word in typed)
