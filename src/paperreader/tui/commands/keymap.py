"""The key tables with the changes of the user: effective keys, and errors in the configuration."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from textual.keys import Keys, _character_to_key

from paperreader.config.settings import UserCommand
from paperreader.text.cell_width import truncate_cells
from paperreader.text.sanitize import single_line
from paperreader.tui.commands import footer_hints
from paperreader.tui.commands.command import KEY_LABELS, KeyBinding, Mode, first_key_label, key_label
from paperreader.tui.commands.dialogs import CHOICE_KEYS, GLOBAL_KEYS, NOTE_KEYS
from paperreader.tui.commands.footer_hints import FooterHint
from paperreader.tui.commands.reader import READER_KEYS
from paperreader.tui.commands.tables import KEY_TABLES, KEYS_BY_ID, RETIRED_IDS

if TYPE_CHECKING:
    from textual.app import App

USER_GROUP = "Your commands"
"""The heading of the commands of the user in the help."""

MAX_HELP_CELLS = 53
"""Width of a description in the help."""

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
"""Textual ignores an empty list of keys and keeps the default. No terminal sends this key."""
_BY_LABEL = {first_key_label(key): key.id for key in reversed(READER_KEYS)}


class Keymap:
    """The effective keys of every binding."""

    def __init__(
        self,
        configured: Mapping[str, tuple[str, ...]] | None = None,
        commands: Mapping[str, UserCommand] = MappingProxyType({}),
    ) -> None:
        """Check the keys in the settings, by id, and those of the commands of the user, by name.

        Those that are invalid are left out and reported in `errors` and `command_errors`. A key of the user that is the
        default of another command is taken from that command, which is reported in `taken_keys`.
        """
        self.errors: list[tuple[str, str]] = []
        """Ids with what is wrong with their keys, a sentence without full stop."""
        self.overrides: dict[str, str] = {}
        """Textual's names of the keys, separated by commas, by id; empty for no key."""
        self.taken_keys: list[tuple[str, str]] = []
        """Settings (`keys.ID`, `commands.NAME.key`) with which command lost a key to them, a sentence without full
        stop."""
        self._deprived: set[str] = set()
        """Ids of commands that lost a default key."""
        if configured:
            self._apply(configured)
        self.user_keys: tuple[KeyBinding, ...] = ()
        """The rows of the commands of the user."""
        self.command_errors: list[tuple[str, str]] = []
        """Names of commands of the user with what is wrong with their keys, a sentence without full stop."""
        for name, command in commands.items():
            self.user_keys += (user_key_binding(name, command, self._command_key(name, command.key)),)

    def effective(self, key: KeyBinding) -> KeyBinding:
        """Return a row of the tables with its effective keys."""
        keys = self.overrides.get(key.id)
        return key if keys is None else key._replace(keys=keys, label="")

    def effective_table(self, table: Iterable[KeyBinding]) -> list[KeyBinding]:
        """Return a table with its effective keys."""
        return [self.effective(key) for key in table]

    def label(self, id: str) -> str:
        """Return the first key of a binding as shown to the user; `:` and its id if it has none."""
        return first_key_label(self.effective(KEYS_BY_ID[id])) or f":{id}"

    def effective_label(self, label: str) -> str:
        """Return the label of the key that replaces a default key of list and detail, as named in messages."""
        id = _BY_LABEL.get(label)
        return label if id is None else self.label(id)

    def footer_hints(self, mode: Mode) -> tuple[FooterHint, ...]:
        """Return the hints of a mode, the most useful first, without those that have no key."""
        return footer_hints.footer_hints(mode, self.effective)

    def textual_overrides(self) -> dict[str, str]:
        """Return the changed keys by id, as Textual's `App.set_keymap` expects them."""
        return {id: names or _UNBOUND for id, names in self.overrides.items()}

    def _command_key(self, name: str, given: str) -> str:
        """Return Textual's name of the key of a command of the user; empty if it has none, or an invalid one."""
        if not given:
            return ""
        key = parse_key(given)
        if key is None:
            error = f'"{given}" is not a key; use a name like "W", "ctrl+t" or "f5"'
        else:
            taken = (*self.effective_table((*READER_KEYS, *GLOBAL_KEYS)), *self.user_keys)
            owner = next((each.id for each in taken if key in each.keys.split(",")), "")
            if owner in KEYS_BY_ID and not self._is_kept(owner, key):
                self._take_key(f"commands.{name}.key", key, owner)
                owner = ""
            if not owner:
                return key
            error = f"{key_label(key)} already means {owner} in list and detail; choose another key"
            if owner in KEYS_BY_ID:
                error += f", or give {owner} another one in [keys]"
        self.command_errors.append((name, error))
        return ""

    def _apply(self, configured: Mapping[str, tuple[str, ...]]) -> None:
        for id, given in configured.items():
            if id not in KEYS_BY_ID:
                self.errors.append((id, _unknown_id_error(id)))
                continue
            names = [parse_key(each) for each in given]
            if None in names:
                invalid = given[names.index(None)]
                self.errors.append(
                    (id, f'"{invalid}" is not a key; use a name like "x", "ctrl+x", "f5" or "PgDn"')
                )
                continue
            self.overrides[id] = ",".join(dict.fromkeys(name for name in names if name))
        for place, table in KEY_TABLES.items():
            self._reject_typing_keys(place, table)
            separate = table in (GLOBAL_KEYS, NOTE_KEYS)
            self._resolve_conflicts(place, table if separate else (*table, *GLOBAL_KEYS))

    def _reject_typing_keys(self, place: str, table: tuple[KeyBinding, ...]) -> None:
        """Reject letters where the user types (no default key is a letter), and in menus, whose items use them."""
        defaults = {name for key in table for name in key.keys.split(",") if _is_typing_key(name)}
        if defaults and table is not CHOICE_KEYS:
            return
        purpose = "chooses an item" if table is CHOICE_KEYS else "types a character"
        for key in table:
            names = self.overrides.get(key.id, "").split(",")
            rejected = [name for name in names if _is_typing_key(name) and name not in defaults]
            if rejected:
                del self.overrides[key.id]
                self.errors.append(
                    (key.id, f"{key_label(rejected[0])} {purpose} in {place}; use a key such as ctrl+x")
                )

    def _resolve_conflicts(self, place: str, table: tuple[KeyBinding, ...]) -> None:
        """Take keys of the user from commands that have them by default; drop those that the user gave twice."""
        while True:
            owners: dict[str, list[str]] = {}
            for key in self.effective_table(table):
                for name in filter(None, key.keys.split(",")):
                    owners.setdefault(name, []).append(key.id)
            conflicts = (
                (name, ids) for name, ids in owners.items() if len(ids) > 1 and set(ids) & set(self.overrides)
            )
            name, ids = next(conflicts, ("", []))
            if not name:
                return
            free = [id for id in ids if not self._is_kept(id, name)]
            winner = next(id for id in ids if id in self.overrides)
            if free:
                self._take_key(f"keys.{winner}", name, free[0])
                continue
            rejected = next(id for id in reversed(ids) if id in self.overrides)
            other = next(id for id in ids if id != rejected)
            del self.overrides[rejected]
            self.errors.append(
                (
                    rejected,
                    f"{key_label(name)} already means {other} in {place}; assign another key to {other} as well",
                )
            )

    def _is_kept(self, id: str, name: str) -> bool:
        """Return whether a command keeps a key that the user gives to another one."""
        if id in self._deprived or id not in self.overrides:
            return any(key.id == id for key in GLOBAL_KEYS)
        return name in self.overrides[id].split(",")

    def _take_key(self, setting: str, name: str, owner: str) -> None:
        """Take a default key from its command."""
        left = [each for each in self.effective(KEYS_BY_ID[owner]).keys.split(",") if each != name]
        self.overrides[owner] = ",".join(left)
        self._deprived.add(owner)
        rest = f"which keeps {', '.join(map(key_label, left))}" if left else "which has no key now"
        self.taken_keys.append(
            (
                setting,
                f"{key_label(name)} is taken from {owner}, {rest}; "
                f'to change that, or to hide this, set {owner} in [keys], for example to "" for no key',
            )
        )


def user_key_binding(name: str, command: UserCommand, keys: str) -> KeyBinding:
    """Return the row of a command of the user for palette and help."""
    title = single_line(command.title) or f"Run {name}"
    help = truncate_cells(title[:1].lower() + title[1:], MAX_HELP_CELLS)
    return KeyBinding(f"commands.{name}", keys, title, help, USER_GROUP, f"screen.run_program({name!r})")


def parse_key(text: str) -> str | None:
    """Return Textual's name of a key as a user writes it (`?`, `ctrl+N`, `PgDn`); None if there is no such key."""
    if text in _KEY_ALIASES:
        return _KEY_ALIASES[text]
    if len(text) == 1:
        return "space" if text == " " else _character_to_key(text) if text.isprintable() else None
    *modifiers, last = [*text[:-2].split("+"), "+"] if text.endswith("++") else text.split("+")
    modifiers = sorted(modifier.lower() for modifier in modifiers)
    if any(count > 1 for count in Counter(modifiers).values()) or not set(modifiers) <= set(_MODIFIERS):
        return None
    if len(last) == 1:
        if modifiers == ["shift"] and last.isalpha():
            return last.upper()
        name: str | None = _character_to_key(last.lower()) if last.isprintable() and last != " " else None
    else:
        name = _parse_named_key(last.lower())
    return "+".join([*modifiers, name]) if name else None


def get_keymap(app: App[Any]) -> Keymap:
    """Return the effective keymap of an app; the default if it has none, as in tests of a single widget."""
    found = getattr(app, "effective_keymap", None)
    return found if isinstance(found, Keymap) else DEFAULT_KEYMAP


def _parse_named_key(name: str) -> str | None:
    name = _KEY_ALIASES.get(name, name)
    if name in _NAMED_KEYS:
        return name
    try:
        character = unicodedata.lookup(name.replace("_", " "))
    except KeyError:
        return name if name in KEY_LABELS else None
    return _character_to_key(character) if character.isprintable() else None


def _is_typing_key(name: str) -> bool:
    """Return whether the key inserts a character into an input."""
    return "+" not in name and bool(name) and (name == "space" or name not in _NAMED_KEYS)


def _unknown_id_error(id: str) -> str:
    if id in RETIRED_IDS:
        return f"this id has been renamed, so the line is ignored; use {RETIRED_IDS[id]}"
    from difflib import get_close_matches

    similar = get_close_matches(id, list(KEYS_BY_ID), n=1)
    return (
        f"there is no such key id, so the line is ignored; "
        f"{f'did you mean {similar[0]}?' if similar else 'docs/keys.md lists them'}"
    )


DEFAULT_KEYMAP = Keymap()
