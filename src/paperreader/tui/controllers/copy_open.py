"""Copying and opening: what is taken out of the reader."""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from textual import on

from paperreader import config
from paperreader.models import Paper
from paperreader.tui.controllers.context import Desk
from paperreader.tui.runtime.tasks import run_in_thread
from paperreader.tui.widgets.detail.widget import Detail
from paperreader.tui.widgets.text_line import TextSpan

if TYPE_CHECKING:
    from paperreader.system.clipboard import CopyResult
    from paperreader.tui.dialogs.choice import Choice


MAX_PAINT_SECONDS = 0.5
"""How long opening an address waits until it stands on the screen."""


class Taking(Desk):
    """The way a copy went is always told; what could not be copied is shown in whole."""

    def action_copy_repo(self) -> None:
        """The repository's address, fit for `git clone`; code links only."""
        from paperreader.text.paper_urls import copyable_urls, safe_code_link
        from paperreader.text.urls import clone_url

        paper = self.paper
        if paper is None:
            return
        best = safe_code_link(paper)
        others = len(copyable_urls(paper)) - (best is not None)
        if best is not None:
            self.copy(clone_url(best), also=others if self._other_code(paper) else 0)
        elif others:
            self.say(
                "No repo link, ", TextSpan("Y", "key"), f" for {others} other{'s' if others > 1 else ''}"
            )
        else:
            self.say("No repo link, ", TextSpan("Y", "key"), " copies title or id")

    def action_copy_any(self) -> None:
        paper = self.paper
        if paper is not None:
            self._choose("Copy", self._copyable(paper), self.copy)

    def action_open_page(self) -> None:
        from paperreader.text.paper_urls import landing_page

        paper = self.paper
        if paper is None:
            return
        page = landing_page(paper)
        if page:
            self.open_address(page)
        else:
            self.say("This paper has no page that is known")

    def action_open_any(self) -> None:
        paper = self.paper
        if paper is None:
            return
        from paperreader.text.paper_urls import openable_urls
        from paperreader.tui.dialogs.choice import Choice

        found = openable_urls(paper)
        if not found:
            self.say("This paper has no link")
        elif len(found) == 1:
            self.open_address(found[0].url)
        else:
            choices = [Choice(address.label, address.display_text, address.url) for address in found]
            self._choose("Open", choices, self.open_address)

    def action_copy_path(self, of: str) -> None:
        """Copy where something lies: the `settings`, or the `library`."""
        self.beside(self._copy_path(of), group="copying")

    async def _copy_path(self, of: str) -> None:
        found = await run_in_thread(config.settings_file) if of == "settings" else self.library.folder
        await self._copy(str(found), 0)

    @on(Detail.LinkClicked)
    def _link_clicked(self, event: Detail.LinkClicked) -> None:
        self.open_address(event.url)

    def copy(self, text: str, *, also: int = 0) -> None:
        """Put text on the clipboard, whichever way there is, and say which; `also`: other things `Y` would offer."""
        self.beside(self._copy(text, also), group="copying")

    def open_address(self, url: str) -> None:
        """Show an address in the browser, after the status line has shown it."""
        self.say("Opening  ", TextSpan(_display_text(url)))
        self.call_after_refresh(lambda: self.beside(self._visit(url), group="opening"))

    async def _copy(self, text: str, also: int) -> None:
        copied = await self._to_clipboard(text)
        if copied.outcome == "failed":
            self._show_in_whole(copied.error, text)
            return
        done = "Copied  " if copied.outcome == "copied" else "Sent to terminal  "
        more = (TextSpan("   Y", "key"), TextSpan(f" for {also} more", "muted")) if also else ()
        self.say(TextSpan(f"{self.glyphs.selected} ", "good"), done, TextSpan(_display_text(text)), *more)

    async def _to_clipboard(self, text: str) -> CopyResult:
        from paperreader.system import clipboard

        way = self.settings.clipboard.way
        return await run_in_thread(partial(clipboard.copy_text, text, osc52=self._to_terminal, method=way))

    async def _visit(self, url: str) -> None:
        from paperreader.system import browser
        from paperreader.text.urls import safe_url

        shown = asyncio.Event()
        self.say("Opening  ", TextSpan(_display_text(url)))
        self.call_after_refresh(shown.set)
        with suppress(TimeoutError):
            # Whose page it is stands on the screen before it is opened.
            await asyncio.wait_for(shown.wait(), MAX_PAINT_SECONDS)
        opened = await run_in_thread(partial(browser.open_url, url))
        if opened.ok:
            self.say("Opened  ", TextSpan(_display_text(url)))
        elif safe_url(url) is None or (copied := await self._to_clipboard(url)).outcome == "failed":
            self._show_in_whole(opened.error, url)
        else:
            # The next best: the browser is mostly on the machine that the person sits at, and so is the clipboard.
            done = "copied  " if copied.outcome == "copied" else "sent to terminal  "
            self.say(f"No browser: {done}", TextSpan(_display_text(url)))

    def _to_terminal(self, sequence: str) -> None:
        """Hand an escape sequence to the terminal, between two frames. Called from a worker."""
        self.app.call_from_thread(self._write_sequence, sequence)

    def _write_sequence(self, sequence: str) -> None:
        driver = self.app._driver
        if driver is not None:
            driver.write(sequence)
            driver.flush()

    def _show_in_whole(self, why: str, text: str) -> None:
        from paperreader.tui.dialogs.copy_fallback import CopyFallbackDialog

        self.app.push_screen(CopyFallbackDialog(why, text))

    def _choose(self, title: str, choices: list[Choice[str]], take: Callable[[str], None]) -> None:
        from paperreader.tui.dialogs.choice import ChoiceDialog

        def taken(value: str | None) -> None:
            if value is not None:
                take(value)

        self.app.push_screen(ChoiceDialog(title, choices, self.glyphs), taken)

    def _copyable(self, paper: Paper) -> list[Choice[str]]:
        from paperreader.library import cite_bibtex, cite_markdown
        from paperreader.text.paper_urls import copyable_urls, safe_code_link
        from paperreader.text.sanitize import single_line
        from paperreader.text.tex_display import tex_to_unicode
        from paperreader.text.urls import clone_url
        from paperreader.tui.dialogs.choice import Choice

        addresses = copyable_urls(paper)
        choices = [Choice(address.label, address.display_text, address.url) for address in addresses]
        best = safe_code_link(paper)
        if best is not None:
            line = f"git clone {shlex.quote(clone_url(best))}"  # made to be pasted into a shell
            choices.append(Choice("clone", line, line, key="g"))
        title = " ".join(tex_to_unicode(paper.title).split())
        entry = cite_bibtex(paper)
        return [
            *choices,
            Choice("title", title, title, key="t"),
            Choice("id", single_line(paper.id), single_line(paper.id), key="i"),
            Choice("Markdown", cite_markdown(paper), cite_markdown(paper), key="m"),
            Choice("BibTeX", entry.partition("\n")[0].rstrip(","), entry, key="b"),
        ]

    @staticmethod
    def _other_code(paper: Paper) -> bool:
        return sum(link.kind == "code" for link in paper.links) > 1


def _display_text(text: str) -> str:
    """A copied text for the status line: an address as people write it, else the first line."""
    from paperreader.text.url_display import display_url

    first = text.partition("\n")[0]
    return display_url(first) if first.startswith(("http://", "https://")) else first
