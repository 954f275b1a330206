"""A service that stands in, a moment at which everything happens, and a library to fetch into."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest

from paperreader.fetch import arxiv, clock
from paperreader.fetch.http import retry
from paperreader.library import Library
from tests.cli.conftest import paperreader
from tests.fetch.server import FakeService, running_service

__all__ = ["paperreader"]

NOW = dt.datetime(2026, 11, 20, 15, 30, tzinfo=dt.UTC)
"""A Friday afternoon."""

TODAY = "2026-11-20"
WEEK = [f"2026-11-{number}" for number in range(20, 13, -1)]
"""The seven days that a first fetch brings, as it asks for them."""


class Clock:
    """The moment, which stays until a test moves it."""

    def __init__(self) -> None:
        self.moment = NOW

    def go(self, **span: float) -> None:
        self.moment += dt.timedelta(**span)


@pytest.fixture(autouse=True)
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of the program; nobody waits for long."""
    told = Clock()
    monkeypatch.setattr(clock, "now", lambda: told.moment)
    monkeypatch.setattr(retry, "FIRST_BACKOFF_SECONDS", 0.001)
    monkeypatch.setattr(arxiv, "REQUEST_INTERVAL_SECONDS", 0.001)
    return told


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeService]:
    """Stands in for Hugging Face and for arXiv."""
    with running_service(monkeypatch) as service:
        yield service


@pytest.fixture
def titles() -> Callable[[], list[str]]:
    """The titles in the library, newest first."""

    def told() -> list[str]:
        library = Library.open()
        return [library.paper(row).title for row in library.table.newest]

    return told
