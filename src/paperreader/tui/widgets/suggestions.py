"""What the search bar suggests ahead of the cursor: earlier searches, else the last word completed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import NamedTuple

from textual.suggester import Suggester

from paperreader.models import Completion
from paperreader.text.clean import fold, printable
from paperreader.tui.runtime.tasks import in_thread

LULL_SECONDS = 0.05
"""A word is completed when no letter came for so long: by then its search is done, which would be held up by it."""

LEAST_REMEMBERED = 2
"""Characters a search must have to be remembered, or to be completed from memory."""


class Ahead(NamedTuple):
    """A query with its last word completed."""

    shown: str
    """What stands in the line, and after it what is still to come."""
    query: str
    """What taking it makes of the line: another text where a name gets quotes before it as well."""


class Earlier(Suggester):
    """Completes what is typed from earlier searches, the latest first, else its last word."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self.history: list[str] = []
        """The latest first."""
        self.complete: Callable[[str, Callable[[], bool]], Ahead | None] | None = None
        """Gives a query its last word completed; may take a while, and is told when nobody waits any more."""
        self.ahead = Ahead("", "")
        """What was suggested last by `complete`."""
        self._latest = ""

    async def get_suggestion(self, value: str) -> str | None:
        self._latest = value
        if len(value) < LEAST_REMEMBERED:
            return None
        past = next((past for past in self.history if past.startswith(value)), None)
        if past is not None or self.complete is None:
            return None if past is None else printable(past)
        complete = self.complete
        await asyncio.sleep(LULL_SECONDS)
        if value != self._latest:
            return None
        ahead = await in_thread(lambda: complete(value, lambda: value != self._latest))
        shown = printable(ahead.shown) if ahead is not None else ""
        if ahead is None or value != self._latest or not shown.startswith(value):
            return None
        self.ahead = Ahead(shown, printable(ahead.query))
        return shown


def ahead_of(query: str, completion: Completion) -> Ahead | None:
    """The query with a completion at its end; None where that does not go on as was typed.

    The opening quote that a name gets cannot be shown ahead of what stands there: only the rest of the name is.
    """
    begun = query[completion.start :]
    taken = query[: completion.start] + completion.text
    if completion.text.startswith(begun):
        return Ahead(taken, taken) if taken != query else None
    name = completion.text.removeprefix('"')
    rest = name[len(begun) :]
    # Some characters are several when they are folded: there is no telling where the rest begins.
    if not rest or fold(name[: len(begun)]) != fold(begun):
        return None
    shown = query + rest
    return Ahead(shown, taken if name != completion.text else shown)
