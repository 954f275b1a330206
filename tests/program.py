"""The program as it was installed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def program_command() -> list[str]:
    """The console script beside this interpreter, or the module where only the source is at hand."""
    script = Path(sys.executable).with_name("paperreader")
    return [str(script)] if script.exists() else [sys.executable, "-m", "paperreader"]


def run_command(*arguments: object) -> str:
    """Run a command to its good end; gives what it printed."""
    done = subprocess.run(
        [*program_command(), *map(str, arguments)], capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout
