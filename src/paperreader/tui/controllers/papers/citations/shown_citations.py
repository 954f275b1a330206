"""Looks up how often the paper in the detail is cited, if the settings say so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from paperreader.errors import PaperreaderError, UsageError
from paperreader.tui.commands.command import BROWSING
from paperreader.tui.runtime.threads import run_in_thread

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.timer import Timer

    from paperreader.jobs.client import Job
    from paperreader.tui.context.context import ReaderContext

SHOWN_SECONDS = 1.0
"""A paper is asked for when it has been shown for so long."""

MAX_REQUESTS = 200
"""In one session, however many papers are shown."""


class ShownCitations:
    """Makes one request at a time, none before the first key, and none after a failure until `resume`.

    Args:
        ctx: of the reader.
        is_busy: returns whether the user has citations looked up.
    """

    def __init__(self, ctx: ReaderContext, is_busy: Callable[[], bool]) -> None:
        self._ctx, self._is_busy = ctx, is_busy
        self._timer: Timer | None = None
        self._job: Job | None = None
        self._is_working = self._was_stopped = self._is_paused = self._has_keys = False
        self._requests = 0
        self._answered: set[str] = set()
        """Ids of papers for which nothing is to be requested any more."""
        signals = ctx.signals
        signals.key_pressed.connect(lambda _: self._note_key())
        for signal in (signals.cursor_moved, signals.results_shown, signals.mode_changed):
            signal.connect(lambda _: self._restart())

    def stop(self) -> None:
        """Cancel what is waiting and what is being requested, until another paper is shown."""
        self._cancel_timer()
        self._was_stopped = True
        if self._job is not None:
            self._job.stop()

    def resume(self) -> None:
        """Continue after a failure: the user has asked the service, which responded."""
        self._is_paused = False
        self._restart()

    def _note_key(self) -> None:
        if not self._has_keys:
            self._has_keys = True
            self._restart()

    def _restart(self) -> None:
        """Start the wait again: another paper is shown, or in another way."""
        self._cancel_timer()
        id = self._shown_id()
        if self._has_keys and not self._is_paused and id and id not in self._answered:
            self._timer = self._ctx.tasks.after(SHOWN_SECONDS, self._start)

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _shown_id(self) -> str:
        """Return the id of the paper that the user sees in the detail; empty if it shows none."""
        ui, row = self._ctx.ui, self._ctx.current_row
        has_detail = ui.mode == "detail" or (ui.mode in BROWSING and ui.arrangement != "single")
        return self._ctx.library.table.id_of(row) if row is not None and has_detail and ui.is_in_front else ""

    def _start(self) -> None:
        self._timer = None
        id = self._shown_id()
        if id and not self._is_working and not self._is_busy():  # else it is tried again when that has ended
            self._is_working, self._was_stopped = True, False
            self._ctx.tasks.start(self._look_up(id), group="shown-citations")

    async def _look_up(self, id: str) -> None:
        try:
            report = await self._request(id) if await run_in_thread(lambda: self._is_wanted(id)) else None
            if report is not None and report["problem"]:
                raise PaperreaderError(report["problem"])
        except PaperreaderError as error:
            if not self._was_stopped:
                self._is_paused = True
                self._ctx.ui.warn(f"Citations of shown papers are not requested any more: {error}")
            return
        finally:
            self._job, self._is_working = None, False
        if report is not None:
            self._ctx.signals.citations_stored.emit(None)
        if not self._was_stopped:
            self._restart()

    def _is_wanted(self, id: str) -> bool:
        """Return whether the service has to be asked about a paper. In a thread.

        Raises:
            UsageError: there is no service, or no key.
        """
        from paperreader.fetch import clock
        from paperreader.fetch.citations.keys import KEY_VARIABLES, SERVICE_LABELS, has_key, required_service

        settings, library = self._ctx.settings.citations, self._ctx.library
        service = required_service(settings)
        if not has_key(settings, service):
            raise UsageError(f"when_shown requires a key; set {KEY_VARIABLES[service]}.")
        known, today = library.citation_counts, clock.now().date()
        try:
            paper = library.paper(library.resolve(id))
        except PaperreaderError:  # damaged or removed, which the detail shows
            self._answered.add(id)
            return False
        is_known = known.is_fresh(id, today) or known.is_unknown(id, today, SERVICE_LABELS[service])
        if is_known or not (paper.arxiv or paper.doi):
            self._answered.add(id)
        return id not in self._answered

    async def _request(self, id: str) -> dict[str, Any] | None:
        """Ask about a paper, if it is still shown."""
        if id != self._shown_id() or self._is_busy() or self._was_stopped:
            return None
        if self._requests >= MAX_REQUESTS:
            raise UsageError(f"{MAX_REQUESTS:,} were requested in this session.")
        from paperreader.jobs.client import enrich_job

        self._requests += 1
        self._job = job = enrich_job(self._ctx.library.folder, [id])
        report = await run_in_thread(lambda: job.run(lambda _: None))
        self._answered.add(id)
        return report
