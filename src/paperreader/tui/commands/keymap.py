"""The table of keys with what the settings change in it: which keys are in force, and what was wrong with the wish."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from textual.keys import Keys, _character_to_key

from paperreader.tui.commands import command
from paperreader.tui.commands.command import Hint, Key
from paperreader.tui.commands.footer_hints import Mode
from paperreader.tui.widgets.text_line import Piece

if TYPE_CHECKING:
    from textual.app import App


def _tables() -> dict[str, tuple[Key, ...]]:
    """Every table of keys, by the place it is for: what its heading in the help says (`In a note`)."""
    found: dict[str, tuple[Key, ...]] = {"list and detail": command.MAIN, "anywhere": command.ANYWHERE}
    for table in vars(command).values():
        if (
            isinstance(table, tuple)
            and table
            and isinstance(table[0], Key)
            and table not in (command.MAIN, command.ANYWHERE, command.EVERY, command.BY_NAME)
        ):
            found[table[0].group.removeprefix("In ")] = table
    return found


PLACES: Mapping[str, tuple[Key, ...]] = MappingProxyType(_tables())
"""Every table of keys. Within one of them a key means one thing."""

_MODIFIERS = ("alt", "ctrl", "hyper", "meta", "shift", "super")
_NAMED = {key.value for key in Keys if "+" not in key.value and not key.value.startswith("<")}
_ALSO = {
    "pgdn": "pagedown",
    "pgup": "pageup",
    "esc": "escape",
    "return": "enter",
    "del": "delete",
    "↓": "down",
    "↑": "up",
}
_NOWHERE = "no_key_at_all"
"""Textual keeps the default for an empty list of keys; no terminal sends this one."""


class Keymap:
    """The keys in force."""

    def __init__(self, chosen: Mapping[str, tuple[str, ...]] | None = None) -> None:
        """`chosen` as the settings have it. What is wrong in it is left out, and stands in `mistakes`."""
        self.mistakes: list[tuple[str, str]] = []
        """Id and what is wrong with its keys, a sentence without an end."""
        self.changed: dict[str, str] = {}
        """Textual's names of the keys, parted by commas, by id; empty for no key."""
        if chosen:
            self._adopt(chosen)

    def of(self, key: Key) -> Key:
        """An entry of the table as it is in force."""
        changed = self.changed.get(key.id)
        return key if changed is None else key._replace(keys=changed, shown="")

    def table(self, table: Iterable[Key]) -> list[Key]:
        """A table as it is in force."""
        return [self.of(key) for key in table]

    def label(self, id: str) -> str:
        """The first key of a binding as a person calls it; `:` and its name where it has none."""
        return command.first(self.of(_KNOWN[id])) or f":{id}"

    def told(self, piece: Piece) -> Piece:
        """A piece that names a key of list and detail as it is by default, with the key that is in force."""
        if piece.role != "key" or not self.changed:
            return piece
        id = _BY_LABEL.get(piece.text.strip())
        return (
            piece
            if id is None
            else piece._replace(text=piece.text.replace(piece.text.strip(), self.label(id)))
        )

    def footer(self, mode: Mode) -> tuple[Hint, ...]:
        """The keys that matter in a mode, the most useful first; what has no key is left out."""
        return command.footer(mode, self.of)

    def for_textual(self) -> dict[str, str]:
        """What Textual wants to be told."""
        return {id: names or _NOWHERE for id, names in self.changed.items()}

    def _adopt(self, chosen: Mapping[str, tuple[str, ...]]) -> None:
        for id, given in chosen.items():
            if id not in _KNOWN:
                self.mistakes.append((id, _unknown(id)))
                continue
            names = [key_name(each) for each in given]
            if None in names:
                wrong = given[names.index(None)]
                self.mistakes.append(
                    (id, f'"{wrong}" is no key; write it like "x", "ctrl+x", "f5" or "pagedown"')
                )
                continue
            self.changed[id] = ",".join(dict.fromkeys(name for name in names if name))
        for place, table in PLACES.items():
            self._refuse_typed(place, table)
            alone = table in (command.ANYWHERE, command.NOTE)
            self._refuse_conflicts(place, table if alone else (*table, *command.ANYWHERE))

    def _refuse_typed(self, place: str, table: tuple[Key, ...]) -> None:
        """Letters type themselves where one types (none of the keys is a letter there), and pick in a chooser."""
        usual = {name for key in table for name in key.keys.split(",") if _types(name)}
        if usual and table is not command.CHOOSE:
            return
        does = "picks" if table is command.CHOOSE else "types itself"
        for key in table:
            names = self.changed.get(key.id, "").split(",")
            taken = [name for name in names if _types(name) and name not in usual]
            if taken:
                del self.changed[key.id]
                self.mistakes.append(
                    (key.id, f"{command.called(taken[0])} {does} in {place}; take a key such as ctrl+x")
                )

    def _refuse_conflicts(self, place: str, table: tuple[Key, ...]) -> None:
        """Take back what makes a key mean two things, until none does."""
        while True:
            owners: dict[str, list[str]] = {}
            for key in self.table(table):
                for name in filter(None, key.keys.split(",")):
                    owners.setdefault(name, []).append(key.id)
            clash = next(
                (
                    (name, ids)
                    for name, ids in owners.items()
                    if len(ids) > 1 and set(ids) & set(self.changed)
                ),
                None,
            )
            if clash is None:
                return
            name, ids = clash
            wish = next(id for id in reversed(ids) if id in self.changed)
            other = next(id for id in ids if id != wish)
            del self.changed[wish]
            self.mistakes.append(
                (
                    wish,
                    f"{command.called(name)} means {other} already in {place}; give {other} another key as well",
                )
            )


def key_name(text: str) -> str | None:
    """Textual's name of a key that a person wrote (`?`, `ctrl+N`, `PgDn`); None when there is no such key."""
    if text in _ALSO:
        return _ALSO[text]
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
        name = _long_name(last.lower())
    return "+".join([*modifiers, name]) if name else None


def keymap_of(app: App[Any]) -> Keymap:
    """The keys in force in an app."""
    found = getattr(app, "keys_in_force", None)
    return found if isinstance(found, Keymap) else DEFAULT


def _long_name(name: str) -> str | None:
    name = _ALSO.get(name, name)
    if name in _NAMED:
        return name
    try:
        character = unicodedata.lookup(name.replace("_", " "))
    except KeyError:
        return name if name in command.NAMES else None
    return _character_to_key(character) if character.isprintable() else None


def _types(name: str) -> bool:
    """Whether the key puts a character into a line."""
    return "+" not in name and bool(name) and (name == "space" or name not in _NAMED)


def _unknown(id: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(id, list(_KNOWN), n=1)
    return f"no binding has this id; {f'did you mean {near[0]}?' if near else 'docs/keys.md lists them'}"


_KNOWN = {key.id: key for table in PLACES.values() for key in table}
_BY_LABEL = {command.first(key): key.id for key in reversed(command.MAIN)}
DEFAULT = Keymap()
