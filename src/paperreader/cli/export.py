"""`export`: papers out of the library."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from paperreader.cli import codes, output
from paperreader.cli.session import catch_up, library_of

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
            _write(Path(arguments.output).expanduser(), lines)
            output.complain(f"{output.papers(len(rows))} written to {arguments.output}.")
    return codes.DONE


def _write(path: Path, lines: Iterator[str]) -> None:
    """Write a file in whole or not at all; a pipe or device is simply written to.

    Raises:
        StorageError: it cannot be written.
    """
    from paperreader.errors import StorageError
    from paperreader.storage import reason, replacing

    encoded = (f"{text}\n".encode() for text in lines)
    if path.exists() and not path.is_file():
        try:
            with path.open("wb") as device:
                device.writelines(encoded)
        except OSError as error:
            raise StorageError(f"Cannot write {path}: {reason(error)}.") from error
        return
    with replacing(path, mode=_mode(path)) as file:
        file.writelines(encoded)


def _mode(path: Path) -> int:
    """The permissions of the file that is replaced, or those any new file would get."""
    if path.exists():
        return path.stat().st_mode & 0o7777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
