"""Ids of papers on the command line, and on standard input in place of `-`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from paperreader.errors import Ambiguous, NotFound, UsageError
from paperreader.lazy_pattern import lazy_pattern

if TYPE_CHECKING:
    from paperreader.library import Library

STANDARD_INPUT = "-"
IDS_HELP = "an id, the start of an id, or an arXiv URL; - reads ids from standard input"

MAX_INPUT_BYTES = 64 << 20
"""Standard input may be the JSON of a whole library of 20,000 papers."""

_SEARCH_LINE = lazy_pattern(r"(\S+) {2,}(?:[0-9]{4}(?:-[0-9]{2}){0,2} *| {10}) [* ] ")
"""The start of a line that `search` prints: id, date, bookmark."""


def read_ids(words: Sequence[str]) -> list[str]:
    """Return the ids, with those of standard input in place of `-`, each once and in order.

    Standard input contains words, lines of `search`, or objects of `search --json` and `export`, one a line.

    Raises:
        UsageError: there are none, or standard input is closed or too long.
    """
    ids: list[str] = []
    for word in words:
        ids += _read_standard_input() if word == STANDARD_INPUT else [word]
    if not ids:
        raise UsageError("Standard input names no paper; expected ids, or lines of `paperreader search`.")
    return list(dict.fromkeys(ids))


class NamedVersion(NamedTuple):
    """What an id names."""

    row: int
    version: int
    """The version at arXiv that the id names (`2510.02297v1`), or 0."""


def resolve_ids(library: Library, ids: Sequence[str]) -> tuple[list[int], list[str]]:
    """Return the rows of the papers with these ids, each once, and error messages about the other ids.

    Raises:
        NotFound: no id names a paper.
    """
    named, errors = resolve_versions(library, ids)
    return list(dict.fromkeys(each.row for each in named)), errors


def resolve_versions(library: Library, ids: Sequence[str]) -> tuple[list[NamedVersion], list[str]]:
    """Do `resolve_ids`, for a command that distinguishes the versions of a paper.

    Raises:
        NotFound: no id names a paper.
    """
    from paperreader.library import papers_not_found
    from paperreader.text.ids import parse_arxiv_version

    found: dict[NamedVersion, None] = {}
    unknown: list[str] = []
    errors: list[str] = []
    for id in ids:
        try:
            found[NamedVersion(library.resolve(id), parse_arxiv_version(id))] = None
        except NotFound:
            unknown.append(id)
        except Ambiguous as error:
            errors.append(str(error))
    if unknown:
        errors.append(str(papers_not_found(*unknown)))
    if not found:
        raise NotFound(" ".join(errors))
    return list(found), errors


def _read_standard_input() -> list[str]:
    if sys.stdin is None or sys.stdin.closed:
        raise UsageError("Standard input is closed, so no ids can be read from it.")
    data = sys.stdin.buffer.read(MAX_INPUT_BYTES + 1)
    if len(data) > MAX_INPUT_BYTES:
        raise UsageError(f"Standard input is longer than {MAX_INPUT_BYTES >> 20} MB; pass the ids only.")
    text = data.decode("utf-8-sig", "replace")
    return [id for line in text.split("\n") for id in _ids_of_line(line.strip())]


def _ids_of_line(line: str) -> list[str]:
    if line.startswith("{"):
        import json

        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            raise UsageError(
                "Standard input contains a line that looks like JSON but is not valid."
            ) from None
        id = found.get("id") if isinstance(found, dict) else None
        if not isinstance(id, str):
            raise UsageError("Standard input contains an object without an id.")
        return [id]
    found_line = _SEARCH_LINE.match(f"{line} ")
    return [found_line[1]] if found_line else line.split()
