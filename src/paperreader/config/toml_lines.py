"""Line numbers of the keys of a TOML file, which `tomllib` does not provide."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any


def key_line_numbers(text: str) -> dict[str, int]:
    """Return the lines, from 1, of every table (`appearance`) and key (`appearance.theme`) of a valid TOML text.

    Each statement of a TOML text is a valid text of its own, and only a value can span several lines: what cannot be
    parsed continues in the next line.
    """
    lines: dict[str, int] = {}
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
            lines.setdefault(table, start)
        else:
            for name in names:
                lines.setdefault(f"{table}.{name}" if table else name, start)
        statement = ""
    return lines


def _dotted_keys(parsed: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    for name, value in parsed.items():
        yield f"{prefix}{name}"
        if isinstance(value, list) and value and isinstance(value[0], dict):
            value = value[0]  # an array of tables
        if isinstance(value, dict):
            yield from _dotted_keys(value, f"{prefix}{name}.")
