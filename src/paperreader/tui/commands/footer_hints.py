"""What the footer shows in every mode: ids of keys and a word on each, the most useful first, the way out last.

`quit` stands before what should make room for it, and is shown at the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Mode = Literal[
    "list",
    "bare",
    "bare-code",
    "bare-search",
    "select",
    "read",
    "find",
    "complete",
    "note",
    "choose",
    "prompt",
    "path",
    "tags",
    "trends",
    "help",
    "filter",
    "welcome",
]
"""Where the reader's attention is; decides what keys mean and what the footer shows: `bare` for a list of nothing,
`complete` where `tab` takes something in the search bar.
"""

FOOTER_HINTS: Mapping[Mode, tuple[tuple[str, str], ...]] = {
    "list": (
        ("read-on", "read on"),
        ("search", "search"),
        ("copy-repo", "copy repo"),
        ("bookmark", "bookmark"),
        ("note", "note"),
        ("read", "read"),
        ("quit", "quit"),
        ("read-next", "done, next"),
        ("bookmark-next", "keep, next"),
        ("tag", "tag"),
        ("select", "select"),
        ("undo", "undo"),
        ("help", "help"),
    ),
    "bare": (
        ("view-all", "all papers"),
        ("search", "search"),
        ("views", "views"),
        ("fetch", "fetch"),
        ("quit", "quit"),
        ("help", "help"),
    ),
    "bare-code": (
        ("only-code", "without code too"),
        ("search", "search"),
        ("views", "views"),
        ("quit", "quit"),
        ("help", "help"),
    ),
    "bare-search": (
        ("back", "back"),
        ("search", "search"),
        ("views", "views"),
        ("quit", "quit"),
        ("help", "help"),
    ),
    "select": (
        ("down", "extend"),
        ("select", "hold"),
        ("bookmark", "bookmark"),
        ("read", "read"),
        ("tag", "tag"),
        ("export", "export"),
        ("back", "leave"),
        ("help", "help"),
    ),
    "read": (
        ("read-on", "read on"),
        ("back", "list"),
        ("copy-repo", "copy repo"),
        ("open-page", "open"),
        ("bookmark", "bookmark"),
        ("note", "note"),
        ("quit", "quit"),
        ("help", "help"),
    ),
    "find": (
        ("find-down", "results"),
        ("find-keep", "to the list"),
        ("find-complete", "list"),
        ("find-history", "earlier"),
        ("find-clear", "clear"),
    ),
    "complete": (
        ("find-down", "results"),
        ("find-keep", "to the list"),
        ("find-complete", "complete"),
        ("find-history", "earlier"),
        ("find-clear", "clear"),
    ),
    "note": (
        ("note-save", "save"),
        ("note-editor", "$EDITOR"),
        ("note-leave", "leave"),
    ),
    "choose": (
        ("choose-down", "down"),
        ("choose-up", "up"),
        ("choose-take", "take"),
        ("choose-leave", "leave"),
    ),
    "filter": (
        ("filter-down", "scroll"),
        ("filter-keep", "keep"),
        ("filter-clear", "clear"),
    ),
    "help": (
        ("help-filter", "look for"),
        ("help-page-down", "page on"),
        ("help-page-up", "back"),
        ("help-leave", "leave"),
    ),
    "tags": (
        ("tag-tick", "tick"),
        ("tag-take", "take, done"),
        ("tag-down", "down"),
        ("tag-complete", "complete"),
        ("tag-leave", "leave"),
    ),
    "prompt": (
        ("prompt-take", "go on"),
        ("prompt-leave", "leave"),
    ),
    "path": (
        ("prompt-take", "go on"),
        ("prompt-complete", "complete"),
        ("prompt-leave", "leave"),
    ),
    "trends": (
        ("trends-down", "down"),
        ("trends-page-down", "page on"),
        ("trends-take", "search, or go there"),
        ("trends-leave", "leave"),
    ),
    "welcome": (
        ("welcome-fetch", "fetch"),
        ("welcome-sample", "sample papers"),
        ("welcome-import", "import"),
        ("welcome-help", "help"),
        ("welcome-quit", "quit"),
    ),
}
