"""Parse the command line: the table of commands, of which only the one that is needed is imported."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from importlib import import_module

from paperreader import __version__
from paperreader.cli import usage_errors
from paperreader.cli.arguments import Parser, add_library_options
from paperreader.cli.query_words import query_words_last

COMMAND_MODULES = {
    "fetch": "fetching.fetch",
    "add": "fetching.add",
    "find": "fetching.find",
    "enrich": "fetching.enrich",
    "import": "import_",
    "search": "search",
    "show": "show",
    "open": "reader",
    "text": "fetching.text",
    "pdf": "pdf",
    "mark": "mark",
    "tags": "tags",
    "inbox": "inbox",
    "foryou": "for_you",
    "subscribe": "subscribe",
    "subscriptions": "subscribe",
    "unsubscribe": "subscribe",
    "watch": "watching.watch",
    "digest": "digest",
    "trends": "trends",
    "export": "export",
    "reindex": "reindex",
    "paths": "paths",
    "zotero": "other_programs.zotero",
    "serve": "other_programs.serve",
    "config": "config",
    "help": "manual.help",
    "completion": "manual.completion",
    "check": "check",
    "remove": "remove",
    "restore": "restore",
}
"""Every command, in the order of the help, and its module in `cli.commands`."""

HIDDEN_MODULES = {"complete-values": "manual.values"}
"""Commands that only other programs run."""


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Parse the arguments. `run` of the result is the function to call.

    Raises:
        SystemExit: help or version was printed (code 0), or the arguments are invalid (code 2).
    """
    parser = build_parser(_modules_for(argv))
    arguments, rest = parser.parse_known_args(query_words_last(parser, argv))
    if rest:  # reported by the parser of the command, which knows its options
        command: Parser = getattr(arguments, "command", parser)
        command.error(usage_errors.unknown_argument(rest[0], f"`{command.prog}`", command))
    return arguments


def _modules_for(argv: Sequence[str]) -> Iterable[str]:
    """Return the modules of the commands that are needed: none for reader and version, one for a command, else all."""
    words = iter(argv)
    for word in words:
        if word == "--version":
            return ()
        if word == "--library":
            next(words, None)
        elif word != "--sample" and not word.startswith("--library="):
            if word in HIDDEN_MODULES:
                return [HIDDEN_MODULES[word]]
            return [COMMAND_MODULES[word]] if word in COMMAND_MODULES else COMMAND_MODULES.values()
    return ()


def build_parser(modules: Iterable[str] = COMMAND_MODULES.values()) -> Parser:
    """Build the parser with the commands of `modules`. All of them take 20 ms."""
    from paperreader.cli.commands import reader

    parser = Parser(
        prog="paperreader",
        description="Read, search and organize machine-learning papers in a terminal. "
        "Without a command, the reader opens.",
        epilog="example:\n  paperreader --sample        try it with sample papers",
    )
    add_library_options(parser, default=None)
    parser.add_argument("--version", action="version", version=f"paperreader {__version__}")
    parser.set_defaults(run=reader.run)
    names = dict.fromkeys(modules)
    if names:
        subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=Parser)
        for name in names:
            import_module(f"paperreader.cli.commands.{name}").add_parser(subparsers)
    return parser
