"""What the reader shows in place of an empty list, and in an empty library."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from textual import events

from paperreader.text.counts import format_count
from paperreader.text.sanitize import single_line
from paperreader.text.url_display import display_url
from paperreader.tui.commands.command import bindings, command_action
from paperreader.tui.commands.keymap import get_keymap
from paperreader.tui.commands.reader import EMPTY_LIBRARY_KEYS
from paperreader.tui.model.list_query import ListResult
from paperreader.tui.model.relations import EMPTY_RELATIONS
from paperreader.tui.model.views import ListView
from paperreader.tui.terminal.glyphs import get_glyphs
from paperreader.tui.widgets.text_line import (
    TextLine,
    TextSpan,
    padding,
    span_width,
    truncate_longest,
    with_effective_key,
)

_MAX_QUERY_LENGTH = 500
"""Characters of a query: more than fit on any screen."""

_INDENT = 4
"""Cells before each line."""

_GO_BACK = (TextSpan(".  Press ", "muted"), TextSpan("escape", "key"), TextSpan(" to go back", "muted"))


class EmptyList(TextLine):
    """Explains why a list is empty and which keys to press: on one line, or on several if that is too wide."""

    _explanation: tuple[TextSpan, ...] = ()
    _further: Sequence[tuple[TextSpan, ...]] = ()
    _lines: tuple[tuple[TextSpan, ...], ...] = ()

    def explain(self, result: ListResult, view: ListView) -> None:
        """Explain an empty result of `view`; hide when the result is not empty."""
        self.display = not len(result.rows)
        if self.display:
            self._explanation = tuple(_explain(result, view))
            self._further = (*_hint(result), *_suggestions(result))
            self._arrange()

    def on_resize(self, event: events.Resize) -> None:
        self._arrange()

    def _arrange(self) -> None:
        """Divide the explanation into lines for the current width."""
        width = self.size.width - _INDENT
        lines = _in_lines(self._explanation, width) if width > 0 else [self._explanation]
        self._lines = (*lines, *self._further)
        self.styles.height = len(self._lines)
        self.refresh()

    def spans(self, width: int) -> Sequence[TextSpan]:
        """Return the explanation itself, which is the first line."""
        return self._fitted(self._lines[0], width) if self._lines else ()

    def spans_at(self, y: int) -> Sequence[TextSpan]:
        return self._fitted(self._lines[y], self.size.width) if y < len(self._lines) else ()

    def _fitted(self, line: Sequence[TextSpan], width: int) -> Sequence[TextSpan]:
        keymap = get_keymap(self.app)
        spans = [with_effective_key(span, keymap) for span in line]
        return [*padding(_INDENT), *truncate_longest(spans, width - _INDENT, get_glyphs(self.app).ellipsis)]


def _in_lines(explanation: Sequence[TextSpan], width: int) -> list[tuple[TextSpan, ...]]:
    """Divide an explanation into lines of at most `width` cells, between sentences, which two spaces separate."""
    gap = TextSpan("  ", "muted")
    lines: list[tuple[TextSpan, ...]] = []
    for sentence in _sentences(explanation):
        if lines and span_width((*lines[-1], gap, *sentence)) <= width:
            lines[-1] = (*lines[-1], gap, *sentence)
        else:
            lines.append(sentence)
    return lines


def _sentences(spans: Sequence[TextSpan]) -> Iterator[tuple[TextSpan, ...]]:
    sentence: list[TextSpan] = []
    for span in spans:
        first, *others = span.text.split("  ") if span.role == "muted" else [span.text]
        sentence += [span._replace(text=first)] if first else []
        for text in others:
            yield tuple(sentence)
            sentence = [span._replace(text=text)] if text else []
    yield tuple(sentence)


def _hint(result: ListResult) -> Sequence[tuple[TextSpan, ...]]:
    """Return the line that says what of the query was not understood, which the search bar may truncate."""
    return ((TextSpan(single_line(result.hint), "muted"),),) if result.query.is_search and result.hint else ()


def _suggestions(result: ListResult) -> Sequence[tuple[TextSpan, ...]]:
    """Return the lines below the explanation: what to do when nothing is new."""
    query = result.query
    is_filtered = query.code_only and result.matches_outside_view
    if query.view != "new" or query.is_search or query.related_to or is_filtered:
        return ()
    commands = (
        ("r", "fetch", "fetch the papers of today"),
        ("3", "view-unread", "go on with unread papers"),
        ("4", "view-bookmarks", "read your bookmarks"),
        ("1", "view-all", "list all papers"),
        ("u", "undo", "undo the last change"),
    )
    return (
        (),
        *(
            (TextSpan(key, "key", command_action(id)), TextSpan(f"  {help}", "muted"))
            for key, id, help in commands
        ),
    )


def _explain(result: ListResult, view: ListView) -> list[TextSpan]:
    if result.hits.missing:
        names = TextSpan(", ".join(map(display_url, result.hits.missing))[:_MAX_QUERY_LENGTH], "strong")
        are, it = ("is", "it") if len(result.hits.missing) == 1 else ("are", "them")
        if added := len(result.addable):
            it = it if added == len(result.hits.missing) else f"{added} of them"
            keys = [TextSpan("enter", "key"), TextSpan(f" adds {it}", "muted")]
        else:
            keys = [
                TextSpan("i", "key", command_action("import")),
                TextSpan(f" imports a file with {it}", "muted"),
            ]
        return [names, TextSpan(f" {are} not in the library.  ", "muted"), *keys]
    return _explain_no_results(result, view)


def _explain_no_results(result: ListResult, view: ListView) -> list[TextSpan]:
    query = result.query
    if query.is_search and result.hits.suggestion:
        suggestion = TextSpan(single_line(result.hits.suggestion), "strong")
        accept = [TextSpan("?  Press ", "muted"), TextSpan("tab", "key"), TextSpan(" to accept", "muted")]
        return [TextSpan("Did you mean ", "muted"), suggestion, *accept]
    if query.is_search and result.matches_outside_view:
        where = TextSpan("with code", "muted") if query.code_only else TextSpan(view.title, "strong")
        before = "No results " if query.code_only else "No results in "
        label, id = ("c", "only-code") if query.code_only else ("1", "view-all")
        key = TextSpan(label, "key", command_action(id))
        elsewhere = f", {result.matches_outside_view:,} elsewhere.  Press enter "
        shown = (key, TextSpan(" to show them", "muted"))
        return [TextSpan(before, "muted"), where, TextSpan(elsewhere, "muted"), *shown]
    if query.is_search:
        text = TextSpan(single_line(query.text[:_MAX_QUERY_LENGTH]), "strong")
        return [TextSpan("No results for ", "muted"), text, *_GO_BACK]
    if query.related_to:
        found, advice = EMPTY_RELATIONS[query.relation]
        return [TextSpan(f"{found}.  {advice}" if advice else found, "muted"), *_GO_BACK]
    if query.code_only and result.matches_outside_view:
        show_all = [TextSpan("c", "key", command_action("only-code")), TextSpan(" to show all", "muted")]
        are = "is" if result.matches_outside_view == 1 else "are"
        others = (
            f"{format_count(result.matches_outside_view, 'paper')} without code {are} not listed.  Press "
        )
        return [TextSpan(others, "muted"), *show_all]
    return [TextSpan(view.empty_message, "strong" if view.id == "new" else "muted")]


class EmptyLibrary(TextLine, can_focus=True):
    """Replaces list and detail while the library has no papers."""

    BINDINGS = bindings(EMPTY_LIBRARY_KEYS)

    def spans_at(self, y: int) -> Sequence[TextSpan]:
        """Return a line of the text, which is centered on the screen."""
        text = _welcome_lines(get_keymap(self.app).label)
        number = y - max(0, (self.size.height - len(text)) // 2)
        if not 0 <= number < len(text) or not text[number]:
            return ()
        wide = max(span_width(line) for line in text)
        return (TextSpan(" " * max(0, (self.size.width - wide) // 2)), *text[number])


def _welcome_lines(label: Callable[[str], str]) -> tuple[tuple[TextSpan, ...], ...]:
    """Return the lines of the text; `label` returns the configured key of a command."""
    commands = (
        ("welcome-fetch", "fetch the Daily Papers of the last days"),
        ("welcome-import", "import a file or folder of papers"),
        ("welcome-sample", "open the sample papers, in a separate library"),
        ("welcome-help", "show all keys"),
        ("welcome-quit", "quit"),
    )
    return (
        (TextSpan("This library is empty.", "strong"),),
        (),
        *(
            (TextSpan(label(id), "key", command_action(id)), TextSpan(f"  {help}", "muted"))
            for id, help in commands
        ),
        (),
        (TextSpan("In another terminal, or daily from cron,"),),
        (
            TextSpan("    paperreader fetch", "key"),
            TextSpan(" and "),
            TextSpan("paperreader import PAGE.txt", "key"),
        ),
        (TextSpan("do the same. New papers appear here automatically."),),
    )
