"""What the search bar suggests ahead of the cursor: earlier searches, else the last word completed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import NamedTuple

from textual.suggester import Suggester

from paperreader.models import Completion
from paperreader.text.sanitize import fold_for_search, single_line
from paperreader.tui.runtime.tasks import run_in_thread

COMPLETION_DELAY_SECONDS = 0.05
"""A word is completed when no letter came for so long: by then its search is done, which would be held up by it."""

MIN_QUERY_LENGTH = 2
"""Characters a search must have to be remembered, or to be completed from memory."""


class Suggestion(NamedTuple):
    """A query with its last word completed."""

    shown: str
    """What stands in the line, and after it what is still to come."""
    query: str
    """What taking it makes of the line: another text where a name gets quotes before it as well."""


class QuerySuggester(Suggester):
    """Completes what is typed from earlier searches, the latest first, else its last word."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self.history: list[str] = []
        """The latest first."""
        self.completer: Callable[[str, Callable[[], bool]], Suggestion | None] | None = None
        """Gives a query its last word completed; may take a while, and is told when nobody waits any more."""
        self.last_suggestion = Suggestion("", "")
        """What was suggested last by `complete`."""
        self._latest_value = ""

    async def get_suggestion(self, value: str) -> str | None:
        self._latest_value = value
        if len(value) < MIN_QUERY_LENGTH:
            return None
        past = next((past for past in self.history if past.startswith(value)), None)
        if past is not None or self.completer is None:
            return None if past is None else single_line(past)
        complete = self.completer
        await asyncio.sleep(COMPLETION_DELAY_SECONDS)
        if value != self._latest_value:
            return None
        ahead = await run_in_thread(lambda: complete(value, lambda: value != self._latest_value))
        shown = single_line(ahead.shown) if ahead is not None else ""
        if ahead is None or value != self._latest_value or not shown.startswith(value):
            return None
        self.last_suggestion = Suggestion(shown, single_line(ahead.query))
        return shown


def suggestion_for(query: str, completion: Completion) -> Suggestion | None:
    """The query with a completion at its end; None where that does not go on as was typed.

    The opening quote that a name gets cannot be shown ahead of what stands there: only the rest of the name is.
    """
    begun = query[completion.start :]
    taken = query[: completion.start] + completion.text
    if completion.text.startswith(begun):
        return Suggestion(taken, taken) if taken != query else None
    name = completion.text.removeprefix('"')
    rest = name[len(begun) :]
    # Some characters are several when they are folded: there is no telling where the rest begins.
    if not rest or fold_for_search(name[: len(begun)]) != fold_for_search(begun):
        return None
    shown = query + rest
    return Suggestion(shown, taken if name != completion.text else shown)
