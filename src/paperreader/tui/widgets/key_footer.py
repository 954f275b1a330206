"""The footer: the keys of the current mode, as many as fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from textual.reactive import reactive

from paperreader.tui.commands.command import Mode
from paperreader.tui.commands.footer_hints import FooterHint
from paperreader.tui.commands.keymap import get_keymap
from paperreader.tui.widgets.text_line import TextLine, TextSpan, span_width

HINT_GAP = 2
"""Cells between two keys."""


class KeyFooter(TextLine):
    """One line of keys; a click runs the command of the key."""

    mode: reactive[Mode] = reactive[Mode]("list")
    completion_available: reactive[bool] = reactive(False)
    """Whether `tab` completes the query in the search bar."""

    omitted: reactive[frozenset[str]] = reactive[frozenset[str]](frozenset())
    """Ids of commands that would do nothing now."""

    labels: reactive[Mapping[str, str]] = reactive[Mapping[str, str]](MappingProxyType({}))
    """Labels that depend on what is shown, in place of those of the tables, by the ids of commands."""

    def spans(self, width: int) -> Sequence[TextSpan]:
        mode = "complete" if self.mode == "search" and self.completion_available else self.mode
        hints = [
            hint._replace(label=self.labels.get(hint.id, hint.label))
            for hint in get_keymap(self.app).footer_hints(mode)
            if hint.id not in self.omitted
        ]
        # The last one (help, or close) stays: it leads to those that were dropped.
        while len(hints) > 1 and span_width(_hint_spans(hints)) > width:
            del hints[-2]
        return _hint_spans(sorted(hints, key=lambda hint: hint.id == "quit"))


def _hint_spans(hints: Sequence[FooterHint]) -> list[TextSpan]:
    spans: list[TextSpan] = []
    for hint in hints:
        if spans:
            spans.append(TextSpan(" " * HINT_GAP))
        spans += [TextSpan(hint.key, "key", hint.action), TextSpan(f" {hint.label}", "muted", hint.action)]
    return spans
