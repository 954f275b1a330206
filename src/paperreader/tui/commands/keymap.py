"""The table of keys with what the settings change in it: which keys are in force, and what was wrong with the wish."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from textual.keys import Keys, _character_to_key

from paperreader.tui.commands import command
from paperreader.tui.commands.command import FooterHint, KeyBinding
from paperreader.tui.commands.footer_hints import Mode
from paperreader.tui.widgets.text_line import TextSpan

if TYPE_CHECKING:
    from textual.app import App


def _key_tables() -> dict[str, tuple[KeyBinding, ...]]:
    """Every table of keys, by the place it is for: what its heading in the help says (`In a note`)."""
    found: dict[str, tuple[KeyBinding, ...]] = {
        "list and detail": command.READER_COMMANDS,
        "anywhere": command.GLOBAL_KEYS,
    }
    for table in vars(command).values():
        if (
            isinstance(table, tuple)
            and table
            and isinstance(table[0], KeyBinding)
            and table
            not in (
                command.READER_COMMANDS,
                command.GLOBAL_KEYS,
                command.HELP_ORDER,
                command.PALETTE_COMMANDS,
            )
        ):
            found[table[0].group.removeprefix("In ")] = table
    return found


KEY_TABLES: Mapping[str, tuple[KeyBinding, ...]] = MappingProxyType(_key_tables())
"""Every table of keys. Within one of them a key means one thing."""

_MODIFIERS = ("alt", "ctrl", "hyper", "meta", "shift", "super")
_NAMED_KEYS = {key.value for key in Keys if "+" not in key.value and not key.value.startswith("<")}
_KEY_ALIASES = {
    "pgdn": "pagedown",
    "pgup": "pageup",
    "esc": "escape",
    "return": "enter",
    "del": "delete",
    "↓": "down",
    "↑": "up",
}
_UNBOUND = "no_key_at_all"
"""Textual keeps the default for an empty list of keys; no terminal sends this one."""


class Keymap:
    """The keys in force."""

    def __init__(self, configured: Mapping[str, tuple[str, ...]] | None = None) -> None:
        """`chosen` as the settings have it. What is wrong in it is left out, and stands in `mistakes`."""
        self.errors: list[tuple[str, str]] = []
        """Id and what is wrong with its keys, a sentence without an end."""
        self.overrides: dict[str, str] = {}
        """Textual's names of the keys, parted by commas, by id; empty for no key."""
        if configured:
            self._apply(configured)

    def effective(self, key: KeyBinding) -> KeyBinding:
        """An entry of the table as it is in force."""
        changed = self.overrides.get(key.id)
        return key if changed is None else key._replace(keys=changed, label="")

    def effective_table(self, table: Iterable[KeyBinding]) -> list[KeyBinding]:
        """A table as it is in force."""
        return [self.effective(key) for key in table]

    def label(self, id: str) -> str:
        """The first key of a binding as a person calls it; `:` and its name where it has none."""
        return command.first_key_label(self.effective(_BY_ID[id])) or f":{id}"

    def relabel(self, piece: TextSpan) -> TextSpan:
        """A piece that names a key of list and detail as it is by default, with the key that is in force."""
        if piece.role != "key" or not self.overrides:
            return piece
        id = _BY_LABEL.get(piece.text.strip())
        return (
            piece
            if id is None
            else piece._replace(text=piece.text.replace(piece.text.strip(), self.label(id)))
        )

    def footer_hints(self, mode: Mode) -> tuple[FooterHint, ...]:
        """The keys that matter in a mode, the most useful first; what has no key is left out."""
        return command.footer_hints(mode, self.effective)

    def textual_overrides(self) -> dict[str, str]:
        """What Textual wants to be told."""
        return {id: names or _UNBOUND for id, names in self.overrides.items()}

    def _apply(self, configured: Mapping[str, tuple[str, ...]]) -> None:
        for id, given in configured.items():
            if id not in _BY_ID:
                self.errors.append((id, _unknown_id_error(id)))
                continue
            names = [parse_key(each) for each in given]
            if None in names:
                wrong = given[names.index(None)]
                self.errors.append(
                    (id, f'"{wrong}" is no key; write it like "x", "ctrl+x", "f5" or "pagedown"')
                )
                continue
            self.overrides[id] = ",".join(dict.fromkeys(name for name in names if name))
        for place, table in KEY_TABLES.items():
            self._reject_typing_keys(place, table)
            alone = table in (command.GLOBAL_KEYS, command.NOTE_KEYS)
            self._reject_conflicts(place, table if alone else (*table, *command.GLOBAL_KEYS))

    def _reject_typing_keys(self, place: str, table: tuple[KeyBinding, ...]) -> None:
        """Letters type themselves where one types (none of the keys is a letter there), and pick in a chooser."""
        usual = {name for key in table for name in key.keys.split(",") if _is_typing_key(name)}
        if usual and table is not command.CHOICE_KEYS:
            return
        does = "picks" if table is command.CHOICE_KEYS else "types itself"
        for key in table:
            names = self.overrides.get(key.id, "").split(",")
            taken = [name for name in names if _is_typing_key(name) and name not in usual]
            if taken:
                del self.overrides[key.id]
                self.errors.append(
                    (key.id, f"{command.key_label(taken[0])} {does} in {place}; take a key such as ctrl+x")
                )

    def _reject_conflicts(self, place: str, table: tuple[KeyBinding, ...]) -> None:
        """Take back what makes a key mean two things, until none does."""
        while True:
            owners: dict[str, list[str]] = {}
            for key in self.effective_table(table):
                for name in filter(None, key.keys.split(",")):
                    owners.setdefault(name, []).append(key.id)
            clash = next(
                (
                    (name, ids)
                    for name, ids in owners.items()
                    if len(ids) > 1 and set(ids) & set(self.overrides)
                ),
                None,
            )
            if clash is None:
                return
            name, ids = clash
            wish = next(id for id in reversed(ids) if id in self.overrides)
            other = next(id for id in ids if id != wish)
            del self.overrides[wish]
            self.errors.append(
                (
                    wish,
                    f"{command.key_label(name)} means {other} already in {place}; give {other} another key as well",
                )
            )


def parse_key(text: str) -> str | None:
    """Textual's name of a key that a person wrote (`?`, `ctrl+N`, `PgDn`); None when there is no such key."""
    if text in _KEY_ALIASES:
        return _KEY_ALIASES[text]
    if len(text) == 1:
        return "space" if text == " " else _character_to_key(text) if text.isprintable() else None
    *modifiers, last = [*text[:-2].split("+"), "+"] if text.endswith("++") else text.split("+")
    modifiers = sorted(modifier.lower() for modifier in modifiers)
    if any(times > 1 for times in Counter(modifiers).values()) or not set(modifiers) <= set(_MODIFIERS):
        return None
    if len(last) == 1:
        if modifiers == ["shift"] and last.isalpha():
            return last.upper()
        name: str | None = _character_to_key(last.lower()) if last.isprintable() and last != " " else None
    else:
        name = _parse_named_key(last.lower())
    return "+".join([*modifiers, name]) if name else None


def get_keymap(app: App[Any]) -> Keymap:
    """The keys in force in an app."""
    found = getattr(app, "effective_keymap", None)
    return found if isinstance(found, Keymap) else DEFAULT_KEYMAP


def _parse_named_key(name: str) -> str | None:
    name = _KEY_ALIASES.get(name, name)
    if name in _NAMED_KEYS:
        return name
    try:
        character = unicodedata.lookup(name.replace("_", " "))
    except KeyError:
        return name if name in command.KEY_LABELS else None
    return _character_to_key(character) if character.isprintable() else None


def _is_typing_key(name: str) -> bool:
    """Whether the key puts a character into a line."""
    return "+" not in name and bool(name) and (name == "space" or name not in _NAMED_KEYS)


def _unknown_id_error(id: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(id, list(_BY_ID), n=1)
    return f"no binding has this id; {f'did you mean {near[0]}?' if near else 'docs/keys.md lists them'}"


_BY_ID = {key.id: key for table in KEY_TABLES.values() for key in table}
_BY_LABEL = {command.first_key_label(key): key.id for key in reversed(command.READER_COMMANDS)}
DEFAULT_KEYMAP = Keymap()
