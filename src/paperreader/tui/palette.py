"""The command palette: the actions of the key table by name, and the themes."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator

from textual.app import App, SystemCommand
from textual.screen import Screen

from paperreader.tui import keys
from paperreader.tui.desk import Desk

_ELSEWHERE = frozenset({"palette", "back", "into", "swap"})
"""Keys that make no sense by name."""


def commands(app: App[None], screen: Screen[object]) -> Iterator[SystemCommand]:
    """What the palette lists, over the screen it was called from."""
    if isinstance(screen, Desk):
        for key in (*keys.MAIN, *keys.BY_NAME):
            if key.id not in _ELSEWHERE:
                yield SystemCommand(
                    name(key), f"{keys.label(key)}   {key.does}".lstrip(), _running(app, screen, key)
                )
    yield SystemCommand("Theme", "choose the colours", app.action_change_theme)


def name(key: keys.Key) -> str:
    """`Copy repo` for the id `copy-repo`."""
    return key.id.replace("-", " ").capitalize()


def _running(app: App[None], screen: Desk, key: keys.Key) -> Callable[[], Coroutine[None, None, None]]:
    async def run() -> None:
        await app.run_action(key.action, screen)

    return run
