"""The program in a real terminal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from paperreader.__main__ import main
from paperreader.library import Library
from tests.pages import THREE_PAPERS
from tests.program import program_command
from tests.terminal import Terminal

OpenTerminal = Callable[..., Terminal]


@pytest.fixture
def reader(request: pytest.FixtureRequest) -> OpenTerminal:
    """Opens the program in a terminal that is closed after the test: `reader("--sample", rows=24, columns=80)`.

    It is a fork of this process, which starts faster than `installed_reader`.
    """

    def opened(*arguments: str, **settings) -> Terminal:
        terminal = Terminal(["paperreader", *arguments], run=main, **settings)
        request.addfinalizer(terminal.close)
        return terminal

    return opened


@pytest.fixture
def installed_reader(request: pytest.FixtureRequest) -> OpenTerminal:
    """Opens the installed program the same way."""

    def opened(*arguments: str, **settings) -> Terminal:
        terminal = Terminal([*program_command(), *arguments], **settings)
        request.addfinalizer(terminal.close)
        return terminal

    return opened


@pytest.fixture
def filled(tmp_path: Path) -> None:
    """A library of three papers."""
    bring_in(tmp_path / "daily-2025-03-14.txt", THREE_PAPERS)


def bring_in(page: Path, text: str) -> None:
    """Import a page of that name and text, in this process: only the reader is tested here."""
    page.write_text(text, encoding="utf-8")
    Library.open().imports.import_paths([str(page)])
