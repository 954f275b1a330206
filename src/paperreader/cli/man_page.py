"""The man page, generated from the argument parser (format: man(7))."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator

from paperreader import __version__
from paperreader.cli.arguments import Parser

_END = r"""
.SH EXIT STATUS
0 success, 1 failure, 2 wrong usage, 128 + N ended by signal N.
.SH ENVIRONMENT
.TP
.B PAPERREADER_LIBRARY
The folder of the library.
.TP
.B PAPERREADER_CONFIG
The settings file.
.TP
.B PAPERREADER_ASCII
1: draw with ASCII only.
.TP
.B PAGER
The program that
.B paperreader help
shows documents with.
.SH FILES
.B paperreader paths
prints where library, settings and caches are stored.
.SH SEE ALSO
.B paperreader help
lists the documents: queries, settings, keys, files and others.
"""


def man_page(parser: Parser) -> str:
    """Return the page of the program with all its commands."""
    return "\n".join(_lines(parser)) + _END


def _lines(parser: Parser) -> Iterator[str]:
    yield f'.TH PAPERREADER 1 "" "paperreader {__version__}" "User Commands"'
    yield ".SH NAME"
    yield r"paperreader \- read, search and organize machine-learning papers in a terminal"
    yield ".SH SYNOPSIS"
    yield r".B paperreader"
    yield r"[\fIoptions\fR] [\fIcommand\fR]"
    yield ".SH DESCRIPTION"
    yield _escape(parser.description or "")
    yield ".SH OPTIONS"
    yield from _arguments(parser)
    yield ".SH COMMANDS"
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, command in action.choices.items():
                yield f".SS {_escape(name)}"
                yield _escape(command.description or "")
                yield from _arguments(command, without=("-h", "--library", "--sample"))
                yield from _examples(command.epilog or "")


def _arguments(parser: argparse.ArgumentParser, without: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield a paragraph for each option and argument."""
    formatter = parser._get_formatter()
    for action in parser._actions:
        if (
            isinstance(action, argparse._SubParsersAction)
            or action.help in (None, argparse.SUPPRESS)
            or any(option in without for option in action.option_strings)
        ):
            continue
        names = ", ".join(rf"\fB{_escape(option)}\fR" for option in action.option_strings)
        value = "" if action.nargs == 0 else _value_name(action)
        yield ".TP"
        yield f"{names} {value}".strip()
        yield _escape(formatter._expand_help(action))


def _value_name(action: argparse.Action) -> str:
    choices = "|".join(map(str, action.choices)) if action.choices else ""
    name = action.metavar if isinstance(action.metavar, str) else choices or action.dest.upper()
    dots = " ..." if action.nargs in ("*", "+", argparse.REMAINDER) else ""
    return rf"\fI{_escape(name)}\fR{dots}"


def _examples(epilog: str) -> Iterator[str]:
    """Yield the example command lines, unfilled."""
    lines = epilog.splitlines()
    if lines:
        yield from (".PP", _escape(lines[0].capitalize()), ".RS", ".nf")
        yield from (_escape(line.strip()) for line in lines[1:])
        yield from (".fi", ".RE")


def _escape(text: str) -> str:
    """Escape what has a meaning in roff: backslashes, hyphens of options, and control characters of a line."""
    escaped = text.replace("\\", r"\e").replace("-", r"\-")
    return re.sub(r"^([.'])", r"\\&\1", escaped, flags=re.M)
