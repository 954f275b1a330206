"""What only the reader can say of the settings: whether themes and keys exist."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from paperreader.config import LoadedSettings
from paperreader.text.sanitize import single_line
from paperreader.tui.commands.command import KeyBinding, key_label
from paperreader.tui.commands.keymap import Keymap
from paperreader.tui.commands.tables import KEY_TABLES
from paperreader.tui.terminal import colors

MAX_REPORTED = 2
"""How many mistakes in the settings the reader tells at its start, at most."""


def setting_errors(loaded: LoadedSettings) -> tuple[str, ...]:
    """Everything that is wrong with the settings, one sentence each with file and line, in the order of the file."""
    keymap = Keymap(loaded.settings.keys)
    found = [
        f"{loaded.location_of(f'keys.{id}')}: {id}: {_with_full_stop(wrong)}" for id, wrong in keymap.errors
    ]
    theme = loaded.settings.appearance.theme
    if not is_valid_theme(theme):
        near = get_close_matches(theme.lower(), colors.theme_names(), n=1)
        meant = f'did you mean "{near[0]}"?' if near else "Theme in the reader's palette lists them"
        found.append(
            _with_full_stop(f'{loaded.location_of("appearance.theme")}: there is no theme "{theme}"; {meant}')
        )
    return loaded.sorted_by_line((*loaded.problems, *found))


def error_summary(loaded: LoadedSettings, max_length: int) -> str:
    """The first mistakes, as many as `room` characters hold, and how many there are besides; empty for none."""
    folder = f"{loaded.path.parent}/"
    found = [single_line(mistake.replace(folder, "")) for mistake in setting_errors(loaded)]
    for count in range(min(len(found), MAX_REPORTED), 0, -1):
        rest = len(found) - count
        more = [f"{rest} more: `paperreader config` tells all."] if rest else []
        said = "\n".join([*found[:count], *more, "The defaults are in force there."])
        if len(said) <= max_length or count == 1:
            return said
    return ""


def ignored_settings(loaded: LoadedSettings) -> frozenset[str]:
    """The settings that the file has a value for which is not in force."""
    mistaken = {f"keys.{id}" for id, _ in Keymap(loaded.settings.keys).errors}
    if not is_valid_theme(loaded.settings.appearance.theme):
        mistaken.add("appearance.theme")
    return loaded.invalid | mistaken


def _with_full_stop(sentence: str) -> str:
    return sentence if sentence.endswith("?") else f"{sentence}."


def is_valid_theme(name: str) -> bool:
    """Whether a theme may be set to this."""
    return name == "auto" or name in colors.theme_names()


def effective_keys(loaded: LoadedSettings) -> dict[str, list[str]]:
    """The keys of every binding that the settings change, or were to change, by id, as a person calls them."""
    keymap = Keymap(loaded.settings.keys)
    named = {*keymap.overrides, *(key.removeprefix("keys.") for key in ignored_settings(loaded))}
    return {
        key.id: _ascii_labels(keymap.effective(key))
        for table in KEY_TABLES.values()
        for key in table
        if key.id in named
    }


def default_bindings() -> Iterator[tuple[str, list[str], str]]:
    """Every binding with its keys and what they do, for a settings file to begin with."""
    for place, table in KEY_TABLES.items():
        for key in table:
            yield (
                key.id,
                _ascii_labels(key),
                key.help if place == "list and detail" else f"{place}: {key.help}",
            )


def _ascii_labels(key: KeyBinding) -> list[str]:
    """In ASCII: an arrow is easier written by its name."""
    names = [name for name in key.keys.split(",") if name]
    return [called if (called := key_label(name)).isascii() else name for name in names]
