"""Summaries of papers by commands of the user: one run a paper, stored with the marks."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from paperreader.errors import PaperreaderError
from paperreader.models import MAX_SUMMARY_CHARS, MarkChange, Summary
from paperreader.text.counts import format_count
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.context.job_status import JobStatus
from paperreader.tui.controllers.papers.marks import UNDO_HINT, MarksController, short_title
from paperreader.tui.runtime.threads import run_in_thread
from paperreader.tui.widgets.text_line import TextSpan

if TYPE_CHECKING:
    from paperreader.system.user_programs import ProgramResult

MAX_FAILURES = 3
"""Papers in succession for which a command fails, after which the others are left out."""

RunForPaper = Callable[[int, Callable[[], bool]], "ProgramResult"]
"""Runs a command for the paper of a row, in a thread, and stops it when the function that it gets returns True."""


class SummariesController:
    """The user reads on meanwhile. Each summary is stored as soon as its command has ended, as one undoable change."""

    def __init__(self, ctx: ReaderContext, marks: MarksController, jobs: JobStatus) -> None:
        self._ctx, self._marks, self._jobs = ctx, marks, jobs
        self._was_stopped = False

    @property
    def is_running(self) -> bool:
        """Whether a command is running."""
        return self._jobs.is_running("summaries")

    def stop(self) -> None:
        """Stop the command. The summaries so far stay."""
        self._was_stopped = True

    def start(self, rows: Sequence[int], name: str, run: RunForPaper) -> None:
        """Run a command for each paper, one after the other.

        Args:
            rows: which papers.
            name: of the command in the settings, under which a summary is stored. It replaces an earlier one.
            run: runs it.
        """
        if self.is_running:
            self._ctx.ui.inform("A summary is being made  ", TextSpan("escape", "key"), " cancels it")
            return
        self._was_stopped = False
        ids = [self._ctx.library.table.id_of(row) for row in rows]
        self._ctx.ui.inform(
            f"Running {name} for {format_count(len(ids), 'paper')}  ",
            TextSpan("escape", "key"),
            TextSpan(" cancels", "muted"),
        )
        self._ctx.tasks.start(self._run_all(ids, name, run), group="summaries")

    def choose_deletion(self) -> None:
        """Delete the summaries of the paper or the selection; of several commands, ask which."""
        from paperreader.tui.dialogs.choice import Choice, ChoiceDialog

        rows = self._marks.target_rows
        names = sorted({name for row in rows for name in self._ctx.library.mark(row).generated})
        if not names:
            self._ctx.ui.inform("No generated summary to delete")
        elif len(names) == 1:
            self._delete(rows, names)
        else:
            choices = [Choice(name, "", [name]) for name in names]
            choices.append(Choice("all", "", names))
            dialog = ChoiceDialog("Delete the summary by which command?", choices, self._ctx.glyphs)
            self._ctx.ui.push_dialog(dialog, lambda chosen: self._delete(rows, chosen) if chosen else None)

    def _delete(self, rows: Sequence[int], names: Sequence[str]) -> None:
        change = MarkChange("", summaries=dict.fromkeys(names))
        self._marks.apply(rows, change, "delete summary", "Summary deleted: ")

    async def _run_all(self, ids: Sequence[str], name: str, run: RunForPaper) -> None:
        report = _Report(name)
        with self._jobs.running("summaries", name):
            for number, id in enumerate(ids, 1):
                if self._was_stopped or report.failures_in_succession >= MAX_FAILURES:
                    break
                self._jobs.show(f"{name} {number}/{len(ids)}" if len(ids) > 1 else name, "summaries")
                await self._run_one(id, name, run, report)
        left = len(ids) - report.stored - report.failed
        self._ctx.ui.clear_message()
        if report.failed:
            self._ctx.ui.fail(report.failure_message(left if not self._was_stopped else 0))
        if self._was_stopped:
            self._ctx.ui.inform(f"{name} was cancelled{report.stored_message(', ')}")
        elif report.stored == 1:
            self._ctx.ui.inform(
                f"Summary by {name}{report.cut_message}: ", TextSpan(report.title, "text"), *UNDO_HINT
            )
        elif report.stored:
            self._ctx.ui.inform(f"{report.stored_message('')} by {name}{report.cut_message}", *UNDO_HINT)

    async def _run_one(self, id: str, name: str, run: RunForPaper, report: _Report) -> None:
        library = self._ctx.library
        row = library.table.row_of(id)
        if row is None:
            report.fail("the paper is not in the library any more")
            return
        try:
            paper = library.paper(row)
            result = await run_in_thread(lambda: run(row, self._is_cancelled))
        except PaperreaderError as error:
            report.fail(str(error).rstrip("."))
            return
        if result.is_cancelled:
            self._was_stopped = True
        elif result.failure or not result.output.strip():
            last_line = result.output.strip().rpartition("\n")[2]
            report.fail(": ".join(filter(None, (result.failure, last_line))) or f"{name} printed nothing")
        else:
            text = result.output.strip()
            today = datetime.date.today().isoformat()
            summary = Summary(text[:MAX_SUMMARY_CHARS].rstrip(), today)
            change = MarkChange(id, title=paper.title, summaries={name: summary})
            title = short_title(paper.title)
            report.add(title, is_cut=len(text) > MAX_SUMMARY_CHARS)
            self._marks.history.apply("summary", title, [change], on_failed=self._marks.report_save_error)

    def _is_cancelled(self) -> bool:
        return self._was_stopped or not self._ctx.tasks.is_running


class _Report:
    """What became of the papers."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.stored = self.failed = self.failures_in_succession = self._cut = 0
        self.title = self._reason = ""

    def add(self, title: str, *, is_cut: bool) -> None:
        """Count a summary that is stored."""
        self.title = title
        self.stored += 1
        self._cut += is_cut
        self.failures_in_succession = 0

    def fail(self, reason: str) -> None:
        """Count a paper without a summary."""
        self._reason = self._reason or reason
        self.failed += 1
        self.failures_in_succession += 1

    def failure_message(self, left: int) -> str:
        """Return what went wrong. `left` papers were left out because of it."""
        reason = self._reason[:1].upper() + self._reason[1:]
        count = f" ({format_count(self.failed, 'paper')} failed)" if self.failed > 1 else ""
        others = f"; {format_count(left, 'other paper')} left out" if left else ""
        return f"{reason}{count}{others}."

    def stored_message(self, before: str) -> str:
        """Return how many summaries there are; empty for none."""
        if not self.stored:
            return ""
        return f"{before}{self.stored:,} {'summary' if self.stored == 1 else 'summaries'} stored"

    @property
    def cut_message(self) -> str:
        return f", cut to {MAX_SUMMARY_CHARS:,} characters" if self._cut else ""
