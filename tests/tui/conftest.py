"""A library that is copied for each test, and the reader opened on it."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from paperreader.jobs.client import Job
from paperreader.library import Library
from paperreader.tui.controllers import fits, results
from paperreader.tui.runtime import notifications
from paperreader.tui.widgets import status_bar
from tests.job_server import JobServer
from tests.tui.handler_cache import share_handlers
from tests.tui.library_pages import PAGES
from tests.tui.reader_driver import ReaderDriver
from tests.tui.style_cache import share_style_sheets

OpenReader = Callable[..., AbstractAsyncContextManager[ReaderDriver]]

_FOLDERS = ("DATA", "CACHE", "STATE", "CONFIG")


@pytest.fixture(scope="session")
def prepared_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with the indexed library of `PAGES`, never opened in the reader."""
    home = tmp_path_factory.mktemp("prepared_home")
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
def shared_style_sheets() -> Iterator[None]:
    with share_style_sheets(), share_handlers():
        yield


@pytest.fixture(scope="session", autouse=True)
def forked_jobs() -> Iterator[None]:
    """Start jobs as forks of a process that has imported everything."""
    server = JobServer()

    def start(job: Job) -> object:
        return server.start_job(job)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Job, "_start", start)
        yield
    server.close()


@pytest.fixture(autouse=True)
def lasting_notifications(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep notifications and messages of the status bar until they are dismissed, on slow machines too."""
    monkeypatch.setattr(notifications, "DISPLAY_SECONDS", (600.0, 600.0))
    monkeypatch.setattr(status_bar, "MESSAGE_SECONDS", 600.0)


@pytest.fixture(autouse=True)
def no_personal_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """Learn nothing from bookmarks while a test runs; see `test_for_you.py`."""
    monkeypatch.setattr(fits, "LEARN_SECONDS", 600.0)


@pytest.fixture(autouse=True)
def no_completion_by_meaning(monkeypatch: pytest.MonkeyPatch) -> None:
    """Complete no list by meaning because a test is slow to type."""
    monkeypatch.setattr(results, "COMPLETION_DELAY_SECONDS", 600.0)


@pytest.fixture(autouse=True)
def no_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Show no pictures in full texts, which would be fetched."""
    monkeypatch.setattr("paperreader.tui.widgets.full_text.pictures.can_scale_pictures", lambda: False)


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A modern terminal with a dark background, regardless of where the tests run."""
    for name, value in {"TERM": "xterm-256color", "COLORTERM": "truecolor"}.items():
        monkeypatch.setenv(name, value)
    for name in ("COLORFGBG", "NO_COLOR", "STY", "PAPERREADER_ASCII", "BROWSER", "VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def library(home: Path, prepared_home: Path) -> Library:
    """Ten papers of two days; nothing read or marked."""
    shutil.copytree(prepared_home, home, dirs_exist_ok=True)
    return Library.open()


@pytest.fixture
def open_reader(request: pytest.FixtureRequest) -> OpenReader:
    """Return a function that opens the reader: `async with open_reader(size=(80, 24), toml=...) as reader:`.

    It opens `library`, if no other one is given; `toml` is written to the settings file.
    """

    @asynccontextmanager
    async def opened(
        other: Library | None = None,
        *,
        size: tuple[int, int] = (80, 24),
        start_row: int | None = None,
        toml: str = "",
    ) -> AsyncIterator[ReaderDriver]:
        library = other or request.getfixturevalue("library")
        async with ReaderDriver.open(library, size=size, start_row=start_row, toml=toml) as reader:
            yield reader

    return opened


@pytest.fixture
def opened_urls(monkeypatch):
    from paperreader.system import browser

    urls = []
    monkeypatch.setattr(browser, "open_url", lambda url: urls.append(url) or browser.OpenResult(ok=True))
    return urls
