"""The command line as a function, and a page to import."""

from __future__ import annotations

import io
import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from paperreader.cli.main import run
from tests.pages import THREE_PAPERS


@dataclass(frozen=True)
class CommandResult:
    """Exit code and output of a command."""

    code: int
    out: str
    err: str

    @property
    def objects(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


Command = Callable[..., CommandResult]


@pytest.fixture
def paperreader(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """A function that runs a command in this process: `paperreader("search", "rivers", stdin=b"…")`."""

    def command(*arguments: object, stdin: bytes = b"") -> CommandResult:
        capsys.readouterr()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        code = run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return CommandResult(code, captured.out, captured.err)

    return command


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A page of three papers."""
    file = tmp_path / "daily-2025-03-14.txt"
    file.write_text(THREE_PAPERS, encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def imported_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with a library that contains the page, imported once."""
    home = tmp_path_factory.mktemp("imported_home")
    page = tmp_path_factory.mktemp("page") / "daily-2025-03-14.txt"
    page.write_text(THREE_PAPERS, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DATA", "CACHE", "STATE", "CONFIG"):
            patch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
        assert run(["import", str(page)]) == 0
    return home


@pytest.fixture
def filled(paperreader: Command, page: Path, home: Path, imported_home: Path) -> Command:
    """The command line with a library that contains the page."""
    shutil.copytree(imported_home, home, dirs_exist_ok=True)
    return paperreader


@pytest.fixture
def ids(filled: Command) -> dict[str, str]:
    """The ids of the three papers by the first word of their titles."""
    return {found["title"].split()[0]: found["id"] for found in filled("search", "--json").objects}
