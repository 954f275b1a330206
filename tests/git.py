"""Git in tests, with an invented user."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path


def git(folder: Path, *arguments: str, settings: Sequence[str] = (), check: bool = True) -> str:
    """Run a git command in a folder with `settings`, such as `core.autocrlf=true`, and return its output.

    Raises:
        CalledProcessError: it failed, and `check` is set.
    """
    user = ("user.name=A", "user.email=a@example.org", "maintenance.auto=false", "gc.auto=0")
    options = [word for each in (*user, *settings) for word in ("-c", each)]
    command = ["git", *options, *arguments]
    return subprocess.run(command, cwd=folder, check=check, capture_output=True, text=True).stdout
