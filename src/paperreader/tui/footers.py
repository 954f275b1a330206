"""What the footer shows in every mode: ids of keys and a word on each, the most useful first, the way out last."""

from __future__ import annotations

from collections.abc import Mapping

FOOTERS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "list": (
        ("read-on", "read on"),
        ("search", "search"),
        ("copy-repo", "copy repo"),
        ("bookmark", "bookmark"),
        ("note", "note"),
        ("read", "read"),
        ("read-next", "done, next"),
        ("bookmark-next", "keep, next"),
        ("tag", "tag"),
        ("select", "select"),
        ("undo", "undo"),
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
        ("tag-down", "down"),
        ("tag-complete", "complete"),
        ("tag-leave", "leave"),
    ),
    "prompt": (
        ("prompt-take", "go on"),
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
