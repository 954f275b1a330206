"""Messages for invalid arguments, with the most likely correction."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence

from paperreader.cli.query_words import takes_query

MAX_SHOWN_CHARS = 40
"""Characters of an argument that are repeated in a message."""


def unknown_command(value: str, commands: Iterable[str]) -> str:
    """Return the message for a command that does not exist."""
    return f"unknown command {shorten(value)}{did_you_mean(value, commands)}"


def invalid_choice(name: str, value: str, choices: Sequence[str]) -> str:
    """Return the message for a value that is not a choice; `name` is the option, or the argument's name in the help."""
    *others, last = choices
    allowed = f"{', '.join(others)} or {last}" if others else last
    return f"{name} must be {allowed}, not {shorten(value)}{did_you_mean(value, choices)}"


def unknown_argument(argument: str, program: str, parser: argparse.ArgumentParser) -> str:
    """Return the message for an argument that was not parsed: an unknown option, or one word too many."""
    name = argument.partition("=")[0]
    if not name.startswith("-"):
        return f"too many arguments for {program}: {shorten(argument)}"
    message = f"{program} has no option {shorten(name)}"
    if takes_query(parser) and (field := _query_field(name)):
        return f'{message}; use "{field}:" in the query'
    options = {option.lstrip("-"): option for action in parser._actions for option in action.option_strings}
    return message + did_you_mean(name.lstrip("-"), options, options)


def did_you_mean(value: str, known: Iterable[str], display_names: dict[str, str] | None = None) -> str:
    """Return `. Did you mean …?` with the most similar known name, as displayed; empty if none is similar."""
    from difflib import get_close_matches  # needed only for errors

    similar = get_close_matches(value.lower()[:MAX_SHOWN_CHARS], list(known), n=1)
    return f". Did you mean {(display_names or {}).get(similar[0], similar[0])}?" if similar else ""


def shorten(value: str) -> str:
    """Return an argument, cut to a length that fits a message."""
    return value if len(value) <= MAX_SHOWN_CHARS else f"{value[: MAX_SHOWN_CHARS - 1]}…"


def _query_field(option: str) -> str:
    """Return the query field with the name of an option; empty if there is none."""
    from paperreader.text.query.fields import FIELDS

    name = option.lstrip("-").lower()
    return name if name in FIELDS else ""
