"""Running the installed program."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.waiting import TIMEOUT_SECONDS


def program_command() -> list[str]:
    """Return the command: the console script of this interpreter, or the module if it is not installed."""
    script = Path(sys.executable).with_name("paperreader")
    return [str(script)] if script.exists() else [sys.executable, "-m", "paperreader"]


def run_command(*arguments: object) -> str:
    """Run a command successfully, and return its output."""
    done = subprocess.run(
        [*program_command(), *map(str, arguments)],
        capture_output=True,
        text=True,
        check=True,
        timeout=TIMEOUT_SECONDS,
    )
    return done.stdout
