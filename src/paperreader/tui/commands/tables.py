"""All key tables together, by the place in which they apply."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from paperreader.tui.commands.command import KeyBinding
from paperreader.tui.commands.dialogs import (
    CHANGES_KEYS,
    CHOICE_KEYS,
    FILTER_KEYS,
    GLOBAL_KEYS,
    HELP_KEYS,
    NOTE_KEYS,
    ONLINE_KEYS,
    OUTPUT_KEYS,
    PROMPT_KEYS,
    SEARCH_KEYS,
    TAG_KEYS,
    TRENDS_KEYS,
)
from paperreader.tui.commands.full_text import (
    CONTENTS_KEYS,
    FULL_TEXT_KEYS,
    OVERVIEW_KEYS,
    REFERENCES_KEYS,
)
from paperreader.tui.commands.full_text_marks import FIND_KEYS, PASSAGE_LIST_KEYS, SELECTION_KEYS
from paperreader.tui.commands.full_text_pin import PIN_KEYS
from paperreader.tui.commands.reader import EMPTY_LIBRARY_KEYS, READER_KEYS

KEY_TABLES: Mapping[str, tuple[KeyBinding, ...]] = MappingProxyType(
    {
        "list and detail": READER_KEYS,
        "every mode": GLOBAL_KEYS,
        "the search bar": SEARCH_KEYS,
        "a note": NOTE_KEYS,
        "a menu": CHOICE_KEYS,
        "a prompt": PROMPT_KEYS,
        "the tag picker": TAG_KEYS,
        "the trends": TRENDS_KEYS,
        "a search online": ONLINE_KEYS,
        "the output of a command": OUTPUT_KEYS,
        "the changes of a paper": CHANGES_KEYS,
        "the help": HELP_KEYS,
        "a filter": FILTER_KEYS,
        "a full text": FULL_TEXT_KEYS,
        "the search bar of a full text": FIND_KEYS,
        "a selected passage": SELECTION_KEYS,
        "a list of matches or highlights": PASSAGE_LIST_KEYS,
        "the contents": CONTENTS_KEYS,
        "a pinned figure or table": PIN_KEYS,
        "an overview": OVERVIEW_KEYS,
        "the references": REFERENCES_KEYS,
        "an empty library": EMPTY_LIBRARY_KEYS,
    }
)
"""Every table of keys. Within one of them a key has one meaning."""

KEYS_BY_ID: Mapping[str, KeyBinding] = MappingProxyType(
    {key.id: key for table in KEY_TABLES.values() for key in table}
)

KEYS_IN_HELP = tuple(key for table in KEY_TABLES.values() if table is not EMPTY_LIBRARY_KEYS for key in table)
"""What the help lists, in its order. The empty library shows its own keys on the screen."""

RETIRED_IDS: Mapping[str, str] = MappingProxyType(
    {
        "into": "open-detail",
        "swap": "switch-pane",
        "read-on": "page-or-next-unread",
        "page-back": "detail-page-up",
        "math": "toggle-math",
        "list-usual": "list-reset",
        "all-read": "mark-all-read",
        "bookmark-next": "bookmark-and-next",
        "read-next": "read-and-next",
        "find-down": "search-down",
        "find-up": "search-up",
        "find-page-down": "search-page-down",
        "find-page-up": "search-page-up",
        "find-history": "search-history",
        "find-complete": "search-complete",
        "find-keep": "search-accept",
        "find-clear": "search-clear",
        "note-leave": "note-close",
        "choose-down": "choice-down",
        "choose-up": "choice-up",
        "choose-take": "choice-accept",
        "choose-leave": "choice-close",
        "prompt-take": "prompt-accept",
        "prompt-leave": "prompt-close",
        "tag-tick": "tag-toggle",
        "tag-take": "tag-accept",
        "tag-leave": "tag-close",
        "trends-take": "trends-accept",
        "trends-leave": "trends-close",
        "help-leave": "help-close",
        "filter-keep": "filter-accept",
    }
)
"""Ids that `config.toml` may still contain, and the ids that replace them."""
