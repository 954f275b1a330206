"""Rows of the key tables: what keys, palette, help, footer and documentation know about an action."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from typing import Generic, Literal, NamedTuple, TypeVar, get_args

from textual.binding import Binding, BindingType
from textual.keys import key_to_character

Controllers = TypeVar("Controllers")

Mode = Literal[
    "list",
    "new",
    "for-you",
    "empty",
    "empty-new",
    "empty-code",
    "empty-search",
    "select",
    "detail",
    "search",
    "complete",
    "note",
    "choice",
    "prompt",
    "path",
    "tags",
    "trends",
    "online",
    "output",
    "changes",
    "help",
    "filter",
    "welcome",
    "text",
    "text-links",
    "text-pin",
    "contents",
    "overview",
    "text-find",
    "text-select",
    "passages",
    "overview-paper",
    "overview-missing",
    "references",
]
"""What has the focus. It decides which commands are available and what the footer shows. `new` and `for-you` are the
lists of new papers and of those for the user, and the `empty` modes are a list without papers; `complete` is the search
bar while `tab` would accept a completion. `text` is the full text of a paper, `text-links` the same while its links
have labels, and `text-pin` what is pinned next to it; `overview-paper` and `overview-missing` are overviews of
references.
"""

BROWSING: frozenset[Mode] = frozenset(("list", "select", "detail"))
"""List or detail has the focus, and shows papers."""

WELCOME: frozenset[Mode] = frozenset(("welcome",))
"""The library is empty."""

READING: frozenset[Mode] = frozenset(("text",))
"""The full text of a paper has the focus."""

ALL_MODES: frozenset[Mode] = frozenset(get_args(Mode))

KEY_LABELS = {
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "full_stop": ".",
    "comma": ",",
    "minus": "-",
    "plus": "+",
    "slash": "/",
    "question_mark": "?",
    "colon": ":",
    "down": "↓",
    "up": "↑",
    "left_curly_bracket": "{",
    "right_curly_bracket": "}",
    "pagedown": "PgDn",
    "pageup": "PgUp",
}


class KeyBinding(NamedTuple):
    """One action of a screen or widget, with its default keys."""

    id: str
    """Names the binding in `config.toml`."""
    keys: str
    """Textual's names of the keys, separated by commas; empty for none."""
    title: str
    """How the palette lists it; empty where the palette leaves it out."""
    help: str
    """How the help describes it. Neighbours with the same description share a line."""
    group: str
    """Its heading in the help."""
    action: str
    """The Textual action that the keys run."""
    label: str = ""
    """How the help shows the keys; empty for all of `keys`."""


class Command(NamedTuple, Generic[Controllers]):
    """One action of a screen with controllers: everything that the user sees of it, and its handler."""

    id: str
    keys: str
    title: str
    help: str
    group: str
    run: Callable[[Controllers], Awaitable[None] | None]
    label: str = ""
    modes: frozenset[Mode] = BROWSING
    """The modes in which it is available."""
    waits_for_results: bool = True
    """Run it only when the results of a pending search are shown.

    A user who types a query, `enter` and `b` at once means the first result, not the paper that was there before.
    """

    in_sample_only: bool = False
    """Whether it is available only while the sample papers are shown."""

    @property
    def binding(self) -> KeyBinding:
        """The command as the palette, the help and the footer need it."""
        return KeyBinding(
            self.id, self.keys, self.title, self.help, self.group, command_action(self.id), self.label
        )


def command_action(id: str) -> str:
    """Return the Textual action that runs a command of a screen, from any of its widgets."""
    return f"screen.command({id!r})"


def bindings(keys: Iterable[KeyBinding]) -> list[BindingType]:
    """Return the rows as Textual bindings.

    NOTE: All have priority. Textual runs a priority binding at once. Any other key first travels from the focused
    widget up to the app, and the next key can overtake it: `/dry` sent at once would search nothing and run `d`.
    """
    return [Binding(key.keys, key.action, key.help, show=False, id=key.id, priority=True) for key in keys]


def bindings_with_inherited(
    inherited: Iterable[BindingType], keys: Iterable[KeyBinding]
) -> list[BindingType]:
    """Return `bindings(keys)`, and those bindings of the base class (`backspace`, `ctrl+w`) that use other keys."""
    own = list(Binding.make_bindings(bindings(keys)))
    own_keys = {binding.key for binding in own}
    rest = [binding for binding in Binding.make_bindings(inherited) if binding.key not in own_keys]
    return [*(replace(binding, priority=True) for binding in rest), *own]


def action_names(keys: Iterable[KeyBinding]) -> frozenset[str]:
    """Return the names of the actions, without their arguments."""
    return frozenset(key.action.partition("(")[0] for key in keys)


def keys_label(key: KeyBinding) -> str:
    """Return the keys as shown to the user: `j ↓`, `ctrl+d`, `?`."""
    return key.label or " ".join(key_label(name) for name in key.keys.split(",")) or "no key"


def key_label(name: str) -> str:
    """Return a key of Textual as shown to the user: `?` for `question_mark`."""
    if name in KEY_LABELS or "+" in name:
        return KEY_LABELS.get(name, name)
    character = key_to_character(name)
    return character if character and character.isprintable() and character != " " else name


def first_key_label(key: KeyBinding) -> str:
    """Return the first key as shown to the user; empty for a binding without keys."""
    return key_label(key.keys.partition(",")[0])


def help_sections(keys: Iterable[KeyBinding]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield each heading of the help with its lines of keys and description."""
    for group, members in groupby(keys, key=lambda key: key.group):
        lines = [
            (" ".join(keys_label(key) for key in same), description)
            for description, same in groupby(members, key=lambda key: key.help)
        ]
        yield group, lines
