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

from paperreader.tui.commands.footer_hints import FOOTERS, Mode


class Key(NamedTuple):
    """One thing that keys do."""

    id: str
    keys: str
    """Textual's names of the keys, parted by commas."""
    action: str
    does: str
    """What help says. Neighbours that share it are told in one line."""
    group: str
    """The heading it stands under in the help."""
    shown: str = ""
    """How help names the keys, where that is not all of `keys`."""


MAIN = (
    Key("down", "j,down", "down", "next paper; in the detail, scroll down", "Moving", "j ↓"),
    Key("up", "k,up", "up", "previous paper; in the detail, scroll up", "Moving", "k ↑"),
    Key("next-unread", "J", "next_unread(1)", "next, previous unread paper", "Moving"),
    Key("previous-unread", "K", "next_unread(-1)", "next, previous unread paper", "Moving"),
    Key("newer-day", "less_than_sign", "next_day(-1)", "previous, next day", "Moving"),
    Key("older-day", "greater_than_sign", "next_day(1)", "previous, next day", "Moving"),
    Key("top", "g,home", "top", "first, last paper", "Moving", "g"),
    Key("bottom", "G,end", "bottom", "first, last paper", "Moving", "G"),
    Key("half-down", "ctrl+d", "half_page(1)", "half a page down, up", "Moving"),
    Key("half-up", "ctrl+u", "half_page(-1)", "half a page down, up", "Moving"),
    Key("page-down", "pagedown", "page(1)", "a page down, up", "Moving"),
    Key("page-up", "pageup", "page(-1)", "a page down, up", "Moving"),
    Key("read-on", "space", "read_on", "page on; at the end mark read, go to the next unread", "Reading"),
    Key("page-back", "minus", "page_back", "page the abstract back", "Reading"),
    Key("into", "enter", "into", "into the detail", "Reading"),
    Key("swap", "tab,shift+tab", "swap", "between list and detail", "Reading", "tab"),
    Key("back", "escape", "back", "one step back; never quits", "Reading"),
    Key("next-match", "full_stop", "next_match(1)", "next, previous match in the detail", "Reading"),
    Key("previous-match", "comma", "next_match(-1)", "next, previous match in the detail", "Reading"),
    Key("math", "m", "math", "raw or readable math", "Reading"),
    Key("list-smaller", "H", "resize_list(-1)", "smaller, larger list", "Reading"),
    Key("list-larger", "L", "resize_list(1)", "smaller, larger list", "Reading"),
    Key("list-usual", "equals_sign", "resize_list(0)", "the list as large as at first", "Reading"),
    Key("zoom", "z", "zoom", "the detail alone, and back", "Reading"),
    Key("search", "slash", "search", "search titles, abstracts, notes and tags", "Finding"),
    Key("view-all", "1", "view('all')", "all, new, unread, bookmarked, with code", "Finding"),
    Key("view-new", "2", "view('new')", "all, new, unread, bookmarked, with code", "Finding"),
    Key("view-unread", "3", "view('unread')", "all, new, unread, bookmarked, with code", "Finding"),
    Key("view-bookmarks", "4", "view('bookmarks')", "all, new, unread, bookmarked, with code", "Finding"),
    Key("view-code", "5", "view('code')", "all, new, unread, bookmarked, with code", "Finding"),
    Key("view-6", "6", "nth_view(6)", "your subscriptions", "Finding"),
    Key("view-7", "7", "nth_view(7)", "your subscriptions", "Finding"),
    Key("view-8", "8", "nth_view(8)", "your subscriptions", "Finding"),
    Key("view-9", "9", "nth_view(9)", "your subscriptions", "Finding"),
    Key("views", "0", "views", "choose a view; all of them with their counts", "Finding"),
    Key("only-code", "c", "only_code", "only papers with code, and back", "Finding"),
    Key("only-bookmarks", "B", "only_bookmarks", "only bookmarks, and back", "Finding"),
    Key("sort", "s", "sort", "sort: date, relevance, votes, title, recently marked", "Finding"),
    Key("subscribe", "S", "subscribe", "keep this search as a view; again on the view forgets it", "Finding"),
    Key("related", "R", "related", "papers like this one; escape goes back", "Finding"),
    Key("trends", "T", "trends", "what is on the rise, papers a day, most voted", "Finding"),
    Key("bookmark", "b", "bookmark", "bookmark, or take it away", "Marking"),
    Key("read", "N", "toggle_read", "read or unread", "Marking"),
    Key("read-next", "d", "read_next", "done: read, on to the next unread", "Marking"),
    Key("bookmark-next", "f", "bookmark_next", "for later: bookmark, read, on to the next unread", "Marking"),
    Key("all-read", "A", "all_read", "all shown are read; asks first", "Marking"),
    Key("select", "v", "select", "select several: j k extend, v holds or lets go, escape leaves", "Marking"),
    Key("tag", "t", "tag", "pick tags", "Marking"),
    Key("note", "n", "note", "write a note", "Marking"),
    Key("editor", "e", "editor", "write the note in $EDITOR", "Marking"),
    Key("undo", "u", "undo", "undo, redo", "Marking"),
    Key("redo", "U", "redo", "undo, redo", "Marking"),
    Key("copy-repo", "y", "copy_repo", "copy the repo link", "Taking along"),
    Key("copy-any", "Y", "copy_any", "copy anything: links, id, title, Markdown, BibTeX", "Taking along"),
    Key("open-page", "o", "open_page", "open the paper's page", "Taking along"),
    Key("open-any", "O", "open_any", "choose what to open: repo, project, PDF", "Taking along"),
    Key("export", "x", "export", "export: BibTeX, RIS, CSV, Markdown, HTML, JSON Lines", "Taking along"),
    Key("fetch", "r", "fetch", "fetch the papers of the day; escape stops it", "The reader"),
    Key("import", "i", "import", "import a file or a folder", "The reader"),
    Key("help", "question_mark", "help", "this help", "The reader"),
    Key("palette", "ctrl+p,colon", "app.command_palette", "every command by name", "The reader", "ctrl+p :"),
    Key("quit", "q", "app.quit", "quit", "The reader"),
)
"""List and detail."""

ANYWHERE = (
    Key(
        "suspend",
        "ctrl+z",
        "app.suspend_process",
        "to the shell, fg comes back; in a note undo",
        "The reader",
    ),
)
"""Whatever the attention is on, but where a note is typed."""

BY_NAME = (
    Key("undo-import", "", "undo_import", "take the last import back; your marks stay", "The reader"),
    Key("theme", "", "app.change_theme", "dark, light, the terminal's own colours, and others", "The reader"),
    Key("settings-path", "", "copy_path('settings')", "where config.toml is looked for", "The reader"),
    Key("library-path", "", "copy_path('library')", "the folder of papers and marks", "The reader"),
)
"""What is done too seldom to have a key: the palette lists it."""

FIND = (
    Key("find-down", "down", "results(1)", "move in the results", "In the search bar"),
    Key("find-up", "up", "results(-1)", "move in the results", "In the search bar"),
    Key("find-page-down", "pagedown", "page_results(1)", "a page of results", "In the search bar"),
    Key("find-page-up", "pageup", "page_results(-1)", "a page of results", "In the search bar"),
    Key(
        "find-history", "ctrl+r", "history", "earlier searches; also up in an empty box", "In the search bar"
    ),
    Key("find-complete", "tab", "complete", "take the completion, else go to the list", "In the search bar"),
    Key("find-keep", "enter", "keep", "go to the list, keep the search", "In the search bar"),
    Key("find-clear", "escape", "clear", "clear it, back to where you were", "In the search bar"),
)
"""The search bar: letters type, and the keys of a shell's line edit."""

NOTE = (
    Key("note-save", "ctrl+s", "save", "save", "In a note"),
    Key("note-editor", "ctrl+g", "editor", "go on in $EDITOR", "In a note"),
    Key("note-leave", "escape", "leave", "leave; asks if something changed", "In a note"),
)
"""The note editor: everything else types."""

CHOOSE = (
    Key("choose-down", "j,down", "move(1)", "move", "In a chooser", "j"),
    Key("choose-up", "k,up", "move(-1)", "move", "In a chooser", "k"),
    Key("choose-take", "enter,y", "take", "take the highlighted one; 1 to 9 take theirs", "In a chooser"),
    Key("choose-leave", "escape,q", "leave", "leave", "In a chooser", "escape"),
)
"""A chooser; the keys beside its items come with the items."""

PROMPT = (
    Key("prompt-complete", "tab", "complete", "complete a path", "In a prompt"),
    Key("prompt-take", "enter", "take", "take what was typed", "In a prompt"),
    Key("prompt-leave", "escape", "leave", "leave", "In a prompt"),
)
"""A line that asks for something: letters type."""

TAGS = (
    Key("tag-down", "down", "pick(1)", "move", "In the tag picker"),
    Key("tag-up", "up", "pick(-1)", "move", "In the tag picker"),
    Key("tag-tick", "space", "tick", "tick or untick; while one types, a blank", "In the tag picker"),
    Key(
        "tag-take",
        "enter",
        "take",
        "typed: tick it, make it where it is new; nothing typed: done",
        "In the tag picker",
    ),
    Key("tag-complete", "tab", "complete", "type the rest of the highlighted tag", "In the tag picker"),
    Key("tag-leave", "escape", "leave", "leave; u undoes one tick after the other", "In the tag picker"),
)
"""The tag picker: letters type."""

TRENDS = (
    Key("trends-down", "j,down", "move(1)", "move", "In the trends", "j"),
    Key("trends-up", "k,up", "move(-1)", "move", "In the trends", "k"),
    Key("trends-page-down", "space,pagedown", "page(1)", "a page", "In the trends", "space"),
    Key("trends-page-up", "minus,pageup", "page(-1)", "a page", "In the trends", "-"),
    Key("trends-take", "enter", "take", "search for the word, go to the paper", "In the trends"),
    Key("trends-leave", "escape,q,T", "leave", "leave", "In the trends", "escape"),
)
"""The screen of trends."""

HELP = (
    Key("help-down", "j,down", "scroll(1)", "scroll", "In the help", "j"),
    Key("help-up", "k,up", "scroll(-1)", "scroll", "In the help", "k"),
    Key("help-page-down", "space,pagedown", "page(1)", "a page", "In the help", "space"),
    Key("help-page-up", "minus,pageup", "page(-1)", "a page", "In the help", "-"),
    Key("help-filter", "slash", "filter", "look for something in the help", "In the help"),
    Key("help-leave", "escape,q,question_mark", "leave", "leave", "In the help", "escape"),
)
"""The help screen."""

FILTER = (
    Key("filter-down", "down", "scroll(1)", "scroll", "In the help's filter"),
    Key("filter-up", "up", "scroll(-1)", "scroll", "In the help's filter"),
    Key("filter-page-down", "pagedown", "page(1)", "a page", "In the help's filter"),
    Key("filter-page-up", "pageup", "page(-1)", "a page", "In the help's filter"),
    Key("filter-keep", "enter", "keep", "back to the help, with what was found", "In the help's filter"),
    Key("filter-clear", "escape", "clear", "clear it, back to the whole help", "In the help's filter"),
)
"""The line that says what to look for in the help: letters type."""

WELCOME = (
    Key("welcome-fetch", "r", "screen.fetch", "fetch the papers of the day", "In an empty library"),
    Key("welcome-stop", "escape", "screen.stop_fetching", "stop fetching", "In an empty library"),
    Key("welcome-sample", "s", "screen.sample", "look at the sample papers", "In an empty library"),
    Key("welcome-import", "i", "screen.import", "import a file or a folder", "In an empty library"),
    Key("welcome-help", "question_mark", "screen.help", "help", "In an empty library"),
    Key("welcome-quit", "q", "app.quit", "quit", "In an empty library"),
)
"""An empty library."""

EVERY = (*MAIN, *ANYWHERE, *FIND, *NOTE, *TAGS, *CHOOSE)
"""What the help tells first, in its order."""

NAMES = {
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


def bindings(keys: Iterable[Key]) -> list[BindingType]:
    """The keys as Textual wants them.

    NOTE: all have priority. Textual acts on such a key at once; any other first travels from the focused widget up to
    the app, and a key pressed meanwhile overtakes it: `/dry` sent in one go would search for nothing and act on `d`.
    """
    return [Binding(key.keys, key.action, key.does, show=False, id=key.id, priority=True) for key in keys]


def bindings_over(inherited: Iterable[BindingType], keys: Iterable[Key]) -> list[BindingType]:
    """`bindings`, and all of a widget's own (`backspace`, `ctrl+w`) that they leave, made as prompt."""
    own = list(Binding.make_bindings(bindings(keys)))
    taken = {binding.key for binding in own}
    rest = [binding for binding in Binding.make_bindings(inherited) if binding.key not in taken]
    return [*(replace(binding, priority=True) for binding in rest), *own]


def actions(keys: Iterable[Key]) -> frozenset[str]:
    """The names of what the keys do, without their arguments."""
    return frozenset(key.action.partition("(")[0] for key in keys)


def label(key: Key) -> str:
    """The keys as a person calls them: `j ↓`, `ctrl+d`, `?`."""
    return key.shown or " ".join(called(name) for name in key.keys.split(",")) or "no key"


def called(name: str) -> str:
    """What a person calls a key: `?` for `question_mark`."""
    if name in NAMES or "+" in name:
        return NAMES.get(name, name)
    character = key_to_character(name)
    return character if character and character.isprintable() and character != " " else name


def first(key: Key) -> str:
    """The first of its keys as a person calls it; empty where it has none."""
    return called(key.keys.partition(",")[0])


class Hint(NamedTuple):
    """One item of the footer."""

    key: str
    word: str
    action: str


def footer(mode: Mode, in_force: Callable[[Key], Key] = lambda key: key) -> tuple[Hint, ...]:
    """The keys that matter in a mode, the most useful first; the last one is kept when room runs out.

    `in_force` gives an entry of the table the keys it has by the settings; one without a key is left out.
    """
    known = {key.id: in_force(key) for key in (*EVERY, *PROMPT, *TRENDS, *HELP, *FILTER, *WELCOME)}
    hints = [Hint(first(known[id]), word, known[id].action) for id, word in FOOTERS[mode]]
    return tuple(hint for hint in hints if hint.key)


def sections(keys: Iterable[Key] = EVERY) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The table for people: each heading with its lines of keys and what they do."""
    for group, members in groupby(keys, key=lambda key: key.group):
        lines = [
            (" ".join(label(key) for key in same), does)
            for does, same in groupby(members, key=lambda key: key.does)
        ]
        yield group, lines
