"""Copying to the clipboard and opening links in the browser."""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from paperreader import config
from paperreader.errors import PaperreaderError
from paperreader.models import Paper
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.runtime.threads import run_in_thread
from paperreader.tui.widgets.text_line import TextSpan

if TYPE_CHECKING:
    from paperreader.system.clipboard import CopyResult
    from paperreader.system.shell_words import ShellCommand
    from paperreader.tui.dialogs.choice import Choice


MAX_PAINT_SECONDS = 0.5
"""How long opening a link waits until its address is on the screen."""


class CopyOpenController:
    """Always reports how something was copied. What cannot be copied is shown in full."""

    def __init__(self, ctx: ReaderContext) -> None:
        self._ctx = ctx

    def copy_repo_link(self) -> None:
        """Copy the link of the repository, as `git clone` takes it."""
        from paperreader.text.paper_urls import copyable_urls, safe_code_link
        from paperreader.text.urls import clone_url

        paper = self._ctx.current_paper
        if paper is None:
            return
        repository = safe_code_link(paper)
        others = len(copyable_urls(paper)) - (repository is not None)
        if repository is not None:
            self.copy(clone_url(repository), others=others if _has_several_code_links(paper) else 0)
        elif others:
            what = f"one of {others} other links" if others > 1 else "the other link"
            self._ctx.ui.inform("No repository link. ", TextSpan("Y", "key"), f" copies {what}")
        else:
            self._ctx.ui.inform("No repository link. ", TextSpan("Y", "key"), " copies the title or id")

    def choose_copy(self) -> None:
        """Choose what to copy: a link, the title, the id, Markdown, BibTeX, or the path of a downloaded PDF."""
        paper = self._ctx.current_paper
        if paper is not None:
            self._ctx.tasks.start(self._choose_copy(paper), group="copying")

    def open_page(self) -> None:
        """Open the paper's page in the browser."""
        from paperreader.text.paper_urls import landing_page

        paper = self._ctx.current_paper
        if paper is None:
            return
        url = landing_page(paper)
        if url:
            self.open_url(url)
        else:
            self._ctx.ui.inform("No page is known for this paper")

    def choose_link(self) -> None:
        """Choose which link of the paper to open in the browser."""
        from paperreader.text.paper_urls import openable_urls
        from paperreader.tui.dialogs.choice import Choice

        paper = self._ctx.current_paper
        if paper is None:
            return
        links = openable_urls(paper)
        if not links:
            self._ctx.ui.inform("This paper has no link")
        elif len(links) == 1:
            self.open_url(links[0].url)
        else:
            choices = [Choice(link.label, link.display_text, link.url) for link in links]
            self._choose("Open", choices, self.open_url)

    def copy_path(self, of: Literal["settings", "library"]) -> None:
        """Copy the path of the settings file or of the library."""
        self._ctx.tasks.start(self._copy_path(of), group="copying")

    def copy(self, text: str, *, others: int = 0) -> None:
        """Copy text, by whichever method works, and report which; `others`: how many other links could be copied."""
        self._ctx.tasks.start(self._copy(text, others), group="copying")

    def open_url(self, url: str) -> None:
        """Open a URL in the browser, after the status bar has shown it."""
        self._ctx.ui.inform("Opening  ", TextSpan(_display_text(url)))
        self._ctx.tasks.after_refresh(lambda: self._ctx.tasks.start(self._open(url), group="opening"))

    def run_in_terminal(self, command: ShellCommand, advice: str) -> None:
        """Leave the terminal to a program until the user quits it. `advice` says what to do if it fails."""
        from paperreader.tui.terminal.foreground import failure_of, run_and_pause_after_failure

        try:
            status = self._ctx.ui.run_in_terminal(partial(run_and_pause_after_failure, command))
        except PaperreaderError as error:
            self._ctx.ui.fail(error)
            return
        self._ctx.ui.clear_message()
        if failure := failure_of(status):
            self._ctx.ui.fail(f"{command.words[0]} {failure}. {advice}")

    async def to_clipboard(self, text: str) -> CopyResult:
        """Copy text; return how it went."""
        from paperreader.system import clipboard

        method, osc52 = self._ctx.settings.clipboard.way, self._send_to_terminal
        return await run_in_thread(partial(clipboard.copy_text, text, osc52=osc52, method=method))

    def report_copied(self, result: CopyResult, *parts: str | TextSpan) -> None:
        """Confirm that something was copied, and in which of two ways."""
        check_mark = TextSpan(f"{self._ctx.glyphs.selected} ", "good")
        self._ctx.ui.inform(
            check_mark, "Copied " if result.outcome == "copied" else "Sent to terminal ", *parts
        )

    async def _choose_copy(self, paper: Paper) -> None:
        from paperreader.fetch.pdf.files import PdfFiles

        files = PdfFiles(self._ctx.library, self._ctx.settings.pdf)
        with self._ctx.commands.defer_keys():
            pdf = await run_in_thread(lambda: files.find(paper))
            self._choose("Copy", _copy_choices(paper, pdf), self.copy)

    async def _copy_path(self, of: Literal["settings", "library"]) -> None:
        path = await run_in_thread(config.settings_file) if of == "settings" else self._ctx.library.folder
        await self._copy(str(path), 0)

    async def _copy(self, text: str, others: int) -> None:
        result = await self.to_clipboard(text)
        if result.outcome == "failed":
            self._show_in_full(result.error, text)
            return
        more = (TextSpan("   Y", "key"), TextSpan(f" for {others} more", "muted")) if others else ()
        self.report_copied(result, " ", TextSpan(_display_text(text)), *more)

    async def _open(self, url: str) -> None:
        from paperreader.system import browser
        from paperreader.text.urls import safe_url

        painted = asyncio.Event()
        shown = TextSpan(_display_text(url))
        self._ctx.ui.inform("Opening  ", shown)
        self._ctx.tasks.after_refresh(painted.set)
        with suppress(TimeoutError):
            # The user sees which site it is before it is opened.
            await asyncio.wait_for(painted.wait(), MAX_PAINT_SECONDS)
        result = await run_in_thread(partial(browser.open_url, url))
        if result.ok:
            self._ctx.ui.inform("Opened  ", shown)
        elif result.in_terminal is not None:
            advice = "Check the environment variable BROWSER, or press Y to copy the link."
            self.run_in_terminal(result.in_terminal, advice)
        elif safe_url(url) is None or (copied := await self.to_clipboard(url)).outcome == "failed":
            self._show_in_full(result.error, url)
        else:
            # The browser is mostly on the machine in front of the user, and so is the clipboard.
            done = "copied  " if copied.outcome == "copied" else "sent to terminal  "
            self._ctx.ui.inform(f"No browser: {done}", shown)
            if result.setting_error:
                self._ctx.ui.fail(f"{result.setting_error} Check this environment variable.")

    def _send_to_terminal(self, sequence: str) -> None:
        """Send an escape sequence to the terminal. Called from a worker thread."""
        self._ctx.tasks.from_thread(self._ctx.ui.write_to_terminal, sequence)

    def _show_in_full(self, reason: str, text: str) -> None:
        from paperreader.tui.dialogs.copy_fallback import CopyFallbackDialog

        self._ctx.ui.push_dialog(CopyFallbackDialog(reason, text))

    def _choose(self, title: str, choices: list[Choice[str]], accept: Callable[[str], None]) -> None:
        from paperreader.tui.dialogs.choice import ChoiceDialog

        dialog = ChoiceDialog(title, choices, self._ctx.glyphs)
        self._ctx.ui.push_dialog(dialog, lambda value: accept(value) if value is not None else None)


def _copy_choices(paper: Paper, pdf: Path | None) -> list[Choice[str]]:
    from paperreader.library import cite_bibtex, cite_markdown
    from paperreader.text.paper_urls import copyable_urls, safe_code_link
    from paperreader.text.sanitize import single_line
    from paperreader.text.tex_display import tex_to_unicode
    from paperreader.text.urls import clone_url
    from paperreader.tui.dialogs.choice import Choice

    choices = [Choice(link.label, link.display_text, link.url) for link in copyable_urls(paper)]
    repository = safe_code_link(paper)
    if repository is not None:
        command = f"git clone {shlex.quote(clone_url(repository))}"  # made to be pasted into a shell
        choices.append(Choice("clone", command, command, key="g"))
    title = " ".join(tex_to_unicode(paper.title).split())
    entry = cite_bibtex(paper)
    files = [Choice("PDF", f"path of {pdf.name}", str(pdf), key="p")] if pdf is not None else []
    return [
        *choices,
        Choice("title", title, title, key="t"),
        Choice("id", single_line(paper.id), single_line(paper.id), key="i"),
        Choice("Markdown", cite_markdown(paper), cite_markdown(paper), key="m"),
        Choice("BibTeX", entry.partition("\n")[0].rstrip(","), entry, key="b"),
        *files,
    ]


def _has_several_code_links(paper: Paper) -> bool:
    return sum(link.kind == "code" for link in paper.links) > 1


def _display_text(text: str) -> str:
    """Return a copied text for the status bar: a URL without its scheme, else the first line."""
    from paperreader.text.url_display import display_url

    first = text.partition("\n")[0]
    return display_url(first) if first.startswith(("http://", "https://")) else first
