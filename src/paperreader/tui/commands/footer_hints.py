"""Which keys the footer shows in which mode: ids of bindings with a short label.

The most useful come first, the way to close last. Hints that do not fit are dropped from the end, except for the last
one. `quit` is listed by its importance but shown at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from paperreader.tui.commands.command import KeyBinding, Mode, first_key_label
from paperreader.tui.commands.dialog_hints import DIALOG_HINTS
from paperreader.tui.commands.tables import KEYS_BY_ID

FOOTER_HINTS: Mapping[Mode, tuple[tuple[str, str], ...]] = {
    "list": (
        ("page-or-next-unread", "next page"),
        ("search", "search"),
        ("copy-repo", "copy repo"),
        ("bookmark", "bookmark"),
        ("note", "note"),
        ("read", "read"),
        ("quit", "quit"),
        ("read-and-next", "read, next"),
        ("bookmark-and-next", "bookmark, next"),
        ("tag", "tag"),
        ("select", "select"),
        ("undo", "undo"),
        ("help", "help"),
    ),
    "new": (
        ("page-or-next-unread", "next page"),
        ("read-and-next", "read"),
        ("bookmark-and-next", "bookmark"),
        ("hide", "hide"),
        ("catch-up", "caught up"),
        ("quit", "quit"),
        ("undo", "undo"),
        ("search", "search"),
        ("copy-repo", "copy repo"),
        ("note", "note"),
        ("tag", "tag"),
        ("select", "select"),
        ("help", "help"),
    ),
    "for-you": (
        ("page-or-next-unread", "next page"),
        ("bookmark-and-next", "bookmark"),
        ("less", "less of this"),
        ("read-and-next", "read"),
        ("hide", "hide"),
        ("quit", "quit"),
        ("undo", "undo"),
        ("search", "search"),
        ("copy-repo", "copy repo"),
        ("note", "note"),
        ("tag", "tag"),
        ("select", "select"),
        ("help", "help"),
    ),
    "empty-new": (
        ("fetch", "fetch"),
        ("view-unread", "unread"),
        ("view-all", "all papers"),
        ("search", "search"),
        ("undo", "undo"),
        ("quit", "quit"),
        ("help", "help"),
    ),
    "empty": (
        ("view-all", "all papers"),
        ("search", "search"),
        ("views", "views"),
        ("fetch", "fetch"),
        ("quit", "quit"),
        ("help", "help"),
    ),
    "empty-code": (
        ("only-code", "with and without code"),
        ("search", "search"),
        ("views", "views"),
        ("quit", "quit"),
        ("help", "help"),
    ),
    "empty-search": (
        ("back", "back"),
        ("search", "search"),
        ("views", "views"),
        ("quit", "quit"),
        ("help", "help"),
    ),
    "select": (
        ("down", "extend"),
        ("select", "toggle"),
        ("bookmark", "bookmark"),
        ("read", "read"),
        ("tag", "tag"),
        ("hide", "hide"),
        ("export", "export"),
        ("pipe", "pipe"),
        ("back", "end"),
        ("help", "help"),
    ),
    "detail": (
        ("page-or-next-unread", "page"),
        ("open-detail", "full text"),
        ("back", "list"),
        ("bookmark", "bookmark"),
        ("open-page", "open"),
        ("note", "note"),
        ("quit", "quit"),
        ("copy-repo", "copy repo"),
        ("pdf", "PDF"),
        ("pipe", "pipe"),
        ("help", "help"),
    ),
    "search": (
        ("search-down", "results"),
        ("search-accept", "to the list"),
        ("search-full-text", "full texts"),
        ("search-history", "earlier"),
        ("search-clear", "clear"),
    ),
    "complete": (
        ("search-down", "results"),
        ("search-accept", "to the list"),
        ("search-complete", "complete"),
        ("search-full-text", "full texts"),
        ("search-clear", "clear"),
    ),
    "note": (
        ("note-save", "save"),
        ("note-editor", "$EDITOR"),
        ("note-close", "close"),
    ),
    **DIALOG_HINTS,
    "text": (
        ("text-page-down", "next page"),
        ("text-next-section", "section"),
        ("text-contents", "contents"),
        ("text-links", "links"),
        ("text-find", "find"),
        ("text-close", "close"),
        ("text-references", "references"),
        ("text-select", "select"),
        ("text-pin", "pin"),
        ("text-copy", "copy"),
        ("text-return", "back"),
        ("text-math", "TeX"),
        ("text-help", "help"),
    ),
    "text-pin": (
        ("pin-down", "scroll"),
        ("pin-right", "sideways"),
        ("pin-jump", "go there"),
        ("pin-copy", "copy"),
        ("pin-leave", "to the text"),
        ("pin-close", "unpin"),
    ),
    "text-links": (("text-close", "cancel"),),
    "text-find": (
        ("text-find-next", "next"),
        ("text-find-previous", "previous"),
        ("text-find-list", "list"),
        ("text-find-accept", "stay"),
        ("text-find-close", "go back"),
    ),
    "text-select": (
        ("selection-extend", "extend"),
        ("selection-next", "next"),
        ("selection-switch", "by line"),
        ("selection-highlight", "highlight"),
        ("selection-comment", "comment"),
        ("selection-copy", "copy"),
        ("selection-similar", "papers like it"),
        ("text-help", "help"),
        ("selection-close", "end"),
    ),
    "passages": (
        ("passages-down", "down"),
        ("passages-page-down", "next page"),
        ("passages-accept", "go there"),
        ("passages-copy", "copy"),
        ("passages-close", "close"),
    ),
    "contents": (
        ("contents-down", "down"),
        ("contents-accept", "go there"),
        ("contents-leave", "to the text"),
        ("contents-close", "close"),
    ),
    "overview": (
        ("overview-accept", "go there"),
        ("overview-pin", "pin"),
        ("overview-copy", "copy"),
        ("overview-open", "open link"),
        ("overview-close", "close"),
    ),
    "overview-paper": (
        ("overview-accept", "open the paper"),
        ("overview-bookmark", "bookmark"),
        ("overview-jump", "go there"),
        ("overview-copy", "copy"),
        ("overview-open", "open link"),
        ("overview-close", "close"),
    ),
    "overview-missing": (
        ("overview-accept", "add the paper"),
        ("overview-jump", "go there"),
        ("overview-copy", "copy"),
        ("overview-open", "open link"),
        ("overview-close", "close"),
    ),
    "references": (
        ("references-accept", "open, add"),
        ("references-bookmark", "bookmark"),
        ("references-filter", "filter"),
        ("references-known", "in library"),
        ("references-jump", "go there"),
        ("references-close", "close"),
    ),
    "welcome": (
        ("welcome-fetch", "fetch"),
        ("welcome-sample", "sample papers"),
        ("welcome-import", "import"),
        ("welcome-help", "help"),
        ("welcome-quit", "quit"),
    ),
}


class FooterHint(NamedTuple):
    """One item of the footer."""

    id: str
    key: str
    label: str
    action: str


def footer_hints(
    mode: Mode, effective: Callable[[KeyBinding], KeyBinding] = lambda key: key
) -> tuple[FooterHint, ...]:
    """Return the hints of a mode, the most useful first.

    Args:
        mode: what has the focus.
        effective: gives a binding the keys that the settings assign to it. Bindings without keys are left out.
    """
    keys = ((effective(KEYS_BY_ID[id]), label) for id, label in FOOTER_HINTS[mode])
    return tuple(
        FooterHint(key.id, first_key_label(key), label, key.action) for key, label in keys if key.keys
    )
