"""A question for a file or folder, whose path `tab` completes as a shell does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import ClassVar

from textual import on
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Input

from paperreader.text.cell_width import cell_width
from paperreader.text.sanitize import single_line
from paperreader.tui.commands.command import Mode
from paperreader.tui.dialogs.path_completion import PathCompletion, complete_path
from paperreader.tui.dialogs.text_prompt import PromptInput, TextPrompt
from paperreader.tui.runtime.tasks import run_in_thread
from paperreader.tui.widgets.text_line import TextLine, TextSpan

KEY_HOLD_SECONDS = 0.5
"""How long the keys after `tab` wait for a folder to be read. A disk that takes longer completes nothing any more
once something else was typed."""

_COLUMN_GAP = 2
"""Blanks between two names."""


class PathCandidates(TextLine):
    """The names that a path can go on with, as many as fit; or what is wrong with the path."""

    completion: reactive[PathCompletion | None] = reactive["PathCompletion | None"](None)
    error: reactive[str] = reactive("")

    def spans(self, width: int) -> Sequence[TextSpan]:
        if self.error:
            return [TextSpan(f"  {single_line(self.error)}", "strong")]
        if self.completion is None or self.completion.is_unique:
            return ()
        if not self.completion.names:
            return [TextSpan("  nothing there begins so", "muted")]
        shown = [single_line(name) for name in self.completion.names]
        fit = len(shown)
        while (
            fit > 1
            and sum(cell_width(name) + _COLUMN_GAP for name in shown[:fit]) + _omitted_width(shown, fit)
            > width
        ):
            fit -= 1
        rest = f"+{len(shown) - fit:,}" if fit < len(shown) else ""
        blank = " " * _COLUMN_GAP
        return [TextSpan(blank + blank.join(shown[:fit])), TextSpan(blank + rest, "muted")]


class PathInput(PromptInput):
    """The line the path is typed in."""

    def action_complete(self) -> None:
        prompt = self.screen
        assert isinstance(prompt, PathPrompt)
        prompt.complete()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return True


class PathPrompt(TextPrompt):
    """Gives the path as it was typed, or None."""

    footer_mode: ClassVar[Mode] = "path"

    def __init__(
        self,
        title: str,
        hint: str,
        *,
        defer_keys: Callable[[], AbstractContextManager[None]],
        value: str = "",
        placeholder: str = "",
        validate: Callable[[str], str] = lambda path: "",
    ) -> None:
        """
        Args:
            title, hint: what is asked for.
            hold: lets keys wait while its body runs: what is typed after `tab` goes on from what `tab` gave.
            value, placeholder: as in `LinePrompt`.
            wrong: says in a sentence what is wrong with a path, or nothing; called in a thread. The prompt stays with
                what was typed, and the sentence under it.
        """
        super().__init__(title, hint, value=value, placeholder=placeholder)
        self._defer_keys, self._validate = defer_keys, validate

    def compose_input(self, value: str, placeholder: str) -> Iterable[Widget]:
        yield PathInput(value, placeholder=placeholder, compact=True)
        yield PathCandidates()

    def accept(self, value: str | None) -> None:
        """Give what was typed, or say what is wrong with it."""
        if value is None:
            self.dismiss(None)
        else:
            self.run_worker(self._validate_and_accept(value), group="taking", exclusive=True)

    async def _validate_and_accept(self, typed: str) -> None:
        with self._defer_keys():
            wrong = await run_in_thread(lambda: self._validate(typed))
        if not self.is_current:
            return
        if wrong:
            self.query_one(PathCandidates).error = wrong
        else:
            self.dismiss(typed)

    def complete(self) -> None:
        """Type the rest of the path as far as it is certain, and show how it can go on."""
        self.run_worker(self._complete(), group="completing", exclusive=True)

    async def _complete(self) -> None:
        line = self.query_one(PathInput)
        asked = line.value
        reading = asyncio.ensure_future(run_in_thread(lambda: complete_path(asked)))
        with self._defer_keys():
            await asyncio.wait({reading}, timeout=KEY_HOLD_SECONDS)
            if reading.done():
                self._show_completion(line, asked, reading.result())
                return
        self._show_completion(line, asked, await reading)

    def _show_completion(self, line: PathInput, asked: str, found: PathCompletion) -> None:
        if line.value != asked:
            return
        with line.prevent(Input.Changed):
            line.value = found.text
        line.cursor_position = len(found.text)
        names = self.query_one(PathCandidates)
        names.completion, names.error = found, ""

    @on(Input.Changed)
    def _input_changed(self, event: Input.Changed) -> None:
        event.stop()
        names = self.query_one(PathCandidates)
        names.completion, names.error = None, ""


def _omitted_width(names: Sequence[str], fit: int) -> int:
    """Cells that telling of those left out takes."""
    return _COLUMN_GAP + cell_width(f"+{len(names) - fit:,}") if fit < len(names) else 0
