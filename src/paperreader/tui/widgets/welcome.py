"""What an empty library shows: how papers come in, and a look at the samples."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from paperreader.tui.commands.command import bindings, command_action
from paperreader.tui.commands.keymap import get_keymap
from paperreader.tui.commands.reader import EMPTY_LIBRARY_KEYS
from paperreader.tui.widgets.text_line import TextLine, TextSpan, span_width


class EmptyLibrary(TextLine, can_focus=True):
    """Takes the place of list and detail while there is no paper."""

    BINDINGS = bindings(EMPTY_LIBRARY_KEYS)

    def spans_at(self, y: int) -> Sequence[TextSpan]:
        """The text, in the middle of the screen."""
        text = _welcome_lines(get_keymap(self.app).label)
        number = y - max(0, (self.size.height - len(text)) // 2)
        if not 0 <= number < len(text) or not text[number]:
            return ()
        wide = max(span_width(line) for line in text)
        return (TextSpan(" " * max(0, (self.size.width - wide) // 2)), *text[number])


def _welcome_lines(label: Callable[[str], str]) -> tuple[tuple[TextSpan, ...], ...]:
    """The lines, with the keys that are in force."""
    offers = (
        ("welcome-fetch", "fetches the Daily Papers of the last days"),
        ("welcome-import", "imports a file of papers, or a folder of them"),
        ("welcome-sample", "looks at the sample papers, in a library of their own"),
        ("welcome-help", "shows every key"),
        ("welcome-quit", "quits"),
    )
    return (
        (TextSpan("This library is empty.", "strong"),),
        (),
        *(
            (TextSpan(label(id), "key", command_action(id)), TextSpan(f"  {does}", "muted"))
            for id, does in offers
        ),
        (),
        (TextSpan("In another window, or every morning from cron,"),),
        (
            TextSpan("    paperreader fetch", "key"),
            TextSpan(" and "),
            TextSpan("paperreader import PAGE.txt", "key"),
        ),
        (TextSpan("do the same. The papers appear here by themselves."),),
    )
