"""`completion`: scripts for shell completion."""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING, Any

from paperreader.cli import exit_codes, output
from paperreader.cli.arguments import add_command

if TYPE_CHECKING:
    from paperreader.cli.arguments import Subparsers

SHELLS = frozenset({"bash", "fish", "zsh"})
"""Shells that a completion script can be printed for. None of them is ever run."""


_DYNAMIC_PLACEHOLDERS = {
    "T": "tags",
    "TAG": "tags",
    "ID": "ids",
    "NAME": "subscriptions",
    "QUERY": "views",
    "TOPIC": "topics",
}
"""Placeholders of the help whose values `complete-values` prints."""

_BASH = r"""_paperreader_KIND() {
  local value cut='' word=${COMP_LINE:0:COMP_POINT}
  word=${word##*[[:space:]]}
  [[ $word == *:* && $COMP_WORDBREAKS == *:* ]] || word=$1
  # Bash splits words at colons, and only completes what follows the last one.
  [[ $COMP_WORDBREAKS == *:* ]] && cut=${word%"${word##*:}"}
  while IFS= read -r value; do
    [[ $value == "$word"* ]] && printf '%q\n' "${value#"$cut"}"
  done < <(paperreader complete-values KIND "$word" -- "${COMP_WORDS[@]}" 2>/dev/null)
}"""

_ZSH = """_paperreader_KIND() {
  local -a values
  # Not $words, which lacks what is before the command.
  values=("${(@f)$(paperreader complete-values KIND "$PREFIX" -- "${(@Q)${(z)LBUFFER}}" 2>/dev/null)}")
  (( ${#values} )) && [[ -n $values[1] ]] && compadd -a values
}"""

_FISH = "(paperreader complete-values KIND (commandline -ct) -- (commandline -opc) 2>/dev/null)"


def _dynamic(kind: str) -> dict[str, Any]:
    """Return how each shell gets the values of a kind, as shtab expects it."""
    return {
        "bash": f"_paperreader_{kind}",
        "zsh": f"_paperreader_{kind}",
        "fish": _FISH.replace("KIND", kind),
        "preamble": {"bash": _BASH.replace("KIND", kind), "zsh": _ZSH.replace("KIND", kind)},
    }


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = add_command(
        subparsers,
        "completion",
        "print a shell script that completes commands, options, files, tags, ids and subscriptions",
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
    script = shtab.complete(parser, arguments.shell)
    output.print_raw(_with_repeated_values(script) if arguments.shell == "zsh" else script)
    return exit_codes.SUCCESS


def _with_repeated_values(script: str) -> str:
    """Return a script for zsh in which arguments and options that take several values complete each of them."""
    script = re.sub(r'^(\s*")\(\*\)::?', r"\1*:", script, flags=re.MULTILINE)
    # Up to the next option: `:*PATTERN:` ends at a word that matches.
    return re.sub(r'^(\s*"\*?--(?:ids|subscription)\[.*\]):', r"\1:*-*:", script, flags=re.MULTILINE)


def _set_completions(parser: argparse.ArgumentParser) -> None:
    """Set for every argument whether it is a file, a folder or a format, by its placeholder in the help."""
    import shtab

    from paperreader.cli.commands.export import FORMAT_NAMES

    kinds = {"PATH": shtab.FILE, "FILE": shtab.FILE, "DIR": shtab.DIRECTORY}
    kinds |= {placeholder: _dynamic(kind) for placeholder, kind in _DYNAMIC_PLACEHOLDERS.items()}
    for action in parser._actions:
        if isinstance(action.metavar, str) and action.metavar in kinds:
            action.complete = kinds[action.metavar]  # type: ignore[attr-defined]
        if action.metavar == "FORMAT" and not action.choices:
            action.choices = FORMAT_NAMES
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                _set_completions(command)
