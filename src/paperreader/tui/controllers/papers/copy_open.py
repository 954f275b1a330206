"""Copying to the clipboard and opening links in the browser."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from paperreader import config
from paperreader.models import REVISED_FLAG, Paper, VersionHistory
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.context.sharing import Sharing
from paperreader.tui.runtime.threads import run_in_thread
from paperreader.tui.widgets.text_line import TextSpan

if TYPE_CHECKING:
    from paperreader.tui.dialogs.choice import Choice


class CopyOpenController:
    """Copies and opens what belongs to the current paper."""

    def __init__(self, ctx: ReaderContext) -> None:
        self._ctx = ctx
        sharing = Sharing(ctx.ui, ctx.tasks, ctx.settings, ctx.glyphs)
        self.copy, self.open_url, self.run_in_terminal = (
            sharing.copy,
            sharing.open_url,
            sharing.run_in_terminal,
        )
        self.to_clipboard, self.report_copied = sharing.to_clipboard, sharing.report_copied
        self.show_pdf = sharing.show_pdf

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
        paper, row = self._ctx.current_paper, self._ctx.current_row
        if paper is None or row is None:
            return
        if self._ctx.library.table.flags(row) & REVISED_FLAG:
            from paperreader.tui.controllers.papers.version_history import use_history

            def choose(history: VersionHistory | None) -> None:
                self._choose_link(paper, history.latest_numbers if history is not None else ())

            self._ctx.tasks.start(use_history(self._ctx, row, choose), group="opening")
        else:
            self._choose_link(paper)

    def _choose_link(self, paper: Paper, versions: Sequence[int] = ()) -> None:
        from paperreader.text.paper_urls import openable_urls
        from paperreader.tui.dialogs.choice import Choice

        links = openable_urls(paper, versions)
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

    async def _choose_copy(self, paper: Paper) -> None:
        from paperreader.fetch.pdf.files import PdfFiles

        files = PdfFiles(self._ctx.library, self._ctx.settings.pdf)
        with self._ctx.commands.defer_keys():
            pdf = await run_in_thread(lambda: files.find(paper))
            self._choose("Copy", _copy_choices(paper, pdf), self.copy)

    async def _copy_path(self, of: Literal["settings", "library"]) -> None:
        path = await run_in_thread(config.settings_file) if of == "settings" else self._ctx.library.folder
        self.copy(str(path))

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
