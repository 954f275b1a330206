"""A library of one day, copied for every test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from paperreader import subscriptions
from paperreader.library import Library
from tests.digest.papers import FIRST, write_day


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with an indexed library of the first day."""
    home = tmp_path_factory.mktemp("prepared")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DATA", "CACHE", "STATE", "CONFIG"):
            patch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
        Library.open().imports.import_paths(
            [write_day(tmp_path_factory.mktemp("days"), "2025-10-02.json", FIRST)]
        )
    return home


@pytest.fixture
def library(home: Path, prepared: Path) -> Library:
    """A library of the first day: four papers."""
    shutil.copytree(prepared, home, dirs_exist_ok=True)
    return Library.open()


@pytest.fixture
def subscribed(library: Library) -> Library:
    """The same library, with two subscriptions that share a paper."""
    subscriptions.add_subscription("Light", "lanterns")
    subscriptions.add_subscription("Water & <more>", "rivers")
    return library
