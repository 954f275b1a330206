"""Key tables of everything but list and detail: search bar, note editor, dialogs, and the application itself."""

from __future__ import annotations

from paperreader.tui.commands.command import KeyBinding

# fmt: off
GLOBAL_KEYS = (
    KeyBinding("suspend", "ctrl+z", "Suspend: return to the shell",
               "return to the shell, fg resumes; in a note, undo", "Application", "app.suspend_process"),
    KeyBinding("redraw", "ctrl+l", "Repaint the screen",
               "repaint the screen, if another program wrote to it", "Application", "app.redraw"),
)
"""Available everywhere. In a note, `ctrl+z` undoes typing instead."""

GLOBAL_PALETTE_KEYS = (
    KeyBinding("theme", "", "Choose a theme: dark, light, ANSI…",
               "dark, light, the colors of the terminal, and others", "Application", "app.change_theme"),
)
"""Available everywhere, without a key."""

SEARCH_KEYS = (
    KeyBinding("search-down", "down", "Go down in the results",
               "move in the results", "In the search bar", "results(1)"),
    KeyBinding("search-up", "up", "Go up in the results",
               "move in the results", "In the search bar", "results(-1)"),
    KeyBinding("search-page-down", "pagedown", "Go one page of results down",
               "one page of results", "In the search bar", "page_results(1)"),
    KeyBinding("search-page-up", "pageup", "Go one page of results up",
               "one page of results", "In the search bar", "page_results(-1)"),
    KeyBinding("search-history", "ctrl+r", "Show earlier searches",
               "earlier searches; also up in an empty search bar", "In the search bar", "history"),
    KeyBinding("search-full-text", "ctrl+t", "Search in full texts, or in titles again",
               "search in full texts, or in titles again", "In the search bar", "full_text"),
    KeyBinding("search-online", "ctrl+o", "Search at services on the web",
               "search Hugging Face, arXiv or Semantic Scholar", "In the search bar", "screen.command('online')"),
    KeyBinding("search-complete", "tab", "Accept the completion",
               "accept the completion; without one, go to the list", "In the search bar", "complete"),
    KeyBinding("search-accept", "enter", "Keep the search, go to the list",
               "keep the search, go to the list", "In the search bar", "accept"),
    KeyBinding("search-clear", "escape", "Clear the search, go back",
               "clear the search, go back to where you were", "In the search bar", "clear"),
)
"""The search bar. Every other key types or edits the line."""

NOTE_KEYS = (
    KeyBinding("note-save", "ctrl+s", "Save the note", "save", "In a note", "save"),
    KeyBinding("note-editor", "ctrl+g", "Continue the note in $EDITOR",
               "continue in $EDITOR", "In a note", "editor"),
    KeyBinding("note-close", "escape", "Close the note",
               "close; asks if there are unsaved changes", "In a note", "close"),
)
"""The note editor. Every other key types."""

CHOICE_KEYS = (
    KeyBinding("choice-down", "j,down", "Go to the next item", "move", "In a menu", "move(1)", "j"),
    KeyBinding("choice-up", "k,up", "Go to the previous item", "move", "In a menu", "move(-1)", "k"),
    KeyBinding("choice-accept", "enter,y", "Choose the highlighted item",
               "choose the highlighted item; 1 to 9 choose directly", "In a menu", "accept"),
    KeyBinding("choice-close", "escape,q", "Close the menu", "close", "In a menu", "close", "escape"),
)
"""A menu. The keys of its items come with the items."""

PROMPT_KEYS = (
    KeyBinding("prompt-complete", "tab", "Complete the path", "complete a path", "In a prompt", "complete"),
    KeyBinding("prompt-accept", "enter", "Accept the text", "accept the text", "In a prompt", "accept"),
    KeyBinding("prompt-close", "escape", "Close the prompt", "close", "In a prompt", "close"),
)
"""A prompt for one line of text. Every other key types."""

TAG_KEYS = (
    KeyBinding("tag-down", "down", "Go to the next tag", "move", "In the tag picker", "pick(1)"),
    KeyBinding("tag-up", "up", "Go to the previous tag", "move", "In the tag picker", "pick(-1)"),
    KeyBinding("tag-toggle", "space", "Add or remove the tag",
               "add or remove the tag; while typing, a space", "In the tag picker", "toggle_tag"),
    KeyBinding("tag-accept", "enter", "Add the typed tag, or finish",
               "add the typed tag; if nothing is typed, finish", "In the tag picker", "accept"),
    KeyBinding("tag-complete", "tab", "Complete the tag",
               "complete the highlighted tag", "In the tag picker", "complete"),
    KeyBinding("tag-close", "escape", "Close the tag picker",
               "close; u undoes one change after the other", "In the tag picker", "close"),
)
"""The tag picker. Every other key types."""

TRENDS_KEYS = (
    KeyBinding("trends-down", "j,down", "Go to the next trend", "move", "In the trends", "move(1)", "j"),
    KeyBinding("trends-up", "k,up", "Go to the previous trend", "move", "In the trends", "move(-1)", "k"),
    KeyBinding("trends-page-down", "space,pagedown", "Go one page of trends down",
               "one page", "In the trends", "page(1)", "space"),
    KeyBinding("trends-page-up", "minus,pageup", "Go one page of trends up",
               "one page", "In the trends", "page(-1)", "-"),
    KeyBinding("trends-shorter", "less_than_sign", "Cover fewer weeks", "fewer, more weeks: 2 to 52", "In the trends",
               "window(-1)"),
    KeyBinding("trends-longer", "greater_than_sign", "Cover more weeks", "fewer, more weeks: 2 to 52", "In the trends",
               "window(1)"),
    KeyBinding("trends-accept", "enter", "Search for the term, or go to the paper",
               "search for the term, or go to the paper", "In the trends", "accept"),
    KeyBinding("trends-close", "escape,q,T", "Close the trends", "close", "In the trends", "close", "escape"),
)
"""The trends."""

ONLINE_KEYS = (
    KeyBinding("online-down", "j,down", "Go to the next result", "move", "In a search online", "move(1)", "j"),
    KeyBinding("online-up", "k,up", "Go to the previous result", "move", "In a search online", "move(-1)", "k"),
    KeyBinding("online-page-down", "space,pagedown", "Scroll the abstract down",
               "scroll the abstract, then the next result", "In a search online", "page(1)", "space"),
    KeyBinding("online-page-up", "minus,pageup", "Go one page of results up",
               "one page of results up", "In a search online", "page(-1)", "-"),
    KeyBinding("online-top", "g,home", "Go to the first result",
               "first, last result", "In a search online", "edge(-1)"),
    KeyBinding("online-bottom", "G,end", "Go to the last result",
               "first, last result", "In a search online", "edge(1)"),
    KeyBinding("online-open", "enter", "Add the paper and go to it",
               "add the paper to the library and go to it", "In a search online", "take('open')"),
    KeyBinding("online-bookmark", "b", "Add the paper and bookmark it",
               "add the paper and bookmark it", "In a search online", "take('bookmark')"),
    KeyBinding("online-note", "n", "Add the paper and write a note",
               "add the paper and write a note", "In a search online", "take('note')"),
    KeyBinding("online-tag", "t", "Add the paper and tag it", "add the paper and tag it", "In a search online",
               "take('tag')"),
    KeyBinding("online-copy", "y", "Copy the link of the repository or the page",
               "copy the link of the repository, else of the page", "In a search online", "copy"),
    KeyBinding("online-browse", "o", "Open the page of the paper", "open the page in the browser",
               "In a search online", "browse"),
    KeyBinding("online-source", "tab,ctrl+o", "Request the next service or list",
               "the next service, or list of citations", "In a search online", "next_source", "tab"),
    KeyBinding("online-close", "escape,q", "Close the search online",
               "close; stops a request", "In a search online", "close", "escape"),
)
"""A search online."""

OUTPUT_KEYS = (
    KeyBinding("output-down", "j,down", "Scroll the output down", "scroll", "In the output of a command", "scroll(1)",
               "j"),
    KeyBinding("output-up", "k,up", "Scroll the output up", "scroll", "In the output of a command", "scroll(-1)", "k"),
    KeyBinding("output-page-down", "space,pagedown", "Page the output down",
               "one page", "In the output of a command", "page(1)", "space"),
    KeyBinding("output-page-up", "minus,pageup", "Page the output up",
               "one page", "In the output of a command", "page(-1)", "-"),
    KeyBinding("output-copy", "y", "Copy the output", "copy the output", "In the output of a command", "copy"),
    KeyBinding("output-note", "n", "Add the output to the note",
               "add the output to the note of the paper", "In the output of a command", "add_to_note"),
    KeyBinding("output-close", "escape,q", "Close the output, or cancel the command",
               "close; cancels a command that is running", "In the output of a command", "close", "escape"),
)
"""The output of a command of the user."""

CHANGES_KEYS = (
    KeyBinding("changes-down", "j,down", "Scroll the changes down", "scroll", "In the changes of a paper", "scroll(1)",
               "j"),
    KeyBinding("changes-up", "k,up", "Scroll the changes up", "scroll", "In the changes of a paper", "scroll(-1)", "k"),
    KeyBinding("changes-page-down", "space,pagedown", "Page the changes down",
               "one page", "In the changes of a paper", "page(1)", "space"),
    KeyBinding("changes-page-up", "minus,pageup", "Page the changes up",
               "one page", "In the changes of a paper", "page(-1)", "-"),
    KeyBinding("changes-older", "less_than_sign", "Compare older versions",
               "compare older, newer versions", "In the changes of a paper", "compare(1)"),
    KeyBinding("changes-newer", "greater_than_sign", "Compare newer versions",
               "compare older, newer versions", "In the changes of a paper", "compare(-1)"),
    KeyBinding("changes-close", "escape,q,V", "Close the changes: the version is seen",
               "close; the latest version counts as seen", "In the changes of a paper", "close", "escape"),
)
"""What changed between versions of a paper."""

HELP_KEYS = (
    KeyBinding("help-down", "j,down", "Scroll the help down", "scroll", "In the help", "scroll(1)", "j"),
    KeyBinding("help-up", "k,up", "Scroll the help up", "scroll", "In the help", "scroll(-1)", "k"),
    KeyBinding("help-page-down", "space,pagedown", "Page the help down",
               "one page", "In the help", "page(1)", "space"),
    KeyBinding("help-page-up", "minus,pageup", "Page the help up", "one page", "In the help", "page(-1)", "-"),
    KeyBinding("help-filter", "slash", "Filter the help", "filter the help", "In the help", "filter"),
    KeyBinding("help-close", "escape,q,question_mark", "Close the help", "close", "In the help", "close", "escape"),
)
"""The help."""

FILTER_KEYS = (
    KeyBinding("filter-down", "down", "Scroll the filtered help down", "scroll", "In a filter", "scroll(1)"),
    KeyBinding("filter-up", "up", "Scroll the filtered help up", "scroll", "In a filter", "scroll(-1)"),
    KeyBinding("filter-page-down", "pagedown", "Page the filtered help down",
               "one page", "In a filter", "page(1)"),
    KeyBinding("filter-page-up", "pageup", "Page the filtered help up",
               "one page", "In a filter", "page(-1)"),
    KeyBinding("filter-accept", "enter", "Keep the filter, go to the help",
               "keep the filter, go to what it shows", "In a filter", "accept"),
    KeyBinding("filter-clear", "escape", "Clear the filter, show the whole help",
               "clear the filter, show everything", "In a filter", "clear"),
)
"""The filter of the help. Every other key types."""
# fmt: on
