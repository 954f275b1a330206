"""Subscriptions as views: kept up with their file, begun and ended with a key."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from textual.timer import Timer

from paperreader import subscriptions
from paperreader.errors import PaperreaderError
from paperreader.library import View, query_of_view, view_for_query
from paperreader.models import MarkChange
from paperreader.subscriptions import MAX_NAME_LENGTH, Subscription, Subscriptions
from paperreader.text.cell_width import truncate_cells
from paperreader.tui.controllers.sync import Following
from paperreader.tui.model.list_query import ListQuery
from paperreader.tui.model.views import BUILT_IN_VIEWS, ListView
from paperreader.tui.runtime.tasks import run_in_thread
from paperreader.tui.widgets.text_line import TextSpan

FILE_POLL_SECONDS = 2.0
"""How often the file is looked at: people edit it by hand while they read."""

RECOUNT_SECONDS = 1.0
"""How long nothing is marked before subscriptions that ask for marks are counted again."""

_MARK_FIELDS = re.compile(r"\b(?:is|has|tag|note):", re.I)
"""In a query: what is found depends on marks."""

_VIEW_FILTERS: Mapping[str, str] = MappingProxyType(
    {"new": "is:new", "unread": "is:unread", "bookmarks": "is:bookmarked", "code": "has:code"}
)
"""What the built-in views are in the words of a query."""


class Subscribing(Following):
    """The file is read and written in workers; what is wrong with it is told once."""

    _subscriptions = Subscriptions()
    _looking_at_file = False
    _looked_at_file = False
    """Whether the file was looked at, be there one or not."""
    _told_once: frozenset[str] = frozenset()
    _until_recount: Timer | None = None

    def follow(self) -> None:
        super().follow()
        self.set_interval(FILE_POLL_SECONDS, self.look_at_subscriptions)
        self.look_at_subscriptions()

    def views_to_come(self) -> frozenset[View]:
        """The views there are and, while the file was not read yet, the one the reader was left in."""
        left = self.library.state.get("position")
        view = left.get("view") if isinstance(left, dict) else None
        awaited = {view} if isinstance(view, str) and query_of_view(view) is not None else set()
        return frozenset({*awaited, *(shelf.id for shelf in self.shelves)})

    def look_at_subscriptions(self) -> None:
        """Read the file again where it is another than before."""
        if not self._looking_at_file:
            self._looking_at_file = True
            self.beside(self._look_at_file(), group="subscriptions")

    async def _look_at_file(self) -> None:
        known = self._subscriptions.signature
        try:
            found = await run_in_thread(
                lambda: (
                    None if subscriptions.file_signature() == known else subscriptions.load_subscriptions()
                )
            )
        except PaperreaderError as error:
            self._tell_once(str(error))
            return
        finally:
            self._looking_at_file = False
        if found is not None or not self._looked_at_file:
            self._looked_at_file = True
            self._adopt_subscriptions(found or self._subscriptions)

    def _adopt_subscriptions(self, found: Subscriptions) -> None:
        self._subscriptions = found
        for problem in found.problems:
            self._tell_once(str(problem))
        self.shelves = (*BUILT_IN_VIEWS, *map(_shelf, found.entries))
        view = self.question.view
        if query_of_view(view) is not None and all(shelf.id != view for shelf in self.shelves):
            self.ask(self.question._replace(view="all"), self.place())
        self.counted()
        self.beside(self.count(), group="counting")

    def _tell_once(self, sentence: str) -> None:
        """Tell what is wrong, once."""
        if sentence not in self._told_once:
            self._told_once |= {sentence}
            self.warn(sentence)

    def marks_changed(self, changed: Sequence[MarkChange]) -> None:
        super().marks_changed(changed)
        if any(_MARK_FIELDS.search(entry.query) for entry in self._subscriptions.entries):
            if self._until_recount is not None:
                self._until_recount.stop()
            self._until_recount = self.set_timer(
                RECOUNT_SECONDS, lambda: self.beside(self.count(), group="counting")
            )

    def index_renewed(self) -> None:
        super().index_renewed()
        if self._subscriptions.entries:
            self.beside(self.count(), group="counting")
            if query_of_view(self.question.view) is not None and not self.question.is_search:
                self.ask_again()

    # Beginning and ending

    def action_subscribe(self) -> None:
        """Keep what is searched for; on a subscription with no further search, offer to end it."""
        if self.question.related_to:
            self.say("Related papers are no search: ", TextSpan("/", "key"), " searches for words")
            return
        query = combined_query(self.question)
        known = next((each for each in self._subscriptions.entries if each.query == query), None)
        if known is not None:
            self._offer_end(known)
        elif query:
            self._ask_name(query)
        else:
            self.say("Nothing is searched for: ", TextSpan("/", "key"), " and words first")

    def _ask_name(self, query: str) -> None:
        from paperreader.tui.dialogs.text_prompt import TextPrompt

        about = f"{truncate_cells(query, 50, self.glyphs.ellipsis)}  as"
        prompt = TextPrompt("Subscribe to", about, value=query[:MAX_NAME_LENGTH])
        self.app.push_screen(prompt, lambda name: self._begin_subscription(name, query) if name else None)

    def _begin_subscription(self, name: str, query: str) -> None:
        self._change_subscriptions(lambda: subscriptions.add_subscription(name, query), "Subscribed: ")

    def _offer_end(self, known: Subscription) -> None:
        from paperreader.tui.dialogs.choice import Choice, ChoiceDialog

        choices = [Choice("keep", "stay subscribed", False), Choice("end", "its papers stay", True, key="x")]
        self.app.push_screen(
            ChoiceDialog(f"Subscribed to {known.name}", choices, self.glyphs),
            lambda sure: (
                self._change_subscriptions(
                    lambda: subscriptions.remove_subscription(known.name), "No longer subscribed: "
                )
                if sure
                else None
            ),
        )

    def _change_subscriptions(self, act: Callable[[], Subscription], done: str) -> None:
        self.beside(self._write_subscription(act, done), group="subscriptions")

    async def _write_subscription(self, act: Callable[[], Subscription], done: str) -> None:
        def write() -> tuple[Subscription, Subscriptions]:
            return act(), subscriptions.load_subscriptions()

        try:
            entry, found = await run_in_thread(write)
        except PaperreaderError as error:
            self.complain(error)
            return
        self._adopt_subscriptions(found)
        place = next(
            (
                n
                for n, shelf in enumerate(self.shelves, 1)
                if shelf.id == view_for_query(entry.effective_query)
            ),
            0,
        )
        shows = (
            (TextSpan(f"  {place}", "key"), " shows its papers") if len(BUILT_IN_VIEWS) < place <= 9 else ()
        )
        self.say(done, TextSpan(entry.name, "text"), *shows)


def combined_query(question: ListQuery) -> str:
    """What a question of view and words is as one query; empty where it asks for everything."""
    within, words = query_of_view(question.view), question.text.strip()
    if within is not None and words:
        parts = [f"({within.strip()})", words]
    else:
        parts = [within.strip() if within is not None else _VIEW_FILTERS.get(question.view, ""), words]
    if question.code_only and question.view != "code":
        parts.append("has:code")
    return " ".join(part for part in parts if part)


def _shelf(entry: Subscription) -> ListView:
    return ListView(
        view_for_query(entry.effective_query),
        entry.name,
        entry.name,
        "No paper answers to this subscription yet.",
    )
