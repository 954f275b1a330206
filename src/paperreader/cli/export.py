"""`export`: papers out of the library."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from paperreader.cli import codes, output
from paperreader.cli.session import catch_up, library_of
from paperreader.cli.writing import write_lines

if TYPE_CHECKING:
    from paperreader.cli.parser import Commands


def add(commands: Commands) -> None:
    """Declare the command."""
    from paperreader.cli.parser import add_command

    parser = add_command(
        commands,
        "export",
        "write papers out, with what you said of them",
        examples=[
            "paperreader export --format jsonl --output everything.jsonl",
            "paperreader export --format jsonl diffusion video > video.jsonl",
        ],
    )
    parser.add_argument(
        "query", metavar="QUERY", nargs="*", help="only the papers with all these words; none: every paper"
    )
    parser.add_argument(
        "--format",
        metavar="FORMAT",
        required=True,
        help="jsonl: one JSON object a line, everything included; `import` reads it back",
    )
    parser.add_argument("--output", metavar="FILE", help="write to this file instead of standard output")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the papers that hold every word of the query, best first; without a query all, newest first."""
    query = " ".join(arguments.query)
    with library_of(arguments) as library:
        if query.strip():
            catch_up(library)
        hits = library.search(query)
        rows = hits.rows[: hits.full]
        lines = library.export(rows, arguments.format)
        if arguments.output in {None, "-"}:
            for text in lines:
                output.text_line(text)
        else:
            write_lines(Path(arguments.output).expanduser(), lines)
            output.complain(f"{output.papers(len(rows))} written to {arguments.output}.")
    return codes.DONE
