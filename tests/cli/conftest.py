"""The command line as a function, and a page to feed it."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from paperreader.cli.main import run

PAGE = """new

Get trending papers in your email inbox once a day!

Subscribe

Daily Papers

byAK and the research community

Mar 14

Sparse Lanterns: Lighting Long Corridors with Few Lamps

We ask how few lamps light a corridor of $\\mathcal{O}(n)$ doors. A greedy walk that moves every lamp at most once
comes within a factor of two. The code is at https://github.com/lanternlab/Sparse-Lanterns.

Slow Rivers Remember: A Study of Sediment Clocks

Rivers lay down one layer a year, and most models forget all but the last. We keep a running summary of the layers and
show that ten numbers are enough to tell a dry decade from a wet one.

Café Chess with Na\\"{i}ve Openings

Players who never learnt an opening still find good ones. We measure how soon, over a million games of a caf\\'e league,
and release the games at https://github.com/cafechess/games.
"""
"""Three papers in the layout with blank lines."""


@dataclass(frozen=True)
class Answer:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def objects(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


Command = Callable[..., Answer]


@pytest.fixture
def paperreader(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs a command in this process: `paperreader("search", "rivers", stdin=b"…")`."""

    def command(*arguments: object, stdin: bytes = b"") -> Answer:
        capsys.readouterr()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        code = run([str(argument) for argument in arguments])
        told = capsys.readouterr()
        return Answer(code, told.out, told.err)

    return command


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A page of three papers."""
    file = tmp_path / "daily-2025-03-14.txt"
    file.write_text(PAGE, encoding="utf-8")
    return file


@pytest.fixture
def filled(paperreader: Command, page: Path) -> Command:
    """The command line over a library that holds the page."""
    assert paperreader("import", page).code == 0
    return paperreader


@pytest.fixture
def ids(filled: Command) -> dict[str, str]:
    """The ids of the three papers by the first word of their titles."""
    return {found["title"].split()[0]: found["id"] for found in filled("search", "--json").objects}
