"""Suggestions of the search bar: earlier queries, else a completion of the last word."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import NamedTuple

from textual.suggester import Suggester

from paperreader.models import Completion
from paperreader.text.sanitize import fold_for_search, single_line
from paperreader.tui.runtime.threads import run_in_thread

COMPLETION_DELAY_SECONDS = 0.05
"""Pause in typing before a word is completed. By then its search is finished, which completion would slow down."""

MIN_QUERY_LENGTH = 2
"""Characters a query must have to be added to the history or to be completed."""


class Suggestion(NamedTuple):
    """A completed query."""

    shown: str
    """The typed text, followed by its completion."""
    query: str
    """The query after accepting it. It differs from `shown` where a name also gets an opening quote."""


class QuerySuggester(Suggester):
    """Completes a query from the history, the latest first, else completes its last word."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self.history: list[str] = []
        """Earlier queries, the latest first."""
        self.completer: Callable[[str, Callable[[], bool]], Suggestion | None] | None = None
        """Completes the last word of a query; runs in a thread. The second argument returns true once the result is
        no longer needed."""
        self.last_suggestion = Suggestion("", "")
        """The last suggestion of `completer`."""
        self._latest_value = ""

    async def get_suggestion(self, value: str) -> str | None:
        self._latest_value = value
        if len(value) < MIN_QUERY_LENGTH:
            return None
        earlier = next((earlier for earlier in self.history if earlier.startswith(value)), None)
        if earlier is not None or self.completer is None:
            return earlier
        complete = self.completer
        await asyncio.sleep(COMPLETION_DELAY_SECONDS)
        if value != self._latest_value:
            return None
        suggestion = await run_in_thread(lambda: complete(value, lambda: value != self._latest_value))
        shown = single_line(suggestion.shown) if suggestion is not None else ""
        if suggestion is None or value != self._latest_value or not shown.startswith(value):
            return None
        self.last_suggestion = Suggestion(shown, single_line(suggestion.query))
        return shown


def suggestion_for(query: str, completion: Completion) -> Suggestion | None:
    """Return the query with its last word completed; None where the completion does not start with that word.

    The opening quote of a quoted name cannot be shown before the typed text, so only the rest of the name is shown.
    """
    typed = query[completion.start :]
    accepted = query[: completion.start] + completion.text
    if completion.text.startswith(typed):
        return Suggestion(accepted, accepted) if accepted != query else None
    name = completion.text.removeprefix('"')
    rest = name[len(typed) :]
    # Folding can change the number of characters: then the start of the rest is unknown.
    if not rest or fold_for_search(name[: len(typed)]) != fold_for_search(typed):
        return None
    shown = query + rest
    return Suggestion(shown, accepted if name != completion.text else shown)
