"""A fake service, a controllable clock, and the titles of the library."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest

from paperreader.fetch import clock
from paperreader.library import Library
from tests.cli.conftest import paperreader
from tests.fetch.server import FakeService, running_service
from tests.request_pace import shorten_pace

__all__ = ["paperreader"]

NOW = dt.datetime(2026, 11, 20, 15, 30, tzinfo=dt.UTC)
"""A Friday afternoon."""

TODAY = "2026-11-20"
WEEK = [f"2026-11-{number}" for number in range(20, 13, -1)]
"""The days of a first fetch, in the order of its requests."""


class FakeTime:
    """A clock that only moves when a test advances it."""

    def __init__(self) -> None:
        self.now = NOW

    def advance(self, **span: float) -> None:
        self.now += dt.timedelta(**span)


@pytest.fixture(autouse=True)
def fake_time(monkeypatch: pytest.MonkeyPatch) -> FakeTime:
    """Replace the clock of the program, and shorten all waits."""
    fake = FakeTime()
    monkeypatch.setattr(clock, "now", lambda: fake.now)
    shorten_pace(monkeypatch.setattr)
    return fake


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeService]:
    """A fake Hugging Face and arXiv."""
    with running_service(monkeypatch) as service:
        yield service


@pytest.fixture
def another_service() -> Iterator[FakeService]:
    """A server that no setting names."""
    service = FakeService()
    try:
        yield service
    finally:
        service.close()


@pytest.fixture
def titles() -> Callable[[], list[str]]:
    """A function that returns the titles in the library, newest first."""

    def read_titles() -> list[str]:
        library = Library.open()
        return [library.paper(row).title for row in library.table.newest]

    return read_titles
