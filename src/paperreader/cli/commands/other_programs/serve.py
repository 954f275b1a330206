"""`serve`: answer the questions of assistants about the library."""

from __future__ import annotations

import argparse
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

from paperreader.cli import exit_codes, output
from paperreader.cli.arguments import add_command
from paperreader.cli.library_access import opened_library
from paperreader.errors import PaperreaderError, UsageError

if TYPE_CHECKING:
    from paperreader.cli.arguments import Subparsers

_EXIT_CODES = {0: exit_codes.SUCCESS, 2: exit_codes.INTERRUPTED, 15: exit_codes.TERMINATED}
"""By the number of the signal that ended the server; 0 is none."""


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = add_command(
        subparsers,
        "serve",
        "let assistants search and read the library (Model Context Protocol)",
        examples=["paperreader serve --stdio", "paperreader serve --stdio --allow-writes"],
    )
    parser.add_argument("--stdio", action="store_true", help="use standard input and output (required)")
    parser.add_argument(
        "--allow-writes", action="store_true", help="allow to add notes and tags; nothing can be deleted"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Serve until standard input ends."""
    from paperreader.cli.crash_log import log_exception

    if not arguments.stdio:
        raise UsageError("Use `paperreader serve --stdio`; there is no other transport.")
    if find_spec("mcp") is None:
        raise PaperreaderError(
            "Serving assistants needs an optional package. Install it with: pip install 'paperreader[mcp]'"
        )
    from paperreader.mcp_server import serve_stdio

    with opened_library(arguments) as library:
        if output.is_terminal(sys.stdin):
            output.print_error("Waiting for an assistant on standard input. Press ctrl+c to end.")
        number = serve_stdio(library, allow_writes=arguments.allow_writes, describe_crash=log_exception)
    return _EXIT_CODES[number]
