"""On which line of a TOML file each key stands, which `tomllib` does not tell."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any


def key_line_numbers(text: str) -> dict[str, int]:
    """The lines, from 1, of every table (`appearance`) and key (`appearance.theme`) of a valid TOML text.

    Each statement of a TOML text is a text of its own, and only a value over several lines takes more than one: so
    what cannot be parsed goes on in the next line.
    """
    found: dict[str, int] = {}
    table, statement, start = "", "", 1
    for number, line in enumerate(text.splitlines(keepends=True), start=1):
        if not statement:
            start = number
        statement += line
        try:
            parsed = tomllib.loads(statement)
        except tomllib.TOMLDecodeError:
            continue
        names = list(_dotted_keys(parsed))
        if statement.lstrip().startswith("["):
            table = names[-1] if names else ""
            found.setdefault(table, start)
        else:
            for name in names:
                found.setdefault(f"{table}.{name}" if table else name, start)
        statement = ""
    return found


def _dotted_keys(parsed: Mapping[str, Any], before: str = "") -> Iterator[str]:
    for name, value in parsed.items():
        yield f"{before}{name}"
        if isinstance(value, list) and value and isinstance(value[0], dict):
            value = value[0]  # an array of tables
        if isinstance(value, dict):
            yield from _dotted_keys(value, f"{before}{name}.")
