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
from paperreader.tui.controllers.context import Desk, on_the_answer
from paperreader.tui.runtime.tasks import in_thread
from paperreader.tui.widgets.detail.widget import Detail
from paperreader.tui.widgets.text_line import Piece

if TYPE_CHECKING:
    from paperreader.system.clipboard import Copied
    from paperreader.tui.dialogs.choice import Choice


PAINT_SECONDS = 0.5
"""How long opening an address waits until it stands on the screen."""


class Taking(Desk):
    """The way a copy went is always told; what could not be copied is shown in whole."""

    @on_the_answer
    def action_copy_repo(self) -> None:
        """The repository's address, fit for `git clone`; code links only."""
        from paperreader.text.paper_urls import repository_of, to_copy
        from paperreader.text.urls import clone_url

        paper = self.paper
        if paper is None:
            return
        best = repository_of(paper)
        others = len(to_copy(paper)) - (best is not None)
        if best is not None:
            self.copy(clone_url(best), also=others if self._other_code(paper) else 0)
        elif others:
            self.say("No repo link, ", Piece("Y", "key"), f" for {others} other{'s' if others > 1 else ''}")
        else:
            self.say("No repo link, ", Piece("Y", "key"), " copies title or id")

    @on_the_answer
    def action_copy_any(self) -> None:
        paper = self.paper
        if paper is not None:
            self._choose("Copy", self._copyable(paper), self.copy)

    @on_the_answer
    def action_open_page(self) -> None:
        from paperreader.text.paper_urls import page_of

        paper = self.paper
        if paper is None:
            return
        page = page_of(paper)
        if page:
            self.open_address(page)
        else:
            self.say("This paper has no page that is known")

    @on_the_answer
    def action_open_any(self) -> None:
        paper = self.paper
        if paper is None:
            return
        from paperreader.text.paper_urls import to_open
        from paperreader.tui.dialogs.choice import Choice

        found = to_open(paper)
        if not found:
            self.say("This paper has no link")
        elif len(found) == 1:
            self.open_address(found[0].url)
        else:
            choices = [Choice(address.label, address.shown, address.url) for address in found]
            self._choose("Open", choices, self.open_address)

    def action_copy_path(self, of: str) -> None:
        """Copy where something lies: the `settings`, or the `library`."""
        self.beside(self._copy_path(of), group="copying")

    async def _copy_path(self, of: str) -> None:
        found = await in_thread(config.settings_file) if of == "settings" else self.library.folder
        await self._copy(str(found), 0)

    @on(Detail.LinkClicked)
    def _link_clicked(self, event: Detail.LinkClicked) -> None:
        self.open_address(event.url)

    def copy(self, text: str, *, also: int = 0) -> None:
        """Put text on the clipboard, whichever way there is, and say which; `also`: other things `Y` would offer."""
        self.beside(self._copy(text, also), group="copying")

    def open_address(self, url: str) -> None:
        """Show an address in the browser, after the status line has shown it."""
        self.say("Opening  ", Piece(_shown(url)))
        self.call_after_refresh(lambda: self.beside(self._visit(url), group="opening"))

    async def _copy(self, text: str, also: int) -> None:
        copied = await self._to_clipboard(text)
        if copied.way == "failed":
            self._show_in_whole(copied.error, text)
            return
        done = "Copied  " if copied.way == "copied" else "Sent to terminal  "
        more = (Piece("   Y", "key"), Piece(f" for {also} more", "muted")) if also else ()
        self.say(Piece(f"{self.glyphs.selected} ", "good"), done, Piece(_shown(text)), *more)

    async def _to_clipboard(self, text: str) -> Copied:
        from paperreader.system import clipboard

        way = self.settings.clipboard.way
        return await in_thread(partial(clipboard.copy, text, osc52=self._to_terminal, way=way))

    async def _visit(self, url: str) -> None:
        from paperreader.system import browser
        from paperreader.text.urls import safe_url

        shown = asyncio.Event()
        self.say("Opening  ", Piece(_shown(url)))
        self.call_after_refresh(shown.set)
        with suppress(TimeoutError):
            # Whose page it is stands on the screen before it is opened.
            await asyncio.wait_for(shown.wait(), PAINT_SECONDS)
        opened = await in_thread(partial(browser.open_url, url))
        if opened.ok:
            self.say("Opened  ", Piece(_shown(url)))
        elif safe_url(url) is None or (copied := await self._to_clipboard(url)).way == "failed":
            self._show_in_whole(opened.error, url)
        else:
            # The next best: the browser is mostly on the machine that the person sits at, and so is the clipboard.
            done = "copied  " if copied.way == "copied" else "sent to terminal  "
            self.say(f"No browser: {done}", Piece(_shown(url)))

    def _to_terminal(self, sequence: str) -> None:
        """Hand an escape sequence to the terminal, between two frames. Called from a worker."""
        self.app.call_from_thread(self._write_sequence, sequence)

    def _write_sequence(self, sequence: str) -> None:
        driver = self.app._driver
        if driver is not None:
            driver.write(sequence)
            driver.flush()

    def _show_in_whole(self, why: str, text: str) -> None:
        from paperreader.tui.dialogs.copy_fallback import LinkPanel

        self.app.push_screen(LinkPanel(why, text))

    def _choose(self, title: str, choices: list[Choice[str]], take: Callable[[str], None]) -> None:
        from paperreader.tui.dialogs.choice import Chooser

        def taken(value: str | None) -> None:
            if value is not None:
                take(value)

        self.app.push_screen(Chooser(title, choices, self.glyphs), taken)

    def _copyable(self, paper: Paper) -> list[Choice[str]]:
        from paperreader.library.citing import bibtex, markdown
        from paperreader.text.clean import printable
        from paperreader.text.paper_urls import repository_of, to_copy
        from paperreader.text.tex_display import readable
        from paperreader.text.urls import clone_url
        from paperreader.tui.dialogs.choice import Choice

        addresses = to_copy(paper)
        choices = [Choice(address.label, address.shown, address.url) for address in addresses]
        best = repository_of(paper)
        if best is not None:
            line = f"git clone {shlex.quote(clone_url(best))}"  # made to be pasted into a shell
            choices.append(Choice("clone", line, line, key="g"))
        title = " ".join(readable(paper.title).split())
        entry = bibtex(paper)
        return [
            *choices,
            Choice("title", title, title, key="t"),
            Choice("id", printable(paper.id), printable(paper.id), key="i"),
            Choice("Markdown", markdown(paper), markdown(paper), key="m"),
            Choice("BibTeX", entry.partition("\n")[0].rstrip(","), entry, key="b"),
        ]

    @staticmethod
    def _other_code(paper: Paper) -> bool:
        return sum(link.kind == "code" for link in paper.links) > 1


def _shown(text: str) -> str:
    """A copied text for the status line: an address as people write it, else the first line."""
    from paperreader.text.url_display import as_people_write

    first = text.partition("\n")[0]
    return as_people_write(first) if first.startswith(("http://", "https://")) else first
