"""Fetching from inside the reader, in a process of its own, and adding what was pasted."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

from textual import events

from paperreader.errors import PaperreaderError
from paperreader.tui.controllers.imports import Importing
from paperreader.tui.runtime import notifications
from paperreader.tui.runtime.tasks import run_in_thread
from paperreader.tui.widgets.text_line import TextSpan

if TYPE_CHECKING:
    from paperreader.fetch.paper_refs import PaperRef
    from paperreader.jobs.client import Job

MAX_ADDED = 100
"""Papers of one paste."""

MAX_LISTED = 4
"""Of them are named when they are offered."""


class Fetching(Importing):
    """Papers appear as they arrive; reading goes on meanwhile, and waits for nothing."""

    _fetch: Job | None = None
    _stopped = False

    @property
    def fetching(self) -> bool:
        """Whether papers are on their way."""
        return self._fetch is not None

    def action_fetch(self) -> None:
        """Bring today's papers, and those of every day since the last fetch."""
        if self.may_fetch():
            self.beside(self._bring("fetch", ()), group="fetching")

    def may_fetch(self) -> bool:
        """Whether something can be fetched now; if not, why is said."""
        if self.library.is_sample:
            self.say("The samples stay as they are; papers go into a library of your own")
        elif self.fetching:
            self.say("Fetching already  ", TextSpan("escape", "key"), " stops it")
        else:
            return True
        return False

    def action_stop_fetching(self) -> None:
        """The same, as a key, which takes away first what is told in the corner."""
        if not notifications.dismiss_all(self.app):
            self.stop_fetching()

    def stop_fetching(self) -> None:
        """End a fetch that is under way. What has come stays, and the next one goes on from there."""
        if self._fetch is not None:
            self._stopped = True
            self._fetch.stop()

    def on_paste(self, event: events.Paste) -> None:
        """Offer to add the papers that a pasted text names; a line one types in keeps its pastes to itself."""
        if self.mode not in ("list", "detail", "welcome"):
            return
        from paperreader.fetch.paper_refs import find_refs

        event.stop()
        things = list(islice(find_refs(event.text), MAX_ADDED))
        if not things:
            self.say("Nothing to add: no arXiv id and no address of a paper was pasted")
        elif self.may_fetch():
            self._offer(things)

    def _offer(self, things: Sequence[PaperRef]) -> None:
        from paperreader.tui.dialogs.choice import Choice, ChoiceDialog

        named = ", ".join(map(str, things[:MAX_LISTED])) + (
            f" +{len(things) - MAX_LISTED}" if len(things) > MAX_LISTED else ""
        )
        choices = [Choice("add", named, "add", key="a")]
        here = self.library.table.row_of(things[0].value) if len(things) == 1 else None
        if here is not None:
            choices.insert(0, Choice("go to it", "it is in the library already", "go", key="g"))

        def taken(what: str | None) -> None:
            if what == "go" and here is not None:
                self.go_to(here)
            elif what == "add":
                self.beside(self._bring("add", [_ref_argument(thing) for thing in things]), group="fetching")

        self.app.push_screen(ChoiceDialog("Add what was pasted?", choices, self.glyphs), taken)

    async def _bring(self, task: Literal["fetch", "add"], names: Sequence[str]) -> None:
        from paperreader.jobs.client import Job

        child = self._fetch = Job(self.library.folder, task, names)
        self._stopped = False
        self.add_class("-fetched")  # an empty library has no status line until there is something to tell
        self.busy("fetching", "fetch")
        try:
            report = await run_in_thread(lambda: self.follow_child(child, "fetch"))
            await self.catch_up()
        except PaperreaderError as error:
            if self._stopped:
                self.say("Fetching stopped  ", TextSpan("r", "key"), " goes on with it")
            else:
                self.complain(error)
            return
        finally:
            self._fetch = None
            self.busy("", "fetch")
        self._tell_fetch(report)

    def _tell_fetch(self, report: dict[str, Any]) -> None:
        new, problems = report["new"], report["problems"]
        if new:
            self.say_new(f"{new:,} new  ")
        elif not problems:
            again = report["merged"]
            self.say(f"Nothing new, {again:,} brought up to date" if again else "Nothing new")
        for sentence in report["warnings"]:
            self.warn(sentence)
        self.warn_of(problems, "paperreader fetch")

    def go_to(self, row: int) -> None:
        """Show the paper of a row in the list of all."""
        raise NotImplementedError


def _ref_argument(thing: PaperRef) -> str:
    """What the other process understands as the same."""
    where = f"{thing.kind}/{thing.value}" if thing.value else thing.kind
    return thing.value if thing.kind == "paper" else f"https://huggingface.co/papers/{where}"
