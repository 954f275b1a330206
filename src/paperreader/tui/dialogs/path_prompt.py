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

from paperreader.text.cell_width import cells
from paperreader.text.clean import printable
from paperreader.tui.commands.footer_hints import Mode
from paperreader.tui.dialogs.path_completion import Completion, completion
from paperreader.tui.dialogs.text_prompt import LinePrompt, PromptInput
from paperreader.tui.runtime.tasks import in_thread
from paperreader.tui.widgets.text_line import OneLine, Piece

HOLD_SECONDS = 0.5
"""How long the keys after `tab` wait for a folder to be read. A disk that takes longer completes nothing any more
once something else was typed."""

_GAP = 2
"""Blanks between two names."""


class PathNames(OneLine):
    """The names that a path can go on with, as many as fit; or what is wrong with the path."""

    found: reactive[Completion | None] = reactive["Completion | None"](None)
    wrong: reactive[str] = reactive("")

    def pieces(self, width: int) -> Sequence[Piece]:
        if self.wrong:
            return [Piece(f"  {printable(self.wrong)}", "strong")]
        if self.found is None or self.found.certain:
            return ()
        if not self.found.names:
            return [Piece("  nothing there begins so", "muted")]
        shown = [printable(name) for name in self.found.names]
        fit = len(shown)
        while fit > 1 and sum(cells(name) + _GAP for name in shown[:fit]) + _more(shown, fit) > width:
            fit -= 1
        rest = f"+{len(shown) - fit:,}" if fit < len(shown) else ""
        blank = " " * _GAP
        return [Piece(blank + blank.join(shown[:fit])), Piece(blank + rest, "muted")]


class PathInput(PromptInput):
    """The line the path is typed in."""

    def action_complete(self) -> None:
        prompt = self.screen
        assert isinstance(prompt, PathPrompt)
        prompt.complete()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return True


class PathPrompt(LinePrompt):
    """Gives the path as it was typed, or None."""

    footer_mode: ClassVar[Mode] = "path"

    def __init__(
        self,
        title: str,
        hint: str,
        *,
        hold: Callable[[], AbstractContextManager[None]],
        value: str = "",
        placeholder: str = "",
        wrong: Callable[[str], str] = lambda path: "",
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
        self._hold, self._wrong = hold, wrong

    def lines(self, value: str, placeholder: str) -> Iterable[Widget]:
        yield PathInput(value, placeholder=placeholder, compact=True)
        yield PathNames()

    def take(self, typed: str | None) -> None:
        """Give what was typed, or say what is wrong with it."""
        if typed is None:
            self.dismiss(None)
        else:
            self.run_worker(self._take(typed), group="taking", exclusive=True)

    async def _take(self, typed: str) -> None:
        with self._hold():
            wrong = await in_thread(lambda: self._wrong(typed))
        if not self.is_current:
            return
        if wrong:
            self.query_one(PathNames).wrong = wrong
        else:
            self.dismiss(typed)

    def complete(self) -> None:
        """Type the rest of the path as far as it is certain, and show how it can go on."""
        self.run_worker(self._complete(), group="completing", exclusive=True)

    async def _complete(self) -> None:
        line = self.query_one(PathInput)
        asked = line.value
        reading = asyncio.ensure_future(in_thread(lambda: completion(asked)))
        with self._hold():
            await asyncio.wait({reading}, timeout=HOLD_SECONDS)
            if reading.done():
                self._show(line, asked, reading.result())
                return
        self._show(line, asked, await reading)

    def _show(self, line: PathInput, asked: str, found: Completion) -> None:
        if line.value != asked:
            return
        with line.prevent(Input.Changed):
            line.value = found.text
        line.cursor_position = len(found.text)
        names = self.query_one(PathNames)
        names.found, names.wrong = found, ""

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        names = self.query_one(PathNames)
        names.found, names.wrong = None, ""


def _more(names: Sequence[str], fit: int) -> int:
    """Cells that telling of those left out takes."""
    return _GAP + cells(f"+{len(names) - fit:,}") if fit < len(names) else 0
