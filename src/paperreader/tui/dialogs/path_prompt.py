"""A prompt for a file or folder. `tab` completes the path as a shell does."""

from __future__ import annotations

import asyncio
import os
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import ClassVar, NamedTuple

from textual import on
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Input

from paperreader import paths
from paperreader.text.cell_width import cell_width
from paperreader.text.sanitize import single_line
from paperreader.tui.commands.command import Mode
from paperreader.tui.dialogs.text_prompt import PromptInput, TextPrompt
from paperreader.tui.runtime.threads import run_in_thread
from paperreader.tui.widgets.text_line import TextLine, TextSpan

KEY_HOLD_SECONDS = 0.5
"""How long keys after `tab` are deferred while a folder is read. A completion that takes longer is dropped when
the path has changed."""

_COLUMN_GAP = 2
"""Cells between two names."""


class PathCompletion(NamedTuple):
    """A completed path."""

    text: str
    """The path completed to the longest common prefix; the typed text where nothing matches."""
    names: tuple[str, ...] = ()
    """The matching names, sorted; folders end with a slash."""

    @property
    def is_unique(self) -> bool:
        """Whether exactly one name matches."""
        return len(self.names) == 1


def complete_path(typed: str) -> PathCompletion:
    """Complete the path `typed` with the names in its folder.

    `~` is the home folder, and a relative path starts at the working directory. Hidden files match only a leading dot.
    The comparison is case-sensitive and, if nothing matches, case-insensitive. Names that cannot be typed are omitted.
    A folder that cannot be read counts as empty.
    """
    if typed == "~":
        return PathCompletion("~/", ("~/",))
    head, slash, begun = typed.rpartition("/")
    names = _list_names(paths.expand_path(head + slash))
    if not begun.startswith("."):
        names = [name for name in names if not name.startswith(".")]
    result = [name for name in names if name.startswith(begun)]
    result = result or [name for name in names if name.casefold().startswith(begun.casefold())]
    if not result:
        return PathCompletion(typed)
    common = os.path.commonprefix(result)  # noqa: RUF071 - by characters: these are no paths
    return PathCompletion(head + slash + max(common, begun, key=len), tuple(result))


def _list_names(folder: Path) -> list[str]:
    """Return the names in a folder, sorted; folders with a trailing slash."""
    try:
        with os.scandir(folder) as entries:
            result = [f"{entry.name}/" if _is_folder(entry) else entry.name for entry in entries]
    except (OSError, ValueError):  # ValueError: a null character
        return []
    return sorted(name for name in result if all(map(_is_name_character, name)) and name == name.strip())


def _is_name_character(char: str) -> bool:
    """Return whether a character of a file name can be shown: no control, format or line separator character."""
    return unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


class PathCandidates(TextLine):
    """The possible completions of a path, as many as fit; or the error of the path."""

    completion: reactive[PathCompletion | None] = reactive["PathCompletion | None"](None)
    error: reactive[str] = reactive("")

    def spans(self, width: int) -> Sequence[TextSpan]:
        if self.error:
            return [TextSpan(f"  {single_line(self.error)}", "strong")]
        if self.completion is None or self.completion.is_unique:
            return ()
        if not self.completion.names:
            return [TextSpan("  no matches", "muted")]
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
    """The input of the path."""

    def action_complete(self) -> None:
        prompt = self.screen
        assert isinstance(prompt, PathPrompt)
        prompt.complete()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return True


NULL_CHARACTER_ERROR = "No path contains a null character. Delete it."


class PathPrompt(TextPrompt):
    """Returns the path as typed, or None."""

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
            title, hint, value, placeholder: as in `TextPrompt`.
            defer_keys: a context manager that defers keys, so that keys after `tab` continue its completion.
            validate: returns the error message of a path, or ""; called in a thread. On an error the prompt stays
                open and shows the message.
        """
        super().__init__(title, hint, value=value, placeholder=placeholder)
        self._defer_keys, self._validate = defer_keys, validate

    def compose_input(self, value: str, placeholder: str) -> Iterable[Widget]:
        yield PathInput(value, placeholder=placeholder, compact=True)
        yield PathCandidates()

    def accept(self, value: str | None) -> None:
        """Close the prompt with `value` if it is valid, else show the error."""
        if value is None:
            self.dismiss(None)
        elif "\0" in value:
            self.query_one(PathCandidates).error = NULL_CHARACTER_ERROR
        else:
            self.run_worker(self._validate_and_accept(value), group="validating", exclusive=True)

    async def _validate_and_accept(self, typed: str) -> None:
        with self._defer_keys():
            error = await run_in_thread(lambda: self._validate(typed))
        if not self.is_current:
            return
        if error:
            self.query_one(PathCandidates).error = error
        else:
            self.dismiss(typed)

    def complete(self) -> None:
        """Complete the path as far as it is unambiguous, and show the candidates."""
        self.run_worker(self._complete(), group="completing", exclusive=True)

    async def _complete(self) -> None:
        line = self.query_one(PathInput)
        typed = line.value
        reading = asyncio.ensure_future(run_in_thread(lambda: complete_path(typed)))
        with self._defer_keys():
            await asyncio.wait({reading}, timeout=KEY_HOLD_SECONDS)
            if reading.done():
                self._show_completion(line, typed, reading.result())
                return
        self._show_completion(line, typed, await reading)

    def _show_completion(self, line: PathInput, typed: str, result: PathCompletion) -> None:
        if line.value != typed:
            return
        with line.prevent(Input.Changed):
            line.value = result.text
        line.cursor_position = len(result.text)
        candidates = self.query_one(PathCandidates)
        candidates.completion, candidates.error = result, ""

    @on(Input.Changed)
    def _input_changed(self, event: Input.Changed) -> None:
        event.stop()
        candidates = self.query_one(PathCandidates)
        candidates.completion, candidates.error = None, ""


def _omitted_width(names: Sequence[str], fit: int) -> int:
    """Return the cells of the number of omitted names."""
    return _COLUMN_GAP + cell_width(f"+{len(names) - fit:,}") if fit < len(names) else 0
