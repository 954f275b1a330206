"""The command palette: every action of the key table by name, and the themes."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable, Iterator

from textual.app import App, SystemCommand
from textual.dom import DOMNode
from textual.screen import Screen

from paperreader.tui import keys
from paperreader.tui.desk import Desk
from paperreader.tui.glyphs import ASCII, glyphs_of, in_ascii
from paperreader.tui.keymap import keymap_of
from paperreader.tui.note_editor import NoteText
from paperreader.tui.search_bar import QueryInput
from paperreader.tui.views import BUILT_IN, Shelf

_ITSELF = "palette"
"""The one action that makes no sense here."""

_NO_BRACKETS = str.maketrans("[]", "()")


def commands(app: App[None], screen: Screen[object]) -> Iterator[SystemCommand]:
    """What the palette lists, over the screen it was called from: what the keys do at the moment."""
    if isinstance(screen, Desk):
        focused = screen.focused
        if isinstance(focused, QueryInput):
            yield from _entries(app, focused, keys.FIND)
        elif isinstance(focused, NoteText):
            yield from _entries(app, focused, keys.NOTE)
        yield from _entries(app, screen, (*keys.MAIN, *keys.ANYWHERE))
        for key in keys.BY_NAME:
            yield SystemCommand(name(key), key.does, _running(app, screen, key))
        for shelf in screen.shelves[len(BUILT_IN) :]:
            # NOTE: the palette takes brackets for markup, and not all of them can be escaped.
            title = shelf.name.translate(_NO_BRACKETS)
            yield SystemCommand(f"View: {title}", "your subscription", _showing(app, screen, shelf))
    yield SystemCommand("Theme", "choose the colours", app.action_change_theme)


def name(key: keys.Key) -> str:
    """`Copy repo` for the id `copy-repo`."""
    return key.id.replace("-", " ").capitalize()


def _entries(app: App[None], place: DOMNode, table: Iterable[keys.Key]) -> Iterator[SystemCommand]:
    for key in keymap_of(app).table(table):
        if key.id != _ITSELF:
            told = in_ascii(keys.label(key)) if glyphs_of(app) is ASCII else keys.label(key)
            told = f"{told}   {key.does}".replace("[", r"\[")  # Textual reads it as markup
            yield SystemCommand(name(key), told, _running(app, place, key))


def _running(app: App[None], place: DOMNode, key: keys.Key) -> Callable[[], Coroutine[None, None, None]]:
    async def run() -> None:
        await app.run_action(key.action, place)

    return run


def _showing(app: App[None], screen: Desk, shelf: Shelf) -> Callable[[], Coroutine[None, None, None]]:
    async def show() -> None:
        await app.run_action(f"view({shelf.view!r})", screen)

    return show
