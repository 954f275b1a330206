"""Keys of the full text of a paper: one row a command, and the tables of its contents and overviews."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from paperreader.tui.commands.command import READING, Command, KeyBinding, Mode
from paperreader.tui.commands.full_text_marks import FIND_COMMANDS, HIGHLIGHT_COMMANDS

if TYPE_CHECKING:
    from paperreader.tui.full_text.controllers import FullTextControllers

_GROUP = "In a full text"
_READING_OR_LINKS: frozenset[Mode] = READING | {"text-links"}

# fmt: off
FULL_TEXT_COMMANDS: tuple[Command[FullTextControllers], ...] = (
    Command("text-down", "j,down", "Scroll down", "scroll", _GROUP,
            lambda text: text.scrolling.scroll(1), label="j ↓", modes=READING),
    Command("text-up", "k,up", "Scroll up", "scroll", _GROUP,
            lambda text: text.scrolling.scroll(-1), label="k ↑", modes=READING),
    Command("text-page-down", "space,pagedown", "Go one page down", "one page down, up", _GROUP,
            lambda text: text.scrolling.page(1), label="space", modes=READING),
    Command("text-page-up", "minus,pageup", "Go one page up", "one page down, up", _GROUP,
            lambda text: text.scrolling.page(-1), label="-", modes=READING),
    Command("text-half-down", "ctrl+d", "Go half a page down", "half a page down, up", _GROUP,
            lambda text: text.scrolling.half_page(1), modes=READING),
    Command("text-half-up", "ctrl+u", "Go half a page up", "half a page down, up", _GROUP,
            lambda text: text.scrolling.half_page(-1), modes=READING),
    Command("text-top", "g,home", "Go to the beginning", "beginning, end", _GROUP,
            lambda text: text.scrolling.go_to_top(), label="g", modes=READING),
    Command("text-bottom", "G,end", "Go to the end", "beginning, end", _GROUP,
            lambda text: text.scrolling.go_to_end(), label="G", modes=READING),
    Command("text-next-section", "J", "Go to the next section", "next, previous section", _GROUP,
            lambda text: text.scrolling.go_to_section(1), modes=READING),
    Command("text-previous-section", "K", "Go to the previous section", "next, previous section", _GROUP,
            lambda text: text.scrolling.go_to_section(-1), modes=READING),
    Command("text-left", "h,left", "Scroll a wide table to the left",
            "scroll a wide table, formula or listing sideways", _GROUP,
            lambda text: text.scrolling.scroll_sideways(-1), label="h", modes=READING),
    Command("text-right", "l,right", "Scroll a wide table to the right",
            "scroll a wide table, formula or listing sideways", _GROUP,
            lambda text: text.scrolling.scroll_sideways(1), label="l", modes=READING),
    Command("text-contents", "c", "Show the contents", "contents: sections, figures, tables, theorems", _GROUP,
            lambda text: text.contents.open(), modes=READING),
    Command("text-switch", "tab", "Go to what is pinned, or to the contents",
            "to a pinned figure or table, else to the contents", _GROUP,
            lambda text: text.application.switch_pane(), modes=READING),
    Command("text-links", "f", "Follow a link", "label the visible links; a letter shows the target", _GROUP,
            lambda text: text.links.label_links(), modes=READING),
    Command("text-pin", "P", "Pin a figure or table, or remove it",
            "pin a figure or table next to the text, or remove it", _GROUP,
            lambda text: text.pins.toggle(), modes=READING),
    Command("text-references", "R", "List the references", "list the references, with your marks", _GROUP,
            lambda text: text.reference_list.show(), modes=READING),
    Command("text-return", "backspace", "Go back to where you were",
            "go back to where you were before a jump", _GROUP,
            lambda text: text.documents.go_back(), modes=READING),
    Command("text-math", "m", "Show math as Unicode or as LaTeX", "show math as Unicode or as LaTeX", _GROUP,
            lambda text: text.documents.toggle_math(), modes=READING),
    Command("text-authors", "a", "Show all about the authors, or their names",
            "all about the authors, or only their names", _GROUP,
            lambda text: text.documents.toggle_authors(), modes=READING),
    Command("text-bookmark", "b", "Bookmark, or remove the bookmark", "bookmark the paper, or remove the bookmark",
            _GROUP, lambda text: text.bookmarks.toggle_own(), modes=READING),
    Command("text-read", "N", "Mark as read or unread", "mark the paper as read or unread", _GROUP,
            lambda text: text.bookmarks.toggle_own_read(), modes=READING),
    Command("text-note", "n", "Write a note on the paper", "write a note on the paper", _GROUP,
            lambda text: text.note.edit(), modes=READING),
    Command("text-copy", "y", "Copy a paragraph, equation, table, citation…",
            "copy a paragraph, equation (TeX), table, highlight…", _GROUP,
            lambda text: text.copying.choose(), modes=READING),
    Command("text-open", "o", "Open the page in the browser", "open the page of the text in the browser", _GROUP,
            lambda text: text.documents.open_page(), modes=READING),
    Command("text-pdf", "p", "Open the PDF", "open the PDF", _GROUP,
            lambda text: text.pdf.open(), modes=READING),
    Command("text-fetch", "r", "Ask for a newer version", "ask for a newer version of the text", _GROUP,
            lambda text: text.versions.fetch_newer(), modes=READING),
    Command("text-help", "question_mark", "Show the help", "show the help", _GROUP,
            lambda text: text.application.show_help(), modes=READING | {"text-select"}),
    Command("text-palette", "ctrl+p,colon", "", "run a command by name", _GROUP,
            lambda text: text.application.open_palette(), label="ctrl+p :", modes=_READING_OR_LINKS),
    Command("text-close", "escape,q", "Close the full text", "close labels, search, contents, pin, then the text",
            _GROUP, lambda text: text.application.go_back(), modes=_READING_OR_LINKS),
    *FIND_COMMANDS,
    *HIGHLIGHT_COMMANDS,
)
"""Commands with keys in a full text."""

CONTENTS_KEYS = (
    KeyBinding("contents-down", "down", "Go down in the contents", "move", "In the contents of a full text",
               "move(1)"),
    KeyBinding("contents-up", "up", "Go up in the contents", "move", "In the contents of a full text", "move(-1)"),
    KeyBinding("contents-page-down", "pagedown", "Go one page of contents down",
               "one page", "In the contents of a full text", "page(1)"),
    KeyBinding("contents-page-up", "pageup", "Go one page of contents up",
               "one page", "In the contents of a full text", "page(-1)"),
    KeyBinding("contents-accept", "enter", "Go there", "go there; letters filter the contents",
               "In the contents of a full text", "accept"),
    KeyBinding("contents-leave", "tab", "Go to the text",
               "to the text; on a wide screen the contents stay open", "In the contents of a full text", "leave"),
    KeyBinding("contents-close", "escape", "Close the contents", "clear the filter, then close",
               "In the contents of a full text", "close"),
)
"""The contents of a full text. Every other key types into the filter."""

OVERVIEW_KEYS = (
    KeyBinding("overview-down", "j,down", "Scroll the overview down", "scroll", "In the overview of a link",
               "scroll(1)", "j"),
    KeyBinding("overview-up", "k,up", "Scroll the overview up", "scroll", "In the overview of a link", "scroll(-1)",
               "k"),
    KeyBinding("overview-accept", "enter", "Go to the target, or open or add a reference",
               "go there; open or add the paper of a reference", "In the overview of a link", "accept"),
    KeyBinding("overview-jump", "f", "Go to the target", "go there; backspace returns",
               "In the overview of a link", "jump"),
    KeyBinding("overview-bookmark", "b", "Bookmark the paper of a reference", "bookmark the paper of a reference",
               "In the overview of a link", "bookmark"),
    KeyBinding("overview-pin", "P", "Pin the target next to the text", "pin a figure or table next to the text",
               "In the overview of a link", "pin"),
    KeyBinding("overview-copy", "y", "Copy the target", "copy the text", "In the overview of a link", "copy"),
    KeyBinding("overview-open", "o", "Open the link of the target", "open its link in the browser",
               "In the overview of a link", "open"),
    KeyBinding("overview-close", "escape,q,backspace", "Close the overview", "close", "In the overview of a link",
               "close", "escape"),
)
"""The overview of a link in a full text."""

REFERENCES_KEYS = (
    KeyBinding("references-down", "j,down", "Go to the next reference", "next, previous reference",
               "In the list of references", "move(1)", "j ↓"),
    KeyBinding("references-up", "k,up", "Go to the previous reference", "next, previous reference",
               "In the list of references", "move(-1)", "k ↑"),
    KeyBinding("references-page-down", "space,pagedown", "Go one page of references down", "one page down, up",
               "In the list of references", "page(1)", "space"),
    KeyBinding("references-page-up", "minus,pageup", "Go one page of references up", "one page down, up",
               "In the list of references", "page(-1)", "-"),
    KeyBinding("references-top", "g,home", "Go to the first reference", "first, last reference",
               "In the list of references", "edge(-1)", "g"),
    KeyBinding("references-bottom", "G,end", "Go to the last reference", "first, last reference",
               "In the list of references", "edge(1)", "G"),
    KeyBinding("references-accept", "enter", "Open the paper, or add it", "open the paper, or add a missing one",
               "In the list of references", "choose('paper')"),
    KeyBinding("references-bookmark", "b", "Bookmark the paper", "bookmark the paper, or remove the bookmark",
               "In the list of references", "bookmark"),
    KeyBinding("references-filter", "slash", "Filter the references", "filter by words",
               "In the list of references", "filter"),
    KeyBinding("references-known", "tab", "Show only papers of the library", "only those in the library, or all",
               "In the list of references", "toggle_known"),
    KeyBinding("references-jump", "f", "Go to the reference in the text", "go there; backspace returns",
               "In the list of references", "choose('jump')"),
    KeyBinding("references-copy", "y", "Copy the reference", "copy the text", "In the list of references",
               "choose('copy')"),
    KeyBinding("references-open", "o", "Open the link of the reference", "open its link in the browser",
               "In the list of references", "choose('open')"),
    KeyBinding("references-close", "escape,q,R", "Close the references", "close", "In the list of references",
               "close", "escape"),
)
"""The list of references of a full text."""
# fmt: on

FULL_TEXT_COMMANDS_BY_ID: Mapping[str, Command[FullTextControllers]] = MappingProxyType(
    {command.id: command for command in FULL_TEXT_COMMANDS}
)
FULL_TEXT_KEYS = tuple(command.binding for command in FULL_TEXT_COMMANDS)
