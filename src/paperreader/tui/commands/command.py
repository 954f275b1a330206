"""Every key of the reader in one table; bindings, footer, help, palette and README are made from it.

A key belongs to the modes in which it means something. Its id is what the settings remap.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from typing import NamedTuple

from textual.binding import Binding, BindingType
from textual.keys import key_to_character

from paperreader.tui.commands.footer_hints import FOOTER_HINTS, Mode


class KeyBinding(NamedTuple):
    """One thing that keys do."""

    id: str
    keys: str
    """Textual's names of the keys, parted by commas."""
    action: str
    help: str
    """What help says. Neighbours that share it are told in one line."""
    group: str
    """The heading it stands under in the help."""
    label: str = ""
    """How help names the keys, where that is not all of `keys`."""


READER_COMMANDS = (
    KeyBinding("down", "j,down", "down", "next paper; in the detail, scroll down", "Moving", "j ↓"),
    KeyBinding("up", "k,up", "up", "previous paper; in the detail, scroll up", "Moving", "k ↑"),
    KeyBinding("next-unread", "J", "next_unread(1)", "next, previous unread paper", "Moving"),
    KeyBinding("previous-unread", "K", "next_unread(-1)", "next, previous unread paper", "Moving"),
    KeyBinding("newer-day", "less_than_sign", "next_day(-1)", "previous, next day", "Moving"),
    KeyBinding("older-day", "greater_than_sign", "next_day(1)", "previous, next day", "Moving"),
    KeyBinding("top", "g,home", "top", "first, last paper", "Moving", "g"),
    KeyBinding("bottom", "G,end", "bottom", "first, last paper", "Moving", "G"),
    KeyBinding("half-down", "ctrl+d", "half_page(1)", "half a page down, up", "Moving"),
    KeyBinding("half-up", "ctrl+u", "half_page(-1)", "half a page down, up", "Moving"),
    KeyBinding("page-down", "pagedown", "page(1)", "a page down, up", "Moving"),
    KeyBinding("page-up", "pageup", "page(-1)", "a page down, up", "Moving"),
    KeyBinding(
        "read-on", "space", "read_on", "page on; at the end mark read, go to the next unread", "Reading"
    ),
    KeyBinding("page-back", "minus", "page_back", "page the abstract back", "Reading"),
    KeyBinding("into", "enter", "into", "into the detail", "Reading"),
    KeyBinding("swap", "tab,shift+tab", "swap", "between list and detail", "Reading", "tab"),
    KeyBinding("back", "escape", "back", "one step back; never quits", "Reading"),
    KeyBinding("next-match", "full_stop", "next_match(1)", "next, previous match in the detail", "Reading"),
    KeyBinding("previous-match", "comma", "next_match(-1)", "next, previous match in the detail", "Reading"),
    KeyBinding("math", "m", "math", "raw or readable math", "Reading"),
    KeyBinding("list-smaller", "H", "resize_list(-1)", "smaller, larger list", "Reading"),
    KeyBinding("list-larger", "L", "resize_list(1)", "smaller, larger list", "Reading"),
    KeyBinding("list-usual", "equals_sign", "resize_list(0)", "the list as large as at first", "Reading"),
    KeyBinding("zoom", "z", "zoom", "the detail alone, and back", "Reading"),
    KeyBinding("search", "slash", "search", "search titles, abstracts, notes and tags", "Finding"),
    KeyBinding("view-all", "1", "view('all')", "all, new, unread, bookmarked, with code", "Finding"),
    KeyBinding("view-new", "2", "view('new')", "all, new, unread, bookmarked, with code", "Finding"),
    KeyBinding("view-unread", "3", "view('unread')", "all, new, unread, bookmarked, with code", "Finding"),
    KeyBinding(
        "view-bookmarks", "4", "view('bookmarks')", "all, new, unread, bookmarked, with code", "Finding"
    ),
    KeyBinding("view-code", "5", "view('code')", "all, new, unread, bookmarked, with code", "Finding"),
    KeyBinding("view-6", "6", "nth_view(6)", "your subscriptions", "Finding"),
    KeyBinding("view-7", "7", "nth_view(7)", "your subscriptions", "Finding"),
    KeyBinding("view-8", "8", "nth_view(8)", "your subscriptions", "Finding"),
    KeyBinding("view-9", "9", "nth_view(9)", "your subscriptions", "Finding"),
    KeyBinding("views", "0", "views", "choose a view; all of them with their counts", "Finding"),
    KeyBinding("only-code", "c", "only_code", "only papers with code, and back", "Finding"),
    KeyBinding("only-bookmarks", "B", "only_bookmarks", "only bookmarks, and back", "Finding"),
    KeyBinding("sort", "s", "sort", "sort: date, relevance, votes, title, recently marked", "Finding"),
    KeyBinding(
        "subscribe", "S", "subscribe", "keep this search as a view; again on the view forgets it", "Finding"
    ),
    KeyBinding("related", "R", "related", "papers like this one; escape goes back", "Finding"),
    KeyBinding("trends", "T", "trends", "what is on the rise, papers a day, most voted", "Finding"),
    KeyBinding("bookmark", "b", "bookmark", "bookmark, or take it away", "Marking"),
    KeyBinding("read", "N", "toggle_read", "read or unread", "Marking"),
    KeyBinding("read-next", "d", "read_next", "done: read, on to the next unread", "Marking"),
    KeyBinding(
        "bookmark-next", "f", "bookmark_next", "for later: bookmark, read, on to the next unread", "Marking"
    ),
    KeyBinding("all-read", "A", "all_read", "all shown are read; asks first", "Marking"),
    KeyBinding(
        "select", "v", "select", "select several: j k extend, v holds or lets go, escape leaves", "Marking"
    ),
    KeyBinding("tag", "t", "tag", "pick tags", "Marking"),
    KeyBinding("note", "n", "note", "write a note", "Marking"),
    KeyBinding("editor", "e", "editor", "write the note in $EDITOR", "Marking"),
    KeyBinding("undo", "u", "undo", "undo, redo", "Marking"),
    KeyBinding("redo", "U", "redo", "undo, redo", "Marking"),
    KeyBinding("copy-repo", "y", "copy_repo", "copy the repo link", "Taking along"),
    KeyBinding(
        "copy-any", "Y", "copy_any", "copy anything: links, id, title, Markdown, BibTeX", "Taking along"
    ),
    KeyBinding("open-page", "o", "open_page", "open the paper's page", "Taking along"),
    KeyBinding("open-any", "O", "open_any", "choose what to open: repo, project, PDF", "Taking along"),
    KeyBinding(
        "export", "x", "export", "export: BibTeX, RIS, CSV, Markdown, HTML, JSON Lines", "Taking along"
    ),
    KeyBinding("fetch", "r", "fetch", "fetch the papers of the day; escape stops it", "The reader"),
    KeyBinding("import", "i", "import", "import a file or a folder", "The reader"),
    KeyBinding("help", "question_mark", "help", "this help", "The reader"),
    KeyBinding(
        "palette", "ctrl+p,colon", "app.command_palette", "every command by name", "The reader", "ctrl+p :"
    ),
    KeyBinding("quit", "q", "app.quit", "quit", "The reader"),
)
"""List and detail."""

GLOBAL_KEYS = (
    KeyBinding(
        "suspend",
        "ctrl+z",
        "app.suspend_process",
        "to the shell, fg comes back; in a note undo",
        "The reader",
    ),
)
"""Whatever the attention is on, but where a note is typed."""

PALETTE_COMMANDS = (
    KeyBinding("undo-import", "", "undo_import", "take the last import back; your marks stay", "The reader"),
    KeyBinding(
        "theme", "", "app.change_theme", "dark, light, the terminal's own colours, and others", "The reader"
    ),
    KeyBinding("settings-path", "", "copy_path('settings')", "where config.toml is looked for", "The reader"),
    KeyBinding("library-path", "", "copy_path('library')", "the folder of papers and marks", "The reader"),
)
"""What is done too seldom to have a key: the palette lists it."""

SEARCH_KEYS = (
    KeyBinding("find-down", "down", "results(1)", "move in the results", "In the search bar"),
    KeyBinding("find-up", "up", "results(-1)", "move in the results", "In the search bar"),
    KeyBinding("find-page-down", "pagedown", "page_results(1)", "a page of results", "In the search bar"),
    KeyBinding("find-page-up", "pageup", "page_results(-1)", "a page of results", "In the search bar"),
    KeyBinding(
        "find-history", "ctrl+r", "history", "earlier searches; also up in an empty box", "In the search bar"
    ),
    KeyBinding(
        "find-complete", "tab", "complete", "take the completion, else go to the list", "In the search bar"
    ),
    KeyBinding("find-keep", "enter", "keep", "go to the list, keep the search", "In the search bar"),
    KeyBinding("find-clear", "escape", "clear", "clear it, back to where you were", "In the search bar"),
)
"""The search bar: letters type, and the keys of a shell's line edit."""

NOTE_KEYS = (
    KeyBinding("note-save", "ctrl+s", "save", "save", "In a note"),
    KeyBinding("note-editor", "ctrl+g", "editor", "go on in $EDITOR", "In a note"),
    KeyBinding("note-leave", "escape", "leave", "leave; asks if something changed", "In a note"),
)
"""The note editor: everything else types."""

CHOICE_KEYS = (
    KeyBinding("choose-down", "j,down", "move(1)", "move", "In a chooser", "j"),
    KeyBinding("choose-up", "k,up", "move(-1)", "move", "In a chooser", "k"),
    KeyBinding(
        "choose-take", "enter,y", "take", "take the highlighted one; 1 to 9 take theirs", "In a chooser"
    ),
    KeyBinding("choose-leave", "escape,q", "leave", "leave", "In a chooser", "escape"),
)
"""A chooser; the keys beside its items come with the items."""

PROMPT_KEYS = (
    KeyBinding("prompt-complete", "tab", "complete", "complete a path", "In a prompt"),
    KeyBinding("prompt-take", "enter", "take", "take what was typed", "In a prompt"),
    KeyBinding("prompt-leave", "escape", "leave", "leave", "In a prompt"),
)
"""A line that asks for something: letters type."""

TAG_KEYS = (
    KeyBinding("tag-down", "down", "pick(1)", "move", "In the tag picker"),
    KeyBinding("tag-up", "up", "pick(-1)", "move", "In the tag picker"),
    KeyBinding("tag-tick", "space", "tick", "tick or untick; while one types, a blank", "In the tag picker"),
    KeyBinding(
        "tag-take",
        "enter",
        "take",
        "typed: tick it, make it where it is new; nothing typed: done",
        "In the tag picker",
    ),
    KeyBinding(
        "tag-complete", "tab", "complete", "type the rest of the highlighted tag", "In the tag picker"
    ),
    KeyBinding(
        "tag-leave", "escape", "leave", "leave; u undoes one tick after the other", "In the tag picker"
    ),
)
"""The tag picker: letters type."""

TRENDS_KEYS = (
    KeyBinding("trends-down", "j,down", "move(1)", "move", "In the trends", "j"),
    KeyBinding("trends-up", "k,up", "move(-1)", "move", "In the trends", "k"),
    KeyBinding("trends-page-down", "space,pagedown", "page(1)", "a page", "In the trends", "space"),
    KeyBinding("trends-page-up", "minus,pageup", "page(-1)", "a page", "In the trends", "-"),
    KeyBinding("trends-take", "enter", "take", "search for the word, go to the paper", "In the trends"),
    KeyBinding("trends-leave", "escape,q,T", "leave", "leave", "In the trends", "escape"),
)
"""The screen of trends."""

HELP_KEYS = (
    KeyBinding("help-down", "j,down", "scroll(1)", "scroll", "In the help", "j"),
    KeyBinding("help-up", "k,up", "scroll(-1)", "scroll", "In the help", "k"),
    KeyBinding("help-page-down", "space,pagedown", "page(1)", "a page", "In the help", "space"),
    KeyBinding("help-page-up", "minus,pageup", "page(-1)", "a page", "In the help", "-"),
    KeyBinding("help-filter", "slash", "filter", "look for something in the help", "In the help"),
    KeyBinding("help-leave", "escape,q,question_mark", "leave", "leave", "In the help", "escape"),
)
"""The help screen."""

HELP_FILTER_KEYS = (
    KeyBinding("filter-down", "down", "scroll(1)", "scroll", "In the help's filter"),
    KeyBinding("filter-up", "up", "scroll(-1)", "scroll", "In the help's filter"),
    KeyBinding("filter-page-down", "pagedown", "page(1)", "a page", "In the help's filter"),
    KeyBinding("filter-page-up", "pageup", "page(-1)", "a page", "In the help's filter"),
    KeyBinding(
        "filter-keep", "enter", "keep", "back to the help, with what was found", "In the help's filter"
    ),
    KeyBinding("filter-clear", "escape", "clear", "clear it, back to the whole help", "In the help's filter"),
)
"""The line that says what to look for in the help: letters type."""

EMPTY_LIBRARY_KEYS = (
    KeyBinding("welcome-fetch", "r", "screen.fetch", "fetch the papers of the day", "In an empty library"),
    KeyBinding("welcome-stop", "escape", "screen.stop_fetching", "stop fetching", "In an empty library"),
    KeyBinding("welcome-sample", "s", "screen.sample", "look at the sample papers", "In an empty library"),
    KeyBinding("welcome-import", "i", "screen.import", "import a file or a folder", "In an empty library"),
    KeyBinding("welcome-help", "question_mark", "screen.help", "help", "In an empty library"),
    KeyBinding("welcome-quit", "q", "app.quit", "quit", "In an empty library"),
)
"""An empty library."""

HELP_ORDER = (*READER_COMMANDS, *GLOBAL_KEYS, *SEARCH_KEYS, *NOTE_KEYS, *TAG_KEYS, *CHOICE_KEYS)
"""What the help tells first, in its order."""

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
    "pagedown": "PgDn",
    "pageup": "PgUp",
}


def bindings(keys: Iterable[KeyBinding]) -> list[BindingType]:
    """The keys as Textual wants them.

    NOTE: all have priority. Textual acts on such a key at once; any other first travels from the focused widget up to
    the app, and a key pressed meanwhile overtakes it: `/dry` sent in one go would search for nothing and act on `d`.
    """
    return [Binding(key.keys, key.action, key.help, show=False, id=key.id, priority=True) for key in keys]


def bindings_with_inherited(
    inherited: Iterable[BindingType], keys: Iterable[KeyBinding]
) -> list[BindingType]:
    """`bindings`, and all of a widget's own (`backspace`, `ctrl+w`) that they leave, made as prompt."""
    own = list(Binding.make_bindings(bindings(keys)))
    taken = {binding.key for binding in own}
    rest = [binding for binding in Binding.make_bindings(inherited) if binding.key not in taken]
    return [*(replace(binding, priority=True) for binding in rest), *own]


def action_names(keys: Iterable[KeyBinding]) -> frozenset[str]:
    """The names of what the keys do, without their arguments."""
    return frozenset(key.action.partition("(")[0] for key in keys)


def keys_label(key: KeyBinding) -> str:
    """The keys as a person calls them: `j ↓`, `ctrl+d`, `?`."""
    return key.label or " ".join(key_label(name) for name in key.keys.split(",")) or "no key"


def key_label(name: str) -> str:
    """What a person calls a key: `?` for `question_mark`."""
    if name in KEY_LABELS or "+" in name:
        return KEY_LABELS.get(name, name)
    character = key_to_character(name)
    return character if character and character.isprintable() and character != " " else name


def first_key_label(key: KeyBinding) -> str:
    """The first of its keys as a person calls it; empty where it has none."""
    return key_label(key.keys.partition(",")[0])


class FooterHint(NamedTuple):
    """One item of the footer."""

    key: str
    label: str
    action: str


def footer_hints(
    mode: Mode, effective: Callable[[KeyBinding], KeyBinding] = lambda key: key
) -> tuple[FooterHint, ...]:
    """The keys that matter in a mode, the most useful first; the last one is kept when room runs out.

    `in_force` gives an entry of the table the keys it has by the settings; one without a key is left out.
    """
    known = {
        key.id: effective(key)
        for key in (
            *HELP_ORDER,
            *PROMPT_KEYS,
            *TRENDS_KEYS,
            *HELP_KEYS,
            *HELP_FILTER_KEYS,
            *EMPTY_LIBRARY_KEYS,
        )
    }
    hints = [
        FooterHint(first_key_label(known[id]), word, known[id].action) for id, word in FOOTER_HINTS[mode]
    ]
    return tuple(hint for hint in hints if hint.key)


def help_sections(keys: Iterable[KeyBinding] = HELP_ORDER) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The table for people: each heading with its lines of keys and what they do."""
    for group, members in groupby(keys, key=lambda key: key.group):
        lines = [
            (" ".join(keys_label(key) for key in same), does)
            for does, same in groupby(members, key=lambda key: key.help)
        ]
        yield group, lines
