"""`text`: print the full texts of papers."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from paperreader.cli import exit_codes, output
from paperreader.cli.arguments import add_command, whole_number
from paperreader.cli.library_access import opened_library
from paperreader.cli.pager import show_in_pager
from paperreader.cli.paper_ids import IDS_HELP, read_ids, resolve_versions
from paperreader.cli.progress import ProgressBar
from paperreader.cli.signals import terminate_on_sigterm

if TYPE_CHECKING:
    from paperreader.cli.arguments import Subparsers
    from paperreader.fetch.full_texts.downloader import FullText, WantedText
    from paperreader.fulltext import Document
    from paperreader.library import Library
    from paperreader.models import Paper

MIN_WIDTH, MAX_WIDTH = 20, 1000


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = add_command(
        subparsers,
        "text",
        "print the full texts of papers, which are fetched unless they are stored",
        examples=[
            "paperreader text 2510.02297",
            "paperreader text 2510.02297v1",
            "paperreader text --markdown 2510.02297 > paper.md",
            "paperreader text --json 2510.02297 | jq -r '.blocks[] | select(.kind == \"equation\").rows[].tex[]'",
            "paperreader search 'is:bookmarked state space' | paperreader text - | grep -i 'ablation'",
        ],
    )
    parser.add_argument(
        "ids", metavar="ID", nargs="+", help=f"{IDS_HELP}; with a version (v1), exactly that one is printed"
    )
    formats = parser.add_mutually_exclusive_group()
    formats.add_argument("--markdown", action="store_true", help="print Markdown, with formulas as TeX")
    formats.add_argument("--json", action="store_true", help="print one JSON object with its blocks per line")
    parser.add_argument(
        "--width",
        metavar="CELLS",
        type=whole_number(MIN_WIDTH, MAX_WIDTH),
        help=f"width of plain text (default: {output.TEXT_WIDTH}, or that of the terminal if it is narrower)",
    )
    parser.add_argument(
        "--refresh",
        action="store_true",
        help="ask whether there is a newer version, also if the text is stored or was not available",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the texts in the order of their ids, in a pager on a terminal; report the others."""
    ids = read_ids(arguments.ids)
    from paperreader.fetch.full_texts.downloader import WantedText

    with opened_library(arguments) as library:
        named, errors = resolve_versions(library, ids)
        wanted = [WantedText(library.paper(row), version) for row, version in named]
        with terminate_on_sigterm(), ProgressBar() as bar:
            outcomes = _Outcomes(library, wanted, bar, refresh=arguments.refresh)
            documents = outcomes.documents()
            if arguments.json:
                _print_json(documents)
            else:
                _print_lines(_lines(documents, arguments))
            if outcomes.has_fetched:
                library.full_texts.index.update_after_write(bar)
    errors += outcomes.errors
    for message in (*outcomes.notes, *errors):
        output.print_error(message)
    return exit_codes.FAILURE if errors else exit_codes.SUCCESS


class _Outcomes:
    """The full texts of papers, and messages about them."""

    def __init__(
        self, library: Library, wanted: list[WantedText], bar: ProgressBar, *, refresh: bool
    ) -> None:
        self._library, self._wanted, self._bar, self._refresh = library, wanted, bar, refresh
        self.errors: list[str] = []
        self.notes: list[str] = []
        self.has_fetched = False
        """Whether a text is new on this machine."""

    def documents(self) -> Iterator[tuple[Paper, Document]]:
        """Yield each paper with its full text as soon as it is there."""
        from paperreader.fetch.full_texts.download import each_full_text
        from paperreader.fetch.full_texts.downloader import FullText, NoFullText

        found = each_full_text(self._library, self._wanted, self._bar, self.notes, refresh=self._refresh)
        for (paper, version), outcome in found:
            if isinstance(outcome, FullText):
                self.has_fetched |= outcome.origin == "fetched"
                self.notes += [f"{paper.id}: {outcome.warning}"] if outcome.warning else []
                if outcome.newer:
                    self.notes.append(
                        f"{paper.id}: Version {outcome.version} is new; the earlier one is kept."
                    )
                elif not version and 0 < outcome.version < paper.arxiv_version:
                    self.notes.append(_newer_version(paper, outcome, asked=self._refresh))
                if (document := self._library.full_texts.load(paper.id, outcome.version)) is not None:
                    yield paper, document
            else:
                hint = _pdf_hint(paper) if isinstance(outcome, NoFullText) else ""
                self.errors.append(f"{paper.id}: {outcome}{hint}")


def _newer_version(paper: Paper, text: FullText, *, asked: bool) -> str:
    """Return that there is a newer version than the one that is printed, as sources of the paper state."""
    if asked:
        return f"{paper.id}: arXiv has no text of version {paper.arxiv_version} yet; this is version {text.version}."
    return f"{paper.id}: Version {paper.arxiv_version} is available. --refresh fetches it."


def _pdf_hint(paper: Paper) -> str:
    """Return what else the user can do about a paper without a full text."""
    from paperreader.fulltext import available_sources

    install = "" if "pdf" in available_sources() else "; for its text, run `pip install 'paperreader[pdf]'`"
    return f" `paperreader pdf {paper.id}` downloads the PDF{install}." if paper.arxiv else ""


def _print_json(documents: Iterable[tuple[Paper, Document]]) -> None:
    from paperreader.fulltext import document_to_json

    for paper, document in documents:
        output.print_json({"id": paper.id, **document_to_json(document)})
        output.flush()


def _lines(documents: Iterable[tuple[Paper, Document]], arguments: argparse.Namespace) -> Iterator[str]:
    """Yield the lines of all texts, separated by empty lines."""
    from paperreader.fulltext import render_markdown, render_plain

    width = arguments.width or min(output.width() or output.TEXT_WIDTH, output.TEXT_WIDTH)
    for number, (_, document) in enumerate(documents):
        if number:
            yield from ("", "")
        yield from render_markdown(document) if arguments.markdown else render_plain(document, width)


def _print_lines(lines: Iterator[str]) -> None:
    """Print lines as they come, or show all of them in the pager of a terminal."""
    from paperreader.text.sanitize import clean_output

    if output.is_terminal(sys.stdout):
        text = "".join(f"{clean_output(line)}\n" for line in lines)
        if not text or show_in_pager(text):
            return
        lines = iter(text.splitlines())
    for line in lines:
        output.print_raw(line)
