"""What is said of arguments that nobody understands: one sentence, and what was probably meant."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence

MAX_SHOWN_CHARS = 40
"""Characters of an argument that are repeated."""


def unknown_command(value: str, commands: Iterable[str]) -> str:
    """What is said of a command that there is none of."""
    return f"there is no command {shorten(value)}{did_you_mean(value, commands)}"


def invalid_choice(name: str, value: str, choices: Sequence[str]) -> str:
    """What is said of a value that is none of a few words; `name` is the option, or what stands for it in the help."""
    *first, last = choices
    allowed = f"{', '.join(first)} or {last}" if first else last
    return f"{name} may be {allowed}, and not {shorten(value)}{did_you_mean(value, choices)}"


def unknown_argument(argument: str, program: str, parser: argparse.ArgumentParser) -> str:
    """What is said of an argument that is left over: an option there is none of, or a word too many."""
    name = argument.partition("=")[0]
    if not name.startswith("-"):
        return f"there is one word too many for {program}: {shorten(argument)}"
    sentence = f"{program} has no option {shorten(name)}"
    if _takes_query(parser) and (field := _query_field(name)):
        return f'{sentence}; a query says it with "{field}:"'
    options = {option.lstrip("-"): option for action in parser._actions for option in action.option_strings}
    return sentence + did_you_mean(name.lstrip("-"), options, options)


def did_you_mean(value: str, known: Iterable[str], display_names: dict[str, str] | None = None) -> str:
    """`; did you mean …?` with the nearest of what there is, as it is `spelt`; or nothing."""
    from difflib import get_close_matches  # only where something is wrong

    near = get_close_matches(value.lower()[:MAX_SHOWN_CHARS], list(known), n=1)
    return f"; did you mean {(display_names or {}).get(near[0], near[0])}?" if near else ""


def shorten(value: str) -> str:
    """An argument, for a sentence."""
    return value if len(value) <= MAX_SHOWN_CHARS else f"{value[: MAX_SHOWN_CHARS - 1]}…"


def _takes_query(parser: argparse.ArgumentParser) -> bool:
    return any(action.metavar == "QUERY" for action in parser._actions)


def _query_field(option: str) -> str:
    """The field of a query of that name, or none."""
    from paperreader.text.query.fields import FIELDS

    name = option.lstrip("-").lower()
    return name if name in FIELDS else ""
