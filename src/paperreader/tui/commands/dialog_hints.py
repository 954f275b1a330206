"""Which keys the footer shows in dialogs, see `footer_hints`."""

from __future__ import annotations

from collections.abc import Mapping

from paperreader.tui.commands.command import Mode

DIALOG_HINTS: Mapping[Mode, tuple[tuple[str, str], ...]] = {
    "choice": (
        ("choice-down", "down"),
        ("choice-up", "up"),
        ("choice-accept", "choose"),
        ("choice-close", "close"),
    ),
    "filter": (
        ("filter-down", "scroll"),
        ("filter-accept", "keep"),
        ("filter-clear", "clear"),
    ),
    "help": (
        ("help-filter", "filter"),
        ("help-page-down", "next page"),
        ("help-page-up", "back"),
        ("help-close", "close"),
    ),
    "tags": (
        ("tag-toggle", "toggle"),
        ("tag-accept", "add, finish"),
        ("tag-down", "down"),
        ("tag-complete", "complete"),
        ("tag-close", "close"),
    ),
    "prompt": (
        ("prompt-accept", "accept"),
        ("prompt-close", "close"),
    ),
    "path": (
        ("prompt-accept", "accept"),
        ("prompt-complete", "complete"),
        ("prompt-close", "close"),
    ),
    "trends": (
        ("trends-down", "down"),
        ("trends-page-down", "next page"),
        ("trends-longer", "more weeks"),
        ("trends-accept", "search or open"),
        ("trends-close", "close"),
    ),
    "online": (
        ("online-open", "add"),
        ("online-bookmark", "bookmark"),
        ("online-source", "service"),
        ("online-note", "note"),
        ("online-tag", "tag"),
        ("online-page-down", "page"),
        ("online-close", "close"),
    ),
    "changes": (
        ("changes-page-down", "next page"),
        ("changes-older", "older versions"),
        ("changes-newer", "newer versions"),
        ("changes-close", "close"),
    ),
    "output": (
        ("output-page-down", "next page"),
        ("output-copy", "copy"),
        ("output-note", "add to note"),
        ("output-close", "close"),
    ),
}
"""Ids of bindings with a short label, by mode."""
