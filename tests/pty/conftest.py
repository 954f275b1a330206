"""The program in a real terminal."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from paperreader.__main__ import main
from paperreader.library import Library
from tests.pages import THREE_PAPERS
from tests.program import program_command
from tests.terminal import Terminal
from tests.tui.handler_cache import share_handlers
from tests.tui.reader_driver import ReaderDriver
from tests.tui.style_cache import share_style_sheets

OpenTerminal = Callable[..., Terminal]


@pytest.fixture(scope="session", autouse=True)
def prepared_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Open a reader in this process: its forks find the modules loaded and the style sheets parsed."""
    folder = tmp_path_factory.mktemp("prepared_process")

    async def open_reader() -> None:
        bring_in(folder / "daily-2025-03-14.txt", THREE_PAPERS)
        async with ReaderDriver.open(Library.open()):
            pass

    with share_style_sheets(), share_handlers():
        with pytest.MonkeyPatch.context() as patch:
            for name in ("DATA", "CACHE", "STATE", "CONFIG"):
                patch.setenv(f"XDG_{name}_HOME", str(folder / name.lower()))
            asyncio.run(open_reader())
        yield


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
