"""Papers piped into commands of the user: chosen with a key, or typed."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from paperreader.config.settings import PipeInput, UserCommand
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.context.job_status import JobStatus
from paperreader.tui.controllers.papers.copy_open import CopyOpenController
from paperreader.tui.controllers.papers.marks import MarksController, paper_count
from paperreader.tui.controllers.papers.notes import NotesController
from paperreader.tui.controllers.programs.summaries import SummariesController
from paperreader.tui.runtime.threads import run_in_thread

if TYPE_CHECKING:
    from paperreader.library import Library
    from paperreader.system.shell_words import ShellCommand
    from paperreader.system.user_programs import ProgramResult

MAX_PIPED = 500
"""Papers of one selection: more are exported to a file."""

TERMINAL_SIGN = "!"
"""In front of a typed command, it leaves the terminal to the command."""

_STATE_KEY = "pipe"
"""The key of the local state for the last input and command that were typed."""

_INPUTS: Mapping[PipeInput, tuple[str, str, str]] = {
    "text": ("text", "t", "title, authors, links, abstract, note"),
    "fulltext": ("full text", "f", "title and full text, or abstract where none is stored"),
    "markdown": ("Markdown", "m", "as exported"),
    "bibtex": ("BibTeX", "b", "as exported"),
    "json": ("JSON", "o", "one object a line, as of show --json"),
}
"""What can be piped: label, key and description."""


class PipeController:
    """Text of papers goes to standard input only, never into the arguments of a command."""

    def __init__(
        self,
        ctx: ReaderContext,
        marks: MarksController,
        notes: NotesController,
        copy_open: CopyOpenController,
        jobs: JobStatus,
    ) -> None:
        self._ctx, self._marks, self._notes, self._copy_open = ctx, marks, notes, copy_open
        self.summaries: SummariesController = SummariesController(ctx, marks, jobs)

    def choose(self) -> None:
        """Choose what to pipe, and type the command."""
        from paperreader.tui.dialogs.choice import Choice, ChoiceDialog

        rows = self._target_rows()
        if not rows:
            return
        choices = [Choice(label, text, name, key=key) for name, (label, key, text) in _INPUTS.items()]
        start = list(_INPUTS).index(self._last()[0])
        title = f"Pipe {'this paper' if len(rows) == 1 else paper_count(len(rows))} as"
        dialog = ChoiceDialog(title, choices, self._ctx.glyphs, initial_index=start)
        self._ctx.ui.push_dialog(dialog, lambda value: self._ask_command(rows, title, value))

    def run_named(self, name: str) -> None:
        """Run a command of the settings."""
        from paperreader.system.shell_words import ShellCommand

        rows = self._target_rows()
        if rows:
            command = self._ctx.settings.commands[name]
            words = (os.path.expanduser(command.run[0]), *command.run[1:])  # noqa: PTH111 - words, not paths
            program = ShellCommand(words, {})
            if command.output == "summary":
                self.summaries.start(rows, name, partial(self._run_for_paper, command, program))
            else:
                self._run(rows, command, program, command.title or name)

    def _target_rows(self) -> list[int]:
        rows = self._marks.target_rows
        if len(rows) > MAX_PIPED:
            self._ctx.ui.inform(f"Too many papers for a command: select at most {MAX_PIPED}")
            return []
        return rows

    def _ask_command(self, rows: Sequence[int], title: str, kind: PipeInput | None) -> None:
        from paperreader.tui.dialogs.text_prompt import TextPrompt

        if kind is None:
            return
        prompt = TextPrompt(
            f"{title} {_INPUTS[kind][0]} into a command",
            f"{TERMINAL_SIGN}less uses the terminal",
            value=self._last()[1],
            placeholder="wc -w",
        )
        self._ctx.ui.push_dialog(prompt, lambda typed: self._run_typed(rows, kind, typed))

    def _run_typed(self, rows: Sequence[int], kind: PipeInput, typed: str | None) -> None:
        from paperreader.system.shell_words import parse_command

        line = (typed or "").strip().removeprefix("|").strip()
        text = line.removeprefix(TERMINAL_SIGN)
        try:
            words = parse_command(text, os.environ)
        except ValueError as error:
            self._ctx.ui.fail(f'Cannot run the command: {error}, or write sh -c "…".')
            return
        if not words.words:
            return
        state, remembered = self._ctx.library.state, [kind, line]
        self._ctx.tasks.start_in_thread(lambda: state.set(_STATE_KEY, remembered), group="state")
        command = UserCommand(input=kind, output="terminal" if text != line else "pane")
        self._run(rows, command, words, text.strip())

    def _last(self) -> tuple[PipeInput, str]:
        """Return the input and the command that were typed last."""
        last = self._ctx.library.state.get(_STATE_KEY)
        if isinstance(last, list) and len(last) == 2 and all(isinstance(each, str) for each in last):
            for kind in _INPUTS:
                if kind == last[0]:
                    return kind, last[1]
        return "text", ""

    def _run(self, rows: Sequence[int], command: UserCommand, words: ShellCommand, title: str) -> None:
        if command.output == "note" and len(rows) > 1:
            self._ctx.ui.inform("The output is a note of one paper: end the selection first")
        elif command.output == "terminal":
            self._ctx.tasks.start(self._run_in_terminal(rows, command, words), group="piping")
        else:
            self._run_in_pane(rows, command, words, title)

    async def _run_in_terminal(self, rows: Sequence[int], command: UserCommand, words: ShellCommand) -> None:
        from paperreader.tui.terminal.foreground import run_and_pause

        library = self._ctx.library
        data = await run_in_thread(lambda: _command_input(library, rows, command.input).encode())
        self._ctx.ui.run_in_terminal(partial(run_and_pause, words, data))
        self._ctx.ui.clear_message()

    def _run_in_pane(
        self, rows: Sequence[int], command: UserCommand, words: ShellCommand, title: str
    ) -> None:
        from paperreader.tui.dialogs.output import Outcome, OutputDialog

        def run(is_cancelled: Callable[[], bool]) -> ProgramResult:
            return self._run_program(rows, command, words, is_cancelled)

        def closed(outcome: Outcome | None) -> None:
            if outcome is not None and outcome[0] == "copy":
                self._copy_open.copy(outcome[1])
            elif outcome is not None:
                self._add_to_note(rows[0], outcome[1])

        dialog = OutputDialog(title, run, to_note=command.output == "note", has_note=len(rows) == 1)
        self._ctx.ui.push_dialog(dialog, closed)

    def _run_for_paper(
        self, command: UserCommand, words: ShellCommand, row: int, is_cancelled: Callable[[], bool]
    ) -> ProgramResult:
        return self._run_program([row], command, words, is_cancelled)

    def _run_program(
        self,
        rows: Sequence[int],
        command: UserCommand,
        words: ShellCommand,
        is_cancelled: Callable[[], bool],
    ) -> ProgramResult:
        """Run a command without a terminal. For worker threads."""
        from paperreader.system.user_programs import run_program

        data = _command_input(self._ctx.library, rows, command.input)
        return run_program(words, data, timeout=command.timeout, is_cancelled=is_cancelled)

    def _add_to_note(self, row: int, output: str) -> None:
        """Append an output to the note of a paper, which can be undone."""
        from paperreader.tui.model.note_drafts import NoteDraft

        paper = self._ctx.paper_at(row)
        if paper is None:
            return
        if not output.strip():
            self._ctx.ui.inform("No output: the note is unchanged")
            return
        note = NoteDraft(paper.id, paper.title, self._ctx.library.mark(row).note_text)
        before = note.saved_text.rstrip()
        self._notes.save_text(note, f"{before}\n\n{output}" if before else output)


def _command_input(library: Library, rows: Sequence[int], kind: PipeInput) -> str:
    from paperreader.library import command_input

    return command_input(library, rows, kind)
