"""Fake programs in a PATH of their own: scripts that record their input, fail, stay or hang."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.waiting import TIMEOUT_SECONDS, is_readable


class FakePrograms:
    """The only folder of PATH, with fake programs.

    Scripts can use `$here` (the folder), `cat`, and `hang`, which waits forever on a FIFO without a writer while it has
    `alive` open: when the script ends, that FIFO is closed.
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
        """Add a program. It writes its arguments to `$here/NAME.args`; scripts write their input to `$here/NAME.in`."""
        path = self.folder / name
        path.write_text(f'{self._prelude}printf "%s\\n" "$@" >"$here/{name}.args"\n{script}\n')
        path.chmod(0o755)
        return path

    def add_consumer(self, name: str, after: str = "") -> Path:
        """Add a program that reads its standard input, and then executes `after`."""
        return self.add(name, f'cat >"$here/{name}.in"\n{after}')

    def received_input(self, name: str) -> bytes | None:
        """Return the standard input that the program read; None if it did not run."""
        path = self.folder / f"{name}.in"
        return path.read_bytes() if path.exists() else None

    def arguments(self, name: str) -> list[str] | None:
        path = self.folder / f"{name}.args"
        return path.read_text().splitlines() if path.exists() else None

    def wait_ended(self) -> bool:
        """Return whether every script that called `hang` ends in time."""
        return is_readable(self._alive, TIMEOUT_SECONDS) and os.read(self._alive, 1) == b""

    def release_hanging(self) -> None:
        """Let a hanging script continue."""
        os.write(self._never, b"go\n")

    def read_alive(self) -> bytes:
        """Return what a program wrote to `$here/alive`."""
        return os.read(self._alive, 100) if is_readable(self._alive, TIMEOUT_SECONDS) else b""
