"""What only the reader can say of the settings: whether themes and keys exist."""

from __future__ import annotations

from collections.abc import Iterator

from paperreader.config import Loaded, Settings
from paperreader.text.clean import printable
from paperreader.tui import keys, themes
from paperreader.tui.keymap import PLACES, Keymap

TOLD = 2
"""How many mistakes in the settings the reader tells at its start, at most."""


def mistakes(loaded: Loaded) -> tuple[str, ...]:
    """Everything that is wrong with the settings, one sentence each with file and line."""
    found = [
        f"{loaded.place(f'keys.{id}')}: {id}: {wrong}{'' if wrong.endswith('?') else '.'}"
        for id, wrong in Keymap(loaded.settings.keys).mistakes
    ]
    theme = loaded.settings.appearance.theme
    if not is_theme(theme):
        found.append(f'{loaded.place("appearance.theme")}: there is no theme "{theme}"; {_nearest(theme)}')
    return (*loaded.problems, *found)


def _nearest(theme: str) -> str:
    """The theme that may be meant, or some that there are; the palette lists all."""
    from difflib import get_close_matches

    if near := get_close_matches(theme, themes.names(), n=1):
        return f"did you mean {near[0]}?"
    own = ", ".join(known.name for known in themes.OWN)
    return f"there are {own} and {len(themes.names()) - len(themes.OWN)} more."


def told(loaded: Loaded, room: int) -> str:
    """The first mistakes, as many as `room` characters hold, and how many there are besides; empty for none."""
    folder = f"{loaded.path.parent}/"
    found = [printable(mistake.replace(folder, "")) for mistake in mistakes(loaded)]
    for count in range(min(len(found), TOLD), 0, -1):
        rest = len(found) - count
        more = [f"{rest} more: `paperreader config` tells all."] if rest else []
        said = "\n".join([*found[:count], *more, "The defaults are in force there."])
        if len(said) <= room or count == 1:
            return said
    return ""


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
