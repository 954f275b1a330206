"""What only the reader can say of the settings: whether themes and keys exist."""

from __future__ import annotations

from collections.abc import Iterator

from paperreader.config import Loaded, Settings
from paperreader.tui import keys, themes
from paperreader.tui.keymap import PLACES, Keymap


def mistakes(loaded: Loaded) -> tuple[str, ...]:
    """Everything that is wrong with the settings, one sentence each with file and line."""
    found = [
        f"{loaded.place(f'keys.{id}')}: {id}: {wrong}." for id, wrong in Keymap(loaded.settings.keys).mistakes
    ]
    theme = loaded.settings.appearance.theme
    if not is_theme(theme):
        place = loaded.place("appearance.theme")
        found.append(f'{place}: there is no theme "{theme}"; there are {", ".join(themes.names())}.')
    return (*loaded.problems, *found)


def is_theme(name: str) -> bool:
    """Whether a theme may be set to this."""
    return name == "auto" or name in themes.names()


def keys_in_force(settings: Settings) -> dict[str, list[str]]:
    """The keys of every binding that the settings change, by id, as a person calls them."""
    keymap = Keymap(settings.keys)
    return {
        key.id: _called(keymap.of(key))
        for table in PLACES.values()
        for key in table
        if key.id in keymap.changed
    }


def bindings() -> Iterator[tuple[str, list[str], str]]:
    """Every binding with its keys and what they do, for a settings file to begin with."""
    for place, table in PLACES.items():
        for key in table:
            yield key.id, _called(key), key.does if place == "list and detail" else f"{place}: {key.does}"


def _called(key: keys.Key) -> list[str]:
    """In ASCII: an arrow is easier written by its name."""
    names = [name for name in key.keys.split(",") if name]
    return [called if (called := keys.called(name)).isascii() else name for name in names]
