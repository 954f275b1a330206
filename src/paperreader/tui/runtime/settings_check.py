"""What only the reader can say of the settings: whether themes and keys exist."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from paperreader.config import Loaded
from paperreader.text.clean import printable
from paperreader.tui.commands import command
from paperreader.tui.commands.keymap import PLACES, Keymap
from paperreader.tui.terminal import colors

TOLD = 2
"""How many mistakes in the settings the reader tells at its start, at most."""


def mistakes(loaded: Loaded) -> tuple[str, ...]:
    """Everything that is wrong with the settings, one sentence each with file and line, in the order of the file."""
    keymap = Keymap(loaded.settings.keys)
    found = [f"{loaded.place(f'keys.{id}')}: {id}: {_ended(wrong)}" for id, wrong in keymap.mistakes]
    theme = loaded.settings.appearance.theme
    if not is_theme(theme):
        near = get_close_matches(theme.lower(), colors.names(), n=1)
        meant = f'did you mean "{near[0]}"?' if near else "Theme in the reader's palette lists them"
        found.append(_ended(f'{loaded.place("appearance.theme")}: there is no theme "{theme}"; {meant}'))
    return loaded.by_line((*loaded.problems, *found))


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


def refused(loaded: Loaded) -> frozenset[str]:
    """The settings that the file has a value for which is not in force."""
    mistaken = {f"keys.{id}" for id, _ in Keymap(loaded.settings.keys).mistakes}
    if not is_theme(loaded.settings.appearance.theme):
        mistaken.add("appearance.theme")
    return loaded.refused | mistaken


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith("?") else f"{sentence}."


def is_theme(name: str) -> bool:
    """Whether a theme may be set to this."""
    return name == "auto" or name in colors.names()


def keys_in_force(loaded: Loaded) -> dict[str, list[str]]:
    """The keys of every binding that the settings change, or were to change, by id, as a person calls them."""
    keymap = Keymap(loaded.settings.keys)
    named = {*keymap.changed, *(key.removeprefix("keys.") for key in refused(loaded))}
    return {key.id: _called(keymap.of(key)) for table in PLACES.values() for key in table if key.id in named}


def bindings() -> Iterator[tuple[str, list[str], str]]:
    """Every binding with its keys and what they do, for a settings file to begin with."""
    for place, table in PLACES.items():
        for key in table:
            yield key.id, _called(key), key.does if place == "list and detail" else f"{place}: {key.does}"


def _called(key: command.Key) -> list[str]:
    """In ASCII: an arrow is easier written by its name."""
    names = [name for name in key.keys.split(",") if name]
    return [called if (called := command.called(name)).isascii() else name for name in names]
