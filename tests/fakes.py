"""Fake programs on a PATH of their own: scripts that note what they were given, fail, stay or hang."""

from __future__ import annotations

import os
import select
import shutil
from pathlib import Path

import pytest

TIMEOUT_SECONDS = 20.0
"""Seconds after which something that should have happened counts as missing."""


class FakePrograms:
    """A folder that is the whole PATH, and the fakes in it.

    A script finds its folder as `$here` and may use `cat`. `hang` waits for ever, on a FIFO that nobody writes to,
    while holding `alive` open: its end is seen as the end of that FIFO.
    """

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        cat = shutil.which("cat")
        assert cat is not None
        self._prelude = (
            f"#!/bin/sh\nhere='{folder}'\ncat() {{ {cat} \"$@\"; }}\n"
            'hang() { exec 9>"$here/alive"; read -r _ <"$here/never"; }\n'
        )
        for name in ("never", "alive"):
            os.mkfifo(folder / name)
        self._never = os.open(folder / "never", os.O_RDWR)
        self._alive = os.open(folder / "alive", os.O_RDONLY | os.O_NONBLOCK)
        monkeypatch.setenv("PATH", str(folder))

    def close(self) -> None:
        os.close(self._alive)
        os.close(self._never)

    def add(self, name: str, script: str) -> Path:
        """A program of that name; the script's own name for what it was given is `$here/NAME.in` and `NAME.args`."""
        path = self.folder / name
        path.write_text(f'{self._prelude}printf "%s\\n" "$@" >"$here/{name}.args"\n{script}\n')
        path.chmod(0o755)
        return path

    def add_consumer(self, name: str, after: str = "") -> Path:
        """A program that takes its standard input, and then does `after`."""
        return self.add(name, f'cat >"$here/{name}.in"\n{after}')

    def received_input(self, name: str) -> bytes | None:
        """The standard input that the fake took; None when it never ran."""
        path = self.folder / f"{name}.in"
        return path.read_bytes() if path.exists() else None

    def arguments(self, name: str) -> list[str] | None:
        path = self.folder / f"{name}.args"
        return path.read_text().splitlines() if path.exists() else None

    def wait_ended(self) -> bool:
        """Whether everything that called `hang` has ended."""
        ready, _, _ = select.select([self._alive], [], [], TIMEOUT_SECONDS)
        return bool(ready) and os.read(self._alive, 1) == b""

    def release_hanging(self) -> None:
        """Let what hangs go on."""
        os.write(self._never, b"go\n")

    def read_alive(self) -> bytes:
        """What a fake wrote to `$here/alive`."""
        ready, _, _ = select.select([self._alive], [], [], TIMEOUT_SECONDS)
        return os.read(self._alive, 100) if ready else b""
