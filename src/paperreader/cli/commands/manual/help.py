"""`help`: the documents, in the terminal."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from paperreader import paths
from paperreader.cli import exit_codes, output, usage_errors
from paperreader.cli.arguments import add_command
from paperreader.cli.pager import show_in_pager
from paperreader.errors import UsageError

if TYPE_CHECKING:
    from paperreader.cli.arguments import Subparsers


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = add_command(
        subparsers,
        "help",
        "show a document, or the options of a command",
        examples=["paperreader help", "paperreader help queries", "paperreader help export"],
    )
    parser.add_argument(
        "topic", metavar="TOPIC", nargs="?", help="a document or a command (default: list the documents)"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Show a document in a pager, print it where standard output is no terminal, or list all."""
    documents = {path.stem: path for path in sorted(paths.documents_folder().glob("*.md"))}
    topic = arguments.topic
    if topic is None:
        column = max(map(len, documents), default=0)
        for name, path in documents.items():
            output.print_line((name.ljust(column), "bold"), f"  {_title(path)}")
        return exit_codes.SUCCESS
    if topic in documents:
        _show(documents[topic])
        return exit_codes.SUCCESS
    return _command_help(topic, documents)


def _command_help(name: str, documents: Iterable[str]) -> int:
    """Print the help of a command.

    Raises:
        UsageError: there is no such command.
    """
    from paperreader.cli.parser import COMMAND_MODULES, parse

    if name not in COMMAND_MODULES:
        hint = usage_errors.did_you_mean(name, [*documents, *COMMAND_MODULES])
        raise UsageError(
            f"There is no document or command {usage_errors.shorten(name)}{hint or '.'} "
            "`paperreader help` lists the documents."
        )
    parse([name, "--help"])
    return exit_codes.SUCCESS


def _title(path: Path) -> str:
    return path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")


def _show(path: Path) -> None:
    from paperreader.cli.document_lines import document_lines

    width = min(output.width() or output.TEXT_WIDTH, output.TEXT_WIDTH * 5 // 4)
    lines = list(document_lines(path.read_text(encoding="utf-8"), width))
    if show_in_pager("\n".join(line.text for line in lines) + "\n"):
        return
    for line in lines:
        output.print_line((line.text, line.style) if line.style else line.text)
