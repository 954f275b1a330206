"""Checks of the settings that need the reader: themes and keys."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from paperreader.config import LoadedSettings
from paperreader.text.sanitize import single_line
from paperreader.tui.commands.command import KeyBinding, key_label
from paperreader.tui.commands.keymap import Keymap
from paperreader.tui.commands.tables import KEY_TABLES, KEYS_BY_ID, RETIRED_IDS
from paperreader.tui.terminal import colors

MAX_REPORTED = 2
"""How many errors of the settings file are shown at the start."""


def setting_errors(loaded: LoadedSettings) -> tuple[str, ...]:
    """Return all errors of the settings, each with file and line, in the order of the file."""
    keymap = Keymap(loaded.settings.keys, loaded.settings.commands)
    messages = [
        f"{loaded.location_of(f'keys.{id}')}: {id}: {_with_full_stop(error)}" for id, error in keymap.errors
    ]
    messages += [
        f"{loaded.location_of(f'commands.{name}.key')}: {name}: {_with_full_stop(error)}"
        for name, error in keymap.command_errors
    ]
    theme = loaded.settings.appearance.theme
    if not is_valid_theme(theme):
        similar = get_close_matches(theme.lower(), colors.theme_names(), n=1)
        hint = (
            f'did you mean "{similar[0]}"?'
            if similar
            else "press ctrl+p in the reader and enter theme to list all themes"
        )
        messages.append(
            _with_full_stop(f'{loaded.location_of("appearance.theme")}: unknown theme "{theme}"; {hint}')
        )
    return loaded.sorted_by_line((*loaded.problems, *messages))


def taken_keys(loaded: LoadedSettings) -> tuple[str, ...]:
    """Return which commands lost keys to others that the settings give these keys, each with file and line."""
    keymap = Keymap(loaded.settings.keys, loaded.settings.commands)
    messages = [
        f"{loaded.location_of(key)}: {_with_full_stop(message)}" for key, message in keymap.taken_keys
    ]
    return loaded.sorted_by_line(messages)


def settings_summary(loaded: LoadedSettings, max_length: int) -> str:
    """Return the first errors and lost keys, as many as fit into `max_length` characters, and the number of others.

    It is empty if there are none.
    """
    folder = f"{loaded.path.parent}/"
    errors = setting_errors(loaded)
    messages = [single_line(each.replace(folder, "")) for each in (*errors, *taken_keys(loaded))]
    for count in range(min(len(messages), MAX_REPORTED), 0, -1):
        omitted = len(messages) - count
        suffix = [f"{omitted} more. Run `paperreader config` to list them."] if omitted else []
        used = ["Invalid settings are ignored."] if errors else []
        shown_errors, shown_losses = messages[: min(count, len(errors))], messages[len(errors) : count]
        summary = "\n".join([*shown_errors, *used, *shown_losses, *suffix])
        if len(summary) <= max_length or count == 1:
            return summary
    return ""


def ignored_settings(loaded: LoadedSettings) -> frozenset[str]:
    """Return the settings whose value in the file is ignored."""
    keymap = Keymap(loaded.settings.keys, loaded.settings.commands)
    ignored = {f"keys.{id}" for id, _ in keymap.errors}
    ignored |= {f"commands.{name}.key" for name, _ in keymap.command_errors}
    if not is_valid_theme(loaded.settings.appearance.theme):
        ignored.add("appearance.theme")
    return loaded.invalid | ignored


def _with_full_stop(sentence: str) -> str:
    return sentence if sentence.endswith("?") else f"{sentence}."


def is_valid_theme(name: str) -> bool:
    """Return whether `name` is a valid value of the theme setting."""
    return name == "auto" or name in colors.theme_names()


def effective_keys(loaded: LoadedSettings) -> dict[str, list[str]]:
    """Return the key labels of every command that the settings change, or try to change, by id."""
    keymap = Keymap(loaded.settings.keys, loaded.settings.commands)
    ids = {*keymap.overrides, *(key.removeprefix("keys.") for key in ignored_settings(loaded))}
    return {
        key.id: _ascii_labels(keymap.effective(key))
        for table in KEY_TABLES.values()
        for key in table
        if key.id in ids
    }


def ignored_key_ids(loaded: LoadedSettings) -> dict[str, str]:
    """Return the ids in `[keys]` that do not exist, and why: `renamed to X`, or `no such id`."""
    ids = (key.removeprefix("keys.") for key in sorted(ignored_settings(loaded)) if key.startswith("keys."))
    return {
        id: f"renamed to {RETIRED_IDS[id]}" if id in RETIRED_IDS else "no such id"
        for id in ids
        if id not in KEYS_BY_ID
    }


def default_bindings() -> Iterator[tuple[str, list[str], str]]:
    """Yield id, keys and title of every command, for the initial settings file."""
    for table_name, table in KEY_TABLES.items():
        for key in table:
            yield (
                key.id,
                _ascii_labels(key),
                _title(key) if table_name == "list and detail" else f"{table_name}: {_title(key)}",
            )


def _title(key: KeyBinding) -> str:
    """Return what a command does, without an ellipsis. No two commands of a table have the same title."""
    if key.title:
        return key.title.removesuffix("…")
    if key.id.startswith("view-"):
        return f"Show view {key.id.removeprefix('view-')}, one of your subscriptions"
    return key.help[0].upper() + key.help[1:]


def _ascii_labels(key: KeyBinding) -> list[str]:
    """Key labels in ASCII, because the name of an arrow key is easier to type."""
    names = [name for name in key.keys.split(",") if name]
    return [called if (called := key_label(name)).isascii() else name for name in names]
