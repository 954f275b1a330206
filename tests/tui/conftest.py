"""A library to read in, copied for every test, and the reader opened over it."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

from paperreader.library import Library
from paperreader.tui.runtime import notifications
from tests.tui.library_pages import PAGES
from tests.tui.reader_driver import ReaderDriver

OpenReader = Callable[..., AbstractAsyncContextManager[ReaderDriver]]

_FOLDERS = ("DATA", "CACHE", "STATE", "CONFIG")


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the library of `PAGES` in it, indexed, never opened by a reader."""
    home = tmp_path_factory.mktemp("prepared")
    pages = tmp_path_factory.mktemp("pages")
    with pytest.MonkeyPatch.context() as patch:
        for name in _FOLDERS:
            patch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
        import_pages(Library.open(), pages, PAGES)
        Library.open().state.set("greeted", True)
    return home


def import_pages(library: Library, folder: Path, pages: dict[str, str]) -> None:
    """Import pages from files of those names."""
    folder.mkdir(exist_ok=True)
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")
    library.imports.import_paths([str(folder / name) for name in pages])


@pytest.fixture(scope="session", autouse=True)
def sheets_parsed_once() -> Iterator[None]:
    """Style sheets that one app has parsed are not parsed again by the next: that took a fifth of all the time."""
    parse = Stylesheet._parse_rules
    known: dict[tuple[object, ...], list[RuleSet]] = {}

    def parsed(sheet: Stylesheet, *given: Any, **named: Any) -> list[RuleSet]:
        key = (given, *sorted(named.items()), *sorted(sheet._variables.items()))
        if key not in known:
            known[key] = parse(sheet, *given, **named)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stylesheet, "_parse_rules", parsed)
        yield


@pytest.fixture(autouse=True)
def lasting_notices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Notices stay until they are taken away, however slow the machine is."""
    monkeypatch.setattr(notifications, "DISPLAY_SECONDS", (600.0, 600.0))


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of today with a dark background, whatever the tests run in."""
    for name, value in {"TERM": "xterm-256color", "COLORTERM": "truecolor"}.items():
        monkeypatch.setenv(name, value)
    for name in ("COLORFGBG", "NO_COLOR", "STY", "PAPERREADER_ASCII", "BROWSER", "VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def library(home: Path, prepared: Path) -> Library:
    """Ten papers of two days; nothing read or marked."""
    shutil.copytree(prepared, home, dirs_exist_ok=True)
    return Library.open()


@pytest.fixture
def open_reader(request: pytest.FixtureRequest) -> OpenReader:
    """Opens the reader on `library`, or on another: `async with open_reader(size=(80, 24)) as reader:`.

    `toml` is written into the settings file.
    """

    @asynccontextmanager
    async def opened(
        other: Library | None = None,
        *,
        size: tuple[int, int] = (80, 24),
        at: int | None = None,
        toml: str = "",
    ) -> AsyncIterator[ReaderDriver]:
        library = other or request.getfixturevalue("library")
        async with ReaderDriver.open(library, size=size, at=at, toml=toml) as reader:
            yield reader

    return opened
