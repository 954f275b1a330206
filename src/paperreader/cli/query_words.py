"""Let words of a query begin with a minus, wherever they are: `search attention -vision --limit 5`."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence

_MIN_EXCLUSION_LENGTH = len("-ab")
"""A minus and one letter is an option, possibly one of another program."""


def query_words_last(parser: argparse.ArgumentParser, argv: Sequence[str]) -> list[str]:
    """Return the arguments with the words of a query after `--`, if their command takes a query; else unchanged.

    Unknown options with two hyphens stay where they are, to be reported.
    """
    commands: Mapping[str, argparse.ArgumentParser] = next(
        (dict(each.choices) for each in parser._actions if isinstance(each, argparse._SubParsersAction)), {}
    )
    at = next((at for at, word in enumerate(argv) if word in commands), len(argv))
    command = commands.get(argv[at]) if at < len(argv) else None
    if command is None or not takes_query(command):
        return list(argv)
    options, words = _separate(list(argv[at + 1 :]), command)
    return [*argv[: at + 1], *options, *(["--", *words] if words else [])]


def takes_query(parser: argparse.ArgumentParser) -> bool:
    """Return whether the arguments of a command are a query."""
    return any(action.metavar == "QUERY" for action in parser._actions)


def _separate(arguments: list[str], command: argparse.ArgumentParser) -> tuple[list[str], list[str]]:
    """Return the options with their values, and the other arguments."""
    known = {name: action for action in command._actions for name in action.option_strings}
    options: list[str] = []
    words: list[str] = []
    while arguments:
        argument = arguments.pop(0)
        if argument == "--":
            words += arguments
            break
        action = known.get(argument)
        if action is not None:
            options.append(argument)
            count = 1 if action.nargs is None else action.nargs
            while arguments and count and (isinstance(count, int) or _is_value(arguments[0])):
                options.append(arguments.pop(0))
                count = count - 1 if isinstance(count, int) else count
        elif _is_word(argument):
            words.append(argument)
        else:
            options.append(argument)
    return options, words


def _is_value(argument: str) -> bool:
    return argument == "-" or not argument.startswith("-")


def _is_word(argument: str) -> bool:
    return _is_value(argument) or (not argument.startswith("--") and len(argument) >= _MIN_EXCLUSION_LENGTH)
