"""Keys of search and highlights in a full text: commands of its screen, and the tables of bars and lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paperreader.tui.commands.command import READING, Command, KeyBinding

if TYPE_CHECKING:
    from paperreader.tui.full_text.controllers import FullTextControllers

_FIND_GROUP = "In a full text: search"
SELECTION_HEADING = "While a passage is selected"
_HIGHLIGHT_GROUP, _SELECTION = "In a full text: highlights", SELECTION_HEADING
_FIND_BAR, _LIST = "In the search bar of a full text", "In a list of matches or highlights"

# fmt: off
FIND_COMMANDS: tuple[Command[FullTextControllers], ...] = (
    Command("text-find", "slash", "Find in the text", "find in the text", _FIND_GROUP,
            lambda text: text.finding.open(), modes=READING),
    Command("text-next-match", "full_stop", "Go to the next match", "next, previous match", _FIND_GROUP,
            lambda text: text.finding.move(1), modes=READING),
    Command("text-previous-match", "comma", "Go to the previous match", "next, previous match", _FIND_GROUP,
            lambda text: text.finding.move(-1), modes=READING),
    Command("text-matches", "M", "List the matches", "list all matches with their lines", _FIND_GROUP,
            lambda text: text.finding.show_list(), modes=READING),
)
"""Commands of a full text."""

HIGHLIGHT_COMMANDS: tuple[Command[FullTextControllers], ...] = (
    Command("text-select", "v", "Select a passage", "select a sentence, to highlight or comment on it",
            _HIGHLIGHT_GROUP, lambda text: text.selection.start(), modes=READING),
    Command("text-highlights", "H", "List the highlights", "list the highlights of the paper", _HIGHLIGHT_GROUP,
            lambda text: text.highlight_list.show(), modes=READING),
    Command("text-undo", "u", "Undo a highlight", "undo, redo", _HIGHLIGHT_GROUP,
            lambda text: text.highlights.undo(), modes=READING),
    Command("text-redo", "U", "Redo a highlight", "undo, redo", _HIGHLIGHT_GROUP,
            lambda text: text.highlights.redo(), modes=READING),
)
"""Commands of a full text."""

SELECTION_KEYS = (
    KeyBinding("selection-extend", "j,down", "Extend the selection", "extend, shorten", _SELECTION, "extend(1)", "j"),
    KeyBinding("selection-shorten", "k,up", "Shorten the selection", "extend, shorten", _SELECTION, "extend(-1)",
               "k"),
    KeyBinding("selection-next", "l,right", "Select the next sentence or line", "next, previous sentence or line",
               _SELECTION, "move(1)", "l"),
    KeyBinding("selection-previous", "h,left", "Select the previous sentence or line",
               "next, previous sentence or line", _SELECTION, "move(-1)", "h"),
    KeyBinding("selection-switch", "tab", "Select by sentence or by line", "by sentence or by line", _SELECTION,
               "switch"),
    KeyBinding("selection-highlight", "enter", "Highlight, or remove the highlight",
               "highlight, or remove the highlight", _SELECTION, "highlight"),
    KeyBinding("selection-comment", "n", "Comment", "highlight with a comment, or edit the comment", _SELECTION,
               "comment"),
    KeyBinding("selection-copy", "y", "Copy with the source", "copy with title, id and section", _SELECTION, "copy"),
    KeyBinding("selection-similar", "R", "Show papers like this passage", "papers like this passage", _SELECTION,
               "similar"),
    KeyBinding("selection-close", "escape,q,v", "Select nothing", "select nothing", _SELECTION, "close", "escape"),
)
"""A selected passage of a full text."""

FIND_KEYS = (
    KeyBinding("text-find-next", "down", "Go to the next match", "next, previous match", _FIND_BAR, "move(1)"),
    KeyBinding("text-find-previous", "up", "Go to the previous match", "next, previous match", _FIND_BAR, "move(-1)"),
    KeyBinding("text-find-list", "tab", "List the matches", "list all matches", _FIND_BAR, "list"),
    KeyBinding("text-find-accept", "enter", "Stay at the match", "stay at the match; backspace returns", _FIND_BAR,
               "accept"),
    KeyBinding("text-find-close", "escape", "Go back to where the search began",
               "go back to where the search began", _FIND_BAR, "close"),
)
"""The search bar of a full text. Every other key types."""

PASSAGE_LIST_KEYS = (
    KeyBinding("passages-down", "j,down", "Go down in the list", "move", _LIST, "move(1)", "j"),
    KeyBinding("passages-up", "k,up", "Go up in the list", "move", _LIST, "move(-1)", "k"),
    KeyBinding("passages-page-down", "space,pagedown", "Go one page of the list down", "one page", _LIST, "page(1)",
               "space"),
    KeyBinding("passages-page-up", "minus,pageup", "Go one page of the list up", "one page", _LIST, "page(-1)", "-"),
    KeyBinding("passages-first", "g,home", "Go to the first line of the list", "first, last line", _LIST, "end(-1)",
               "g"),
    KeyBinding("passages-last", "G,end", "Go to the last line of the list", "first, last line", _LIST, "end(1)", "G"),
    KeyBinding("passages-accept", "enter", "Go there", "go there; backspace returns", _LIST, "accept"),
    KeyBinding("passages-copy", "y", "Copy the line", "copy the line, or the highlight with its source", _LIST, "copy"),
    KeyBinding("passages-close", "escape,q", "Close the list", "close", _LIST, "close", "escape"),
)
"""A list of places in a full text."""
# fmt: on
