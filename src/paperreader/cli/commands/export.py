"""`export`: papers out of the library."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from paperreader import paths
from paperreader.cli import exit_codes, output
from paperreader.cli.library_access import catch_up, library_of

if TYPE_CHECKING:
    from paperreader.cli.parser import Commands

FORMAT_NAMES = ("bibtex", "biblatex", "ris", "csv", "markdown", "html", "jsonl")


def add(commands: Commands) -> None:
    """Declare the command."""
    from paperreader.cli.parser import add_command

    parser = add_command(
        commands,
        "export",
        "write papers out, with what you said of them",
        examples=[
            "paperreader export --bookmarked --output reading.bib",
            "paperreader export --format markdown --tag rl diffusion > diffusion.md",
            "paperreader export --format biblatex --ids 2510.02297 2403.01234 --copy",
            "paperreader export --output everything.jsonl",
        ],
    )
    parser.add_argument(
        "query", metavar="QUERY", nargs="*", help="only the papers that answer it; none: every paper"
    )
    parser.add_argument("--bookmarked", action="store_true", help="only papers with a bookmark")
    parser.add_argument(
        "--tag", metavar="TAG", action="append", default=[], help="only papers with this tag; may be repeated"
    )
    parser.add_argument(
        "--ids",
        metavar="ID",
        nargs="+",
        help="only these papers, in this order; `-` reads ids from standard input",
    )
    parser.add_argument(
        "--format",
        metavar="FORMAT",
        choices=FORMAT_NAMES,
        help=f"{', '.join(FORMAT_NAMES[:-1])} or {FORMAT_NAMES[-1]}; else what the name of FILE ends in tells",
    )
    parser.add_argument("--output", metavar="FILE", help="write to this file instead of standard output")
    parser.add_argument("--copy", action="store_true", help="copy to the clipboard instead")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the papers that fit, best first where there is a query, else newest first."""
    from paperreader.library.exporting import choose
    from paperreader.library.writing import write_lines

    query = " ".join(arguments.query)
    form = _format(arguments)
    with library_of(arguments) as library:
        if query.strip():
            catch_up(library)
        rows = choose(
            library,
            query,
            bookmarked=arguments.bookmarked,
            tags=[tag.strip().removeprefix("#") for tag in arguments.tag],
            ids=_ids(arguments.ids),
        )
        lines = library.export(rows, form)
        if not len(rows):
            output.complain(
                f"No paper answers; {'nothing was copied' if arguments.copy else 'the export is empty'}."
            )
        if arguments.copy:
            return _copy(lines, len(rows)) if len(rows) else exit_codes.DONE
        if arguments.output in {None, "-"}:
            output.be_utf8()
            for text in lines:
                output.text_line(text)
        else:
            write_lines(paths.expanded(arguments.output), lines)
            output.complain(f"{output.papers(len(rows))} written to {arguments.output}.")
    return exit_codes.DONE


def _format(arguments: argparse.Namespace) -> str:
    """The format that was asked for, or that the file's name tells.

    Raises:
        UsageError: neither says it, or both a file and the clipboard are to have it.
    """
    from paperreader.errors import UsageError
    from paperreader.library.exporting import format_of

    if arguments.copy and arguments.output is not None:
        raise UsageError("Choose one of --copy and --output.")
    form = arguments.format or format_of(arguments.output or "")
    if not form:
        raise UsageError(f"Say in which format with --format: {', '.join(FORMAT_NAMES)}.")
    return str(form)


def _ids(given: list[str] | None) -> list[str] | None:
    """The ids, those of standard input in place of `-`."""
    if given is None:
        return None
    return [id for word in given for id in (sys.stdin.read().split() if word == "-" else [word])]


def _copy(lines: Iterator[str], count: int) -> int:
    from paperreader import config
    from paperreader.errors import PaperreaderError
    from paperreader.system import clipboard

    way = config.read().settings.clipboard.way
    copied = clipboard.copy("\n".join(lines) + "\n", osc52=_to_terminal, way=way)
    if copied.way == "failed":
        raise PaperreaderError(copied.error)
    where = (
        "copied"
        if copied.way == "copied"
        else "sent to the terminal, which does not say whether it took them"
    )
    output.complain(f"{output.papers(count)} {where}.")
    return exit_codes.DONE


def _to_terminal(sequence: str) -> None:
    """Write to the terminal itself, wherever standard output goes.

    Raises:
        OSError: there is none.
    """
    with Path("/dev/tty").open("w", encoding="ascii") as terminal:
        terminal.write(sequence)
