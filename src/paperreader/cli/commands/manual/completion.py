"""`completion`: scripts for shell completion."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from paperreader.cli import exit_codes, output
from paperreader.cli.arguments import add_command

if TYPE_CHECKING:
    from paperreader.cli.arguments import Subparsers

SHELLS = frozenset({"bash", "fish", "zsh"})
"""Shells that a completion script can be printed for. None of them is ever run."""


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = add_command(
        subparsers,
        "completion",
        "print a shell script that completes commands, options and files",
        examples=[
            "mkdir -p ~/.local/share/bash-completion/completions",
            "paperreader completion bash > ~/.local/share/bash-completion/completions/paperreader",
            "mkdir -p ~/.zsh/completions",
            "paperreader completion zsh > ~/.zsh/completions/_paperreader",
            "echo 'fpath=(~/.zsh/completions $fpath); autoload -U compinit; compinit' >> ~/.zshrc",
            "mkdir -p ~/.config/fish/completions",
            "paperreader completion fish > ~/.config/fish/completions/paperreader.fish",
        ],
    )
    parser.add_argument("shell", choices=sorted(SHELLS), metavar="SHELL", help=", ".join(sorted(SHELLS)))
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the script."""
    import shtab

    from paperreader.cli.parser import build_parser

    parser = build_parser()
    _set_completions(parser)
    output.print_raw(shtab.complete(parser, arguments.shell))
    return exit_codes.SUCCESS


def _set_completions(parser: argparse.ArgumentParser) -> None:
    """Set for every argument whether it is a file, a folder or a format, by its placeholder in the help."""
    import shtab

    from paperreader.cli.commands.export import FORMAT_NAMES

    kinds = {"PATH": shtab.FILE, "FILE": shtab.FILE, "DIR": shtab.DIRECTORY}
    for action in parser._actions:
        if isinstance(action.metavar, str) and action.metavar in kinds:
            action.complete = kinds[action.metavar]  # type: ignore[attr-defined]
        if action.metavar == "FORMAT" and not action.choices:
            action.choices = FORMAT_NAMES
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                _set_completions(command)
